"""The price of a free letter in its dialog: of the one that is shown, and of all."""

from collections import Counter
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.free_letters import FreeLetterCase

from ..tariff import money
from .common import PostageCase

PAGES = 3  # one side or both makes a difference
DAY, LEAVES = date(2027, 1, 6), "2027-01-05 09:00:00"


class FreeLetterPriceCase(PostageCase, FreeLetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.berlin = cls._abroad("Berlin")

    @classmethod
    def _abroad(cls, name):
        germany = cls.env.ref("base.de").id
        return cls._create_customer(
            name, zip="10115", city="Berlin", country_id=germany
        )

    @classmethod
    def _everywhere(cls):
        """In each zone, and with wishes of their own."""
        overseas = {"zip": "97400", "city": "Saint-Denis"}
        noumea = {"zip": "98800", "city": "Nouméa"}
        return cls.env["res.partner"].union(
            cls.customer,
            cls.berlin,
            cls._create_customer("Réunion", **overseas),
            cls._create_customer(
                "Caillou", **noumea, country_id=cls.env.ref("base.nc").id
            ),
            cls._create_customer("Couleur", beepost_color="yes"),
            cls._create_customer("Un côté", beepost_duplex="no"),
            cls._create_customer(
                "Suivi", beepost_service_id=cls._service("tracked").id
            ),
            cls._create_customer("Comme le premier"),
        )

    def _written(self, *partners, **values):
        return self._write_letter(*partners, **{"address_sheet": "always", **values})

    def _dialog(self, letter, **values):
        Dialog = self.env["beepost.free.letter.send"]
        Dialog = Dialog.with_user(letter.user_id).with_context(lang="en_US")
        return Dialog.create({"letter_id": letter.id, **values})

    def _shown(self, letter, pages=PAGES, **values):
        """The dialog, after *Show this letter*."""
        dialog = self._dialog(letter, **values)
        reports = type(self.env["ir.actions.report"])
        printed = a4_pdf(pages=pages), "pdf"
        with patch.object(reports, "_render_qweb_pdf", return_value=printed):
            dialog.action_preview()
        return dialog

    def _made(self, dialog, pages=PAGES):
        """:return: the letters, handed over"""
        letter = dialog.letter_id
        with self._small_pdfs(pages=pages):
            dialog.action_send()
            if letter.state == "making":
                self._run_cron(self.cron)
        self._run_outbox()
        return letter.addressee_ids.mailing_id.sudo()

    def _frozen(self, letters):
        """What the letters cost, as each one keeps it, and as the dialog says it."""
        quotes = letters.mapped("quote")

        def added(name):
            return money.text(money.total(money.exact(quote[name]) for quote in quotes))

        return {
            "total": added("total"),
            "untaxed": added("untaxed"),
            "letters": dict(Counter(quote["total"] for quote in quotes)),
        }

    def _text(self, html):
        return (html or "").replace("\N{NO-BREAK SPACE}", " ")

    def _rows(self, dialog):
        return {row["values"]["changes"]: row for row in dialog.price_advice or []}

    def _unpriced_abroad(self):
        self._service("letter").postage_product_ids -= self.env.ref(
            "beepost_postage.product_lettre_internationale"
        )


class TestFreeLetterPrice(FreeLetterPriceCase):
    def test_opening_prints_nothing_and_says_when_there_is_a_price(self):
        letter = self._written(*self._everywhere())
        reports = type(self.env["ir.actions.report"])
        with patch.object(reports, "_render_qweb_pdf", side_effect=AssertionError):
            form = Form(self._dialog(letter))
        self.assertIn("once this letter is shown", form.price_hint)
        self.assertFalse(form._get_modifier("price_hint", "invisible"))
        self.assertFalse(form.price_html or form.total_html or form.price_advice)

    def test_without_a_tariff_no_price_is_promised(self):
        self.account.tariff_id = False
        dialog = self._shown(self._written(*self._everywhere()))
        self.assertIn("3 pages on 3 sheets", dialog.estimate)
        self.assertFalse(dialog.price_hint or dialog.price_html or dialog.total_html)

    def test_each_as_it_will_cost(self):
        letter = self._written(*self._everywhere())
        dialog = self._shown(letter)
        said = dialog.total["totals"]["EUR"]
        quote = dialog.price
        letters = self._made(dialog)
        self.assertEqual(set(letters.mapped("state")), {"accepted"})
        self.assertEqual(said, self._frozen(letters))
        self.assertEqual(sum(said["letters"].values()), 8)
        self.assertGreaterEqual(len(said["letters"]), 5, "each its own way")
        alone = letters.filtered(lambda one: one.partner_id == self.customer).quote
        self.assertEqual(quote["total"], alone["total"])

    def test_in_words(self):
        dialog = self._shown(self._written(self.customer, self.berlin))
        figures = dialog.total["totals"]["EUR"]
        this, both = self._text(dialog.price_html), self._text(dialog.total_html)
        self.assertIn(f"{float(dialog.price['total']):.4g} €", this)
        self.assertIn("How this price is made", this)
        self.assertIn("as many pages as the one that is shown", both)
        self.assertIn(f"{float(figures['total']):.4g} €", both)
        self.assertIn(f"{float(figures['untaxed']):.4g} € without, for 2", both)
        self.assertIn("11/26/2026", both)
        self.assertNotIn("€", self._text(dialog.estimate))

    def test_enclosures_are_in_it(self):
        terms = self.env["ir.attachment"].with_user(self.accountant)
        terms = terms.create({"name": "Terms.pdf", "raw": a4_pdf("Terms", pages=5)})
        enclosed = [Command.set(terms.ids)]
        letter = self._written(self.customer, self.berlin, enclosure_ids=enclosed)
        dialog = self._shown(letter)
        said = dialog.total["totals"]["EUR"]
        letters = self._made(dialog)
        self.assertEqual([quote["pages"] for quote in letters.mapped("quote")], [8, 8])
        self.assertEqual(said, self._frozen(letters))

    def test_those_without_a_price_are_counted_apart(self):
        self._unpriced_abroad()
        self._hold_unpriced()
        letter = self._written(self.customer, self.berlin, self._abroad("Potsdam"))
        dialog = self._shown(letter)
        said = dialog.total["totals"]["EUR"]
        self.assertEqual(sum(said["letters"].values()), 1)
        [(reason, count)] = dialog.total["no_price"].items()
        self.assertEqual(count, 2)
        self.assertIn("International", reason)
        text = self._text(dialog.total_html)
        self.assertIn("Letters that would wait for a price", text)
        self.assertIn(f"2.</strong> {reason}", text)
        self.assertNotIn("0.00", text)
        letters = self._made(dialog)
        waiting = letters.filtered(lambda one: one.state == "ready")
        self.assertEqual(waiting.mapped("country_code"), ["DE", "DE"])
        self.assertEqual(set(waiting.mapped("hold_reason")), {reason})
        self.assertEqual(said, self._frozen(letters - waiting))

    def test_the_one_that_is_shown_may_have_none(self):
        self._unpriced_abroad()
        dialog = self._shown(self._written(self.berlin, self.customer))
        self.assertFalse(dialog.price)
        self.assertIn("The letter leaves unpriced", dialog.price_html)
        self.assertEqual(sum(dialog.total["totals"]["EUR"]["letters"].values()), 1)

    def test_left_out_costs_nothing(self):
        bad = self._create_customer("Loin", zip=False)
        dialog = self._shown(self._written(self.customer, bad, self.berlin))
        batch = dialog._price_batch(dialog._drafts([PAGES]))
        self.assertEqual(sum(batch.letters.values()), 2)
        self.assertEqual({case.quantity for case, _choice in batch.letters}, {2})
        self.assertEqual(dialog.total["refused"], 0)

    def test_the_price_belongs_to_the_letter_that_is_shown(self):
        letter = self._written(self.customer, self.berlin)
        form = Form(self._shown(letter))
        names = ("price_html", "total_html")
        self.assertFalse(any(form._get_modifier(n, "invisible") for n in names))
        self.assertTrue(form._get_modifier("price_hint", "invisible"))
        form.addressee_id = letter.addressee_ids[1]
        self.assertTrue(all(form._get_modifier(n, "invisible") for n in names))
        self.assertFalse(form._get_modifier("price_hint", "invisible"))


class TestFreeLetterPriceDay(FreeLetterPriceCase):
    def _grid_of_2027(self):
        grid = self.env.ref("beepost_postage.grid_public_2026")
        coming = grid.copy({"valid_from": "2027-01-01", "valid_to": False})
        for line in coming.line_ids.filtered("price"):
            line.price *= 2
        coming.action_confirm()

    def test_it_follows_the_chosen_day(self):
        self._grid_of_2027()
        letter = self._written(*self._everywhere())
        dialog = self._shown(letter)
        soon = dialog.total["totals"]["EUR"]
        with Form(dialog) as form:
            form.planned_on = DAY
            self.assertIn("01/06/2027", form.total_html)
            self.assertIn("01/06/2027", form.price_html)
        later = dialog.total["totals"]["EUR"]
        self.assertGreater(float(later["total"]), 1.5 * float(soon["total"]))
        with freeze_time(LEAVES):
            letters = self._made(dialog)
        self.assertEqual(set(letters.mapped("priced_for")), {DAY})
        self.assertEqual(later, self._frozen(letters))

    def test_a_day_without_a_grid(self):
        letter = self._written(self.customer, self.berlin)
        dialog = self._shown(letter, planned_on=DAY)
        self.assertEqual(dialog.total["totals"], {})
        self.assertEqual(sum(dialog.total["no_price"].values()), 2)
        self.assertIn("01/06/2027", next(iter(dialog.total["no_price"])))
        for html in (dialog.price_html, dialog.total_html):
            self.assertIn("01/06/2027", html)
            self.assertNotIn("€", html)
        letters = self._made(dialog)
        self.assertEqual(len(letters), 2, "they are made all the same")


class TestFreeLetterAdvice(FreeLetterPriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.beepost_duplex = False

    def _apply(self, dialog, row):
        """As the widget does, in a field that nobody sees."""
        dialog.write(row["values"])
        return dialog

    def test_one_letter(self):
        letter = self._written(self.customer)
        dialog = self._shown(letter)
        self.assertFalse(dialog.total_html, "that is the price above")
        before, row = dialog.price["total"], self._rows(dialog)["both_sides"]
        self.assertTrue(row["sentence"].startswith("Printed on both sides"))
        dialog = self._apply(dialog, row)
        self.assertIn("3 pages on 3 sheets", dialog.estimate)  # one of them the address
        after = dialog.price["total"]
        self.assertLess(float(after), float(before))
        self.assertEqual(letter.duplex, False, "nothing is decided before it is sent")
        made = self._made(dialog)
        self.assertEqual(made.quote["total"], after)
        self.assertTrue(made.duplex)
        self.assertEqual(letter.duplex, "yes")

    def test_all_letters(self):
        partners = [
            self.customer,
            self._create_customer("Couleur", beepost_color="yes"),
            self._create_customer(
                "Suivi", beepost_service_id=self._service("tracked").id
            ),
        ]
        dialog = self._shown(self._written(*partners))
        rows = self._rows(dialog)
        self.assertEqual(
            set(rows), {"both_sides", "black_and_white", "no_address_sheet", "plain"}
        )
        before = float(dialog.total["totals"]["EUR"]["total"])
        for code in ("both_sides", "black_and_white", "plain"):
            changed = self._apply(self._shown(dialog.letter_id), rows[code])
            saved = before - float(changed.total["totals"]["EUR"]["total"])
            with self.subTest(code=code):
                self.assertGreater(saved, 0)
                self.assertIn(f"{saved:.4f}".rstrip("0"), rows[code]["sentence"])
        dialog = self._apply(dialog, {"values": {"changes": "both_sides,plain"}})
        said = dialog.total["totals"]["EUR"]
        letters = self._made(dialog)
        self.assertEqual(letters.service_id, self._service("letter"))
        self.assertEqual(letters.mapped("color"), [False, True, False])
        self.assertEqual(said, self._frozen(letters))

    def test_what_one_letter_cannot_hold_is_not_advised(self):
        """A registered letter stays one, and a free letter has one service for all or
        none."""
        partners = [
            self._create_customer(name, beepost_service_id=self._service(name).id)
            for name in ("tracked", "registered")
        ]
        letter = self._written(*partners)
        self.assertNotIn("plain", self._rows(self._shown(letter)))
        dialog = self._shown(letter, changes="plain")
        with self.assertRaisesRegex(UserError, "does not fit all"):
            dialog.action_send()
        self.assertEqual((letter.state, letter.service_id.id), ("draft", False))

    def test_undone_by_one_click(self):
        dialog = self._shown(self._written(self.customer), changes="both_sides")
        row = dialog.price_advice[0]
        self.assertIn("Chosen", row["sentence"])
        dialog = self._apply(dialog, row)
        self.assertIn("both_sides", self._rows(dialog))
        self.assertFalse(self._made(dialog).duplex)

    def test_unknown_changes_are_nothing(self):
        letter = self._written(self.customer)
        made = self._made(self._shown(letter, changes="free_of_charge"))
        self.assertEqual(made.state, "accepted")
        self.assertEqual(letter.duplex, False)


class TestFreeLetterGrowth(FreeLetterPriceCase):
    def test_queries_do_not_grow_with_the_addressees(self):
        everywhere = self._everywhere()[:5]
        many = [
            partner.copy({"name": f"{partner.name} {number}"})
            for number in range(21)
            for partner in everywhere
        ]
        self._queries(many[:5])
        counts = [self._queries(many[5 : 5 + count]) for count in (5, 100)]
        self.assertEqual(counts[0], counts[1])

    def _queries(self, partners):
        dialog = self._shown(self._written(*partners))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        said = dialog.total["totals"]["EUR"]["letters"]
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(sum(said.values()), len(partners))
        return queries
