"""A letter without a price leaves, says that it is unpriced, is in no sum, and gets its
price once there is one."""

import importlib.util
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools.misc import file_path

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import ACCEPT, ScriptedGateway

from .common import PostageCase

# A Saturday after the shipped public prices have ended; La Poste gets it on Tuesday.
NEW_YEAR = "2027-01-02 10:00:00"
DEPOSIT = date(2027, 1, 5)
PRICES = ("price_total", "price_untaxed", "price_postage", "price_production")


class UnpricedCase(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NEW_YEAR))
        cls.grid = cls.env.ref("beepost_postage.grid_public_2026")
        cls.cron = cls.env.ref("beepost_postage.ir_cron_price_unpriced").sudo()

    def _publish(self, **values):
        grid = self.grid.copy({"valid_from": "2027-01-01", "valid_to": False, **values})
        grid.action_announce()
        return grid

    def _triggered(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        return bool(triggers.search_count([("cron_id", "=", self.cron.id)]))

    def assertUnpriced(self, letter):
        self.assertFalse(letter.quote)
        self.assertEqual(letter.unpriced_count, 1)
        self.assertEqual(letter.price_label, "Unpriced")
        self.assertFalse(letter.postage_grid_id)


class TestUnpriced(UnpricedCase):
    def test_it_leaves_and_says_why_it_has_no_price(self):
        letter = self._priced()
        self.assertEqual(letter.state, "accepted")
        self.assertUnpriced(letter)
        self.assertEqual(letter.priced_for, DEPOSIT)
        for code in ("en_US", "fr_FR"):
            self.env["res.lang"]._activate_lang(code)
        for lang, words in (
            ("en_US", "has none on 01/05/2027"),
            ("fr_FR", "n'en a pas le 05/01/2027"),
        ):
            reader = letter.with_context(lang=lang)
            self.assertIn(words, reader.unpriced_reason)

    def test_the_letter_s_form_shows_it(self):
        letter = self._priced()
        form = Form(letter.with_user(self.manager), "beepost_mail.view_mailing_form")
        self.assertFalse(form._get_modifier("unpriced_reason", "invisible"))
        self.assertIn("public price of Lettre verte", form.unpriced_reason)

    def test_a_postcode_is_not_in_its_reason(self):
        zones = self.env["beepost.postage.zone"]
        self.patch(type(zones), "_room_zones", lambda records: ())
        letter = self._priced()
        self.assertUnpriced(letter)
        self.assertIn("FR", letter.unpriced_reason)
        self.assertNotIn(letter.sudo().zip_code, str(letter.price_refusal))

    def test_once_erased_it_does_not_tell_the_country(self):
        zones = self.env["beepost.postage.zone"]
        self.patch(type(zones), "_room_zones", lambda records: ())
        letter = self._priced()
        letter.sudo()._erase_personal_data()
        self.assertUnpriced(letter)
        self.assertNotIn("FR", str(letter.price_refusal))
        self.assertIn("No price", letter.unpriced_reason)

    def test_an_account_without_a_tariff(self):
        self.account.tariff_id = False
        letter = self._priced()
        self.assertUnpriced(letter)
        self.assertIn("“Practice” has no tariff", letter.unpriced_reason)
        self._run_cron(self.cron)
        self.assertUnpriced(letter)
        self._publish()
        self.account.tariff_id = self.tariff
        self.assertTrue(self._triggered())
        self._run_cron(self.cron)
        self.assertEqual(letter.unpriced_count, 0)

    def test_published_while_it_waits_to_be_handed_over(self):
        with self._gateway(ScriptedGateway([port.Unavailable("down"), ACCEPT])):
            letter = self._priced()
            self.assertEqual(letter.state, "queued")
            self.assertUnpriced(letter)
            grid = self._publish()
            self.account.sudo().retry_at = False
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.postage_public_grid_id, grid)
        self.assertEqual(letter.unpriced_count, 0)
        self.assertFalse(letter.price_missing or letter.unpriced_reason)

    def test_refused_or_cancelled_it_is_unpriced_no_more(self):
        with self._gateway(ScriptedGateway([port.Unavailable("down")])):
            letter = self._priced()
        letter.sudo().first_sent_at = False
        letter.action_cancel()
        self.assertEqual(letter.unpriced_count, 0)


class TestPricedAfterwards(UnpricedCase):
    def test_by_the_grid_of_its_day(self):
        letter = self._priced()
        with freeze_time("2027-03-01 10:00:00"):
            dear = self._publish(valid_from="2027-02-01")
            self._run_cron(self.cron)
            self.assertUnpriced(letter)
            grid = self._publish(valid_to="2027-02-01", version=7)
            self.assertTrue(self._triggered())
            self._run_cron(self.cron)
        self.assertEqual(letter.postage_public_grid_id, grid)
        self.assertNotEqual(letter.postage_public_grid_id, dear)
        self.assertEqual(letter.priced_for, DEPOSIT)
        self.assertEqual(letter.quote["total"], "1.248")
        self.assertEqual(letter.unpriced_count, 0)
        self.assertIn("left unpriced", letter.message_ids[0].body)

    def test_many_in_slices_and_only_once(self):
        letters = self._priced() + self._priced() + self._priced()
        self.patch(self.env.registry["beepost.mailing"], "_UNPRICED_SLICE", 2)
        self._publish()
        self._run_cron(self.cron)
        self.assertEqual(set(letters.mapped("price_total")), {1.248})
        before = letters.read(["quote", "write_date"])
        self._run_cron(self.cron)
        self.assertEqual(letters.read(["quote", "write_date"]), before)

    def test_by_a_button(self):
        letter = self._priced().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "has none on"):
            letter.action_price_now()
        self._publish()
        letter.action_price_now()
        self.assertTrue(letter.quote)
        with self.assertRaisesRegex(UserError, "None of these letters is unpriced"):
            letter.action_price_now()

    def test_a_product_that_the_service_lacked(self):
        self._publish()
        service = self._service("letter")
        products = service.postage_product_ids
        service.postage_product_ids = False
        letter = self._priced()
        self.assertIn("has no postal product", letter.unpriced_reason)
        self.env["ir.cron.trigger"].sudo().search([]).unlink()
        service.postage_product_ids = products
        self.assertTrue(self._triggered())
        self._run_cron(self.cron)
        self.assertTrue(letter.quote)


class TestSums(UnpricedCase):
    """Never 0.00: what is unpriced is counted apart."""

    def test_lists_and_pivots(self):
        letters = self._priced() + self._priced()
        [(total, unpriced, count)] = self.env["beepost.mailing"]._read_group(
            [("id", "in", letters.ids)],
            [],
            ["price_total:sum", "unpriced_count:sum", "__count"],
        )
        self.assertIs(total, False, "which a pivot shows as an empty cell")
        self.assertEqual((unpriced, count), (2, 2))
        for values in letters.read(PRICES):
            self.assertTrue(all(values[name] is False for name in PRICES), values)
        for view in ("view_cost_pivot", "view_cost_list"):
            arch = self.env.ref(f"beepost_postage.{view}").arch
            self.assertIn("unpriced_count", arch)

    def test_lot(self):
        moves = self._create_invoice() + self._create_invoice()
        moves.partner_id.lang = "en_US"
        wizard = (
            self.env["beepost.send"]
            .with_user(self.accountant)
            .create({"move_ids": moves.ids})
        )
        wizard.action_send()
        self._run_outbox()
        letter = self.env["beepost.mailing"].search([], limit=1)
        self.assertUnpriced(letter)
        lot = letter.lot_id.with_context(lang="en_US")
        self.assertIn("Unpriced, and in no sum: 2.", lot._get_cost_sentence())
        self.assertNotIn("0.00", lot._get_cost_sentence())

    def test_not_charged_to_a_customer_before_it_has_a_price(self):
        self.company.beepost_reinvoice = "charge"
        self.company.beepost_reinvoice_since = "2026-01-01"
        letter = self._priced()
        letter.sudo().is_practice = False
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertFalse(invoice._beepost_chargeable())
        self._publish()
        self._run_cron(self.cron)
        self.assertEqual(invoice._beepost_chargeable(), letter)


class TestHolding(UnpricedCase):
    def test_changing_one_s_mind_lets_letters_go(self):
        self._hold_unpriced()
        letter = self._priced()
        self.assertEqual((letter.state, letter.unpriced_count), ("ready", 0))
        self.assertIn("has none on", letter.hold_reason)
        self.company.beepost_without_price = "leave"
        self.assertEqual(letter.state, "draft")
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertUnpriced(letter)

    def test_in_the_settings(self):
        settings = self.env["res.config.settings"].with_company(self.company)
        with Form(settings) as form:
            self.assertEqual(form.beepost_without_price, "leave")
            form.beepost_without_price = "hold"
        form.record.execute()
        self.assertEqual(self.company.beepost_without_price, "hold")


class TestMigration(UnpricedCase):
    """From 19.0.1.0.0, in which each letter without a price waited."""

    def _migrate(self):
        path = file_path(
            "beepost_postage/migrations/19.0.1.1.0/post-migration.py", env=self.env
        )
        spec = importlib.util.spec_from_file_location("post_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _as_before(self):
        self._hold_unpriced()
        letter = self._priced()
        self.assertEqual(letter.state, "ready")
        self.env.flush_all()
        # As Odoo fills a new column: without a word to whoever wrote it.
        self.env.cr.execute("UPDATE res_company SET beepost_without_price = 'leave'")
        self.env.invalidate_all()
        return letter

    def test_what_waits_by_the_shipped_estimate_leaves(self):
        letter = self._as_before()
        self._migrate()
        self.assertEqual(self.company.beepost_without_price, "leave")
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertUnpriced(letter)

    def test_whoever_confirmed_a_contract_goes_on_holding(self):
        contract = self.env.ref("beepost_postage.grid_beepost")
        contract.action_confirm()
        letter = self._as_before()
        self._migrate()
        self.assertEqual(self.company.beepost_without_price, "hold")
        self._run_outbox()
        self.assertEqual(letter.state, "ready")
