"""Where each letter ended, side by side with the service, and the line that counts."""

from __future__ import annotations

from standing import LEGAL_DATES, Followed, differences
from table import lines

HEADS = (
    ("document", 16),
    ("addressee", 38),
    ("service", 13),
    ("Odoo's stage", 24),
    ("the service's last word", 36),
    ("reason", 14),
    ("papers", 33),
    ("dates", 0),
)


def journey_table(followed: list[Followed]) -> str:
    shown = [one for one in followed if not one.case.is_one_of_many]
    return "\n" + lines(HEADS, map(_cells, shown))


def journey_summary(followed: list[Followed]) -> str:
    """Counts what happened, not what was expected."""
    # Documents in one envelope have one journey.
    ended = len({one.letter["client_reference"] for one in followed if one.has_ended})
    differ = sum(any(differences(one)) for one in followed)
    lost = sum(len(one.lost()) for one in followed)
    twice = sum(len(one.twice()) for one in followed)
    return (
        f"demo check: {ended} journeys followed to the end, {differ} stages differ,"
        f" {lost} events lost, {twice} twice\n"
    )


def _cells(one: Followed) -> list[str]:
    last = one.moves[-1] if one.moves else {}
    dates = [
        f"{name.removesuffix('_at')} {one.letter[name][:10]}"
        for name in LEGAL_DATES
        if one.letter[name]
    ]
    return [
        one.move["name"],
        one.case.to.name or one.case.to.parent.name,
        one.case.verdict.service,
        one.stage,
        f"{last.get('code', '-')}: {last.get('label', '')}",
        one.letter["return_reason"] or "-",
        " ".join(paper["kind"] for paper in one.papers) or "-",
        ", ".join(dates),
    ]
