import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from ..webhook.signature import MIN_SECRET

HIDDEN = "********"


class BeepostAccount(models.Model):
    """Where BeePOST may say that there is news, signed with a secret.

    Optional: statuses are read every few minutes without it. With no secret the address
    answers nobody.
    """

    _inherit = "beepost.account"

    # No default: Odoo would give one and the same to all accounts that are there when
    # the column is made.
    webhook_token = fields.Char(groups=NO_ACCESS, copy=False)
    webhook_secret = fields.Char(groups=NO_ACCESS, copy=False)
    webhook_url = fields.Char(
        string="Address for news",
        compute="_compute_webhook_url",
        groups="beepost_mail.group_admin",
        help="Give it to BeePOST together with the secret. What is sent there only"
        " makes Odoo read the statuses at once.",
    )
    webhook_password = fields.Char(
        string="Secret for news",
        compute="_compute_webhook_password",
        inverse="_inverse_webhook_password",
        groups="beepost_mail.group_admin",
        help="Can be changed, never read again. Empty: the address answers nobody.",
    )

    _webhook_token_unique = models.UniqueIndex("(webhook_token)")

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._give_webhook_tokens()
        return accounts

    def _give_webhook_tokens(self):
        """To each that has none an address of its own, which nobody can guess."""
        for account in self.sudo():
            if not account.webhook_token:
                account.webhook_token = secrets.token_urlsafe(24)

    def _compute_webhook_url(self):
        for account in self:
            token = account.sudo().webhook_token
            path = f"/beepost/webhook/{token}"
            account.webhook_url = token and account.get_base_url() + path

    def _compute_webhook_password(self):
        for account in self:
            account.webhook_password = (
                HIDDEN if account.sudo().webhook_secret else False
            )

    def _inverse_webhook_password(self):
        for account in self:
            secret = account.webhook_password
            if secret == HIDDEN:
                continue
            if secret and len(secret) < MIN_SECRET:
                raise ValidationError(
                    self.env._(
                        "The secret for news needs at least %(count)s characters, so"
                        " that nobody can guess it.",
                        count=MIN_SECRET,
                    )
                )
            account.sudo().webhook_secret = secret

    @api.model
    def _of_webhook(self, token):
        """The account at that address, or none."""
        return self.search([("webhook_token", "=", token or False)], limit=1)

    def _get_webhook_secret(self):
        return self.sudo().webhook_secret or ""
