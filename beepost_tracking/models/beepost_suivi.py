from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS

from odoo.addons.beepost_mail.gateway.port import GatewayError
from odoo.addons.beepost_mail.gateway.transport import safe_url

from ..suivi.client import SuiviClient
from .beepost_follow import RETRY_DELAYS

HIDDEN = "********"
# A refused key does not become right by asking again.
REFUSED_KEY_PAUSE = timedelta(days=1)


class BeepostSuivi(models.Model):
    """A company's access to La Poste's "Suivi v2": tracked and registered letters only.

    It serves the companies below as well, those that have none of their own.

    BeePOST's own statuses come without it; it tells more of what happens on the way.
    """

    _name = "beepost.suivi"
    _description = "Access to La Poste's Tracking"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(string="In use", default=True, tracking=True)
    url = fields.Char(
        string="Service address",
        required=True,
        default="https://api.laposte.fr/suivi/v2",
        tracking=True,
    )
    key = fields.Char(
        compute="_compute_key",
        inverse="_inverse_key",
        help="The key of your application at La Poste's developer portal (X-Okapi-Key)."
        " Can be changed, never read again.",
    )
    secret = fields.Char(groups=NO_ACCESS, copy=False)
    daily_calls = fields.Integer(
        string="Calls a day at most",
        default=1000,
        required=True,
        help="As La Poste allows your key; each call asks for up to ten letters.",
    )
    connect_timeout = fields.Integer(default=10, required=True, help="Seconds.")
    read_timeout = fields.Integer(default=30, required=True, help="Seconds.")

    calls_on = fields.Date(readonly=True, copy=False)
    calls = fields.Integer(string="Calls today", readonly=True, copy=False)
    looked_at = fields.Datetime(string="Last look", readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False)
    retry_at = fields.Datetime(string="Next try", readonly=True, copy=False)
    error = fields.Text(string="What is wrong", readonly=True, copy=False)

    _company_unique = models.UniqueIndex(
        "(company_id)", "This company has its access to La Poste's tracking already."
    )
    _figures = models.Constraint(
        "CHECK(daily_calls > 0 AND connect_timeout > 0 AND read_timeout > 0)",
        "Calls a day and waiting times must be at least one.",
    )

    def _compute_key(self):
        for access in self:
            access.key = HIDDEN if access.sudo().secret else False

    def _inverse_key(self):
        for access in self:
            if access.key != HIDDEN:
                access.sudo().write(
                    {
                        "secret": access.key,
                        "retry_at": False,
                        "failures": 0,
                        "error": False,
                    }
                )

    @api.constrains("url")
    def _check_url(self):
        for access in self:
            try:
                safe_url(access.url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "La Poste's address must start with https:// (plain http://"
                        " only for this very machine) and must not contain a password."
                    )
                ) from error

    def action_test(self):
        """Asks for a number that cannot be anybody's: any answer means that the key is
        accepted."""
        self.ensure_one()
        self.check_access("write")
        try:
            with self._open() as client:
                client.follow(["3S00000000000"])
        except GatewayError as error:
            raise UserError(self._explain(error)) from error
        access = self.sudo()
        access._count_calls(client.requests)
        access.write({"retry_at": False, "failures": 0, "error": False})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("La Poste answers"),
                "message": self.env._("Tracked letters are followed from now on."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @contextmanager
    def _open(self):
        self.ensure_one()
        access = self.sudo()
        client = SuiviClient(
            access.url,
            access.secret or "",
            (access.connect_timeout, access.read_timeout),
        )
        try:
            yield client
        finally:
            client.close()

    # ------------------------------------------------------------------
    # What the run says of itself
    # ------------------------------------------------------------------

    def _may_ask(self):
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.secret or (self.retry_at and self.retry_at > now):
            return False
        return self._calls_left() > 0

    def _calls_left(self):
        """Today's, by La Poste's quota."""
        return self.daily_calls - self._calls_today()

    def _calls_today(self):
        self.ensure_one()
        return self.calls if self.calls_on == fields.Date.today() else 0

    def _count_calls(self, number):
        """Answered or not: La Poste counts them all."""
        self.write(
            {"calls_on": fields.Date.today(), "calls": self._calls_today() + number}
        )

    def _note_answer(self):
        self.write(
            {
                "looked_at": fields.Datetime.now(),
                "failures": 0,
                "retry_at": False,
                "error": False,
            }
        )

    def _postpone(self, error, pause=None):
        """:param pause: seconds that La Poste asked for"""
        self.ensure_one()
        delay = RETRY_DELAYS[min(self.failures, len(RETRY_DELAYS) - 1)]
        retry_at = fields.Datetime.now() + timedelta(seconds=max(delay, pause or 0))
        self.write(
            {
                "failures": self.failures + 1,
                "retry_at": retry_at,
                "error": self._explain(error),
            }
        )

    def _key_refused(self, error):
        """Its administrators are told, once for each key."""
        self.ensure_one()
        told = self.error
        self.write(
            {
                "retry_at": fields.Datetime.now() + REFUSED_KEY_PAUSE,
                "error": self._explain(error),
            }
        )
        if told == self.error:
            return
        for user in self._administrators():
            access = self.with_context(lang=user.lang)
            access.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=access.env._("La Poste refuses the tracking key"),
                note=access._explain(error),
                user_id=user.id,
            )
