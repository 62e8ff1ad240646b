"""A copied database cannot post; an uninstalled addon leaves nothing behind."""

from unittest.mock import patch

from odoo import Command
from odoo.modules.neutralize import get_neutralization_queries

from ..hooks import uninstall_hook
from ..models import beepost_account_gateway
from .common import BeepostCommon, ScriptedGateway


class TestNeutralize(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live = cls.env["beepost.account"].create(
            {
                "name": "Live",
                "company_id": cls.company.id,
                "gateway": "http",
                "url": "https://api.bee.example.com",
                "identifier": "compta@example.com",
                "password": "the real one",
            }
        )
        cls.archived = cls.live.copy({"name": "Archived", "url": cls.live.url})
        cls.archived.password = "the other one"
        cls.archived.active = False
        for account in cls.live + cls.archived:
            cls.env["beepost.token"].sudo().create(
                {"account_id": account.id, "token": "a real token"}
            )
        cls.company.beepost_account_id = cls.live

    def _neutralize(self):
        self.env.flush_all()
        queries = list(get_neutralization_queries(["beepost_mail"]))
        self.assertTrue(queries, "the file is found where Odoo looks for it")
        for query in queries:
            self.cr.execute(query)
        self.env.invalidate_all()

    def test_no_credentials_no_address(self):
        self._neutralize()
        for table in ("beepost_account", "beepost_token"):
            self.cr.execute(f"SELECT t::text FROM {table} t")
            rows = "\n".join(row for (row,) in self.cr.fetchall())
            for secret in ("the real one", "the other one", "a real token", "https://"):
                self.assertNotIn(secret, rows)
        everything = self.env["beepost.account"].with_context(active_test=False)
        gateways = everything.search([]).mapped("gateway")
        self.assertEqual(set(gateways), {"sandbox"})

    def test_what_waits_goes_nowhere(self):
        letter = self._post(self._create_invoice())
        self.assertEqual(letter.account_id, self.live)
        self._neutralize()
        with patch.object(beepost_account_gateway, "HttpGateway") as connector:
            self._run_outbox(self.live)
        connector.assert_not_called()
        self.assertEqual(letter.state, "accepted")
        self.assertTrue(letter.is_practice, "nobody takes it for posted")

    def test_this_test_would_notice(self):
        """Without the queries the connector is called."""
        letter = self._post(self._create_invoice())
        gateway = ScriptedGateway()
        with patch.object(
            beepost_account_gateway, "HttpGateway", return_value=gateway
        ) as connector:
            self._run_outbox(self.live)
        connector.assert_called()
        self.assertEqual(gateway.counts(), {letter.client_reference: 1})


class TestUninstall(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="B")["company"]
        cls.archived = cls.env["beepost.account"].create(
            {"name": "Archived", "company_id": cls.other.id, "active": False}
        )

    def _use_everything(self):
        letters = self._post(
            *self._create_invoices(*[self.customer] * 3), user=self.accountant
        )
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        letters[0].sudo()._refuse({letters[0]: []})
        letters[1].message_subscribe(self.manager.partner_id.ids)
        letters[1].message_post(body="a word")
        self.account.sudo()._stop("Out of order")
        self.env["ir.filters"].create(
            {"name": "mine", "model_id": "beepost.mailing", "domain": "[]"}
        )
        self.env["beepost.send"].create(
            {"move_ids": [Command.set(self._create_invoice(pdf=False).ids)]}
        ).action_send()
        return letters

    def _leftovers(self):
        """{table: rows that name one of our models}"""
        self.env.flush_all()
        rows = {}
        for table, column in (
            ("ir_attachment", "res_model"),
            ("ir_filters", "model_id"),
            ("mail_activity", "res_model"),
            ("mail_followers", "res_model"),
            ("mail_message", "model"),
        ):
            self.cr.execute(
                f"SELECT COUNT(*) FROM {table} WHERE {column} LIKE 'beepost.%'"
            )
            rows[table] = self.cr.fetchone()[0]
        return rows

    def test_records_of_others(self):
        letters = self._use_everything()
        self.assertTrue(all(self._leftovers().values()), "there is something to leave")
        sources = letters.document_ids.sudo().attachment_id
        moves = self.env["account.move"].browse(letters.document_ids.mapped("res_id"))
        uninstall_hook(self.env(su=True))
        self.assertFalse(any(self._leftovers().values()))
        self.assertTrue(sources.exists(), "the invoices keep their PDFs")
        self.assertTrue(moves.message_ids, "and their chatter")

    def test_scheduled_actions(self):
        crons = (self.account + self.archived).sudo().cron_id
        self.assertEqual(len(crons), 2)
        uninstall_hook(self.env(su=True))
        self.assertFalse(crons.exists())

    def test_preferences_in_each_company(self):
        for company in self.company + self.other:
            self.customer.with_company(company).invoice_sending_method = "beepost"
        asleep = self._create_customer("Archivé", invoice_sending_method="beepost")
        asleep.active = False
        mail = self._create_customer("Courriel", invoice_sending_method="email")
        self.env["ir.default"].set("res.partner", "invoice_sending_method", "beepost")
        uninstall_hook(self.env(su=True))
        self.env.flush_all()
        self.cr.execute(
            "SELECT id FROM res_partner"
            " WHERE invoice_sending_method::text LIKE '%beepost%'"
        )
        self.assertFalse(self.cr.fetchall())
        self.assertEqual(mail.invoice_sending_method, "email")
        self.assertFalse(
            self.env["res.partner"].create({"name": "New"}).invoice_sending_method
        )

    def test_nothing_is_sent_by_e_mail_instead(self):
        move = self._create_invoice(pdf=False)
        self.env["beepost.send"].create(
            {"move_ids": [Command.set(move.ids)]}
        ).action_send()
        by_mail = self._create_invoice(pdf=False)
        by_mail.sending_data = {"author_user_id": self.env.uid}
        uninstall_hook(self.env(su=True))
        self.assertFalse(move.sending_data)
        self.assertTrue(by_mail.sending_data, "core's own order stays")

    def test_letters_hold_nothing_fast(self):
        """Services and profiles are deleted with the addon's data: nothing refers to
        them any more."""
        self._use_everything()
        uninstall_hook(self.env(su=True))
        self.env["beepost.service"].search([]).unlink()
        self.env["beepost.profile"].search([]).unlink()
        self.env.flush_all()

    def test_without_any_letter(self):
        uninstall_hook(self.env(su=True))
        self.assertFalse(self.env["beepost.account"].search([]))
