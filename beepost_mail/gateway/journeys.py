"""What becomes of a letter at the practice provider: journeys as data, pure functions.

A journey is a tuple of steps; each step happens some time after the one before. Which
one a letter takes is decided by its service and by its *outcome*: named in
``options["sandbox_journey"]``, or by a line of the recipient that holds the word TEST
and the outcome's name, as in "GARAGE TEST NPAI"; else ``standard``.
Labels are BeePOST's own where known (reference: postal.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from ..letter.calendar import PARIS, next_working_day, paris_day
from .catalogue import SERVICES, Service
from .port import Event

STANDARD = "standard"
REJECTED_AT_INTAKE = "rejet"  # the one outcome that is no journey


@dataclass(frozen=True)
class Step:
    """One event, and when it follows the step before.

    :param minutes: that many minutes later, when ``at`` is None
    :param at: time of the day in Paris, ``days`` days and then ``working`` working
        days after the day of the step before
    :param proof: kind of the paper that is there from now on, with code ``proof``
    """

    code: str
    label: str
    minutes: int = 0
    days: int = 0
    working: int = 0
    at: time | None = None
    place: str = ""
    reason: str = ""
    proof: str = ""


def _paper(kind: str, label: str, **when) -> Step:
    return Step("proof", label, proof=kind, **when)


RECEIVED = Step("received", "Réceptionné")
PRODUCING = Step("producing", "En cours d'édition", minutes=30)
POSTED = Step("posted", "Déposé à la poste", working=1, at=time(17))
DEPOSIT = _paper("deposit", "Preuve de dépôt", minutes=5)
CONTENT = _paper("content", "Preuve de contenu")
TRANSIT = Step(
    "in_transit", "Acheminement", working=1, at=time(5, 30), place="Plateforme courrier"
)
ROUND = Step(
    "out_for_delivery", "En distribution", working=1, at=time(8, 30), place="Bureau"
)
DELIVERED = Step("delivered", "Remis au client", minutes=150)
RECEIPT = _paper("delivery", "Preuve de distribution", minutes=10)
AR = _paper("ar_scan", "AR", working=3, at=time(11))
WAITING = Step(
    "awaiting_pickup", "Avisé, en instance", minutes=180, place="Bureau de poste"
)
COLLECTED = Step(
    "delivered", "Remis au client", working=4, at=time(10), place="Bureau de poste"
)
PLAIN_DELIVERED = Step("delivered", "Remis au client", working=2, at=time(12))
RETURNING = Step("returning", "Retour à l'expéditeur", working=1, at=time(9))
RETURNED = Step("returned", "Retourné", working=3, at=time(10))
RETURN_SCAN = _paper("return_scan", "Pli retourné numérisé", minutes=60)


def _failed(reason: str, label: str = "Pli non distribué", **when) -> Step:
    when = when or {"minutes": 150}
    return Step("undeliverable", label, reason=reason, **when)


# Outcome → what happens after the deposit, for a tracked service. A plain letter skips
# what only a scanned item can tell (``_untracked``).
TRACKED_TAILS: Mapping[str, tuple[Step, ...]] = {
    STANDARD: (TRANSIT, ROUND, DELIVERED),
    "remis": (TRANSIT, ROUND, DELIVERED),
    "instance": (TRANSIT, ROUND, WAITING, COLLECTED),
    "npai": (TRANSIT, ROUND, _failed("npai", "NPAI"), RETURNING, RETURNED),
    "refuse": (TRANSIT, ROUND, _failed("refused", "Refusé"), RETURNING, RETURNED),
    # 15 days from the day after the presentation, then the post office sends it back
    "non_reclame": (
        TRANSIT,
        ROUND,
        WAITING,
        _failed("unclaimed", days=15, working=1, at=time(9)),
        RETURNING,
        RETURNED,
    ),
    **{
        outcome: (TRANSIT, ROUND, _failed(reason), RETURNING, RETURNED)
        for outcome, reason in (
            ("adresse", "address_defect"),
            ("acces", "access_defect"),
            ("decede", "deceased"),
            ("endommage", "damaged"),
            ("autre", "other"),
        )
    },
    "incident": (
        TRANSIT,
        Step("exception", "Incident d'acheminement", working=1, at=time(14)),
        replace(TRANSIT, label="Reprise de l'acheminement"),
        ROUND,
        DELIVERED,
    ),
    "retard": (TRANSIT, ROUND, DELIVERED),
    # A code that nobody has heard of stops nothing
    "inconnu": (
        TRANSIT,
        Step("zz_9", "Événement non répertorié", minutes=60),
        ROUND,
        DELIVERED,
    ),
}
# The letter never leaves the workshop
STUCK = "anomalie"
OUTCOMES = frozenset(TRACKED_TAILS) | {STUCK, REJECTED_AT_INTAKE}

# What nobody learns of an item that is not scanned on its way
_SCANNED_ONLY = {
    "in_transit",
    "out_for_delivery",
    "awaiting_pickup",
    "delivered",
    "exception",
    "returning",
}


def _untracked(outcome: str) -> tuple[Step, ...]:
    """The tail of a plain letter: no positive delivery unless the outcome says so."""
    if outcome == "remis":
        return (PLAIN_DELIVERED,)
    return tuple(
        # no scan came before it, so the bad news takes its own time
        replace(step, minutes=0, working=4, at=time(11)) if step.reason else step
        for step in TRACKED_TAILS[outcome]
        if step.code not in _SCANNED_ONLY
    )


def steps(service: Service, outcome: str) -> tuple[Step, ...]:
    """The whole journey of an accepted letter."""
    if outcome == STUCK:
        fault = Step("exception", "Anomalie de production", minutes=60)
        return (RECEIVED, PRODUCING, fault)
    posted = replace(POSTED, working=3) if outcome == "retard" else POSTED
    journey = [RECEIVED, PRODUCING, posted]
    if service.registered:
        journey += [DEPOSIT, CONTENT]
    for step in TRACKED_TAILS[outcome] if service.tracked else _untracked(outcome):
        journey.append(step)
        if step.code == "delivered" and service.registered:
            journey.append(RECEIPT)
        if step.code == "delivered" and service.acknowledgement:
            journey.append(AR)
        if step.code == "returned":
            journey.append(RETURN_SCAN)
    return tuple(journey)


_MARKER = re.compile(
    r"\bTEST ("
    + "|".join(sorted((o.upper().replace("_", " ") for o in OUTCOMES), reverse=True))
    + r")\b"
)


def outcome_of(recipient: Sequence[str], options: Mapping[str, object]) -> str:
    """The outcome that a letter asks for; see the head of this module.

    :raises ValueError: the option names none that exists
    """
    named = options.get("sandbox_journey")
    if named is not None:
        if named not in OUTCOMES:
            raise ValueError(f"no journey {named!r}")
        return str(named)
    for line in recipient:
        letters = unicodedata.normalize("NFKD", line.upper())
        letters = "".join(c for c in letters if not unicodedata.combining(c))
        found = _MARKER.search(re.sub(r"[^A-Z0-9]+", " ", letters))
        if found:
            return found[1].lower().replace(" ", "_")
    return STANDARD


def schedule(journey: Sequence[Step], received_at: datetime) -> tuple[datetime, ...]:
    """When each step happens, UTC, never before the one that it follows."""
    moments = []
    moment = received_at
    for step in journey:
        if step.at is None:
            moment += timedelta(minutes=step.minutes)
        else:
            day = paris_day(moment) + timedelta(days=step.days)
            for _again in range(step.working):
                day = next_working_day(day)
            moment = max(moment, datetime.combine(day, step.at, PARIS))
        moments.append(moment.astimezone(timezone.utc))
    return tuple(moments)


def posted_on(received_at: datetime) -> date:
    """The Paris day on which La Poste gets what is received now, if all goes well."""
    return paris_day(schedule((RECEIVED, PRODUCING, POSTED), received_at)[-1])


def event(
    client_reference: str,
    provider_reference: str,
    tracking_number: str,
    position: int,
    step: Step,
    moment: datetime,
) -> Event:
    """One step that has happened, as the provider tells it."""
    return Event(
        event_id=f"{provider_reference}-{position:02d}",
        client_reference=client_reference,
        provider_reference=provider_reference,
        code=step.code,
        label=step.label,
        happened_at=moment,
        place=step.place,
        reason=step.reason,
        tracking_number=tracking_number,
        proof_kind=step.proof,
    )


def tracking_number(service: str, seed: int) -> str:
    """A made-up La Poste number, empty for a service that is not tracked."""
    if not SERVICES[service].tracked:
        return ""
    prefix = "2C" if SERVICES[service].registered else "3S"
    return f"{prefix}{seed % 10**11:011d}"
