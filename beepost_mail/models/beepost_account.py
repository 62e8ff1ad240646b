from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS

from ..gateway.http import safe_url

# Letters that have not been handed over yet.
WAITING = ("draft", "ready", "queued", "sending")


class BeepostAccount(models.Model):
    """One account at the provider: credentials, stated limits, and its own outbox.

    Several per company are possible. It serves its company and those branches below
    that have none of their own (``res.company._beepost_house``), never another one.
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
        string="Answer kept for support",
        readonly=True,
        copy=False,
        groups="beepost_mail.group_admin",
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

    @api.depends("mailing_ids.state")
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
            if owner and owner not in account.company_id.parent_ids:
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
            account._ensure_cron()
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
        if not vals.get("active", True):
            self._check_nothing_waits()
        shift = vals.get("sandbox_shift")
        if shift is not None and any(a.sudo().sandbox_shift > shift for a in self):
            raise ValidationError(
                self.env._(
                    "The practice clock only goes forward: letters had their days."
                )
            )
        if any(a.sudo().mailing_ids for a in self._changed_by(vals, "gateway")):
            raise UserError(
                self.env._(
                    "This account has letters already. Create another account, so that"
                    " nobody takes practice letters for posted ones."
                )
            )
        moved = self._changed_by(vals, "gateway", "url", "identifier")
        # Whoever answers from now on cannot tell what the former one received.
        moved._doubt_unanswered()
        result = super().write(vals)
        if moved:
            # A token belongs to one address and identifier; limits as well.
            moved.sudo().limits_at = False
            moved._drop_token()
        if "active" in vals:
            self.sudo().cron_id.active = vals["active"]
        return result

    def _changed_by(self, vals, *names):
        return self.filtered(
            lambda account: any(
                name in vals and (account[name] or False) != (vals[name] or False)
                for name in names
            )
        )

    def _check_nothing_waits(self):
        """Nobody would send what waits in an archived account, nor say so."""
        for account in self.filtered("active"):
            if account.sudo().waiting_count:
                raise UserError(
                    self.env._(
                        "Letters still wait in account %(name)s: let them leave, or"
                        " cancel them, before you archive it.",
                        name=account.name,
                    )
                )

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
        actions = crons.ir_actions_server_id
        result = super().unlink()
        crons.unlink()
        actions.unlink()
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
