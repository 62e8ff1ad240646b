from odoo.tests import Form, tagged

from .grids import GridCase


@tagged("post_install", "-at_install")
class TestTry(GridCase):
    """What a letter would cost that does not exist."""

    def _form(self, **values):
        form = Form(self.env["beepost.postage.try"].with_user(self.accountant))
        form.account_id = self.account
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_a_plain_letter(self):
        """As a letter that is really sent, to the cent: see test_frozen_price."""
        form = self._form(pages=1, address_sheet=True)
        self.assertEqual(form.tariff_id, self.tariff)
        self.assertEqual(str(form.day), "2026-11-26")
        self.assertEqual(form.total, "1.248\xa0€")
        self.assertTrue(form.explanation)

    def test_of_the_issue(self):
        """12 pages, colour, to 97400, recommandé AR, on 2027-01-02."""
        form = self._form(
            pages=12,
            color=True,
            zip="97400",
            service_id=self._service("registered_ar"),
            day="2027-01-02",
        )
        self.assertFalse(form.total)
        self.assertIn("No price", form.explanation)
        self._next_year(recommande_r1_100="8.00").action_announce()
        form.pages = 12
        # 12 sheets and an address sheet in a C4: 13 × 4.9896 g + 15.4 g = 80.27 g;
        # 8.00 less 25 % and AR 1.09; printing 13 × (0.045 + 0.06), 20 % on it.
        self.assertEqual(form.total, "8.728\xa0€")

    def test_both_sides_cost_less(self):
        form = self._form(pages=12)
        before = form.total
        form.duplex = True
        self.assertNotEqual(form.total, before)

    def test_what_cannot_be(self):
        form = self._form(pages=500)
        self.assertFalse(form.is_priced)
        self.assertIn("sheets", form.explanation)
        form.pages = 0
        self.assertIn("has a page", form.explanation)

    def test_a_wide_world(self):
        form = self._form(country_id=self.env.ref("base.de"), zip="10115")
        # 2.25 less 25 %, one sheet
        self.assertEqual(form.total, "1.744\xa0€")

    def test_without_a_screen(self):
        trial = self.env["beepost.postage.try"].create(
            {"account_id": self.account.id, "zip": "69002", "address_sheet": True}
        )
        self.assertEqual(trial.total, "1.248\xa0€")
