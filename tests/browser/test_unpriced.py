"""On a day that no price list covers, in a real Chromium, in French: an accountant
sends an invoice by post all the same, and sees its price once there is one.

``setup/test --on 2027-01-02 tests/browser/test_unpriced.py`` is the first Saturday
after the shipped prices have ended by themselves; on other days they are closed first.
"""

import sys
from datetime import timedelta
from pathlib import Path

from odoo.tests import HttpCase, tagged

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pricing import PriceCase  # noqa: E402

DAYS = 15  # La Poste has the letter by then, whatever holidays there are


@tagged("standard", "post_install", "-at_install")
class TestUnpriced(PriceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["beepost.postage.tariff"]._paris_today()
        cls.shipped = cls.env.ref("beepost_postage.grid_public_2026")
        if cls.today < cls.shipped.valid_to:
            cls.shipped.action_close()
        # What other tests have instead of the tariff that every new account has.
        cls.env["ir.default"].search([("field_id.name", "=", "tariff_id")]).unlink()
        cls.account = cls.env["beepost.account"].create(
            {"name": "Compte d'essai", "company_id": cls.company.id}
        )
        cls._create_user("alix", "beepost_mail.group_admin")

    def _run(self, cron):
        failure = cron.sudo().method_direct_trigger()
        self.assertIs(failure, True, failure)
        self.env.invalidate_all()

    def _draft_of_prices(self):
        """The prices of 2026 once more, for the days around this one."""
        return self.shipped.copy(
            {
                "valid_from": self.today - timedelta(days=1),
                "valid_to": self.today + timedelta(days=DAYS),
                "version": 2,
            }
        )

    def test_it_leaves_and_is_priced_afterwards(self):
        contract = self.env.ref("beepost_postage.grid_beepost")
        if contract.valid_from > self.today:  # before there were any prices
            contract.valid_from = self.today
        move = self._create_invoice(pages=1)
        self._open(move, "beepost_send_unpriced")
        letter = move._beepost_letters()
        self._run(self.account.cron_id)
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.unpriced_count, 1)
        self._open(letter, "beepost_see_unpriced")

        draft = self._draft_of_prices()
        self._open(draft, "beepost_publish_prices", login="alix")
        self._run(self.env.ref("beepost_postage.ir_cron_price_unpriced"))
        self.assertEqual(letter.unpriced_count, 0)
        self.assertEqual(letter.postage_public_grid_id, draft)
        self._open(letter, "beepost_see_priced_afterwards")
