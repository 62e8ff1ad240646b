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
    :param reason: of ``codes.REASONS``, with ``undeliverable``
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
    contradicted: bool = False


def fold(facts: Iterable[Fact], day: Callable[[datetime], date]) -> Journey:
    """:param day: the Paris day of a moment, as ``happened_at`` has it"""
    known = [fact for fact in facts if fact.code in _TELLING]
    if not known:
        return Journey()
    code = _standing(known)
    standing = [fact for fact in known if fact.code == code]
    aside = _first(known, "awaiting_pickup")
    return Journey(
        code=code,
        stage=max(standing, key=_moment).stage,
        since=min(standing, key=_moment).happened_at,
        reason=_reason(known),
        posted_at=_first(known, "posted"),
        presented_at=_presented_at(known),
        pickup_until=aside and day(aside) + timedelta(days=PICKUP_DAYS),
        delivered_at=_first(known, "delivered"),
        undeliverable_at=_first(known, "undeliverable"),
        returned_at=_first(known, "returned"),
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
    if top < ENDING_FROM and EXCEPTION in codes:
        trouble = max(f.happened_at for f in facts if f.code == EXCEPTION)
        # Whatever moved the letter afterwards has ended the trouble.
        if all(fact.happened_at < trouble for fact in moves):
            return EXCEPTION
    return max(moves, key=lambda fact: RANKS[fact.code]).code


def _moment(fact: Fact):
    return fact.happened_at, fact.event_id, str(fact.stage)


def _first(facts: list[Fact], code: str) -> datetime | None:
    return min((f.happened_at for f in facts if f.code == code), default=None)


def _presented_at(facts: list[Fact]) -> datetime | None:
    """The addressee was offered the letter: handed over, refused, or told where it
    waits. A letter that nobody could be found for was presented to nobody."""
    return min(
        (
            fact.happened_at
            for fact in facts
            if fact.code in ("awaiting_pickup", "delivered")
            or (fact.code == "undeliverable" and fact.reason == "refused")
        ),
        default=None,
    )


def _reason(facts: list[Fact]) -> str:
    """The most telling reason given, whoever gave it first."""
    given = {fact.reason or "other" for fact in facts if fact.code == "undeliverable"}
    telling = [reason for reason in REASONS if reason in given]
    if telling:
        return telling[0]
    return "other" if given or FAILED & {fact.code for fact in facts} else ""


def _is_contradicted(codes: set[str]) -> bool:
    both_ends = "delivered" in codes and bool(FAILED & codes)
    printed = any(RANKS.get(code, 0) >= PRINTED_FROM for code in codes)
    return both_ends or (printed and any(code in codes for code in STOPPED))
