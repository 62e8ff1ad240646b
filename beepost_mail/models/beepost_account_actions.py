from odoo import models
from odoo.exceptions import UserError

from ..gateway import port
from .beepost_account import WAITING


class BeepostAccount(models.Model):
    """What an administrator may do with an account."""

    _inherit = "beepost.account"

    def action_test_connection(self):
        self.ensure_one()
        self.check_access("write")
        try:
            with self._open_gateway() as gateway:
                name = gateway.ping()
                self._refresh_limits(gateway, force=True)
        except port.GatewayError as error:
            raise UserError(self._explain(error)) from error
        self._switch_cron_on()
        if self.state == "stopped" or self.retry_at:
            self.action_resume()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("The connection works"),
                "message": self.env._("%(service)s answered.", service=name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_resume(self):
        self.check_access("write")
        self.sudo().write(
            {
                "state": "running",
                "stop_reason": False,
                "failures": 0,
                "retry_at": False,
            }
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_warning"])
        self._switch_cron_on()
        self._trigger_send()

    def _switch_cron_on(self):
        """An account that works sends: its scheduled action may have been deleted, or
        switched off by Odoo after a week of failures."""
        for account in self.filtered("active"):
            account._ensure_cron().active = True

    def action_forgotten_password(self):
        self.ensure_one()
        self.check_access("write")
        if not self.identifier:
            raise UserError(
                self.env._("Enter the e-mail address of the account first, and save.")
            )
        try:
            with self._open_gateway() as gateway:
                gateway.forgotten_password(self.identifier)
        except port.GatewayError as error:
            raise UserError(self._explain(error)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("A new password is on its way"),
                "message": self.env._(
                    "If BeePOST knows %(email)s, it sends a new password there. Enter"
                    " it here when it has arrived.",
                    email=self.identifier,
                ),
            },
        }

    def action_request_account(self):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a BeePOST account"),
            "res_model": "beepost.account.request",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def action_open_waiting(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [("account_id", "=", self.id), ("state", "in", WAITING)]
        return action

    def action_push_sandbox_clock(self):
        """One working day further in practice life."""
        self.ensure_one()
        self.check_access("write")
        self.sandbox_shift += 24

    def _explain(self, error):
        """A gateway error in a sentence that says what to do next."""
        self.ensure_one()
        if isinstance(error, port.Credentials):
            text = self.env._(
                "BeePOST refused the identifier or the password of account %(name)s."
                " Check both, or ask for a new password.",
                name=self.name,
            )
        elif isinstance(error, port.Unavailable):
            text = self.env._(
                "BeePOST cannot be reached just now. Nothing was lost: try again in a"
                " few minutes, and check the service address if it lasts."
            )
        elif isinstance(error, port.Refused):
            text = self.env._(
                "BeePOST refused the request: %(words)s", words=error.message
            )
        elif isinstance(error, port.OutcomeUnknown):
            text = self.env._(
                "The connection to BeePOST broke before it answered. Nobody knows yet"
                " whether the request was carried out."
            )
        else:
            text = self.env._(
                "BeePOST gave an answer that makes no sense. The account's page keeps"
                " it for support."
            )
        return text
