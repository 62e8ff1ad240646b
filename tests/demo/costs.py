"""Compares what each letter was to cost with what the service bills for it.

Three say it: the quote that Odoo froze on the letter, the sum of that quote's own
lines, and the service's statement, whose prices are written apart from ours. All
amounts are exact decimals, as text on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cases import Accepted, Case, house
from client import Service
from evidence import Fact
from judge import same
from table import lines

HEADS = (
    ("letter", 24),
    ("product", 28),
    ("zone", 14),
    ("grams", 9),
    ("step", 5),
    ("postage", 8),
    ("printing", 9),
    ("VAT", 7),
    ("as quoted", 10),
    ("as billed", 0),
)


@dataclass(frozen=True)
class Cost:
    """
    :param letter: as Odoo tells it, with its quote
    :param billed: the lines of the statement that name it
    """

    case: Case
    letter: dict
    billed: list[dict]

    @property
    def is_posted(self) -> bool:
        """Whether La Poste is to get it, by the table: nothing else is billed."""
        verdict = self.case.verdict
        return isinstance(verdict, Accepted) and "posted_at" in verdict.ending.dates

    @property
    def quoted(self) -> Decimal:
        return Decimal(self.letter["quote"]["untaxed"] if self.letter["quote"] else 0)

    @property
    def billed_amount(self) -> Decimal:
        return _sum(line["amount"] for line in self.billed)

    @property
    def billed_taxes(self) -> Decimal:
        return sum(
            Decimal(line["amount"]) * Decimal(line["tax_rate"]) / 100
            for line in self.billed
        )


def gather_costs(service: Service, facts: list[Fact]) -> tuple[list[Cost], list[str]]:
    """:return: each letter with what is billed for it; what is billed to nobody"""
    billed: dict[str, list[dict]] = {}
    for company in house.COMPANIES.values():
        for line in service.statement(company.identifier, company.password):
            billed.setdefault(line["client_reference"], []).append(line)
    costs = [
        Cost(fact.case, fact.letter, billed.pop(fact.letter["client_reference"], []))
        for fact in facts
        if fact.letters
    ]
    return costs, [f"{reference} is billed, and nobody sent it" for reference in billed]


def differences(cost: Cost) -> Iterator[str]:
    letter, quote = cost.letter, cost.letter["quote"]
    if not cost.is_posted:
        yield from same(
            "lines billed for what was not posted", none=0, service=_lines(cost)
        )
        if not isinstance(cost.case.verdict, Accepted):
            return
    if not quote:
        yield "accepted without a frozen price"
        return
    charges = quote["charges"]
    yield from same(
        "price without tax",
        quote=cost.quoted,
        lines=_sum(charge["amount"] for charge in charges),
        column=_exact(letter["price_untaxed"]),
        **({"service": cost.billed_amount} if cost.is_posted else {}),
    )
    yield from same(
        "taxes",
        quote=Decimal(quote["taxes"]),
        difference=Decimal(quote["total"]) - cost.quoted,
        **({"service": cost.billed_taxes} if cost.is_posted else {}),
    )
    yield from same(
        "price with tax",
        quote=Decimal(quote["total"]),
        column=_exact(letter["price_total"]),
    )


def cost_table(costs: list[Cost]) -> str:
    """What each letter costs, and how that comes about."""
    shown = [
        cost for cost in costs if cost.letter["quote"] and not cost.case.is_one_of_many
    ]
    return lines(HEADS, map(_cells, shown))


def cost_summary(costs: list[Cost]) -> str:
    """Counts what was found, not what was expected."""
    posted = [cost for cost in costs if cost.is_posted]
    waiting = sum(bool(cost.letter["price_missing"]) for cost in costs)
    differ = sum(any(differences(cost)) for cost in costs)
    return (
        f"demo check: {len(posted)} letters cost"
        f" {_text(_sum(cost.quoted for cost in posted))} EUR without tax as quoted,"
        f" {_text(_sum(cost.billed_amount for cost in costs))} as billed,"
        f" {differ} differ,"
        f" {waiting} wait for a price\n"
    )


def _cells(cost: Cost) -> list:
    quote = cost.letter["quote"]
    charges = quote["charges"]
    groups = {
        group: _sum(c["amount"] for c in charges if c["group"] == group)
        for group in ("postage", "production")
    }
    return [
        cost.case.key,
        quote["product"],
        quote["zone"],
        Decimal(quote["weight_mg"]) / 1000,
        quote["max_grams"] or f"{quote['max_sheets']} sheets",
        _text(groups["postage"]),
        _text(groups["production"]),
        quote["taxes"],
        _text(cost.quoted),
        _text(cost.billed_amount) if cost.billed else "-",
    ]


def _lines(cost: Cost) -> int:
    return len(cost.billed)


def _sum(amounts) -> Decimal:
    return sum(map(Decimal, amounts), Decimal(0))


def _text(amount: Decimal) -> str:
    """Two decimals, or all four where they count."""
    cents = amount.quantize(Decimal("0.01"))
    return str(cents if cents == amount else amount.quantize(Decimal("0.0001")))


def _exact(number: float) -> Decimal:
    """A column of four decimals, which JSON has made a float."""
    return Decimal(str(round(number, 4)))
