from odoo import api, fields, models
from odoo.exceptions import UserError

from ..gateway import port


class BeepostAccountRequest(models.TransientModel):
    """Asks BeePOST for an account; its “responsable Centre de Gestion” answers by
    e-mail, with identifier and password."""

    _name = "beepost.account.request"
    _description = "Request a BeePOST Account"

    account_id = fields.Many2one("beepost.account", required=True)
    company = fields.Char(required=True)
    name = fields.Char(string="Your name", required=True)
    email = fields.Char(required=True)
    phone = fields.Char()
    siret = fields.Char(string="SIRET")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        account = self.env["beepost.account"].browse(values.get("account_id"))
        company = account.company_id or self.env.company
        user = self.env.user
        values.update(
            company=company.name,
            name=user.name,
            email=user.email or company.email,
            phone=company.phone,
            siret=company.company_registry,
        )
        return values

    def action_request(self):
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        keys = ("company", "name", "email", "phone", "siret")
        try:
            with account._open_gateway() as gateway:
                words = gateway.request_account({key: self[key] or "" for key in keys})
        except port.GatewayError as error:
            raise UserError(account._explain(error)) from error
        account.identifier = account.identifier or self.email
        account.message_post(body=words)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("Your request has been sent"),
                "message": self.env._(
                    "BeePOST validates it and sends identifier and password to"
                    " %(email)s. Enter them in this account when they arrive.",
                    email=self.email,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
