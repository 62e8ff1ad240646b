"""The price of any document in its dialog, once its letter was looked at."""

from lxml import etree

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.composing import ComposeCase

from .common import PostageCase


class TestComposePrice(PostageCase, ComposeCase):
    def _previewed(self, payments):
        wizard = self._compose(payments)
        with self._printing():
            wizard.action_preview()
        # Three pages: one side or both makes a difference.
        wizard.draft_ids.raw = a4_pdf(pages=3)
        wizard.invalidate_recordset()
        return wizard

    def test_no_price_before_the_letter_was_made(self):
        wizard = self._compose(self._payments())
        self.assertFalse(wizard.price_html or wizard.price or wizard.price_advice)
        self.assertIn(
            "So is the price. Press “Preview” to know them now.", wizard.estimate
        )

    def test_price_and_advice(self):
        self.company.beepost_duplex = False
        wizard = self._previewed(self._payments())
        one_side = wizard.price["total"]
        self.assertIn("3 pages on 3 sheets", wizard.estimate)
        row = next(
            row for row in wizard.price_advice if row["values"]["duplex"] is True
        )
        form = Form(wizard)
        for name, value in row["values"].items():
            if isinstance(value, dict):
                value = self.env["beepost.service"].browse(value["id"])
            setattr(form, name, value)
        self.assertFalse(form.own_options)
        self.assertIn("3 pages on 2 sheets", form.estimate)
        self.assertFalse(form.has_preview, "it looks different now")
        wizard = form.save()
        self.assertLess(float(wizard.price["total"]), float(one_side))

    def test_several_show_the_price_of_the_first(self):
        wizard = self._previewed(self._payments(2))
        self.assertTrue(wizard.price_html)
        self.assertFalse(wizard.price_advice, "others may prefer something else")

    def _labels_of_the_price(self, wizard):
        """Those that the screen shows; "" is the name of the field."""
        names = ("price_html", "is_single", "together")
        shown = {name: wizard[name] for name in names}
        form = etree.fromstring(self.env["beepost.compose"].get_view()["arch"])
        return [
            label.get("string", "")
            for label in form.iter("label")
            if label.get("for") == "price_html"
            and not safe_eval(label.get("invisible"), dict(shown))
        ]

    def test_whose_price_it_is(self):
        """Together, no letter will cost what the document alone would."""
        wizard = self._compose(self._payments(2))
        self.assertEqual(self._labels_of_the_price(wizard), [])
        with self._printing():
            wizard.action_preview()
        self.assertEqual(
            self._labels_of_the_price(wizard), ["Price of the previewed letter"]
        )
        wizard.together = True
        self.assertTrue(wizard.price_html)
        self.assertEqual(
            self._labels_of_the_price(wizard),
            ["Price of the previewed document, in an envelope of its own"],
        )
        single = self._previewed(self._payments())
        self.assertEqual(self._labels_of_the_price(single), [""])
