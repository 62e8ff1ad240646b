"""Which line of which grid prices a letter, and why none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

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
    :param zone: whose lines hold: the letter's own or one above it
    :param way: the letter's zone, then those above it
    :param public_grid: the grid that a discount refers to, and ``public_price`` in it
    """

    grid: Grid
    line: Line
    price: Decimal
    zone: str
    way: tuple[Zone, ...]
    public_grid: Grid | None = None
    public_price: Decimal | None = None

    def zones_passed(self) -> tuple[Zone, ...]:
        """The letter's zone and others that have no line of their own."""
        return self.way[: [zone.code for zone in self.way].index(self.zone)]


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
    way = tuple(_upwards(zone, zones))
    for where in way:
        found = [
            (grid, posted_as)
            for grid in grids
            for posted_as in sorted(parcel.products)
            if _fitting(grid, posted_as, where.code, parcel)
        ]
        if len(found) > 1:
            raise refuse(
                "price.ambiguous",
                service=parcel.service,
                zone=zone.code,
                products=", ".join(sorted({posted_as for _grid, posted_as in found})),
            )
        if found:
            grid, posted_as = found[0]
            lines = _fitting(grid, posted_as, where.code, parcel)
            line = _holding(lines, parcel.weight_mg, parcel.sheets)
            if line is None:
                raise _too_heavy(grid, posted_as, where.code, parcel, zone)
            return _priced(tariff, grid, line, parcel, where.code, way)
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
    return _made_for(grid, product, zone, parcel.format_class, parcel.quantity)


def _made_for(
    grid: Grid, product: str, zone: str, format_class: str, quantity: int
) -> list[Line]:
    """Lines for this format and quantity; those made for the format come first."""
    lines = [
        line
        for line in grid.steps(product, zone)
        if line.min_quantity <= quantity and line.format_class in ("", format_class)
    ]
    own = [line for line in lines if line.format_class]
    return own or lines


def _holding(lines: list[Line], weight_mg: int, sheets: int) -> Line | None:
    """The smallest step that holds the letter, among lines for the greatest quantity:
    those that are sent a hundred at a time have steps of their own."""
    holding = [line for line in lines if line.holds(weight_mg, sheets)]
    return max(holding, key=lambda line: (line.min_quantity, -line.step), default=None)


def _too_heavy(grid, product, zone, parcel, where) -> Refusal:
    fitting = _fitting(grid, product, zone, parcel)
    last = max(fitting, key=lambda line: line.step)
    params = {"service": parcel.service, "zone": where.code, "max": last.step}
    if last.max_sheets is None:
        grams = rounded(Decimal(parcel.weight_mg) / 1000, Decimal("0.001"))
        return refuse("price.no_step", grams=str(grams), **params)
    return refuse("price.no_sheet_step", sheets=parcel.sheets, **params)


def _priced(tariff, grid, line, parcel, zone, way) -> Step:
    codes = [where.code for where in way]
    upwards = codes[codes.index(zone) :]
    base, public_grid, public_price = base_price(
        grid, line, tariff.public, parcel.day, upwards, parcel.format_class
    )
    price = with_weight(line, base, parcel.weight_mg)
    return Step(grid, line, price, zone, way, public_grid, public_price)


def base_price(
    grid: Grid,
    line: Line,
    public: Tariff | None,
    day: date,
    zones: Sequence[str],
    format_class: str,
) -> tuple[Decimal, Grid | None, Decimal | None]:
    """What stands on the line, or follows from the public step: without that which the
    weight adds.

    :param zones: codes of the line's zone and of those above it, see ``ways``
    :param format_class: of the envelope
    :return: price, and the public grid and price that a discount counts from
    :raises Refusal: ``price.no_public``
    """
    if line.pricing != BELOW_PUBLIC:
        return line.price, None, None
    public_grid, step = _public_line(public, line, day, zones, format_class)
    public_price = with_weight(step, step.price, line.public_grams * 1000)
    price = rounded(public_price * (HUNDRED - line.discount) / HUNDRED, grid.round_to)
    return price, public_grid, public_price


def _public_line(
    public: Tariff | None,
    line: Line,
    day: date,
    zones: Sequence[str],
    format_class: str,
) -> tuple[Grid, Line]:
    """The public step that a discount refers to, in force on the same day: what one
    letter by itself costs there, in this zone or as in the next one above it."""
    grids = public.on(day) if public else ()
    if line.public_grams:
        for zone, grid in product(zones, grids):
            lines = _made_for(grid, line.product, zone, format_class, quantity=1)
            own = [step for step in lines if step.is_public_step()]
            if found := _holding(own, line.public_grams * 1000, 1):
                return grid, found
    raise refuse(
        "price.no_public",
        tariff=public.name if public else "",
        product=line.product,
        grams=line.public_grams or 0,
        day=day.isoformat(),
    )


def ways(zones: Iterable[Zone]) -> dict[str, tuple[str, ...]]:
    """{code of a zone: its own and those whose prices hold there too, nearest first}"""
    by_code = {zone.code: zone for zone in zones}
    return {
        code: tuple(above.code for above in _upwards(zone, by_code))
        for code, zone in by_code.items()
    }


def with_weight(line: Line, price: Decimal, weight_mg: int) -> Decimal:
    tens = -(-weight_mg // TEN_GRAMS_MG)
    by_weight = line.per_kg * weight_mg / KILOGRAM_MG + line.per_10g * tens
    return rounded(price + by_weight)


def near_end(step: Step, parcel: Parcel, near_mg: int) -> int | None:
    """Grams, at most ``near_mg`` away, where this letter comes to another line."""
    lines = _fitting(step.grid, step.line.product, step.zone, parcel)
    for grams in sorted({line.max_grams for line in lines if line.max_grams}):
        end = grams * 1000
        if abs(parcel.weight_mg - end) <= near_mg:
            below, above = (_holding(lines, mg, parcel.sheets) for mg in (end, end + 1))
            if below != above:
                return grams
    return None


def find_option(step: Step, parcel: Parcel, kind: str) -> Option | None:
    """The option of this kind that fits most precisely, or None: one of the letter's
    own zone before one of a zone above it, then one of its product, of its envelope, of
    the nearest weight.

    :raises Refusal: ``price.ambiguous_option`` when two fit equally
    """
    fitting = [
        (_precision(option, step), option)
        for option in step.grid.options
        if _fits(option, step, parcel, kind)
    ]
    if not fitting:
        return None
    best = max(precision for precision, _option in fitting)
    options = [option for precision, option in fitting if precision == best]
    if len(options) > 1:
        raise refuse("price.ambiguous_option", option=kind, grid=step.grid.name)
    return options[0]


def _fits(option: Option, step: Step, parcel: Parcel, kind: str) -> bool:
    return (
        option.kind == kind
        and (not option.products or step.line.product in option.products)
        and option.zone in ("", *(zone.code for zone in step.way))
        and option.envelope in ("", parcel.envelope)
        and parcel.weight_mg > option.above_grams * 1000
        and is_within(parcel.day, option.valid_from, option.valid_to)
    )


def _precision(option: Option, step: Step) -> tuple[int, bool, bool, int]:
    nearest_last = ["", *(zone.code for zone in reversed(step.way))]
    return (
        nearest_last.index(option.zone),
        bool(option.products),
        bool(option.envelope),
        option.above_grams,
    )
