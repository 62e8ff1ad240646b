import logging
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS

from ..gateway import port
from ..gateway.http import HttpGateway, safe_url
from ..gateway.sandbox import SandboxGateway
from ..letter.profile import Limits
from .beepost_sandbox_letter import OdooStore

_logger = logging.getLogger(__name__)

# How long what the provider states about itself is believed.
LIMITS_MAX_AGE = timedelta(days=1)
# Growing delay before the next try when the provider does not answer.
RETRY_DELAYS = (60, 120, 300, 900, 3600)  # seconds


class BeepostAccount(models.Model):
    """One account at the provider: credentials, stated limits, and its own outbox.

    Several per company are possible, never one for two companies.
    """

    _name = "beepost.account"
    _description = "BeePOST Account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    gateway = fields.Selection(
        [
            ("sandbox", "Practice: inside Odoo, nothing is posted"),
            ("http", "BeePOST: letters are printed and posted"),
        ],
        required=True,
        default="sandbox",
        tracking=True,
    )
    url = fields.Char(string="Service address", tracking=True)
    identifier = fields.Char(
        help="The e-mail address that BeePOST knows you by.", copy=False
    )
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        help="Can be changed, never read again.",
    )
    # Written by its owner, read by the gateway alone: no group reaches these columns.
    secret = fields.Char(groups=NO_ACCESS, copy=False)
    profile_id = fields.Many2one(
        "beepost.profile",
        required=True,
        default=lambda self: self.env["beepost.profile"].search([], limit=1),
    )
    connect_timeout = fields.Integer(default=10, required=True, help="Seconds.")
    read_timeout = fields.Integer(default=60, required=True, help="Seconds.")

    state = fields.Selection(
        [("running", "Running"), ("stopped", "Stopped")],
        default="running",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    stop_reason = fields.Text(readonly=True, copy=False)
    last_answer = fields.Text(
        string="Answer kept for support", readonly=True, copy=False
    )
    failures = fields.Integer(readonly=True, copy=False)
    retry_at = fields.Datetime(string="Next try", readonly=True, copy=False)

    limits_at = fields.Datetime(string="Limits stated on", readonly=True, copy=False)
    max_pages = fields.Integer(readonly=True, copy=False)
    max_sheets = fields.Integer(readonly=True, copy=False)
    max_letter_bytes = fields.Integer(readonly=True, copy=False)
    max_request_letters = fields.Integer(readonly=True, copy=False)
    max_request_bytes = fields.Integer(readonly=True, copy=False)
    idempotency = fields.Boolean(string="Recognises repeats", readonly=True, copy=False)
    idempotency_days = fields.Integer(readonly=True, copy=False)
    lookup = fields.Boolean(string="Can be asked", readonly=True, copy=False)
    processing_seconds = fields.Integer(readonly=True, copy=False)

    cron_id = fields.Many2one(
        "ir.cron", readonly=True, copy=False, ondelete="set null", groups=NO_ACCESS
    )
    # Which database sent last: a restored copy differs, and asks before it sends.
    incarnation = fields.Char(groups=NO_ACCESS, copy=False)
    sandbox_shift = fields.Integer(
        string="Practice clock ahead by (hours)",
        groups="beepost_mail.group_admin",
        copy=False,
    )
    mailing_ids = fields.One2many("beepost.mailing", "account_id")
    waiting_count = fields.Integer(compute="_compute_waiting_count")

    _timeouts = models.Constraint(
        "CHECK(connect_timeout > 0 AND read_timeout > 0)",
        "A waiting time must be at least one second.",
    )

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------

    def _compute_password(self):
        for account in self:
            account.password = "********" if account.sudo().secret else False

    def _inverse_password(self):
        for account in self:
            if account.password != "********":
                account.sudo().secret = account.password
                account._drop_token()

    def _compute_waiting_count(self):
        counts = dict(
            self.env["beepost.mailing"]._read_group(
                [("account_id", "in", self.ids), ("state", "in", WAITING)],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.waiting_count = counts.get(account, 0)

    @api.constrains("gateway", "url")
    def _check_url(self):
        for account in self.filtered(lambda a: a.gateway == "http"):
            if not account.url:
                raise ValidationError(
                    self.env._(
                        "Account %(name)s needs the service address that BeePOST gave"
                        " you (https://…).",
                        name=account.name,
                    )
                )
            try:
                safe_url(account.url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The service address of account %(name)s must start with"
                        " https:// (plain http:// only for this very machine) and must"
                        " not contain a password.",
                        name=account.name,
                    )
                ) from error

    @api.constrains("profile_id", "company_id")
    def _check_profile_company(self):
        for account in self:
            owner = account.profile_id.company_id
            if owner and owner != account.company_id:
                raise ValidationError(
                    self.env._("The window profile belongs to another company.")
                )

    # ------------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        for account in accounts.sudo():
            account.cron_id = (
                self.env["ir.cron"].sudo().create(account._prepare_cron_vals())
            )
            account.incarnation = account._current_incarnation()
        return accounts

    def write(self, vals):
        if "company_id" in vals and any(
            account.company_id.id != vals["company_id"] and account.sudo().mailing_ids
            for account in self
        ):
            raise UserError(
                self.env._(
                    "This account has letters already: it stays with its company."
                    " Create another account instead."
                )
            )
        connection = {"gateway", "url", "identifier"} & set(vals)
        result = super().write(vals)
        if connection:
            # A token belongs to one address and identifier; limits as well.
            self.sudo().limits_at = False
            self._drop_token()
        if "active" in vals:
            self.sudo().cron_id.active = vals["active"]
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.sudo().mailing_ids:
            raise UserError(
                self.env._(
                    "Letters were sent with this account: archive it instead of"
                    " deleting it."
                )
            )

    def unlink(self):
        crons = self.sudo().cron_id
        result = super().unlink()
        crons.unlink()
        return result

    def _prepare_cron_vals(self):
        self.ensure_one()
        return {
            "name": f"BeePOST: send letters ({self.name})",
            "model_id": self.env["ir.model"]._get_id("beepost.account"),
            "state": "code",
            "code": f"model.browse({self.id})._cron_send()",
            "interval_number": 10,
            "interval_type": "minutes",
            "user_id": self.env.ref("base.user_root").id,
            "active": self.active,
        }

    # ------------------------------------------------------------------
    # The gateway
    # ------------------------------------------------------------------

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
        with self.env.registry.cursor() as cr:
            tokens = self.with_env(self.env(cr=cr)).env["beepost.token"].sudo()
            tokens._of(self).unlink()
            tokens.create({"account_id": self.id, "token": token})

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
            if account.cron_id:
                account.cron_id._trigger(at=at)

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

        The letter's creation counts: a restored database does not know when it first
        left.
        """
        self.ensure_one()
        age = fields.Datetime.now() - letter.create_date
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
        account.incarnation = current

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
        admins = (
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
        for user in admins:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("BeePOST account stopped"),
                note=reason,
                user_id=user.id,
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
        every point-in-time recovery.
        """
        self.env.cr.execute(
            "SELECT d.oid, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
            " FROM pg_database d WHERE d.datname = current_database()"
        )
        oid, timeline = self.env.cr.fetchone()
        return f"{oid}/{timeline}"

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_test_connection(self):
        self.ensure_one()
        self.check_access("write")
        try:
            with self._open_gateway() as gateway:
                name = gateway.ping()
                self._refresh_limits(gateway, force=True)
        except port.GatewayError as error:
            raise UserError(self._explain(error)) from error
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
        self._trigger_send()

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
        _ = self.env._
        if isinstance(error, port.Credentials):
            text = _(
                "BeePOST refused the identifier or the password of account %(name)s."
                " Check both, or ask for a new password.",
                name=self.name,
            )
        elif isinstance(error, port.Unavailable):
            text = _(
                "BeePOST cannot be reached just now. Nothing was lost: try again in a"
                " few minutes, and check the service address if it lasts."
            )
        elif isinstance(error, port.Refused):
            text = _("BeePOST refused the request: %(words)s", words=error.message)
        elif isinstance(error, port.OutcomeUnknown):
            text = _(
                "The connection to BeePOST broke before it answered. Nobody knows yet"
                " whether the request was carried out."
            )
        else:
            text = _(
                "BeePOST gave an answer that makes no sense. The account's page keeps"
                " it for support."
            )
        return text


WAITING = ("draft", "ready", "queued", "sending")
