from odoo import api, fields, models

from odoo.addons.beepost_mail.gateway import port

from .beepost_follow import RETRY_DELAYS


class BeepostFollow(models.Model):
    """When papers may be asked for again, apart from when events are."""

    _inherit = "beepost.follow"

    proofs_failures = fields.Integer(readonly=True)
    proofs_retry_at = fields.Datetime(readonly=True)
    proofs_error = fields.Text(readonly=True)

    def _may_ask_for_proofs(self):
        self.ensure_one()
        return not self.proofs_retry_at or (
            self.proofs_retry_at <= fields.Datetime.now()
        )

    def _postpone_proofs(self, account, error):
        """:param error: it speaks of the account, not of a paper"""
        self.ensure_one()
        step = min(self.proofs_failures, len(RETRY_DELAYS) - 1)
        if isinstance(error, port.Credentials):
            step = -1  # asking again and again would lock the account
        delay = max(RETRY_DELAYS[step], getattr(error, "retry_after", None) or 0)
        retry_at = fields.Datetime.add(fields.Datetime.now(), seconds=delay)
        self.write(
            {
                "proofs_failures": self.proofs_failures + 1,
                "proofs_retry_at": retry_at,
                "proofs_error": account._explain(error),
            }
        )
        return retry_at

    def _proofs_came(self):
        self.ensure_one()
        if self.proofs_failures or self.proofs_retry_at or self.proofs_error:
            self.write(
                {
                    "proofs_failures": 0,
                    "proofs_retry_at": False,
                    "proofs_error": False,
                }
            )


class BeepostAccount(models.Model):
    _inherit = "beepost.account"

    proofs_error = fields.Text(
        string="Why proofs could not be read",
        compute="_compute_follow",
        compute_sudo=True,
    )

    @api.depends("follow_ids.proofs_error")
    def _compute_follow(self):
        result = super()._compute_follow()
        for account in self:
            account.proofs_error = account.follow_ids[:1].proofs_error
        return result

    def action_resume(self):
        # EXTENDS 'beepost_mail'
        result = super().action_resume()
        self.env["beepost.follow"].sudo()._of(self)._proofs_came()
        self.env["beepost.proof"]._trigger_fetch()
        return result
