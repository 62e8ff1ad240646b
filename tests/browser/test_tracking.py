"""An accountant follows letters in a real Chromium, in French."""

from datetime import datetime, timedelta, timezone

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.beepost_mail.gateway import port

DEPOSIT = datetime(2026, 11, 24, 11, 30, tzinfo=timezone.utc)


@tagged("standard", "post_install", "-at_install")
class TestTracking(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(
            ["beepost_mail", "beepost_tracking"], ["fr_FR"]
        )
        cls.france = cls.env.ref("base.fr")
        cls.company = cls.env["res.company"].create(
            {"name": "Cabinet Lefèvre", "country_id": cls.france.id}
        )
        cls.env["account.chart.template"].try_loading(
            "fr", cls.company, install_demo=False
        )
        cls.company.partner_id.write(
            {"street": "12 rue de la République", "zip": "69002", "city": "Lyon"}
        )
        cls.account = cls.env["beepost.account"].create(
            {"name": "Compte principal", "company_id": cls.company.id}
        )
        cls.user = cls.env["res.users"].create(
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
        cls.letter = cls._create_letter("Jeanne Martin")
        cls.late = cls._create_letter("Sans nouvelles SARL")

    @classmethod
    def _create_letter(cls, name):
        """One that BeePOST accepted on the day before ``DEPOSIT``."""
        partner = cls.env["res.partner"].create(
            {
                "name": name,
                "street": "12 rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                "country_id": cls.france.id,
                "lang": "fr_FR",
            }
        )
        move = (
            cls.env["account.move"]
            .with_company(cls.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": "2026-11-20",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Conseil", "price_unit": 120.0, "tax_ids": []}
                        )
                    ],
                }
            )
        )
        move.action_post()
        cls.env["ir.attachment"].create(
            {
                "name": "facture.pdf",
                "raw": b"%PDF-1.4",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        letter = move._beepost_post(
            {move: partner._beepost_options(cls.company)}, cls.user
        )
        letter.write(
            {
                "state": "accepted",
                "provider_reference": f"BP-{letter.id}",
                "accepted_at": (DEPOSIT - timedelta(days=1)).replace(tzinfo=None),
            }
        )
        return letter

    def _tell(self, letter, *told):
        """What BeePOST told: (code, words), an hour apart, the last at ``DEPOSIT``."""
        self.env["beepost.pull"].sudo()._store(
            self.account,
            "beepost",
            [
                port.Event(
                    event_id=f"{letter.id}-{position}",
                    client_reference=letter.client_reference,
                    provider_reference=letter.provider_reference,
                    code=code,
                    label=label,
                    happened_at=DEPOSIT - timedelta(hours=len(told) - 1 - position),
                )
                for position, (code, label) in enumerate(told)
            ],
        )

    def test_follow_letters(self):
        self.late.promise = "missed"
        self._tell(
            self.letter,
            ("producing", "En cours d’édition"),
            ("zz_9", "Tri spécial"),
            ("posted", "Déposé à la poste"),
        )
        self.start_tour(
            "/odoo/action-beepost_mail.action_mailing",
            "beepost_follow_letters",
            login="camille",
        )
        self.env.invalidate_all()
        self.assertEqual(self.letter.status, "posted")

    def test_overview(self):
        self.late.promise = "missed"
        self._tell(self.letter, ("posted", "Déposé à la poste"))
        self.start_tour(
            "/odoo/action-beepost_tracking.action_overview",
            "beepost_overview",
            login="camille",
        )
