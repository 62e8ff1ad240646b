from datetime import timezone

from odoo import api, fields, models

from odoo.addons.beepost_mail.letter.calendar import next_working_day, paris_day

from ..journey import promise
from ..journey.codes import ENDING_FROM, PRINTED_FROM, RANKS, STOPPED, TO_SEND, UNKNOWN
from ..journey.fold import Fact, Journey, fold
from .status import REASON, STATUS

# What a letter's own state says of it as long as no event does.
BY_STATE = {
    "draft": TO_SEND,
    "ready": TO_SEND,
    "queued": TO_SEND,
    "sending": TO_SEND,
    "accepted": "received",
    "rejected": "rejected",
    "cancelled": "cancelled",
    "unknown": UNKNOWN,
}


class BeepostMailing(models.Model):
    """Where the letter stands, computed from the set of its events.

    Nobody writes a stage: facts decide.
    """

    _inherit = "beepost.mailing"

    event_ids = fields.One2many("beepost.event", "mailing_id", readonly=True)
    told_at = fields.Datetime(string="Last news", readonly=True, copy=False)
    status = fields.Selection(
        STATUS,
        compute="_compute_journey",
        store=True,
        index=True,
        help="What has happened, whatever the stage is called.",
    )
    stage_id = fields.Many2one(
        "beepost.stage",
        compute="_compute_journey",
        store=True,
        index=True,
        ondelete="restrict",
        group_expand="_expand_stages",
    )
    stage_since = fields.Datetime(
        string="In this stage since", compute="_compute_journey", store=True
    )
    days_in_stage = fields.Integer(compute="_compute_days_in_stage")
    return_reason = fields.Selection(
        REASON, string="Reason of non-delivery", compute="_compute_journey", store=True
    )
    tracking_number = fields.Char(
        compute="_compute_journey", store=True, index="btree_not_null"
    )
    contradicted = fields.Boolean(
        string="Contradictory statuses",
        compute="_compute_journey",
        store=True,
        help="What was told of this letter cannot all be true: look at the events.",
    )
    # Legal dates, each the first of its kind, and kept apart.
    posted_at = fields.Datetime(
        string="Handed to La Poste", compute="_compute_journey", store=True
    )
    presented_at = fields.Datetime(
        string="First presentation",
        compute="_compute_journey",
        store=True,
        help="The legal date of a registered letter that nobody claims.",
    )
    pickup_until = fields.Date(
        string="Can be fetched until",
        compute="_compute_journey",
        store=True,
        help="15 days from the day after the first presentation.",
    )
    delivered_at = fields.Datetime(
        string="Delivered", compute="_compute_journey", store=True
    )
    undeliverable_at = fields.Datetime(
        string="Found undeliverable", compute="_compute_journey", store=True
    )
    returned_at = fields.Datetime(
        string="Returned to the sender", compute="_compute_journey", store=True
    )
    # Days in Paris.
    deposit_date = fields.Date(
        string="Deposit date", compute="_compute_promise", store=True
    )
    due_on = fields.Date(
        string="Deposit promised for",
        compute="_compute_promise",
        store=True,
        help="The working day on which the letter is to be at La Poste (J+1).",
    )
    promise = fields.Selection(
        [("pending", "Not due yet"), ("kept", "Kept"), ("missed", "Late")],
        string="J+1",
        compute="_compute_promise",
        store=True,
        index=True,
    )
    promise_rate = fields.Float(
        string="J+1 kept (%)",
        compute="_compute_promise",
        store=True,
        aggregator="avg",
        digits=(5, 1),
    )
    expected_on = fields.Date(
        string="Expected on",
        compute="_compute_promise",
        store=True,
        help="When La Poste should deliver. Of a plain letter nobody learns more.",
    )

    # ------------------------------------------------------------------
    # From events to stage
    # ------------------------------------------------------------------

    @api.depends(
        "state",
        "accepted_at",
        "client_reference",
        "event_ids",
    )
    def _compute_journey(self):
        """A wording's new meaning reaches the letters slice by slice: see
        ``beepost.wording``."""
        stages = self.env["beepost.stage"].sudo()._by_code()
        facts, numbers, former = self._facts()
        now = fields.Datetime.now()
        for letter in self:
            told = facts.get(letter._origin.id)
            if (
                not told
                and letter.stage_id
                and letter.status == BY_STATE[letter.state]
                and letter._origin.id not in former
            ):
                continue  # from one step of the outbox to the next, most often
            journey = fold(told or (), _paris_day)
            if not letter._follows(journey):
                journey = Journey()
            code = journey.code or BY_STATE[letter.state]
            since = journey.since or (
                letter.accepted_at if letter.state == "accepted" else now
            )
            if letter.status != code or not letter.stage_since or journey.since:
                letter.stage_since = since
            letter.status = code
            letter.stage_id = journey.stage or stages.get(code)
            letter.return_reason = journey.reason or False
            letter.tracking_number = numbers.get(letter._origin.id, False)
            letter._set_dates(journey)
            if letter.state in STOPPED and journey.printed:
                letter.contradicted = True
            if letter._origin.id in former:
                # What was sent again had been printed after all: two envelopes.
                letter.contradicted = True

    def _follows(self, journey: Journey):
        """What we know ourselves to be stopped goes no further with what was told of
        it before; only proof that it was printed all the same does."""
        self.ensure_one()
        return (
            self.state not in STOPPED or journey.printed or journey.code == self.state
        )

    def _set_dates(self, journey: Journey):
        for name in (
            "posted_at",
            "presented_at",
            "pickup_until",
            "delivered_at",
            "undeliverable_at",
            "returned_at",
            "contradicted",
        ):
            self[name] = getattr(journey, name) or False

    def _facts(self):
        """What counts of the events: a letter that was stopped and sent again bears a
        new reference, and what was told of the former one moves it no more.

        :return: ({letter id: facts}, {letter id: tracking number}, ids of letters that
            were printed under a former reference)
        """
        facts, numbers, former = {}, {}, set()
        events = (
            self.env["beepost.event"]
            .sudo()
            .search_fetch(
                [("mailing_id", "in", self._origin.ids)],
                [
                    "mailing_id",
                    "client_reference",
                    "wording_id",
                    "happened_at",
                    "external_id",
                    "reason",
                    "tracking_number",
                ],
                order="happened_at, external_id",
            )
        )
        references = {m._origin.id: m.client_reference for m in self}
        for event in events:
            letter_id = event.mailing_id.id
            wording = event.wording_id
            if (event.client_reference or "") not in ("", references[letter_id]):
                if RANKS.get(wording.canonical, 0) >= PRINTED_FROM:
                    former.add(letter_id)
                continue
            facts.setdefault(letter_id, []).append(
                Fact(
                    code=wording.canonical or "",
                    happened_at=event.happened_at,
                    event_id=event.external_id,
                    reason=event._reason_code() or "",
                    stage=wording.stage_id.id or None,
                )
            )
            if event.tracking_number:
                numbers[letter_id] = event.tracking_number
        return facts, numbers, former

    @api.depends("stage_since")
    def _compute_days_in_stage(self):
        today = fields.Datetime.now()
        for letter in self:
            since = letter.stage_since or today
            letter.days_in_stage = max(0, (today - since).days)

    @api.model
    def _expand_stages(self, stages, domain):
        return stages.search([("active", "=", True)])

    # ------------------------------------------------------------------
    # The promise: at La Poste on the next working day
    # ------------------------------------------------------------------

    @api.depends("accepted_at", "posted_at", "status", "service_id", "account_id")
    def _compute_promise(self):
        today = _paris_day(fields.Datetime.now())
        for letter in self:
            posted_on = letter.posted_at and _paris_day(letter.posted_at)
            letter.deposit_date = posted_on
            letter.expected_on = posted_on and letter._expected_on(posted_on)
            due_on = letter.accepted_at and letter._get_due_on()
            letter.due_on = due_on
            counts = due_on and letter.status not in (TO_SEND, UNKNOWN, *STOPPED)
            # It was at La Poste, and nobody was told since when: neither kept nor
            # missed.
            if not posted_on and RANKS.get(letter.status, 0) >= PRINTED_FROM:
                counts = False
            verdict = counts and promise.verdict(due_on, posted_on or None, today)
            letter.promise = verdict
            letter.promise_rate = 100.0 if verdict == promise.KEPT else 0.0

    def _get_due_on(self):
        # Kept once it is known: a cut-off that changes later changes no promise. A
        # letter that goes again after a refusal is not accepted yet: it gets a new one.
        return self.due_on or self.account_id._deposit_date(self.accepted_at)

    def _expected_on(self, posted_on):
        day = posted_on
        for _day in range(self.service_id.delivery_days):
            day = next_working_day(day)
        return day

    @api.model
    def _cron_promise(self):
        """A day that is over turns “not due yet” into “late”."""
        today = _paris_day(fields.Datetime.now())
        overdue = self.search([("promise", "=", "pending"), ("due_on", "<", today)])
        overdue.promise = "missed"

    def _was_printed(self):
        """There is proof of it, be the letter in trouble now or not."""
        self.ensure_one()
        facts, _numbers, _former = self._facts()
        return fold(facts.get(self.id, ()), _paris_day).printed

    def _is_open(self):
        """Something more is expected of this letter."""
        self.ensure_one()
        return self.status not in STOPPED and RANKS.get(self.status, 0) < ENDING_FROM


def _paris_day(moment):
    """:param moment: naive UTC, as Odoo has it"""
    return paris_day(moment.replace(tzinfo=timezone.utc))
