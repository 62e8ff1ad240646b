"""500 invoices to 180 addressees: letters, sheets and euros before and after.

What is expected is counted here by hand, from the pages of the invoices and the prices
of the shipped grid, and by none of the addon's own rooms.
"""

from decimal import Decimal
from unittest.mock import patch

from odoo import Command

from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.enclosing import EnclosingCase

from .common import PostageCase

INVOICES, ADDRESSEES = 500, 180
# The shipped, estimated contract: a quarter below the public price of 2026, rounded to
# the cent. Up to 35 g that is 1.52 less 0.38; up to 100 g 3.10 less 0.775, whose half
# cent goes up. A sheet costs 0.045 to print, with 20 % VAT; postage bears none.
POSTAGE = {35_000: Decimal("1.14"), 100_000: Decimal("2.33")}
PRINTING = Decimal("0.045") * Decimal("1.20")


def by_hand(pages):
    """One envelope with documents of so many pages, both sides, and an address sheet.

    :return: (sheets, euros with tax)
    """
    printed = sum(-(-count // 2) for count in pages)
    sheets = printed + 1
    if sheets <= 5:
        envelope_mg = 5_400
    elif sheets <= 10:
        envelope_mg = 7_700
    else:
        envelope_mg = 15_400
    # 0.21 m × 0.297 m of 80 g/m² a sheet.
    weight_mg = sheets * 4_989.6 + envelope_mg
    step = min(limit for limit in POSTAGE if weight_mg <= limit)
    return sheets, POSTAGE[step] + sheets * PRINTING


class TestGroupSaving(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pdfs = {pages: a4_pdf(pages=pages) for pages in (1, 2, 3, 5)}

    def _letters(self):
        """Letters with one invoice each, made through the door of all letters."""
        france = self.env.ref("base.fr")
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Client {number:03}",
                    "is_company": True,
                    "street": f"{number + 1} rue de la République",
                    "zip": "69002",
                    "city": "Lyon",
                    "country_id": france.id,
                }
                for number in range(ADDRESSEES)
            ]
        )
        # Unequal, as life is: some addressees get one, some up to six.
        weights = [1 + (7 * number) % 13 // 3 for number in range(ADDRESSEES)]
        turns = [n for round_ in range(6) for n, w in enumerate(weights) if w > round_]
        addressees = (turns * 2)[:INVOICES]
        self.assertEqual(len(set(addressees)), ADDRESSEES)
        pages = [(1, 2, 3, 5, 1, 2)[number % 6] for number in range(INVOICES)]
        files = self.env["ir.attachment"].create(
            [
                {"name": f"{number}.pdf", "raw": self.pdfs[count]}
                for number, count in enumerate(pages)
            ]
        )
        # What the letters hang on is not judged here: contacts need no accounting.
        letters = self.env["beepost.posting"]._post(
            [
                {
                    "name": f"INV/{number:03}",
                    "company": self.company,
                    "partner": partners[who],
                    "options": {"duplex": True, "address_sheet": "always"},
                    "documents": [
                        {
                            "name": f"INV/{number:03}",
                            "kind": "document",
                            "res_model": "res.partner",
                            "res_id": partners[who].id,
                            "attachment": file,
                        }
                    ],
                }
                for number, (who, file) in enumerate(
                    zip(addressees, files, strict=True)
                )
            ],
            self.accountant,
        )
        return letters, addressees, pages

    def test_500_invoices_to_180_addressees(self):
        letters, addressees, pages = self._letters()
        apart = [by_hand([count]) for count in pages]
        of_addressee = {}
        for who, count in zip(addressees, pages, strict=True):
            of_addressee.setdefault(who, []).append(count)
        joined = [by_hand(counts) for counts in of_addressee.values()]
        alone = [c for c in of_addressee.values() if len(c) == 1]

        letters._count_if_needed()
        groups = letters._find_groups()
        self.assertEqual((len(letters), len(groups)), (INVOICES, ADDRESSEES))
        saving = self.env["beepost.mailing"]._get_group_saving(groups)
        for when, counted in (("before", apart), ("after", joined)):
            with self.subTest(when):
                self.assertEqual(saving[when]["letters"], len(counted))
                self.assertEqual(saving[when]["sheets"], sum(s for s, _e in counted))
                self.assertEqual(saving[when]["total"], sum(e for _s, e in counted))
        self.assertLess(saving["after"]["total"], saving["before"]["total"])
        self.assertIn("500 letters become 180", saving["sentences"][0])

        wizard = self.env["beepost.group"].create(
            {"mailing_ids": [Command.set(letters.ids)]}
        )
        self.assertEqual(wizard.envelope_count, ADDRESSEES - len(alone))
        wizard.action_put_together()
        # What really leaves: prepared, priced and accepted.
        for _run in range(3):
            self._run_outbox()
        left = letters.filtered(lambda letter: letter.state == "accepted")
        self.assertEqual(len(left), ADDRESSEES)
        self.assertEqual(set((letters - left).mapped("state")), {"cancelled"})
        self.assertEqual(sum(left.mapped("sheets")), sum(s for s, _e in joined))
        total = sum(Decimal(letter.quote["total"]) for letter in left)
        self.assertEqual(total, sum(e for _s, e in joined))
        self.assertEqual(len(left.document_ids), INVOICES)


class TestSavingOfEnclosures(PostageCase, EnclosingCase):
    """Terms of three pages with each of four invoices of one page."""

    def _total_of(self, letters):
        return sum(Decimal(letter.quote["total"]) for letter in letters)

    def test_counted_as_printed_and_priced(self):
        options = {"duplex": True, "address_sheet": "always"}
        apart = self._letters_with_terms(4, self.other, **options)
        letters = self._letters_with_terms(4, **options)
        letters._count_if_needed()
        saving = self.env["beepost.mailing"]._get_group_saving(letters._find_groups())
        sheets, total = by_hand([1, 1, 1, 1, 3])
        self.assertEqual(saving["after"]["sheets"], sheets)
        self.assertEqual(saving["after"]["total"], total)
        self.assertEqual(saving["before"]["total"], 4 * by_hand([1, 3])[1])
        self._together(letters)
        self._send()
        self.assertEqual(self._total_of(apart), saving["before"]["total"])
        self.assertEqual(self._total_of(letters[:1]), saving["after"]["total"])
        # The explanation counts what is printed.
        self.assertEqual(letters[0].quote["pages"], 4 + 3)
        self.assertEqual(letters[0].quote["document_pages"], [1, 1, 1, 1, 3])
        self.assertEqual(letters[0].sheets, sheets)


class TestSavingWords(PostageCase):
    def _two(self, **options):
        self.env.user.lang = "en_US"
        letters = self._letter(**options) + self._letter(**options)
        letters._count_if_needed()
        return letters

    def _saving(self, letters):
        return self.env["beepost.mailing"]._get_group_saving(letters._find_groups())

    def test_sentence(self):
        saving = self._saving(self._two(address_sheet="always"))
        # Apart twice 1.14 and two sheets; together 1.14 and three.
        self.assertEqual(saving["before"]["total"], Decimal("2.496"))
        self.assertEqual(saving["after"]["total"], Decimal("1.302"))
        self.assertRegex(saving["sentences"][1], r"1.302.* instead of 2.496.*1.194")

    def test_it_may_cost_more(self):
        """A letter more may lift the envelope over a step: the words say so."""
        letters = self._two()
        prices = [Decimal("2"), Decimal("2.5")]
        with patch.object(
            type(letters), "_sum_of_prices", lambda self, *_args: prices.pop(0)
        ):
            words = " ".join(self._saving(letters)["sentences"])
        self.assertRegex(words, "0.50.* more")

    def test_no_tariff_no_euros(self):
        letters = self._two()
        self.account.tariff_id = False
        saving = self._saving(letters)
        self.assertNotIn("total", saving["before"])
        words = " ".join(saving["sentences"])
        self.assertIn("Address sheets, where they turn out to be needed", words)
        self.assertNotIn("€", words)
        self.assertNotIn("these amounts", words)

    def test_no_price_no_euros(self):
        letters = self._two(planned_at="2099-01-05 04:00:00")
        self.assertNotIn("total", self._saving(letters)["before"])

    def test_queries_do_not_grow(self):
        def queries(letters):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._saving(letters)
            return self.cr.sql_log_count - before

        letters = self._two()
        queries(letters)
        few = queries(letters)
        for _more in range(4):
            letters += self._letter()
        letters._count_if_needed()
        self.assertLessEqual(queries(letters), few)
