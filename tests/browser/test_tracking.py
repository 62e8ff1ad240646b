"""An accountant follows letters in a real Chromium, in French."""

import hashlib
import io
from datetime import datetime, timedelta, timezone

from pypdf import PdfReader

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import a4_pdf

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
                    Command.set(
                        [
                            cls.env.ref("account.group_account_invoice").id,
                            cls.env.ref("base.group_partner_manager").id,
                        ]
                    )
                ],
            }
        )
        cls.letter = cls._create_letter("Jeanne Martin")
        cls.late = cls._create_letter("Sans nouvelles SARL")

    @classmethod
    def _create_letter(cls, name, service="beepost_mail.service_letter"):
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
                "raw": a4_pdf(name),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        options = partner._beepost_options(cls.company)
        options["service_id"] = cls.env.ref(service).id
        letter = move._beepost_post({move: options}, cls.user)
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

    def test_returned_letter(self):
        letter = self._create_letter(
            "Irène Kessler", "beepost_mail.service_registered_ar"
        )
        pdf = a4_pdf("Pli", pages=2)
        letter.sha256 = hashlib.sha256(pdf).hexdigest()
        letter.pdf_id = self.env["ir.attachment"].create(
            {
                "name": "pli.pdf",
                "raw": pdf,
                "res_model": "beepost.mailing.document",
                "res_id": letter.document_ids.id,
            }
        )
        self._tell(
            letter,
            ("posted", "Déposé à la poste"),
            ("undeliverable", "NPAI"),
            ("returned", "Retourné"),
        )
        # A tour ends when the browser leaves the page, and so it does for a download:
        # the file is fetched by hand.
        downloads = []
        make = type(letter).action_make_evidence

        def action_make_evidence(letters):
            downloads.append(make(letters))
            return True

        self.patch(type(letter), "action_make_evidence", action_make_evidence)
        self.start_tour(
            f"/odoo/action-beepost_mail.action_mailing/{letter.id}",
            "beepost_returned_letter",
            login="camille",
        )
        self.env.invalidate_all()
        successor = letter.replaced_by_ids
        self.assertEqual(successor.origin_id, letter)
        self.assertNotEqual(successor.client_reference, letter.client_reference)
        self.assertEqual(letter.partner_id.street, "15 rue Neuve")
        self.assertEqual(letter.return_state, "posted_again")
        self.authenticate("camille", "camille-camille")
        evidence = self.url_open(downloads[0]["url"])
        self.assertIn("Dossier de preuve", evidence.headers["Content-Disposition"])
        pages = PdfReader(io.BytesIO(evidence.content)).pages
        self.assertGreater(len(pages), 2, "the summary, then the letter itself")

    def test_overview(self):
        self.late.promise = "missed"
        self._tell(self.letter, ("posted", "Déposé à la poste"))
        self.start_tour(
            "/odoo/action-beepost_tracking.action_overview",
            "beepost_overview",
            login="camille",
        )
