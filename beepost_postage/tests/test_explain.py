from decimal import Decimal

from odoo.addons.beepost_mail.tests.common import a4_pdf

from ..models import postage_words as words
from ..models.beepost_mailing import as_json
from .common import PostageCase


class TestExplain(PostageCase):
    """Whoever reads an explanation can do the price again with pencil and paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("fr_FR")

    def _lines(self, letter, lang="en_US"):
        # No-break spaces are for the screen.
        env = letter.with_context(lang=lang).env
        lines = words.explain(env, letter.quote)
        return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]

    def test_plain(self):
        letter = self._priced(pages=3)
        self.assertEqual(
            self._lines(letter),
            [
                "Pages: 3.",
                "Sheets, printed on both sides, the address sheet being the last"
                " figure: 2 + 1 = 3.",
                "Paper: 3 × 4.9896 g (A4 of 80 g/m²) = 14.9688 g, rounded up to"
                " 14.969 g.",
                "Weight, with envelope C6/5: 14.969 g + 5.400 g = 20.369 g.",
                "Deposit at La Poste on 11/26/2026: grid “BeePOST (estimated),"
                " 2026-01-01, v1” is in force; nobody has confirmed its prices.",
                "Zone: Metropolitan France (FR).",
                "Step: Lettre verte, up to 35 g, that weight included.",
                "Public price at 20 g (grid “La Poste, public prices, 2026-01-01,"
                " v1”): 1.52 € less 25 % = 1.14 €.",
                "Printing, per sheet: 3 × 0.045 € = 0.135 €.",
                "Total without VAT: 1.14 € + 0.135 € = 1.275 €.",
                "Exempt from VAT: 1.14 €.",
                "VAT: 20 % of 0.135 € = 0.027 €.",
                "Total with VAT: 1.275 € + 0.027 € = 1.302 €.",
            ],
        )

    def test_registered_overseas_with_an_enclosure(self):
        self.customer.write({"zip": "97400", "city": "Saint-Denis"})
        move = self._create_invoice(pdf=a4_pdf(pages=3))
        enclosure = self.env["ir.attachment"].create(
            {"name": "cgv.pdf", "raw": a4_pdf(pages=2), "mimetype": "application/pdf"}
        )
        letter = self._post(
            move,
            enclosure_ids=enclosure.ids,
            duplex=False,
            color=True,
            service_id=self._service("registered_ar").id,
        )
        self._run_outbox()
        text = "\n".join(self._lines(letter))
        for part in (
            "Pages: 3 + 2 = 5.",
            "printed on one side, the address sheet being the last figure:"
            " 3 + 2 + 1 = 6.",
            "Zone: Overseas 1: 971 to 978 (FR), priced like Metropolitan France.",
            "Recommandé R1, up to",
            "(AR) on paper, per letter: 1 × 1.09 € = 1.09 €.",
            "Printing, per sheet: 6 × 0.045 € = 0.27 €.",
            "Colour, per sheet: 6 × 0.06 € = 0.36 €.",
            "VAT: 20 % of 0.63 € = 0.126 €.",
        ):
            self.assertIn(part, text)

    def test_figures_of_each_line_are_right(self):
        """Every sum and product that stands there, done again."""
        for pages, options in (
            (1, {}),
            (7, {"duplex": False}),
            (20, {"color": True, "duplex": False}),
        ):
            letter = self._priced(pages, **options)
            for line in self._lines(letter):
                left, equals, right = line.rstrip(".").rpartition(" = ")
                if not equals or "less" in left or "rounded" in right:
                    continue
                figures = left.rpartition(": ")[2].split(" (")[0]
                self.assertEqual(
                    _calculate(figures), _figure(right), f"{pages}: {line}"
                )

    def test_short(self):
        letter = self._priced(pages=3)
        text = words.short(self.env(context={"lang": "en_US"}), letter.quote)
        self.assertEqual(
            text.replace("\N{NO-BREAK SPACE}", " "),
            "1.302 € (1.275 € without VAT): Plain letter, envelope C6/5, 20.369 g,"
            " deposit on 11/26/2026.",
        )

    def test_figures_look_as_the_language_has_them(self):
        letter = self._priced(pages=3)
        text = "\n".join(self._lines(letter, "fr_FR"))
        self.assertIn("3 × 4,9896 g", text)
        self.assertIn("1,302 €", text)
        self.assertIn("26/11/2026", text)

    def test_rounding_is_told(self):
        step = self.public.grid_ids.line_ids.filtered(
            lambda line: line.product_id.code == "lettre_verte" and line.max_grams == 20
        )
        grids = step.grid_id + self.env.ref("beepost_postage.grid_beepost")
        grids.action_draft()
        step.price = 1.53
        line = self.env.ref("beepost_postage.line_beepost_lettre_verte_metropole_35")
        line.write({"per_kg": 1.0, "per_10g": 0.01})
        grids.action_confirm()
        letter = self._priced()
        lines = self._lines(letter)
        text = "\n".join(lines)
        self.assertIn("1.53 € less 25 % = 1.1475 €, rounded to 1.15 €.", text)
        self.assertIn("15.380 g at 1.00 € a kilogram", text)
        self.assertIn("2 started 10 g × 0.01 €", text)
        # 1.15 + 0.01538 + 0.02, to four decimals
        self.assertIn("Step and weight: 1.1854 €.", text)
        self.assertIn("is in force.", text)
        self.assertNotIn("nobody has", text)

    def test_a_parcel_that_nobody_counted_by_documents(self):
        """A price that is only tried has no documents."""
        letter = self._priced()
        day = letter.priced_for
        parcel = self.env["beepost.postage"]._parcel(
            letter.service_id,
            ("FR", "69002"),
            day,
            self.account.profile_id.envelope_ids.browse(),
            pages=4,
            sheets=2,
            weight_mg=15_380,
        )
        (quote,) = self.env["beepost.postage"]._quotes([(self.tariff, parcel)])
        env = self.env(context={"lang": "en_US"})
        lines = [
            line.replace("\N{NO-BREAK SPACE}", " ")
            for line in words.explain(env, as_json(quote))
        ]
        self.assertEqual(lines[:2], ["Pages: 4.", "Sheets: 2."])
        self.assertIn("15.380 g", lines[2])
        self.assertIn("Zone: Metropolitan France (FR 69002).", lines)

    def test_the_postcode_is_not_kept_for_readers(self):
        letter = self._priced()
        self.assertEqual(letter.sudo().zip_code, "69002")
        self.assertNotIn("69002", str(letter.quote))


def _figure(text):
    return Decimal(text.split()[0].replace(",", ""))


def _calculate(text):
    """``2 + 1``, ``3 × 0.045 €`` or ``20 % of 0.135 €``."""
    if " of " in text:
        rate, base = map(_figure, text.split(" of "))
        return rate * base / 100
    if "×" in text:
        count, price = map(_figure, text.split("×"))
        return count * price
    return sum(map(_figure, text.split(" + ")))
