"""Why a letter was billed otherwise than its frozen price says: the likely reason.

Postage is compared with postage and production with production where the labels of the
statement tell them apart, else the whole. What explains a difference is found by
pricing the letter as it might have been taken: in another step, by another grid, in
colour … (``alternatives``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .bill import GROUPS, UNTOLD, Amounts, Billed, billed_amounts
from .money import CENT, rounded, total

# Every code, the names of its params, and what it says, in short.
REASON_CODES = {
    "unknown": (),  # no letter of ours bears this reference
    "practice": (),  # nothing of it was printed
    "other_account": ("account",),
    "stopped": ("state",),  # cancelled or refused before production
    "not_sent": ("state",),  # still here
    "unpriced": (),  # it left without a price
    "not_billed": (),
    "twice": ("statement",),
    "part_not_billed": ("group",),
    "not_expected": ("group",),
    "grid": ("grid", "day"),
    "step": ("step", "grams"),
    "step_sheets": ("step", "sheets"),
    "quantity": ("quantity",),
    "color": (),  # as if in colour
    "black": (),  # as if in black and white
    "simplex": ("sheets",),
    "address_sheet": (),
    "no_address_sheet": (),
    "service": ("service",),
    "tax_included": (),
    "vat": ("billed", "expected"),
    "rounding": (),
    "other": (),
}
ACCEPTED = ("sending", "accepted", "unknown")  # left, or may have left
STOPPED = ("cancelled", "rejected")


@dataclass(frozen=True)
class Reason:
    """:param params: plain figures for the sentence, amounts and rates as text"""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Alternative:
    """The letter priced as it might have been taken."""

    reason: Reason
    amounts: Amounts


@dataclass(frozen=True)
class Letter:
    """What our books say of a letter.

    :param expected: of the frozen price; None: it left without one
    :param rates: tax rates of the frozen price, in percent, as text
    :param other_account: the letter left through this account, not the billed one
    """

    state: str
    expected: Amounts | None = None
    rates: tuple[str, ...] = ()
    practice: bool = False
    other_account: str = ""


@dataclass(frozen=True)
class Difference:
    """:param expected: EUR without tax; None: nobody knows
    :param amount: billed so far less expected; positive: billed too much
    :param taxes: on top of it
    :param reasons: the main one first; empty where there is no difference
    """

    expected: Decimal | None
    amount: Decimal
    taxes: Decimal
    reasons: tuple[Reason, ...] = ()


Alternatives = Callable[[], Iterable[Alternative]]


def compare(
    letter: Letter | None,
    billed: Sequence[Billed],
    alternatives: Alternatives = tuple,
) -> Difference:
    """
    :param letter: None: no letter of ours bears the reference
    :param billed: all lines for this letter, those of other statements too; empty:
        none
    :param alternatives: called only where the amounts differ
    """
    so_far = billed_amounts(billed)
    because = _nothing_owed(letter)
    if because:
        return Difference(Decimal(0), so_far.total, so_far.all_taxes, (because,))
    expected = letter.expected
    if expected is None:
        return Difference(None, Decimal(0), Decimal(0), (Reason("unpriced"),))
    amount = so_far.total - expected.total
    taxes = so_far.all_taxes - expected.all_taxes
    if not billed:
        reasons = (Reason("not_billed"),)
    else:
        reasons = _reasons(letter, billed, so_far, alternatives)
    return Difference(expected.total, amount, taxes, reasons)


def _nothing_owed(letter: Letter | None) -> Reason | None:
    if letter is None:
        return Reason("unknown")
    if letter.other_account:
        if letter.practice:
            return Reason("practice")
        return Reason("other_account", {"account": letter.other_account})
    if letter.state in STOPPED:
        return Reason("stopped", {"state": letter.state})
    if letter.state not in ACCEPTED:
        return Reason("not_sent", {"state": letter.state})
    return None


def _reasons(letter, billed, so_far, alternatives) -> tuple[Reason, ...]:
    expected = letter.expected
    groups = _compared(billed, so_far, expected)
    wrong = [g for g in groups if so_far.of(g) != expected.of(g)]
    far = [g for g in wrong if not _agrees(so_far, expected, g)]
    if not far:
        if _taxes_differ(so_far, expected):
            rates = sorted({_percent(line.tax_rate) for line in billed})
            said = {"billed": ", ".join(rates), "expected": ", ".join(letter.rates)}
            return (Reason("vat", said),)
        return (Reason("rounding"),) if wrong else ()
    again = _twice(billed, expected, groups)
    if again:
        return (again,)
    found = list(_explained(far, so_far, expected, tuple(alternatives())))
    return tuple(one for n, one in enumerate(found) if one not in found[:n])


def _compared(billed, so_far: Amounts, expected: Amounts) -> tuple[str, ...]:
    """Group by group, or the whole where one label tells nothing."""
    if any(line.group == UNTOLD for line in billed):
        return (UNTOLD,)
    return tuple(g for g in GROUPS if so_far.of(g) or expected.of(g))


def _taxes_differ(so_far: Amounts, expected: Amounts) -> bool:
    return abs(so_far.all_taxes - expected.all_taxes) > CENT


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f}"


def _twice(billed, expected: Amounts, groups) -> Reason | None:
    """The same thing billed again, here or in another statement."""
    elsewhere = [line for line in billed if line.statement]
    once = {(line.group, line.label, line.amount): line for line in billed}
    for first in (list(once.values()), elsewhere):
        if not first or len(first) == len(billed):
            continue
        amounts = billed_amounts(first)
        if all(_agrees(amounts, expected, g) for g in groups):
            names = dict.fromkeys(line.statement for line in elsewhere)
            return Reason("twice", {"statement": ", ".join(names)})
    return None


def _agrees(billed: Amounts, wanted: Amounts, group: str) -> bool:
    """Billed as wanted, or as that is rounded to the cent; a cent more or less is a
    wrong price: many times over it is much.

    The whole may be rounded at once or part by part.
    """
    amount = billed.of(group)
    if _is_rounded(amount, wanted.of(group)):
        return True
    parts = total(rounded(part, CENT) for part in wanted.untaxed.values())
    return group == UNTOLD and amount == parts


def _is_rounded(billed: Decimal, wanted: Decimal) -> bool:
    return billed in (wanted, rounded(wanted, CENT))


def _explained(far, so_far: Amounts, expected: Amounts, alternatives):
    """One alternative for all that differs, or one for each part of it."""
    for alternative in alternatives:
        # A part that is not there at all is no other price of it.
        if all(so_far.of(g) and _agrees(so_far, alternative.amounts, g) for g in far):
            yield alternative.reason
            return
    for group in far:
        yield _explain_part(group, so_far, expected, alternatives)


def _explain_part(group, so_far, expected, alternatives) -> Reason:
    amount, wanted = so_far.of(group), expected.of(group)
    if not amount:
        return Reason("part_not_billed", {"group": group})
    if not wanted:
        return Reason("not_expected", {"group": group})
    for alternative in alternatives:
        if _agrees(so_far, alternative.amounts, group):
            return alternative.reason
    taxes = expected.taxes_of(group)
    if taxes and _is_rounded(amount, wanted + taxes):
        return Reason("tax_included")
    return Reason("other")
