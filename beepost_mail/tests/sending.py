"""The two ways of sending: the dialog on one invoice, and *Send by post*."""

from datetime import date

from odoo import Command

from .common import BeepostCommon, a4_pdf


class SendCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user + cls.accountant)
        cls.customer.email = "client@example.com"
        cls.customer.invoice_sending_method = "beepost"

    def _dialog(self, move, user=None, methods=None):
        Wizard = self.env["account.move.send.wizard"].with_user(user or self.env.user)
        wizard = Wizard.with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})
        if methods is not None:
            wizard.sending_methods = methods
        return wizard

    def _upload(self, name="cgv.pdf", raw=None, user=None, mimetype="application/pdf"):
        """A file dropped on the dialog, and how the dialog describes it."""
        attachment = (
            self.env["ir.attachment"]
            .with_user(user or self.env.user)
            .create(
                {
                    "name": name,
                    "raw": raw or a4_pdf(name),
                    "mimetype": mimetype,
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )
        return attachment.sudo(), {
            "id": attachment.id,
            "name": name,
            "mimetype": mimetype,
            "placeholder": False,
            "manual": True,
        }

    def _invoice_of(self, day, partner=None):
        move = self.init_invoice(
            "out_invoice",
            partner=partner or self.customer,
            invoice_date=day,
            amounts=[100.0],
            company=self.company,
            post=True,
        )
        self._attach_legal_pdf(move)
        return move

    def _letters(self, moves):
        return moves.sudo().beepost_document_ids.mailing_id

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))


class BatchCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user + cls.accountant)

    def _wizard(self, moves, user=None, **values):
        action = moves.with_user(user or self.env.user).action_beepost_send()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.env.user)
            .with_context(**action["context"])
            .create(values)
        )

    def _invoices(self, count, pdf=True, partners=None):
        """Posted invoices, made together (a form for each takes its time)."""
        partners = partners or [self.customer]
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partners[number % len(partners)].id,
                    "company_id": self.company.id,
                    "invoice_date": date(2019, 1, 1),
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 10.0})
                    ],
                }
                for number in range(count)
            ]
        )
        moves.action_post()
        if pdf:
            for move in moves:
                self._attach_legal_pdf(move)
        return moves

    def _letters(self, moves):
        return moves.sudo().beepost_document_ids.mailing_id

    def _render(self):
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))
