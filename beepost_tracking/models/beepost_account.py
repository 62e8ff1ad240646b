import logging
from datetime import timedelta

from odoo import api, fields, models

from ..journey.codes import STOPPED

_logger = logging.getLogger(__name__)

# After its acceptance; of a plain letter nothing more may ever come.
FOLLOWED_FOR = timedelta(days=365)
PAPERS_FOR = timedelta(days=60)  # after the last stage


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
        for account in self._followed():
            if not account._pull():
                return

    def _pull(self):
        """:return: whether the scheduled action has time left"""
        self.ensure_one()
        try:
            return self.env["beepost.pull"]._run(self)
        except Exception:
            # A fault of ours, or of another addon: it must not keep the others.
            self.env.cr.rollback()
            _logger.exception("The statuses of account %s could not be read", self.id)
        follow = self.env["beepost.follow"]._of(self)
        follow._postpone(
            self.env._(
                "Statuses could not be stored, for a reason that your administrator"
                " finds in the server's log. Nothing is lost: they are read again."
            )
        )
        return self.env["beepost.outbox"]._commit()

    @api.model
    def _followed(self):
        """Accounts of which there may be news: archived ones as well, as long as some
        of their letters are on their way, or their papers: an AR comes after the
        delivery. A year after the last of them nothing comes any more."""
        everyone = self.with_context(active_test=False)
        now = fields.Datetime.now()
        on_their_way = self.env["beepost.mailing"]._read_group(
            [
                ("account_id.active", "=", False),
                ("accepted_at", ">", now - FOLLOWED_FOR),
                "|",
                ("status", "not in", ("delivered", "returned", *STOPPED)),
                ("stage_since", ">", now - PAPERS_FOR),
            ],
            ["account_id"],
        )
        archived = [account.id for (account,) in on_their_way]
        return everyone.search(
            ["|", ("active", "=", True), ("id", "in", archived)], order="id"
        ).with_env(self.env)

    def write(self, vals):
        moved = self._changed_by(vals, "gateway", "url", "identifier")
        result = super().write(vals)
        if moved:
            # A position is the service's own; what is told again is recognised.
            self.env["beepost.follow"].sudo()._of(moved).cursor = ""
        return result

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
