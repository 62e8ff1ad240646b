"""The table and the last line that the check prints."""

from __future__ import annotations

from collections.abc import Iterable

from evidence import Fact

HEADS = (
    ("document", 16),
    ("addressee", 38),
    ("verdict", 8),
    ("sheets", 6),
    ("envelope", 8),
    ("address sheet", 13),
    ("reference", 36),
    ("arrivals", 8),
    ("reason", 0),
)


def table(facts: list[Fact]) -> str:
    return lines(HEADS, map(_cells, facts))


def lines(heads: tuple[tuple[str, int], ...], cells: Iterable[list]) -> str:
    """:param heads: title and width of each column"""
    rows = [[title for title, _width in heads], *cells]
    return "".join(
        "  ".join(
            str(cell).ljust(width)
            for cell, (_title, width) in zip(row, heads, strict=True)
        ).rstrip()
        + "\n"
        for row in rows
    )


def summary(facts: list[Fact]) -> str:
    """Counts what happened, not what was expected."""
    accepted = refused = lost = twice = 0
    for fact in facts:
        seen = fact.arrival["seen"] if fact.arrival else 0
        printed = fact.arrival["printed"] if fact.arrival else 0
        state = fact.letter.get("state")
        accepted += state == "accepted" and printed == 1
        refused += state == "rejected" and not printed and bool(fact.reasons)
        held = state == "ready" and bool(fact.letter.get("hold_reason"))
        lost += not held and state not in ("accepted", "rejected")
        lost += (state == "accepted") != bool(printed)
        twice += seen > 1 or len(fact.letters) > 1
    return (
        f"demo check: {accepted} accepted, {refused} refused for a stated reason,"
        f" {lost} lost, {twice} twice\n"
    )


def _cells(fact: Fact) -> list:
    letter = fact.letter
    return [
        fact.move["name"],
        fact.case.to.name or fact.case.to.parent.name,
        letter.get("state", "no letter"),
        letter.get("sheets") or "-",
        letter.get("envelope") or "-",
        "yes" if letter.get("has_address_sheet") else "no",
        letter.get("client_reference", "-"),
        fact.arrival["seen"] if fact.arrival else 0,
        " ".join(fact.reasons) or letter.get("hold_reason") or "",
    ]
