"""What a provider billed for a letter, beside what its frozen price says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .grid import POSTAGE, PRODUCTION
from .money import HUNDRED, exact, rounded, total

UNTOLD = ""  # a label that is neither clearly postage nor clearly production
GROUPS = (POSTAGE, PRODUCTION)


@dataclass(frozen=True)
class Billed:
    """One line of a statement.

    :param amount: EUR without tax
    :param tax_rate: percent
    :param group: ``POSTAGE``, ``PRODUCTION`` or ``UNTOLD``
    :param statement: name of the other statement that it stands in; empty: this one
    """

    label: str
    amount: Decimal
    tax_rate: Decimal
    billed_on: date
    group: str = UNTOLD
    statement: str = ""

    def __post_init__(self):
        for name in ("amount", "tax_rate"):
            object.__setattr__(self, name, exact(getattr(self, name)))


@dataclass(frozen=True)
class Amounts:
    """EUR without tax by group, and the taxes on them.

    A statement whose labels tell nothing has ``UNTOLD`` alone: the whole.
    """

    untaxed: Mapping[str, Decimal] = field(default_factory=dict)
    taxes: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """Without tax."""
        return total(self.untaxed.values())

    @property
    def all_taxes(self) -> Decimal:
        return total(self.taxes.values())

    def of(self, group: str) -> Decimal:
        """Without tax; the whole for ``UNTOLD``."""
        if group == UNTOLD:
            return self.total
        return self.untaxed.get(group, Decimal(0))

    def taxes_of(self, group: str) -> Decimal:
        if group == UNTOLD:
            return self.all_taxes
        return self.taxes.get(group, Decimal(0))


def amounts_of(parts: Iterable[tuple[str, Decimal, Decimal]]) -> Amounts:
    """:param parts: (group, EUR without tax, tax rate in percent)"""
    untaxed: dict[str, Decimal] = {}
    bases: dict[tuple[str, Decimal], Decimal] = {}
    for group, amount, rate in parts:
        untaxed[group] = untaxed.get(group, Decimal(0)) + exact(amount)
        bases[group, rate] = bases.get((group, rate), Decimal(0)) + amount
    taxes: dict[str, Decimal] = {}
    for (group, rate), base in bases.items():
        tax = rounded(base * exact(rate) / HUNDRED)
        taxes[group] = taxes.get(group, Decimal(0)) + tax
    return Amounts(untaxed, taxes)


def billed_amounts(lines: Iterable[Billed]) -> Amounts:
    return amounts_of((line.group, line.amount, line.tax_rate) for line in lines)


def group_of(label: str, known: Iterable[tuple[str, str]]) -> str:
    """
    :param known: (part of a label in small letters, group); the longest one counts
    :return: ``POSTAGE``, ``PRODUCTION`` or ``UNTOLD``
    """
    text = label.casefold()
    fitting = [(len(part), group) for part, group in known if part.casefold() in text]
    longest = max(fitting, default=(0, UNTOLD))[0]
    groups = {group for length, group in fitting if length == longest}
    return groups.pop() if len(groups) == 1 else UNTOLD
