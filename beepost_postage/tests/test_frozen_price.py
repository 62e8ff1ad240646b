from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import ACCEPT, ScriptedGateway

from .common import PostageCase


class TestFrozenPrice(PostageCase):
    """What a letter costs is calculated before it leaves and never changes after."""

    def test_a_plain_letter(self):
        letter = self._priced()
        self.assertEqual(letter.state, "accepted")
        # An address sheet and one page: 2 sheets, 1.52 less a quarter, and printing.
        self.assertEqual((letter.sheets, letter.envelope), (2, "C6/5"))
        self.assertEqual(letter.quote["untaxed"], "1.23")
        self.assertEqual(letter.quote["taxes"], "0.018")
        self.assertEqual(letter.quote["total"], "1.248")
        self.assertEqual(letter.price_total, 1.248)
        self.assertEqual(letter.priced_for, date(2026, 11, 26))
        self.assertEqual(letter.postage_line_id.max_grams, 35)
        self.assertEqual(
            letter.postage_public_grid_id,
            self.env.ref("beepost_postage.grid_public_2026"),
        )

    def test_without_a_price_it_waits_where_the_company_wants_it(self):
        self._hold_unpriced()
        self.customer.country_id = self.env.ref("base.de")
        self.customer.zip = "10115"
        service = self._service("letter")
        service.postage_product_ids -= self.env.ref(
            "beepost_postage.product_lettre_internationale"
        )
        letter = self._priced()
        self.assertEqual(letter.state, "ready")
        self.assertIn("No price", letter.hold_reason)
        self.assertIn("International", letter.hold_reason)
        self.assertTrue(letter.price_missing)
        self.assertFalse(letter.quote)

    def test_a_reason_to_wait_does_not_tell_the_postcode(self):
        """Whoever may not see the address reads why the letter waits."""
        self._hold_unpriced()
        zones = self.env["beepost.postage.zone"]
        with patch.object(type(zones), "_room_zones", lambda records: ()):
            letter = self._priced()
        self.assertEqual(letter.state, "ready")
        self.assertIn("FR", letter.hold_reason)
        self.assertNotIn(letter.sudo().zip_code, letter.hold_reason)

    def test_publishing_a_grid_releases_what_waited_for_it(self):
        self._hold_unpriced()
        with freeze_time("2026-12-31 18:00:00"):  # Thursday, after the cut-off
            letter = self._priced()
            self.assertEqual(letter.state, "ready")
            self.assertIn("05/01/2027", letter.hold_reason)
            coming = self._grid_of_2027()
            self.assertEqual(letter.state, "draft")
            self._run_outbox()
            self.assertEqual(letter.state, "accepted")
            self.assertEqual(letter.postage_public_grid_id, coming)

    def test_the_price_follows_the_day_of_deposit(self):
        """Prepared in the old year, handed over in the new one."""
        coming = self._grid_of_2027(price=2.0)
        down = ScriptedGateway(submit=[port.Unavailable("down"), ACCEPT])
        with self._gateway(down):
            with freeze_time("2026-12-30 09:00:00"):
                letter = self._priced()
                self.assertEqual(letter.state, "queued")
                self.assertEqual(letter.priced_for, date(2026, 12, 31))
                self.assertEqual(letter.price_postage, 1.14)
            with freeze_time("2027-01-04 09:00:00"):
                self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.priced_for, date(2027, 1, 5))
        self.assertEqual(letter.price_postage, 1.5)
        self.assertEqual(letter.postage_public_grid_id, coming)
        self.assertIn("instead of", letter.message_ids[0].body)

    def _grid_of_2027(self, price=None):
        grid = self.env.ref("beepost_postage.grid_public_2026")
        coming = grid.copy({"valid_from": "2027-01-01", "valid_to": False})
        if price:
            step = coming.line_ids.filtered(
                lambda line: (
                    line.product_id.code == "lettre_verte" and line.max_grams == 20
                )
            )
            step.price = price
        coming.action_confirm()
        return coming

    def test_a_grid_that_priced_a_letter_stays(self):
        letter = self._priced()
        for grid in (letter.postage_grid_id, letter.postage_public_grid_id):
            with self.assertRaisesRegex(UserError, "not a draft"):
                grid.line_ids[0].price = 9
            with self.assertRaisesRegex(UserError, "priced"):
                grid.action_draft()
            with self.assertRaisesRegex(UserError, "priced"):
                grid.valid_from = "2026-02-01"
