import logging
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import psycopg2

from odoo import api, fields, models

from ..gateway import port
from ..gateway.http import HttpGateway
from ..gateway.sandbox import SandboxGateway
from ..letter.profile import Limits
from .beepost_account import WAITING
from .beepost_sandbox_letter import OdooStore

_logger = logging.getLogger(__name__)

# How long what the provider states about itself is believed.
LIMITS_MAX_AGE = timedelta(days=1)
# Growing delay before the next try when the provider does not answer.
RETRY_DELAYS = (60, 120, 300, 900, 3600)  # seconds


class BeepostAccount(models.Model):
    """The account at work: its gateway, what the provider states, and what follows
    from each way a call can fail."""

    _inherit = "beepost.account"

    @contextmanager
    def _open_gateway(self):
        """One gateway for as long as the block lasts (connections are reused)."""
        self.ensure_one()
        account = self.sudo()
        if account.gateway == "http":
            gateway = HttpGateway(
                account.url,
                account.identifier or "",
                account.secret or "",
                token=account._get_token(),
                on_token=account._keep_token,
                timeouts=(account.connect_timeout, account.read_timeout),
            )
        else:
            store = OdooStore(self.env, account.id)
            gateway = SandboxGateway(store, clock=account._sandbox_now)
            # The practice provider holds nothing open; its store may.
            gateway.close = store.close
        try:
            yield gateway
        finally:
            gateway.close()

    def _get_token(self):
        return self.env["beepost.token"].sudo()._of(self).token or None

    def _keep_token(self, token):
        """Stores a token in a transaction of its own: it is true whatever becomes of
        the caller's, and the next worker need not ask again."""
        try:
            with self.env.registry.cursor() as cr:
                tokens = self.with_env(self.env(cr=cr)).env["beepost.token"].sudo()
                tokens._of(self).unlink()
                tokens.create({"account_id": self.id, "token": token})
                tokens.env.flush_all()
        except psycopg2.Error as error:
            # Another worker was first. This one has its token in hand; a submission
            # must not break off for it.
            _logger.info("The token of account %s was not kept: %r", self.id, error)

    def _drop_token(self):
        self.env["beepost.token"].sudo()._of(self).unlink()

    def _sandbox_now(self):
        shift = timedelta(hours=self.sudo().sandbox_shift or 0)
        return datetime.now(timezone.utc) + shift

    def _letter_limits(self):
        """``letter.profile.Limits`` of one letter, as the provider stated them."""
        self.ensure_one()
        if not self.limits_at:
            return Limits()
        return Limits(
            max_bytes=self.max_letter_bytes,
            max_sheets=self.max_sheets,
            max_pages=self.max_pages,
        )

    def _refresh_limits(self, gateway, force=False):
        self.ensure_one()
        fresh = self.limits_at and (
            fields.Datetime.now() - self.limits_at < LIMITS_MAX_AGE
        )
        if fresh and not force:
            return
        stated = gateway.limits()
        self.sudo().write(
            {
                "limits_at": fields.Datetime.now(),
                "max_pages": stated.max_pages,
                "max_sheets": stated.max_sheets,
                "max_letter_bytes": stated.max_letter_bytes,
                "max_request_letters": stated.max_request_letters,
                "max_request_bytes": stated.max_request_bytes,
                "idempotency": stated.idempotency,
                "idempotency_days": stated.idempotency_days,
                "lookup": stated.lookup,
                "processing_seconds": stated.processing_seconds,
            }
        )

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _trigger_send(self, at=None):
        """Wakes the outbox of these accounts; costs no network."""
        for account in self.sudo():
            account._ensure_cron()._trigger(at=at)

    def _ensure_cron(self):
        """The scheduled action of this account, made anew where somebody deleted it."""
        self.ensure_one()
        account = self.sudo()
        if not account.cron_id:
            account.cron_id = account.env["ir.cron"].create(
                account._prepare_cron_vals()
            )
        return account.cron_id

    @api.autovacuum
    def _replace_deleted_crons(self):
        """Once a day: nobody need press a button for letters that wait already."""
        for account in self.sudo().search([("cron_id", "=", False)]):
            account._ensure_cron()

    @api.model
    def _cron_send(self):
        for account in self.exists().filtered("active"):
            self.env["beepost.outbox"]._run(account)

    def _may_send(self):
        self.ensure_one()
        if self.state != "running":
            return False
        return not self.retry_at or self.retry_at <= fields.Datetime.now()

    def _deadline(self):
        """When a submission of now, if it is not answered, may be asked about."""
        self.ensure_one()
        seconds = self.connect_timeout + self.read_timeout + self.processing_seconds
        return fields.Datetime.now() + timedelta(seconds=seconds)

    def _within_idempotency(self, letter):
        """Whether the provider still remembers references as old as ``letter``'s.

        A restored database does not know when a letter in doubt first left: then its
        creation counts. Else a letter planned long before it left is no older than its
        first submission.
        """
        self.ensure_one()
        first_sent_at = not letter.in_doubt and letter.first_sent_at
        age = fields.Datetime.now() - (first_sent_at or letter.create_date)
        return age < timedelta(days=self.idempotency_days)

    def _recognises_repeat(self, letter):
        return self.idempotency and self._within_idempotency(letter)

    def _notice_restored_database(self):
        """After a restore, letters that seem unsent may have left in the other life:
        they are asked about before they are sent."""
        self.ensure_one()
        account = self.sudo()
        current = account._current_incarnation()
        if account.incarnation == current:
            return
        letters = self.env["beepost.mailing"].search(
            [("account_id", "=", account.id), ("state", "in", WAITING)]
        )
        _logger.warning(
            "BeePOST account %s: this database was restored or copied; %s letters are"
            " asked about before they are sent",
            account.id,
            len(letters),
        )
        letters.write({"in_doubt": True})
        self.env["beepost.lot"]._pause_restored(account)
        former = account.incarnation or ""
        account.incarnation = current
        if "#" in former and former.partition("#")[2] != current.partition("#")[2]:
            # Odoo gives a duplicate a name of its own; the original is still at work.
            account._stop(
                self.env._(
                    "This database is a copy of another one, which may still send the"
                    " same letters. Resume only if the other one is gone."
                )
            )

    def _doubt_unanswered(self):
        """Letters handed over, or said to be, where nobody can be asked any more."""
        self.env["beepost.outbox"]._give_up(
            self.env["beepost.mailing"]
            .sudo()
            .search(
                fields.Domain("account_id", "in", self.ids)
                & (
                    fields.Domain("state", "=", "sending")
                    | fields.Domain("state", "in", WAITING)
                    & fields.Domain("in_doubt", "=", True)
                )
            )
        )

    def _failed(self, error):
        """The account cannot go on: what comes next depends on the error's name."""
        self.ensure_one()
        _logger.warning(
            "BeePOST account %s: %s: %s", self.id, type(error).__name__, error.message
        )
        if isinstance(error, (port.Unavailable, port.OutcomeUnknown)):
            self._postpone(getattr(error, "retry_after", None))
        else:
            self._stop(self._explain(error), f"{error.message}\n{error.detail}".strip())

    def _stop(self, reason, answer=""):
        """Nothing leaves through this account until an administrator resumes it."""
        self.ensure_one()
        self.sudo().write(
            {"state": "stopped", "stop_reason": reason, "last_answer": answer}
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_warning"])
        for user in self._administrators():
            self.sudo().activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("BeePOST account stopped"),
                note=reason,
                user_id=user.id,
            )

    def _administrators(self):
        """Who looks after this account."""
        self.ensure_one()
        return (
            self.env.ref("beepost_mail.group_admin")
            .sudo()
            .all_user_ids.filtered(
                lambda user: (
                    not user.share
                    and user.active
                    and self.company_id in user.company_ids
                )
            )
        )

    def _postpone(self, retry_after=None):
        """The provider did not answer: try later, and later each time."""
        self.ensure_one()
        delay = RETRY_DELAYS[min(self.failures, len(RETRY_DELAYS) - 1)]
        retry_at = fields.Datetime.now() + timedelta(
            seconds=max(delay, retry_after or 0)
        )
        self.sudo().write({"failures": self.failures + 1, "retry_at": retry_at})
        self._trigger_send(at=retry_at)

    def _succeeded(self):
        self.ensure_one()
        if self.failures or self.retry_at:
            self.sudo().write({"failures": 0, "retry_at": False})

    @api.private
    def _current_incarnation(self):
        """Names this very database: a restored or copied one has another name.

        The oid changes with every restore into a new database, the timeline with
        every point-in-time recovery; the uuid where Odoo duplicates a database. What
        copies whole volumes changes none of them and goes unnoticed.
        """
        self.env.cr.execute(
            "SELECT d.oid, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
            " FROM pg_database d WHERE d.datname = current_database()"
        )
        oid, timeline = self.env.cr.fetchone()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{oid}/{timeline}#{uuid}"
