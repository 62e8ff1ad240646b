"""From the set of a letter's events to where it stands: :func:`fold`.

The result depends on the *set* alone: events may come late, twice, out of order or
contradict each other, in whatever order they are told, and the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .codes import (
    ENDING_FROM,
    EXCEPTION,
    FAILED,
    PRINTED_FROM,
    RANKS,
    REASONS,
    STOPPED,
)

# An absent addressee has 15 days from the day after the presentation (arrêté of
# 7 February 2007, art. 3): the last of them is the 15th day after it.
PICKUP_DAYS = 15


@dataclass(frozen=True)
class Fact:
    """One event, in canonical words.

    :param code: one of ``codes``; any other one moves nothing
    :param happened_at: UTC, aware or naive, but all of a letter alike
    :param event_id: tells apart what happened in the same second
    :param reason: of ``codes.REASONS``, with a code of ``codes.FAILED``
    :param stage: what shows this event on screen; opaque here
    """

    code: str
    happened_at: datetime
    event_id: str = ""
    reason: str = ""
    stage: Hashable = None


@dataclass(frozen=True)
class Journey:
    """Where a letter stands and the dates that count, each the first of its kind.

    :param code: canonical code, empty when no event moves the letter
    :param stage: of the latest event with that code
    :param since: when it came to stand there
    :param presented_at: first presentation: the legal date of an unclaimed letter
    :param pickup_until: last Paris day on which it can be fetched, if it was put aside
    :param delivered_at: none of a letter that came back, whatever was told before
    :param printed: there is proof of it, whatever happened since
    :param contradicted: the events cannot all be true; a person should look
    """

    code: str = ""
    stage: Hashable = None
    since: datetime | None = None
    reason: str = ""
    posted_at: datetime | None = None
    presented_at: datetime | None = None
    pickup_until: date | None = None
    delivered_at: datetime | None = None
    undeliverable_at: datetime | None = None
    returned_at: datetime | None = None
    printed: bool = False
    contradicted: bool = False


def fold(facts: Iterable[Fact], day: Callable[[datetime], date]) -> Journey:
    """:param day: the Paris day of a moment, as ``happened_at`` has it"""
    known = [fact for fact in facts if fact.code in _TELLING]
    if not known:
        return Journey()
    code = _standing(known)
    standing = [fact for fact in known if fact.code == code]
    if code == EXCEPTION:
        # An earlier trouble has been overcome: this one began after the last movement.
        standing = _unsettled(known)
    failed = any(fact.code in FAILED for fact in known)
    aside = _first(known, "awaiting_pickup")
    return Journey(
        code=code,
        stage=max(standing, key=_moment).stage,
        since=min(standing, key=_moment).happened_at,
        reason=_reason(known),
        posted_at=_first(known, "posted"),
        presented_at=_presented_at(known, failed),
        pickup_until=aside and day(aside) + timedelta(days=PICKUP_DAYS),
        delivered_at=None if failed else _first(known, "delivered"),
        undeliverable_at=_first(known, "undeliverable"),
        returned_at=_first(known, "returned"),
        printed=_is_printed(known),
        contradicted=_is_contradicted({fact.code for fact in known}),
    )


_TELLING = frozenset({*RANKS, *STOPPED, EXCEPTION})


def _standing(facts: list[Fact]) -> str:
    moves = [fact for fact in facts if fact.code in RANKS]
    top = max((RANKS[fact.code] for fact in moves), default=0)
    codes = {fact.code for fact in facts}
    if top < PRINTED_FROM:
        stopped = next((code for code in STOPPED if code in codes), None)
        if stopped:
            return stopped
    if top < ENDING_FROM and _unsettled(facts):
        return EXCEPTION
    return max(moves, key=lambda fact: RANKS[fact.code]).code


def _unsettled(facts: list[Fact]) -> list[Fact]:
    """Troubles that nothing followed: whatever moves a letter ends those before it."""
    moves = [fact.happened_at for fact in facts if fact.code in RANKS]
    troubles = [fact for fact in facts if fact.code == EXCEPTION]
    return [fact for fact in troubles if not moves or fact.happened_at > max(moves)]


def _is_printed(facts: list[Fact]) -> bool:
    return any(RANKS.get(fact.code, 0) >= PRINTED_FROM for fact in facts)


def _moment(fact: Fact):
    return fact.happened_at, fact.event_id, str(fact.stage)


def _first(facts: list[Fact], code: str) -> datetime | None:
    return min((f.happened_at for f in facts if f.code == code), default=None)


def _presented_at(facts: list[Fact], failed: bool) -> datetime | None:
    """The addressee was offered the letter: handed over, refused, or told where it
    waits. A letter that nobody could be found for was presented to nobody; and of one
    that came back, a "delivery" may well be the one to its sender."""
    offered = {"awaiting_pickup"} if failed else {"awaiting_pickup", "delivered"}
    return min(
        (
            fact.happened_at
            for fact in facts
            if fact.code in offered
            or (fact.code == "undeliverable" and fact.reason == "refused")
        ),
        default=None,
    )


def _reason(facts: list[Fact]) -> str:
    """The most telling reason given, whoever gave it first."""
    given = {fact.reason for fact in facts if fact.code in FAILED}
    telling = [reason for reason in REASONS if reason in given]
    return telling[0] if telling else "other" if given else ""


def _is_contradicted(codes: set[str]) -> bool:
    both_ends = "delivered" in codes and not FAILED.isdisjoint(codes)
    printed = any(RANKS.get(code, 0) >= PRINTED_FROM for code in codes)
    return both_ends or (printed and any(code in codes for code in STOPPED))
