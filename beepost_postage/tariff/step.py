"""Which line of which grid prices a letter, and why none does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding, Refusal

from .grid import BELOW_PUBLIC, Grid, Line, Option, Tariff, is_within
from .money import HUNDRED, rounded
from .parcel import Parcel
from .zone import Zone

TEN_GRAMS_MG = 10_000
KILOGRAM_MG = Decimal(1_000_000)


@dataclass(frozen=True)
class Step:
    """:param price: EUR without tax, as it stands on the line or follows from the
        public one
    :param zone: whose lines hold: the letter's own or the one above it
    :param public_grid: the grid that a discount refers to, and ``public_price`` in it
    """

    grid: Grid
    line: Line
    price: Decimal
    zone: str
    public_grid: Grid | None = None
    public_price: Decimal | None = None


def refuse(code: str, **params) -> Refusal:
    return Refusal([Finding(code, ERROR, params)])


def find_step(tariff: Tariff, parcel: Parcel, zone: Zone, zones: dict) -> Step:
    """
    :param zones: code → ``Zone``
    :raises Refusal: ``price.no_grid``, ``price.no_product``, ``price.no_step``,
        ``price.ambiguous``, ``price.no_public``
    """
    grids = tariff.on(parcel.day)
    if not grids:
        raise refuse("price.no_grid", tariff=tariff.name, day=parcel.day.isoformat())
    for where in _upwards(zone, zones):
        found = [
            (grid, product)
            for grid in grids
            for product in sorted(parcel.products)
            if _fitting(grid, product, where.code, parcel)
        ]
        if len(found) > 1:
            raise refuse(
                "price.ambiguous",
                service=parcel.service,
                zone=zone.code,
                products=", ".join(sorted({product for _grid, product in found})),
            )
        if found:
            grid, product = found[0]
            line = _holding(_fitting(grid, product, where.code, parcel), parcel)
            if line is None:
                raise _too_heavy(grid, product, where.code, parcel, zone)
            return _priced(tariff, grid, line, parcel, where.code)
    raise refuse(
        "price.no_product",
        service=parcel.service,
        zone=zone.code,
        tariff=tariff.name,
        day=parcel.day.isoformat(),
    )


def _upwards(zone: Zone, zones: dict):
    """The zone itself, then those whose prices hold there too."""
    seen = set()
    while zone and zone.code not in seen:
        seen.add(zone.code)
        yield zone
        zone = zones.get(zone.parent)


def _fitting(grid: Grid, product: str, zone: str, parcel: Parcel) -> list[Line]:
    """Lines for this format and quantity; those made for the format come first."""
    lines = [
        line
        for line in grid.steps(product, zone)
        if line.min_quantity <= parcel.quantity
        and line.format_class in ("", parcel.format_class)
    ]
    own = [line for line in lines if line.format_class]
    return own or lines


def _holding(lines: list[Line], parcel: Parcel) -> Line | None:
    """The smallest step that holds the letter; lines come sorted, and of one step the
    one for the greatest quantity first."""
    for line in lines:
        if line.holds(parcel.weight_mg, parcel.sheets):
            return line
    return None


def _too_heavy(grid, product, zone, parcel, where) -> Refusal:
    last = _fitting(grid, product, zone, parcel)[-1]
    params = {"service": parcel.service, "zone": where.code, "max": last.step}
    if last.max_sheets is None:
        grams = rounded(Decimal(parcel.weight_mg) / 1000, Decimal("0.001"))
        return refuse("price.no_step", grams=str(grams), **params)
    return refuse("price.no_sheet_step", sheets=parcel.sheets, **params)


def _priced(tariff, grid, line, parcel, zone) -> Step:
    if line.pricing != BELOW_PUBLIC:
        return Step(grid, line, _with_weight(line, line.price, parcel.weight_mg), zone)
    public_grid, public = _public_line(tariff, line, parcel)
    public_price = _with_weight(public, public.price, line.public_grams * 1000)
    price = rounded(public_price * (HUNDRED - line.discount) / HUNDRED, grid.round_to)
    price = _with_weight(line, price, parcel.weight_mg)
    return Step(grid, line, price, zone, public_grid, public_price)


def _public_line(tariff: Tariff, line: Line, parcel: Parcel) -> tuple[Grid, Line]:
    """The public step that a discount refers to, in force on the same day."""
    weight_mg = (line.public_grams or 0) * 1000
    grids = tariff.public.on(parcel.day) if tariff.public else ()
    for grid in grids:
        for public in grid.steps(line.product, line.zone):
            if public.pricing != BELOW_PUBLIC and public.holds(weight_mg, 1):
                return grid, public
    raise refuse(
        "price.no_public",
        tariff=tariff.public.name if tariff.public else "",
        product=line.product,
        grams=line.public_grams or 0,
        day=parcel.day.isoformat(),
    )


def _with_weight(line: Line, price: Decimal, weight_mg: int) -> Decimal:
    tens = -(-weight_mg // TEN_GRAMS_MG)
    by_weight = line.per_kg * weight_mg / KILOGRAM_MG + line.per_10g * tens
    return rounded(price + by_weight)


def find_option(step: Step, parcel: Parcel, kind: str, zone: Zone) -> Option | None:
    """The option of this kind that fits most precisely, or None.

    :raises Refusal: ``price.ambiguous_option`` when two fit equally
    """
    fitting = [
        option
        for option in step.grid.options
        if _fits(option, step, parcel, kind, zone)
    ]
    if not fitting:
        return None
    fitting.sort(key=_precision, reverse=True)
    if len(fitting) > 1 and _precision(fitting[0]) == _precision(fitting[1]):
        raise refuse("price.ambiguous_option", option=kind, grid=step.grid.name)
    return fitting[0]


def _fits(option: Option, step: Step, parcel: Parcel, kind: str, zone: Zone) -> bool:
    return (
        option.kind == kind
        and (not option.products or step.line.product in option.products)
        and option.zone in ("", zone.code, step.zone)
        and option.envelope in ("", parcel.envelope)
        and parcel.weight_mg > option.above_grams * 1000
        and is_within(parcel.day, option.valid_from, option.valid_to)
    )


def _precision(option: Option) -> tuple[bool, bool, bool, int]:
    return (
        bool(option.zone),
        bool(option.products),
        bool(option.envelope),
        option.above_grams,
    )
