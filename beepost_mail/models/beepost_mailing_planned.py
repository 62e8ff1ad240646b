from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .beepost_mailing import NOT_GONE


class BeepostMailing(models.Model):
    """Letters that leave on a day that somebody chose.

    A planned letter is neither prepared nor handed over before its moment. Recovery
    looks past the plan: of a letter in doubt the provider is asked at once.
    """

    _inherit = "beepost.mailing"

    planned_at = fields.Datetime(
        string="Leaves from",
        readonly=True,
        copy=False,
        help="The letter is handed over to BeePOST at this moment, not before. Empty:"
        " as soon as possible.",
    )
    is_planned = fields.Boolean(compute="_compute_planned")
    planned_deposit_on = fields.Date(
        string="Planned for",
        compute="_compute_planned",
        help="The day on which La Poste gets the letter when it leaves as planned.",
    )
    planned_words = fields.Char(
        string="Departure",
        compute="_compute_planned_words",
        help="What the dialog said when the letter was planned, on the clock of Paris.",
    )

    @api.depends("planned_at", "state", "account_id.cutoff", "account_id.lead_days")
    def _compute_planned(self):
        for letter in self:
            waits = letter.state in NOT_GONE and letter._is_planned()
            letter.is_planned = waits
            letter.planned_deposit_on = (
                waits and letter.sudo().account_id._deposit_date(letter.planned_at)
            )

    @api.depends("planned_deposit_on")
    @api.depends_context("lang")
    def _compute_planned_words(self):
        for letter in self:
            letter.planned_words = letter.is_planned and (
                letter.sudo().account_id._leaving_words(
                    letter.planned_at, letter.planned_deposit_on
                )
            )

    def _leaving_domain(self):
        """Which of the letters that wait may leave now. Another reason to keep a
        letter back, which ends by itself, narrows this."""
        return Domain("planned_at", "=", False) | Domain(
            "planned_at", "<=", fields.Datetime.now()
        )

    def _is_planned(self):
        self.ensure_one()
        return bool(self.planned_at and self.planned_at > fields.Datetime.now())

    def _wake_outbox(self):
        """Wakes the outbox for these letters: now, or when their moment comes. Where
        such a trigger gets lost, the account's next ordinary run takes them."""
        for account, letters in self.grouped("account_id").items():
            planned = letters.filtered(lambda letter: letter._is_planned())
            if planned:
                account._trigger_send(at=sorted(set(planned.mapped("planned_at"))))
            if letters - planned:
                account._trigger_send()

    # ------------------------------------------------------------------
    # What people may do
    # ------------------------------------------------------------------

    def action_plan(self):
        """Opens *Choose the day* for these letters."""
        self._require_plannable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose the day"),
            "res_model": "beepost.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailing_ids": self.ids},
        }

    def _require_plannable(self):
        letters = self._require(NOT_GONE, self.env._("Choose the day"))
        if letters.filtered("in_doubt"):
            raise UserError(
                self.env._(
                    "This database was restored: BeePOST is being asked whether it has"
                    " these letters already. Try again in a few minutes."
                )
            )
        return letters

    def _plan(self, day):
        """Plans letters that have not left for another day, or for none.

        :param day: date in Paris on which La Poste gets them; empty: as soon as
            possible
        :raises UserError: a letter has left meanwhile, or the day is no good
        """
        letters = self._require_plannable()
        user = self.env.user.name
        for account, alike in letters.grouped("account_id").items():
            obstacle = account._planning_obstacle(day)
            if obstacle:
                raise UserError(obstacle)
            alike.planned_at = account._planned_moment(day)
        letters._log_to_documents(
            {
                letter: self.env._(
                    "%(user)s planned the letter: it leaves on %(when)s.",
                    user=user,
                    when=letter._moment_words(letter.planned_at),
                )
                if letter._is_planned()
                else self.env._(
                    "%(user)s sends the letter as soon as possible.", user=user
                )
                for letter in letters
            }
        )
        letters._wake_outbox()

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _created_words(self):
        """What the document's chatter says of a new letter, in its author's words."""
        self.ensure_one()
        env = self._author_env()
        if not self._is_planned():
            return env._("Letter created, it leaves with the next run.")
        return env._(
            "Letter created. It is planned: it leaves on %(when)s.",
            when=self._moment_words(self.planned_at),
        )

    def _moment_words(self, moment):
        """``moment`` as its author writes it, on the post's clock: the day that counts
        is a day in Paris."""
        return format_datetime(
            self._author_env(), moment, tz="Europe/Paris", dt_format="short"
        )


def read_moment(value):
    """A moment among the options of a letter, as ``planned_at`` stores it.

    Options rest in JSON until the PDF exists, so that a moment comes as text.

    :param value: datetime (naive: UTC), ISO text of one, or nothing
    :return: naive datetime in UTC without microseconds, or False
    :raises ValueError: text that is no moment
    """
    if not value:
        return False
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.replace(microsecond=0)
