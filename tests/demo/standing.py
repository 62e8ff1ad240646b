"""Compares where one letter stands: the service's events, Odoo's word and the table.

The rule that takes events to a standing is written here once more, and simpler than in
``beepost_tracking``: the reference service tells a letter's story in order and never
contradicts itself, so the last thing that moved the letter is where it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from cases import Case, Ending
from judge import same

PARIS = ZoneInfo("Europe/Paris")
LEGAL_DATES = (
    "posted_at",
    "presented_at",
    "delivered_at",
    "undeliverable_at",
    "returned_at",
)
PICKUP_DAYS = 15
# What the service's codes are called on the kanban; all others move no letter.
STAGES = {
    "received": "Received",
    "producing": "In production",
    "posted": "Handed to La Poste",
    "in_transit": "On its way",
    "out_for_delivery": "On its way",
    "awaiting_pickup": "Waiting at the post office",
    "delivered": "Delivered",
    "undeliverable": "Undeliverable",
    "returning": "Undeliverable",
    "returned": "Returned",
    "exception": "Trouble",
}


@dataclass
class Followed:
    """One accepted letter at one moment.

    :param letter: Odoo's ``beepost.mailing``; ``move`` its invoice, ``heard`` its
        events, ``proofs`` its papers
    :param told: the service's events; ``papers`` the service's papers
    """

    case: Case
    letter: dict
    move: dict
    heard: list[dict] = field(default_factory=list)
    told: list[dict] = field(default_factory=list)
    papers: list[dict] = field(default_factory=list)
    proofs: list[dict] = field(default_factory=list)

    @property
    def ending(self) -> Ending:
        return self.case.verdict.ending

    @property
    def moves(self) -> list[dict]:
        """The service's events that move a letter, in the order of happening."""
        known = [event for event in self.told if event["code"] in STAGES]
        return sorted(known, key=lambda event: event["happened_at"])

    @property
    def status(self) -> str:
        return self.moves[-1]["code"] if self.moves else ""

    @property
    def stage(self) -> str:
        """As Odoo shows it."""
        return self.letter["stage_id"][1] if self.letter["stage_id"] else ""

    @property
    def has_ended(self) -> bool:
        """The service has told the whole story that the table foresees."""
        ending = self.ending
        return (self.status, len(self.told)) == (ending.status, ending.events)

    def lost(self) -> list[str]:
        """The service's events that Odoo does not have."""
        return sorted(_ids(self.told) - set(self._counted()))

    def twice(self) -> list[str]:
        return sorted(name for name, count in self._counted().items() if count > 1)

    def unasked(self) -> list[str]:
        """Odoo's events of which the service knows nothing."""
        return sorted(set(self._counted()) - _ids(self.told))

    def _counted(self) -> Counter:
        return Counter(event["external_id"] for event in self.heard)


def differences(one: Followed) -> Iterator[str]:
    """Between the service's events and Odoo, at whatever moment."""
    yield from _place(one)
    yield from _dates(one)
    yield from _log(one)
    if one.letter["contradicted"]:
        yield "Odoo finds a contradiction in what the service tells"
    if one.letter["days_in_stage"] < 0:
        yield f"{one.letter['days_in_stage']} days in its stage"


def misses(one: Followed) -> Iterator[str]:
    """Between the table and Odoo, once nothing more happens."""
    ending = one.ending
    yield from same("last status", table=ending.status, odoo=one.letter["status"])
    yield from same("last stage", table=STAGES[ending.status], odoo=one.stage)
    yield from same("number of events", table=ending.events, odoo=len(one.heard))
    yield from same(
        "reason of the return",
        table=ending.reason,
        odoo=one.letter["return_reason"] or "",
    )
    yield from same(
        "legal dates", table=ending.dates, odoo=_dates_that_are_set(one.letter)
    )
    yield from same("J+1", table=ending.promise, odoo=one.letter["promise"])
    yield from same(
        "kinds of papers",
        table=sorted(ending.proofs),
        odoo=sorted(proof["kind"] for proof in one.proofs),
    )


def strays_from_table(one: Followed) -> Iterator[str]:
    """Between the table and the service itself."""
    ending = one.ending
    yield from same("last status told", table=ending.status, service=one.status)
    yield from same("number of events told", table=ending.events, service=len(one.told))
    yield from same(
        "kinds of papers told",
        table=sorted(ending.proofs),
        service=sorted(paper["kind"] for paper in one.papers),
    )


def papers_differ(one: Followed) -> Iterator[str]:
    """Odoo has each of the service's papers, once, byte for byte."""
    yield from same(
        "papers, by kind and SHA-256",
        service=sorted((paper["kind"], paper["sha256"]) for paper in one.papers),
        odoo=sorted((proof["kind"], proof["sha256"] or "") for proof in one.proofs),
    )


def stands_refused(letter: dict, move: dict, heard: list) -> Iterator[str]:
    """A letter that was never printed has no journey."""
    yield from same("status", table="rejected", odoo=letter["status"])
    yield from same("stage", table="Refused before printing", odoo=_name(letter))
    yield from same("events", table=0, odoo=len(heard))
    yield from same("legal dates", table=(), odoo=_dates_that_are_set(letter))
    yield from same("reason of the return", table=False, odoo=letter["return_reason"])
    yield from same("J+1", table=False, odoo=letter["promise"])
    yield from same(
        "stage of the invoice", letter=letter["stage_id"], invoice=_stage(move)
    )


# ----------------------------------------------------------------------
# Parts
# ----------------------------------------------------------------------


def _place(one: Followed) -> Iterator[str]:
    letter, move = one.letter, one.move
    yield from same("status", service=one.status, odoo=letter["status"])
    yield from same("stage", service=STAGES.get(one.status, ""), odoo=one.stage)
    reasons = [event["reason"] for event in one.moves if event.get("reason")]
    yield from same(
        "reason",
        service=reasons[0] if reasons else False,
        odoo=letter["return_reason"],
        invoice=move["beepost_return_reason"],
    )
    yield from same(
        "stage of the invoice", letter=letter["stage_id"], invoice=_stage(move)
    )
    numbers = {event.get("tracking_number", "") for event in one.told}
    yield from same(
        "tracking number",
        service=" ".join(sorted(numbers)),
        odoo=letter["tracking_number"] or "",
    )


def _dates(one: Followed) -> Iterator[str]:
    letter = one.letter
    wanted = {
        "posted_at": _first(one, "posted"),
        "presented_at": _presented(one),
        "delivered_at": _first(one, "delivered"),
        "undeliverable_at": _first(one, "undeliverable"),
        "returned_at": _first(one, "returned"),
    }
    for name, moment in wanted.items():
        yield from same(
            name, service=moment and as_odoo_says(moment), odoo=letter[name]
        )
    aside = _first(one, "awaiting_pickup")
    until = aside and aside.astimezone(PARIS).date() + timedelta(days=PICKUP_DAYS)
    yield from same(
        "last day at the post office",
        service=until and until.isoformat(),
        odoo=letter["pickup_until"],
    )
    posted = wanted["posted_at"]
    day = posted and posted.astimezone(PARIS).date().isoformat()
    yield from same("deposit date", service=day, odoo=letter["deposit_date"])
    yield from same(
        "a day on which it is expected",
        service=bool(posted),
        odoo=bool(letter["expected_on"] and letter["expected_on"] > day),
    )


def _first(one: Followed, *codes: str) -> datetime | bool:
    """False as in Odoo where there is none."""
    return next((_moment(e) for e in one.moves if e["code"] in codes), False)


def _presented(one: Followed) -> datetime | bool:
    """Handed over, put aside for the addressee, or refused by him."""
    offered = ("delivered", "awaiting_pickup")
    for event in one.moves:
        if event["code"] in offered or event.get("reason") == "refused":
            return _moment(event)
    return False


def _log(one: Followed) -> Iterator[str]:
    for words, names in (
        ("LOST", one.lost()),
        ("TWICE", one.twice()),
        ("nobody told", one.unasked()),
    ):
        if names:
            yield f"events {words}: {', '.join(names)}"
    kept = {event["external_id"]: event for event in one.heard}
    for event in one.told:
        mine = kept.get(event["event_id"])
        if mine:
            yield from same(
                f"event {event['event_id']}",
                service=_told_words(event),
                odoo=_kept_words(mine),
            )


def _told_words(event: dict) -> tuple:
    words = [event["code"], event["label"], as_odoo_says(_moment(event))]
    return (*words, *(event.get(n, "") for n in ("place", "reason", "proof_kind")))


def _kept_words(event: dict) -> tuple:
    words = [event[name] for name in ("code", "label", "happened_at")]
    return (*words, *(event[n] or "" for n in ("place", "reason", "proof_kind")))


def _ids(told: list[dict]) -> set[str]:
    return {event["event_id"] for event in told}


def _dates_that_are_set(letter: dict) -> tuple[str, ...]:
    return tuple(name for name in LEGAL_DATES if letter[name])


def _name(record: dict) -> str:
    return record["stage_id"][1] if record["stage_id"] else ""


def _stage(move: dict):
    return move["beepost_stage_id"]


def _moment(event: dict) -> datetime:
    return datetime.fromisoformat(event["happened_at"])


def as_odoo_says(moment: datetime) -> str:
    """Whole seconds, UTC."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
