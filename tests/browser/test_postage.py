"""An administrator of postage prices in a real Chromium, in French."""

from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged


@tagged("standard", "post_install", "-at_install")
class TestPostageGrids(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(
            ["beepost_mail", "beepost_postage"], ["fr_FR"]
        )
        france = cls.env.ref("base.fr")
        cls.company = cls.env["res.company"].create(
            {"name": "Cabinet Lefèvre", "country_id": france.id}
        )
        cls.tariff = cls.env["beepost.postage.tariff"].create(
            {"name": "Barème essai", "company_id": cls.company.id}
        )
        # The browser has the real day.
        cls.year = cls.tariff._paris_today().year
        cls.grid = cls._create_grid({20: 1.52, 100: 3.10})
        cls.grid.action_confirm()
        cls.env["beepost.account"].create(
            {
                "name": "Compte principal",
                "company_id": cls.company.id,
                "tariff_id": cls.tariff.id,
            }
        )
        cls.user = cls.env["res.users"].create(
            {
                "name": "Alix Administratrice",
                "login": "alix",
                "password": "alix-alix-alix",
                "email": "alix@example.com",
                "lang": "fr_FR",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            cls.env.ref("base.group_user").id,
                            cls.env.ref("beepost_mail.group_admin").id,
                        ]
                    )
                ],
            }
        )

    @classmethod
    def _create_grid(cls, prices):
        step = {
            "product_id": cls.env.ref("beepost_postage.product_lettre_verte").id,
            "zone_id": cls.env.ref("beepost_postage.zone_metropole").id,
        }
        return cls.env["beepost.postage.grid"].create(
            {
                "tariff_id": cls.tariff.id,
                "valid_from": date(cls.year, 1, 1),
                "valid_to": date(cls.year + 1, 1, 1),
                "line_ids": [
                    Command.create({**step, "max_grams": grams, "price": price})
                    for grams, price in prices.items()
                ],
            }
        )

    def test_next_year(self):
        self.start_tour(
            "/odoo/action-beepost_postage.action_overview",
            "beepost_next_year",
            login="alix",
        )
        self.env.invalidate_all()
        new = self.tariff.grid_ids - self.grid
        self.assertEqual(new.state, "confirmed")
        self.assertEqual(new.valid_from, date(self.year + 1, 1, 1))
        self.assertEqual(new.valid_to, date(self.year + 2, 1, 1))
        self.assertEqual(new.line_ids.mapped("price"), [1.60, 3.90])
        self.assertEqual(self.tariff.january_grid_ids, new)
