"""What *Send by post* says of the price of many letters."""

from collections import Counter
from unittest.mock import patch

from odoo.tests import Form

from odoo.addons.beepost_mail.letter.workshop import Workshop
from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.sending import BatchCase

from .common import PostageCase


class BatchPriceCase(PostageCase, BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})

    def _invoices_of(self, *pages, partners=None):
        """An invoice for each number of pages."""
        moves = self._invoices(len(pages), pdf=False, partners=partners)
        for number, (move, count) in enumerate(zip(moves, pages, strict=True)):
            if count:
                self._attach_legal_pdf(move, a4_pdf(f"{move.name} {number}", count))
        return moves

    def _wizard(self, moves, user=None, **values):
        user = user or self.accountant
        values.setdefault("address_sheet", "never")
        values.setdefault("own_options", False)
        return super()._wizard(moves, user, **values)

    def _euros(self, wizard):
        return wizard.price["totals"]["EUR"]

    def _text(self, wizard):
        return (wizard.price_html or "").replace("\N{NO-BREAK SPACE}", " ")


class TestBatchPrice(BatchPriceCase):
    def test_total_and_how_many_of_each_price(self):
        wizard = self._wizard(self._invoices_of(1, 1, 3, 1))
        # 1.14 and a sheet, or two, of 0.045 and VAT on it
        self.assertEqual(
            self._euros(wizard),
            {
                "total": "4.83",
                "untaxed": "4.785",
                "letters": {"1.194": 3, "1.248": 1},
            },
        )
        text = self._text(wizard)
        self.assertIn("4.83 €", text)
        self.assertIn("for 4 letters", text)
        self.assertIn("<li>3 at 1.194 €</li><li>1 at 1.248 €</li>", text)
        self.assertIn("11/26/2026", text)
        self.assertIn("nothing is billed", text)

    def test_the_sum_is_what_the_letters_cost(self):
        moves = self._invoices_of(1, 2, 3, 30)
        wizard = self._wizard(moves, address_sheet="always")
        total = self._euros(wizard)["total"]
        wizard.action_send()
        self._run_outbox()
        letters = self._letters(moves)
        self.assertEqual(set(letters.mapped("state")), {"accepted"})
        self.assertAlmostEqual(float(total), sum(letters.mapped("price_total")))

    def test_own_options_of_each_customer(self):
        tracked = self._service("tracked")
        picky = self._create_customer(
            "Difficile", beepost_service_id=tracked.id, beepost_color="yes"
        )
        moves = self._invoices_of(1, 1, 1, partners=[self.customer, picky])
        own = self._wizard(moves, own_options=True, address_sheet="auto")
        alike = self._wizard(moves)
        self.assertEqual(len(self._euros(own)["letters"]), 2)
        self.assertEqual(self._euros(alike)["letters"], {"1.194": 3})

    def test_each_in_its_zone(self):
        abroad = self._create_customer(
            "Berlin", zip="10115", city="Berlin", country_id=self.env.ref("base.de").id
        )
        moves = self._invoices_of(1, 1, partners=[self.customer, abroad])
        self.assertEqual(len(self._euros(self._wizard(moves))["letters"]), 2)

    def test_without_pdf_nothing_is_invented(self):
        wizard = self._wizard(self._invoices_of(1, 0, 0))
        self.assertEqual(self._euros(wizard)["letters"], {"1.194": 1})
        self.assertEqual(wizard.price["no_pdf"], 2)
        self.assertIn("PDF does not exist yet: 2.", self._text(wizard))
        wizard = self._wizard(self._invoices_of(0))
        self.assertEqual(wizard.price["totals"], {})
        self.assertNotIn("€", self._text(wizard))

    def test_what_cannot_be_posted_has_no_price(self):
        bad = self._create_customer("Loin", zip=False)
        moves = self._invoices_of(1, 1, 0, partners=[self.customer, bad])
        self._attach_legal_pdf(moves[2], b"%PDF-1.7 nothing")
        wizard = self._wizard(moves)
        self.assertEqual(wizard.price["refused"], 2)
        self.assertEqual(self._euros(wizard)["letters"], {"1.194": 1})

    def test_no_price_with_its_reason(self):
        abroad = self._create_customer(
            "Berlin", zip="10115", city="Berlin", country_id=self.env.ref("base.de").id
        )
        self._service("letter").postage_product_ids -= self.env.ref(
            "beepost_postage.product_lettre_internationale"
        )
        moves = self._invoices_of(1, 1, 1, partners=[self.customer, abroad, abroad])
        wizard = self._wizard(moves)
        ((reason, count),) = wizard.price["no_price"].items()
        self.assertEqual(count, 2)
        self.assertIn("International", reason)
        self.assertIn("Letters that leave unpriced", self._text(wizard))
        self.assertIn("once there is one: 2.", self._text(wizard))
        self.assertEqual(wizard.price["would_wait"], 0)
        self._hold_unpriced()
        wizard = self._wizard(moves)
        self.assertIn("Letters that would wait for a price", self._text(wizard))
        self.assertEqual(wizard.price["would_wait"], 2)

    def test_no_price_is_known_before_there_are_pdfs(self):
        self._service("letter").postage_product_ids = False
        wizard = self._wizard(self._create_invoice(pdf=False) + self._invoices_of(1))
        ((reason, count),) = wizard.price["no_price"].items()
        self.assertEqual((count, wizard.price["no_pdf"]), (2, 0))
        self.assertIn("has no postal product", reason)

    def test_account_without_tariff(self):
        self.account.tariff_id = False
        wizard = self._wizard(self._invoices_of(1, 1))
        self.assertFalse(wizard.price_html)
        self.assertEqual(wizard.price["no_tariff"], 2)

    def test_address_sheets_that_may_come(self):
        wizard = self._wizard(self._invoices_of(1, 1), address_sheet="auto")
        self.assertEqual(self._euros(wizard)["total"], "2.388")
        self.assertIn("get one: 2.496 €", self._text(wizard))
        wizard.address_sheet = "never"
        self.assertNotIn("get one", self._text(wizard))

    def test_near_step(self):
        self.tariff.near_mg = 5_000
        wizard = self._wizard(self._invoices_of(10, 1))
        self.assertEqual(wizard.price["near_step"], 1)
        self.assertIn("find another price: 1.", self._text(wizard))

    def test_left_out_is_not_counted(self):
        moves = self._invoices_of(1, 1)
        self._post(moves[0])
        wizard = self._wizard(moves)
        self.assertEqual(self._euros(wizard)["letters"], {"1.194": 1})

    def test_long_lists_of_prices_are_cut(self):
        moves = self._invoices_of(*range(1, 24, 2))
        text = self._text(self._wizard(moves))
        self.assertEqual(text.count("<li>"), 11)
        self.assertIn("2 at 2 other prices", text)

    def test_the_screen_follows(self):
        moves = self._invoices_of(3)
        action = moves.with_user(self.accountant).action_beepost_send()
        model = self.env["beepost.send"].with_user(self.accountant)
        with Form(model.with_context(**action["context"], lang="en_US")) as form:
            form.own_options = False
            form.address_sheet = "never"
            self.assertIn("1.248", form.price_html)
            form.duplex = False
            self.assertIn("1.302", form.price_html)


class TestCounting(BatchPriceCase):
    def test_each_file_is_opened_once(self):
        moves = self._invoices_of(1, 2, 3)
        with patch.object(Workshop, "count", autospec=True, return_value=4) as count:
            wizard = self._wizard(moves)
            self.assertEqual(self._euros(wizard)["letters"], {"1.248": 3})
            self.assertEqual(count.call_count, 3)
            wizard.duplex = not wizard.duplex
            self.assertTrue(wizard.price)
            self.assertEqual(count.call_count, 3)

    def test_counting_is_bounded_and_goes_on_by_a_button(self):
        moves = self._invoices_of(1, 1, 1)
        path = "odoo.addons.beepost_postage.wizards.beepost_send"
        with patch(f"{path}.SECONDS_ASIDE", -1), patch(f"{path}.SECONDS_ASKED", -1):
            wizard = self._wizard(moves)
            # One each time, however little time there is.
            self.assertEqual(wizard.uncounted_count, 2)
            self.assertEqual(self._euros(wizard)["letters"], {"1.194": 1})
            self.assertIn("counted yet: 2.", self._text(wizard))
            action = wizard.action_count_pages()
            self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
            self.env.invalidate_all()
            self.assertEqual(wizard.uncounted_count, 0)

    def test_another_file_has_pages_of_its_own(self):
        (move,) = moves = self._invoices_of(1)
        self.assertEqual(self._euros(self._wizard(moves))["letters"], {"1.194": 1})
        move.invoice_pdf_report_id.raw = a4_pdf(pages=3)
        self.assertEqual(self._euros(self._wizard(moves))["letters"], {"1.248": 1})

    def test_counted_for_a_web_client_that_asks_for_sizes(self):
        wizard = self._wizard(self._invoices_of(1)).with_context(bin_size=True)
        self.assertEqual(self._euros(wizard)["letters"], {"1.194": 1})

    def test_forgotten_after_a_while(self):
        self.assertTrue(self._wizard(self._invoices_of(1)).price)
        Count = self.env["beepost.page.count"]
        self.assertTrue(Count.search_count([]))
        self.env.cr.execute(
            "UPDATE beepost_page_count SET create_date = '2026-01-01 00:00:00'"
        )
        Count._gc_old_counts()
        self.assertFalse(Count.search_count([]))


class TestChangesForAll(BatchPriceCase):
    def _rows(self, wizard):
        return {row["values"]["changes"]: row for row in wizard.price_advice or []}

    def test_savings_of_all_letters_together(self):
        tracked = self._service("tracked")
        registered = self._service("registered_ar")
        partners = [
            self._create_customer("Suivi", beepost_service_id=tracked.id),
            self._create_customer("Recommandé", beepost_service_id=registered.id),
            self._create_customer("Couleur", beepost_color="yes"),
        ]
        self.company.beepost_duplex = False
        moves = self._invoices_of(4, 4, 4, partners=partners)
        wizard = self._wizard(moves, own_options=True, address_sheet="auto")
        before = self._euros(wizard)["total"]
        rows = self._rows(wizard)
        self.assertEqual(set(rows), {"both_sides", "black_and_white", "plain"})
        for code, row in rows.items():
            after = self._wizard(
                moves, own_options=True, address_sheet="auto", **row["values"]
            )
            saved = float(before) - float(self._euros(after)["total"])
            with self.subTest(code=code):
                self.assertGreater(saved, 0)
                self.assertIn(f"{saved:.4f}".rstrip("0"), row["sentence"])

    def test_followed_when_sending(self):
        tracked, registered = self._service("tracked"), self._service("registered")
        partners = [
            self._create_customer("Suivi", beepost_service_id=tracked.id),
            self._create_customer(
                "Recommandé", beepost_service_id=registered.id, beepost_color="yes"
            ),
        ]
        self.company.beepost_duplex = False
        moves = self._invoices_of(2, 2, partners=partners)
        wizard = self._wizard(moves, own_options=True, changes="plain,both_sides")
        wizard.action_send()
        letters = self._letters(moves)
        self.assertEqual(
            letters.mapped("service_id"), self._service("letter") + registered
        )
        self.assertEqual(letters.mapped("color"), [False, True])
        self.assertEqual(letters.mapped("duplex"), [True, True])
        self.assertEqual(letters.lot_id.options["changes"], ["plain", "both_sides"])

    def test_undone_by_one_click(self):
        self.company.beepost_duplex = False
        wizard = self._wizard(
            self._invoices_of(2), own_options=True, changes="both_sides"
        )
        (row,) = wizard.price_advice
        self.assertIn("Chosen", row["sentence"])
        self.assertEqual(row["values"], {"changes": ""})

    def test_unknown_changes_are_nothing(self):
        wizard = self._wizard(self._invoices_of(1), changes="free_of_charge")
        self.assertEqual(self._euros(wizard)["letters"], {"1.194": 1})
        wizard.action_send()

    def test_a_change_that_leaves_no_price_is_no_advice(self):
        tracked = self._service("tracked")
        self._service("letter").postage_product_ids = False
        moves = self._invoices_of(1, 1)
        wizard = self._wizard(moves, service_id=tracked.id)
        self.assertNotIn("plain", self._rows(wizard))


SHOWN = ("summary", "alerts", "together_words", "envelope_count", "price")


class TestGrowth(BatchPriceCase):
    def _partners(self, count):
        return [
            self._create_customer(f"Client {number}", zip=f"690{number:02}")
            for number in range(1, count + 1)
        ]

    def test_queries_do_not_grow_with_the_letters(self):
        partners = self._partners(9)
        self._queries(self._invoices_of(1, partners=partners))
        counts = {
            number: self._queries(self._invoices_of(*[1] * number, partners=partners))
            for number in (2, 10, 40)
        }
        self.assertLessEqual(counts[40], counts[10], counts)
        self.assertLessEqual(counts[40], 45, counts)

    def test_documents_are_looked_up_once(self):
        """For what is said of them, of the envelopes they could share and of the price;
        the alerts compose each address by themselves."""
        calls = Counter()
        partners = self._partners(3)
        wizard = self._wizard(self._invoices_of(*[1] * 12, partners=partners))
        for model, name in (
            ("beepost.send", "_drafts"),
            ("account.move", "_beepost_obstacles"),
            ("res.partner", "_beepost_address"),
        ):
            self._count_calls(calls, model, name)
        for changes in ({}, {"duplex": False}, {"together": True}):
            with self.subTest(changes):
                calls.clear()
                self.env.flush_all()
                self.env.invalidate_all()
                wizard.write(changes)
                wizard.read(SHOWN)
                self.assertEqual(
                    calls,
                    {
                        "_drafts": 1,
                        "_beepost_obstacles": 12,
                        "_beepost_address": 3 + 3 + 2,  # and the sender
                    },
                )

    def _count_calls(self, calls, model, name):
        """Adds up the records that a method is called for."""
        Model = type(self.env[model])
        method = getattr(Model, name)

        def spy(records, *args):
            calls[name] += len(records)
            return method(records, *args)

        self.patch(Model, name, spy)

    def _queries(self, moves):
        files = moves.invoice_pdf_report_id
        self.env["beepost.page.count"]._count(files, 600)
        wizard = self._wizard(moves, own_options=True)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        (shown,) = wizard.read(SHOWN)
        self.assertTrue(shown["price"]["totals"])
        return self.cr.sql_log_count - before
