"""A letter priced as a provider might have taken it, the likeliest way first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import Refusal

from .bill import amounts_of
from .difference import Alternative, Reason
from .grid import Tariff
from .money import rounded
from .parcel import Parcel
from .quote import Quote, price
from .zone import Zone


def alternatives(
    tariff: Tariff,
    parcel: Parcel,
    zones: Iterable[Zone],
    services: Iterable[tuple[str, frozenset[str], frozenset[str]]] = (),
) -> Iterator[Alternative]:
    """
    :param services: (name, products, wanted options) of the other services
    """
    zones = tuple(zones)
    for code, params, taken in _ways(tariff, parcel, zones, tuple(services)):
        try:
            quote = price(tariff, taken, zones)
        except Refusal:
            continue
        if code == "grid":
            params = {"grid": _grid_name(quote), "day": taken.day.isoformat()}
        yield Alternative(Reason(code, params), quote_amounts(quote))


def quote_amounts(quote: Quote):
    return amounts_of((c.group, c.amount, c.tax_rate) for c in quote.charges)


def _grid_name(quote: Quote) -> str:
    public = quote.step.public_grid
    return f"{quote.step.grid.name} / {public.name}" if public else quote.step.grid.name


def _ways(tariff, parcel, zones, services):
    """(code, params, parcel)"""
    for day in _other_days(tariff, parcel.day):
        yield "grid", {}, replace(parcel, day=day)
    yield from _steps(tariff, parcel, zones)
    if parcel.quantity > 1:
        yield "quantity", {"quantity": parcel.quantity}, replace(parcel, quantity=1)
    yield (
        "black" if parcel.color else "color",
        {},
        replace(parcel, color=not parcel.color),
    )
    yield from _sheets(parcel)
    for name, products, wanted in services:
        taken = replace(parcel, products=products, wanted=wanted)
        yield "service", {"service": name}, taken


def _other_days(tariff: Tariff, day: date) -> list[date]:
    """A day in each grid of other days, the nearest first; and the day itself, on
    which another version of the grid may be in force by now."""
    grids = (*tariff.grids, *(tariff.public.grids if tariff.public else ()))
    days = {day}
    for grid in grids:
        if grid.valid_from > day:
            days.add(grid.valid_from)
        elif grid.valid_to and grid.valid_to <= day:
            days.add(grid.valid_to - timedelta(days=1))
    return sorted(days, key=lambda other: (abs(other - day), other))


def _steps(tariff, parcel, zones):
    """The other steps of the same product, the nearest first."""
    try:
        step = price(tariff, parcel, zones).step
    except Refusal:
        return
    lines = step.grid.steps(step.line.product, step.zone)
    grams = rounded(Decimal(parcel.weight_mg) / 1000, Decimal("0.001"))
    if step.line.max_grams:
        others = {line.max_grams for line in lines if line.max_grams}
        for end in _nearest(others, step.line.max_grams):
            said = {"step": end, "grams": str(grams)}
            yield "step", said, replace(parcel, weight_mg=end * 1000)
        return
    others = {line.max_sheets for line in lines if line.max_sheets}
    for end in _nearest(others, step.line.max_sheets):
        said = {"step": end, "sheets": parcel.sheets}
        yield "step_sheets", said, replace(parcel, sheets=end)


def _nearest(ends: set[int], own: int) -> list[int]:
    return sorted(ends - {own}, key=lambda end: (abs(end - own), end))


def _sheets(parcel: Parcel):
    """More or fewer sheets than ours: printed on one side, or with or without the
    address sheet."""
    own = parcel.sheets - parcel.address_sheet
    if own < parcel.pages:
        taken = _with_sheets(parcel, parcel.pages + parcel.address_sheet)
        yield "simplex", {"sheets": taken.sheets}, taken
    if not parcel.address_sheet:
        taken = replace(parcel, address_sheet=True)
        yield "address_sheet", {}, _with_sheets(taken, parcel.sheets + 1)
    elif own:
        taken = replace(parcel, address_sheet=False)
        yield "no_address_sheet", {}, _with_sheets(taken, own)


def _with_sheets(parcel: Parcel, sheets: int) -> Parcel:
    """As heavy as so many sheets in the same envelope."""
    paper = (parcel.weight_mg - parcel.envelope_mg) * sheets // parcel.sheets
    return replace(parcel, sheets=sheets, weight_mg=parcel.envelope_mg + paper)
