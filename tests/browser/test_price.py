"""What an accountant sees of the price, in a real Chromium, in French."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.beepost_mail.tests.common import a4_pdf


@tagged("standard", "post_install", "-at_install")
class TestPrice(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        modules = ["beepost_mail", "beepost_postage"]
        cls.env["ir.module.module"]._load_module_terms(modules, ["fr_FR"])
        france = cls.env.ref("base.fr")
        cls.company = cls.env["res.company"].create(
            {"name": "Cabinet Lefèvre", "country_id": france.id}
        )
        cls.env["account.chart.template"].try_loading(
            "fr", cls.company, install_demo=False
        )
        address = {
            "street": "12 rue de la République",
            "zip": "69002",
            "city": "Lyon",
            "country_id": france.id,
        }
        cls.company.partner_id.write(address)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Jeanne Martin", "lang": "fr_FR", **address}
        )
        cls.account = cls.env["beepost.account"].create(
            {
                "name": "Compte d'essai",
                "company_id": cls.company.id,
                "tariff_id": cls._create_tariff().id,
                "lead_days": 1,
            }
        )
        cls.env["res.users"].create(
            {
                "name": "Camille Comptable",
                "login": "camille",
                "password": "camille-camille",
                "email": "camille@example.com",
                "lang": "fr_FR",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set([cls.env.ref("account.group_account_invoice").id])
                ],
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

    def _create_invoice(self):
        move = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [
                        Command.create({"name": "Conseil", "price_unit": 120.0})
                    ],
                }
            )
        )
        move.action_post()
        self.env["ir.attachment"].create(
            {
                "name": "facture.pdf",
                "raw": a4_pdf(pages=3),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        return move

    def _open(self, move, tour):
        url = f"/odoo/action-account.action_move_out_invoice_type/{move.id}"
        self.start_tour(url, tour, login="camille")

    def test_the_price_follows_options_and_deposit_date(self):
        move = self._create_invoice()
        self._open(move, "beepost_see_price")
        self.account.lead_days = 30
        self._open(move, "beepost_see_later_price")
        self.assertFalse(move._beepost_letters())
