"""The price on the letter: how it shows, that it stays, and when it goes."""

from odoo.exceptions import AccessError
from odoo.tests import Form

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import ScriptedGateway, a4_pdf, receipt

from ..models.beepost_mailing import NO_PRICE
from .common import PostageCase

PRICE_FIELDS = sorted(set(NO_PRICE) - {"price_missing"})


class LetterPriceCase(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})

    def _price(self, letter):
        """All that is frozen, as it is in the database."""
        letter.invalidate_recordset()
        return letter.read(PRICE_FIELDS)[0]

    def assertPriced(self, letter):
        self.assertTrue(letter.quote)
        self.assertTrue(letter.price_total)

    def assertUnpriced(self, letter):
        values = self._price(letter)
        self.assertFalse([name for name in PRICE_FIELDS if values[name]])


class TestScreens(LetterPriceCase):
    def test_form(self):
        letter = self._priced(pages=3)
        with Form(letter.with_user(self.accountant), "beepost_mail.view_mailing_form"):
            pass
        seen = letter.with_user(self.accountant).with_env(
            self.env(user=self.accountant)
        )
        self.assertEqual(seen.price_label, "1.302\N{NO-BREAK SPACE}€")
        self.assertEqual(seen.price_step, "Lettre verte, up to 35 g")
        self.assertIn("Total with VAT", seen.price_explanation)
        self.assertFalse(seen.price_warnings)

    def test_near_step(self):
        self.tariff.near_mg = 5_000
        letter = self._priced(pages=10, address_sheet="always", duplex=True)
        near = letter.price_near_step
        self.assertTrue(near)
        self.assertIn("very near", letter.price_warnings)
        found = self.env["beepost.mailing"].search([("price_near_step", "=", True)])
        self.assertEqual(found, letter)

    def test_waits_for_its_price(self):
        self._hold_unpriced()
        self._service("letter").postage_product_ids = False
        letter = self._priced()
        self.assertEqual(letter.state, "ready")
        view = letter.get_view(self.env.ref("beepost_mail.view_mailing_form").id)
        self.assertIn("waits_for_price", view["arch"])
        self.assertIn("has no postal product", letter.hold_reason)
        action = letter.with_user(self.env.user).action_open_tariff()
        self.assertEqual(action["res_id"], self.tariff.id)
        self.assertFalse(letter.price_label)

    def test_names_are_escaped(self):
        self.env["beepost.postage.product"].search([]).name = "<script>"
        letter = self._priced()
        self.assertIn("&lt;script&gt;", letter.price_explanation)
        self.assertNotIn("<script>", letter.price_explanation)

    def test_sums(self):
        letters = self._priced(pages=1) + self._priced(pages=3)
        ((total, count),) = self.env["beepost.mailing"]._read_group(
            [("id", "in", letters.ids)], [], ["price_total:sum", "__count"]
        )
        self.assertEqual(count, 2)
        self.assertAlmostEqual(total, 1.248 + 1.302)


class TestFrozen(LetterPriceCase):
    def test_nobody_writes_a_price(self):
        letter = self._priced()
        before = self._price(letter)
        for user in (self.accountant, self.manager, self.env.user):
            for name in PRICE_FIELDS:
                value = letter._fields[name].convert_to_write(letter[name], letter)
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        letter.with_user(user).write({name: value})
        self.assertEqual(self._price(letter), before)

    def test_the_account_may_be_priced_otherwise_later(self):
        letter = self._priced()
        before = self._price(letter)
        self.account.tariff_id = self.public
        self._run_outbox()
        self.assertEqual(self._price(letter), before)
        self.account.tariff_id = False
        self._run_outbox()
        self.assertEqual(self._price(letter), before)

    def test_a_successor_has_a_price_of_its_own(self):
        letter = self._priced()
        before = self._price(letter)
        successor = letter._make_successors(self.env.user)
        self.assertUnpriced(successor)
        self._run_outbox()
        self.assertPriced(successor)
        self.assertEqual(self._price(letter), before)

    def test_copies_have_none(self):
        letter = self._priced()
        self.assertUnpriced(letter.sudo().copy())

    def test_tried_again(self):
        """A refused letter costs nothing; it is priced anew when it goes again."""
        reason = port.Reason("pdf.bad", "bad")
        refuse = lambda letters: tuple(receipt(x, reason) for x in letters)  # noqa: E731
        with self._gateway(ScriptedGateway(submit=[refuse, "accept"])):
            letter = self._priced()
            self.assertEqual(letter.state, "rejected")
            self.assertUnpriced(letter)
            letter.action_retry()
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertPriced(letter)

    def test_corrected_address(self):
        """Another place, another price."""
        self.customer.zip = False
        letter = self._priced()
        self.assertEqual(letter.state, "rejected")
        self.assertUnpriced(letter)
        self.customer.write({"zip": "97400", "city": "Saint-Denis"})
        letter.action_retry()
        self._run_outbox()
        self.assertEqual(letter.quote["zone"], "om1")

    def test_cancelled_before_it_left(self):
        down = ScriptedGateway(submit=[port.Unavailable("down")])
        with self._gateway(down):
            letter = self._priced()
        self.assertEqual(letter.state, "queued")
        letter.sudo().first_sent_at = False
        self.assertPriced(letter)
        letter.action_cancel()
        self.assertEqual(letter.state, "cancelled")
        self.assertUnpriced(letter)

    def test_cancelled_at_beepost(self):
        """It may be billed all the same: the price stays for comparing."""
        letter = self._priced()
        before = self._price(letter)
        gateway = ScriptedGateway()
        gateway.cancel = lambda reference: port.Cancellation(True, "")
        with self._gateway(gateway):
            letter.action_cancel()
        self.assertEqual(letter.state, "cancelled")
        self.assertEqual(self._price(letter), before)

    def test_waiting_and_cancelled(self):
        self._hold_unpriced()
        self._service("letter").postage_product_ids = False
        letter = self._priced()
        self.assertTrue(letter.price_missing)
        letter.action_cancel()
        self.assertFalse(letter.price_missing)

    def test_erased(self):
        """Amounts stay, where the letter went does not."""
        letter = self._priced()
        before = self._price(letter)
        self.assertIn('"FR"', str(before["quote"]).replace("'", '"'))
        letter.sudo()._erase_personal_data()
        after = self._price(letter)
        self.assertIsNone(after["quote"]["country"])
        self.assertNotIn("69002", str(after["quote"]))
        self.assertEqual(
            {**after, "quote": {**after["quote"], "country": "FR"}}, before
        )
        self.assertIn("Zone: Metropolitan France.", letter.price_explanation)

    def test_only_the_image_removed(self):
        letter = self._priced()
        before = self._price(letter)
        letter.sudo()._remove_image(12)
        self.assertEqual(self._price(letter), before)


class TestGrowth(LetterPriceCase):
    """Pricing a slice of the outbox asks no more for many letters than for few."""

    def _queries(self, count):
        moves = [
            self._create_invoice(partner, pdf=a4_pdf(pages=1))
            for partner in [
                self._create_customer(f"Client {number}") for number in range(count)
            ]
        ]
        letters = self._post(*moves).sudo()
        letters.write(
            {"sheets": 2, "weight_mg": 15_380, "envelope": "C6/5", "state": "queued"}
        )
        letters.document_ids.pages = 1
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        held = letters._freeze_prices()
        self.env.flush_all()
        return self.cr.sql_log_count - before, letters, held

    def test_priced(self):
        self._queries(1)
        counts = {}
        for number in (1, 10, 40):
            counts[number], letters, held = self._queries(number)
            self.assertFalse(held)
            self.assertEqual(set(letters.mapped("price_total")), {1.248})
        self.assertLessEqual(counts[40], counts[1] + 3, counts)

    def test_held(self):
        self._hold_unpriced()
        counts = self._counts_without_a_product()
        self.assertEqual({held for _queries, held in counts.values()}, {True})

    def test_unpriced(self):
        counts = self._counts_without_a_product()
        self.assertEqual({held for _queries, held in counts.values()}, {False})

    def _counts_without_a_product(self):
        """:return: {letters: (queries, whether they wait)}"""
        self._service("letter").postage_product_ids -= self.env.ref(
            "beepost_postage.product_lettre_verte"
        )
        self._queries(1)
        counts = {}
        for number in (1, 10, 40):
            queries, letters, held = self._queries(number)
            self.assertIn(len(held), (0, number))
            self.assertEqual(sum(letters.mapped("unpriced_count")), number - len(held))
            counts[number] = queries, bool(held)
        self.assertLessEqual(counts[40][0], counts[1][0] + 3, counts)
        return counts
