"""A French house whose letters are priced, for journeys in a browser."""

from odoo import Command

from odoo.addons.beepost_mail.tests.common import a4_pdf


class PriceCase:
    """For an ``HttpCase``."""

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
        cls._create_user("camille", "account.group_account_invoice")

    @classmethod
    def _create_user(cls, login, group):
        groups = cls.env.ref("base.group_user") + cls.env.ref(group)
        cls.env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "password": f"{login}-{login}",
                "email": f"{login}@example.com",
                "lang": "fr_FR",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(groups.ids)],
            }
        )

    def _create_invoice(self, pages):
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
                "raw": a4_pdf(pages=pages),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        return move

    def _open(self, record, tour, login="camille"):
        action = {
            "account.move": "account.action_move_out_invoice_type",
            "beepost.mailing": "beepost_mail.action_mailing",
            "beepost.postage.grid": "beepost_postage.action_grid",
        }[record._name]
        self.start_tour(f"/odoo/action-{action}/{record.id}", tour, login=login)
        self.env.invalidate_all()
