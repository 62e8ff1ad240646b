"""Journeys of an accountant in a real Chromium, in French, to the reference service."""

import sys
from pathlib import Path

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.beepost_mail.tests.common import ToLoopback

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from service.client import IDENTIFIER, PASSWORD, ServiceProcess  # noqa: E402


@tagged("standard", "post_install", "-at_install")
class TestJourneys(ToLoopback, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.enterClassContext(ServiceProcess())
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["beepost_mail"], ["fr_FR"])
        france = cls.env.ref("base.fr")
        cls.company = cls.env["res.company"].create(
            {"name": "Cabinet Lefèvre", "country_id": france.id}
        )
        cls.env["account.chart.template"].try_loading(
            "fr", cls.company, install_demo=False
        )
        cls.company.partner_id.write(
            {"street": "12 rue de la République", "zip": "69002", "city": "Lyon"}
        )
        cls.company.beepost_layout = True
        cls.account = cls.env["beepost.account"].create(
            {
                "name": "Compte principal",
                "company_id": cls.company.id,
                "gateway": "http",
                "url": cls.service.url,
                "identifier": IDENTIFIER,
                "password": PASSWORD,
            }
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
        address = {"country_id": france.id, "lang": "fr_FR"}
        cls.good = cls.env["res.partner"].create(
            {
                "name": "Jeanne Martin",
                "street": "12 rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                **address,
            }
        )
        cls.bad = cls.env["res.partner"].create(
            {
                "name": "Sans Code Postal SARL",
                "street": "1 place du Marché",
                "city": "Rouen",
                **address,
            }
        )

    def _create_invoice(self, partner):
        invoices = self.env["account.move"].with_company(self.company)
        move = invoices.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-11-20",
                "invoice_line_ids": [
                    Command.create({"name": "Conseil", "price_unit": 120.0})
                ],
            }
        )
        move.action_post()
        report = self.env["ir.actions.report"].with_company(self.company)
        pdf, _kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "account.account_invoices", move.ids
        )
        self.env["ir.attachment"].create(
            {
                "name": "facture.pdf",
                "raw": pdf,
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        return move

    def _open(self, record, tour):
        action = {
            "account.move": "account.action_move_out_invoice_type",
            "beepost.mailing": "beepost_mail.action_mailing",
        }[record._name]
        url = f"/odoo/action-{action}/{record.id}"
        self.start_tour(url, tour, login="camille")
        self.env.invalidate_all()

    def _let_letters_leave(self):
        failure = self.account.sudo().cron_id.method_direct_trigger()
        self.assertIs(failure, True, failure)
        self.env.invalidate_all()
        self.assertFalse(self.account.failures)
        self.assertEqual(self.account.state, "running", self.account.stop_reason)

    def test_send_and_see_accepted(self):
        move = self._create_invoice(self.good)
        self._open(move, "beepost_send_invoice")
        letter = move._beepost_letters()
        self.assertEqual(letter.state, "draft")
        self._let_letters_leave()
        self._open(move, "beepost_see_accepted")
        arrival = self.service.arrivals()[letter.client_reference]
        self.assertEqual(arrival["printed"], 1)
        self.assertEqual(arrival["sha256"], letter.sha256)

    def test_refused_and_mended(self):
        move = self._create_invoice(self.bad)
        self._open(move, "beepost_see_blocked")
        self.assertFalse(move._beepost_letters())
        letter = move._beepost_post({move: {}}, self.user)
        self.assertEqual(letter.state, "rejected")
        self._open(letter, "beepost_mend_refused")
        self.assertEqual(self.bad.zip, "76000")
        self._let_letters_leave()
        self.assertFalse(letter.activity_ids)
        self._open(letter, "beepost_see_mended")
        arrival = self.service.arrivals()[letter.client_reference]
        self.assertEqual(arrival["printed"], 1)
        self.assertIn("76000 ROUEN", arrival["letter"]["recipient"])
