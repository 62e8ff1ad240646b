"""From which day on something that has a price today has none any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .compare import Reference
from .grid import Tariff, is_within
from .step import ways
from .zone import Zone

# Without a price of these a letter that wants them does not leave; others may be left
# out of a new list on purpose.
NEEDED = frozenset({"ar_paper", "ar_digital", "tracking", "supplement"})


@dataclass(frozen=True)
class Gap:
    """:param day: the first one without a price
    :param products: (product, zone) that have one today and none then
    :param options: kinds of options likewise
    :param public: the day lacks public prices that discounts count from
    :param nothing: nothing at all is priced today, so that nothing can be missing
    """

    day: date
    products: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()
    public: bool = False
    nothing: bool = False


def first_gap(
    tariff: Tariff, today: date, days: int, zones: Iterable[Zone] = ()
) -> Gap | None:
    """The first day from ``today`` on, up to ``days`` later, on which something that
    is priced today has no price. None where all is covered."""
    zones = tuple(zones)
    last = today + timedelta(days=days)
    if not _products(tariff, today, zones)[0]:
        return Gap(today, nothing=True)
    for day in _turns(tariff, today, last):
        if gap := gap_on(tariff, today, day, zones):
            return gap
    return None


def gap_on(
    tariff: Tariff, today: date, day: date, zones: Iterable[Zone] = ()
) -> Gap | None:
    """What is priced today and is not on ``day``."""
    zones = tuple(zones)
    above = ways(zones)
    now, _lost = _products(tariff, today, zones)
    then, lost = _products(tariff, day, zones)
    missing = tuple(
        sorted(
            (product, zone)
            for product, zone in now
            if not any((product, up) in then for up in above.get(zone, (zone,)))
        )
    )
    options = tuple(sorted(_options(tariff, today) - _options(tariff, day)))
    if not (missing or options):
        return None
    return Gap(day, missing, options, public=bool(lost & set(missing)))


def _turns(tariff: Tariff, today: date, last: date) -> list[date]:
    """Days on which something ends or begins."""
    parts = [*tariff.grids, *(tariff.public.grids if tariff.public else ())]
    parts += [option for grid in tariff.grids for option in grid.options]
    days = {day for part in parts for day in (part.valid_from, part.valid_to) if day}
    return sorted(day for day in days if today <= day <= last)


def _products(tariff: Tariff, day: date, zones) -> tuple[set, set]:
    """(product, zone) with a price on ``day``; and those whose line has none, for want
    of the public price."""
    reference = Reference(tariff.public, zones)
    priced, lost = set(), set()
    for grid in tariff.on(day):
        for line in grid.lines:
            known = reference.base(grid, line, day) is not None
            (priced if known else lost).add((line.product, line.zone))
    # One step without its public price is enough: letters of that weight stay.
    return priced - lost, lost


def _options(tariff: Tariff, day: date) -> set[str]:
    return {
        option.kind
        for grid in tariff.on(day)
        for option in grid.options
        if option.kind in NEEDED and is_within(day, option.valid_from, option.valid_to)
    }
