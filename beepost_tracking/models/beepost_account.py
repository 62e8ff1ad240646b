from odoo import api, fields, models


class BeepostAccount(models.Model):
    _inherit = "beepost.account"

    follow_ids = fields.One2many(
        "beepost.follow",
        "account_id",
        readonly=True,
        groups="beepost_mail.group_admin",
    )
    pulled_at = fields.Datetime(
        string="Statuses last read", compute="_compute_follow", compute_sudo=True
    )
    pull_error = fields.Text(
        string="Why statuses could not be read",
        compute="_compute_follow",
        compute_sudo=True,
    )
    pull_retry_at = fields.Datetime(compute="_compute_follow", compute_sudo=True)

    @api.depends("follow_ids.pulled_at", "follow_ids.error", "follow_ids.retry_at")
    def _compute_follow(self):
        for account in self:
            follow = account.follow_ids[:1]
            account.pulled_at = follow.pulled_at
            account.pull_error = follow.error
            account.pull_retry_at = follow.retry_at

    def _trigger_pull(self, at=None):
        """Wakes the reading of events; costs no network.

        One waking is enough, however many ask for it before it begins.
        """
        cron = self.env.ref("beepost_tracking.ir_cron_pull").sudo()
        due = at or fields.Datetime.now()
        waits = [("cron_id", "=", cron.id), ("call_at", "<=", due)]
        if not self.env["ir.cron.trigger"].sudo().search_count(waits, limit=1):
            cron._trigger(at=at)

    @api.model
    def _cron_pull(self):
        """Reads the events of every account: one that fails does not keep the others,
        and none is read for ever while the others wait."""
        for account in self.search([("active", "=", True)], order="id"):
            if not self.env["beepost.pull"]._run(account):
                return

    def action_pull_now(self):
        """Statuses are read at once, in the background."""
        self.check_access("write")
        self.env["beepost.follow"].sudo()._of(self).retry_at = False
        self._trigger_pull()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Statuses are being read"),
                "message": self.env._("The letters follow in a moment."),
            },
        }

    def action_push_sandbox_clock(self):
        # EXTENDS 'beepost_mail': what has happened meanwhile shows at once
        result = super().action_push_sandbox_clock()
        self._trigger_pull()
        return result

    def action_resume(self):
        # EXTENDS 'beepost_mail'
        result = super().action_resume()
        self.env["beepost.follow"].sudo()._of(self).write(
            {"failures": 0, "retry_at": False, "error": False}
        )
        self._trigger_pull()
        return result

    def _tell_unheard_of(self, wordings):
        """Once for each: a wording that has no meaning here moves no letter."""
        for wording in wordings:
            self.message_post(
                body=self.env._(
                    "%(provider)s uses a wording that is not known here: %(wording)s."
                    " Letters stay where they are; give it a meaning under"
                    " Configuration, Wordings.",
                    provider=dict(wording._fields["source"].selection)[wording.source],
                    wording=wording.display_name,
                ),
                partner_ids=self._administrators().partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
