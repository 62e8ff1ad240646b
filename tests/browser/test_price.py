"""What an accountant sees of the price, in a real Chromium, in French."""

import sys
from datetime import timedelta
from pathlib import Path

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pricing import PriceCase  # noqa: E402


@tagged("standard", "post_install", "-at_install")
class TestPrice(PriceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["beepost.account"].create(
            {
                "name": "Compte d'essai",
                "company_id": cls.company.id,
                "tariff_id": cls._create_tariff().id,
                "lead_days": 1,
            }
        )

    @classmethod
    def _create_tariff(cls):
        """A plain letter costs 1.00 for some weeks and 2.00 from then on, a tracked one
        0.50 more, whatever the year of this test."""
        change = fields.Date.today() + timedelta(days=15)
        tariff = cls.env["beepost.postage.tariff"].create({"name": "Contrat d'essai"})
        for price, valid_from, valid_to in (
            (1.0, "2020-01-01", change),
            (2.0, change, False),
        ):
            grid = cls.env["beepost.postage.grid"].create(
                {
                    "tariff_id": tariff.id,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                    "line_ids": [
                        Command.create(cls._step("lettre_verte", price)),
                        Command.create(cls._step("lettre_verte_suivie", price + 0.5)),
                    ],
                    "option_ids": [
                        Command.create(
                            {"kind": "print_sheet", "price": 0.045, "tax": "standard"}
                        )
                    ],
                }
            )
            grid.action_confirm()
        return tariff

    @classmethod
    def _step(cls, product, price):
        return {
            "product_id": cls.env.ref(f"beepost_postage.product_{product}").id,
            "zone_id": cls.env.ref("beepost_postage.zone_metropole").id,
            "max_grams": 35,
            "price": price,
        }

    def test_the_price_follows_options_and_deposit_date(self):
        move = self._create_invoice(pages=3)
        self._open(move, "beepost_see_price")
        self.account.lead_days = 30
        self._open(move, "beepost_see_later_price")
        self.assertFalse(move._beepost_letters())
