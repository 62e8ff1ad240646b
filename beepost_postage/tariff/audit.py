"""What is wrong with a price list, or doubtful, before a letter is priced by it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from odoo.addons.beepost_mail.letter.finding import ERROR, WARNING, Finding

from .compare import REMOVED, STEP, Reference, compare
from .grid import BELOW_PUBLIC, Grid, Line, Option, Tariff
from .holes import Service, no_colour, no_supplement, unpriced_options
from .money import text
from .step import ways, with_weight
from .zone import Zone

JUMP = Decimal(15)  # percent against the former grid
# Every code that ``audit`` can give, with the names of its params. ``key`` is of the
# line or option that is meant: of the grid, or of the former one where it is missing.
_STEP = ("key", "product", "zone", "step", "unit")
FINDING_CODES = {
    "grid.empty": (),
    "grid.duplicate_step": _STEP,
    "grid.mixed_units": ("key", "product", "zone"),
    "grid.zero_price": _STEP,
    "grid.falling_price": (*_STEP, "price", "before", "before_step"),
    "grid.no_public": (*_STEP, "grams", "day"),
    "grid.ambiguous_option": ("key", "option"),
    # warnings
    "grid.public_ends": ("day",),
    "grid.zero_option": ("key", "option"),
    "grid.missing_product": ("key", "product", "zone"),
    "grid.missing_step": _STEP,
    "grid.missing_option": ("key", "option", "zone"),
    "grid.no_wanted_option": ("service", "option", "product", "zone"),
    "grid.no_colour": (),
    "grid.no_supplement": ("zone", "grams"),
    "grid.jump": (*_STEP, "before", "price", "percent"),
    "grid.option_jump": ("key", "option", "zone", "before", "price", "percent"),
}


def audit(
    grid: Grid,
    former: Grid | None = None,
    public: Tariff | None = None,
    services: Iterable[Service] = (),
    zones: Iterable[Zone] = (),
    jump: Decimal = JUMP,
) -> tuple[Finding, ...]:
    """Faults first, then what a person should look at.

    :param former: what ``grid`` takes the place of
    :param public: what discounts count from
    :param jump: percent by which a price may differ from the former one unmentioned
    """
    zones = tuple(zones)
    reference = Reference(public, zones)
    found = [
        *_no_line(grid),
        *_duplicates(grid),
        *_mixed_units(grid),
        *_without_public(grid, reference),
        *_zero(grid, reference),
        *_falling(grid, reference),
        *_ambiguous_options(grid),
        *_public_ends(grid, reference),
        *unpriced_options(grid, services, ways(zones)),
        *no_colour(grid),
        *no_supplement(grid, zones),
        *(_against_former(grid, former, reference, jump) if former else ()),
    ]
    return tuple(sorted(found, key=lambda finding: finding.level != ERROR))


def _about(line: Line) -> dict:
    return {
        "key": line.key,
        "product": line.product,
        "zone": line.zone,
        "step": line.step,
        "unit": "g" if line.max_sheets is None else "sheets",
    }


def _no_line(grid: Grid):
    if not grid.lines:
        yield Finding("grid.empty", ERROR)


def _duplicates(grid: Grid):
    seen = set()
    for line in grid.lines:
        key = (*_matter(line), line.min_quantity, line.max_grams, line.max_sheets)
        if key in seen:
            yield Finding("grid.duplicate_step", ERROR, _about(line))
        seen.add(key)


def _matter(line: Line) -> tuple[str, str, str]:
    return (line.product, line.zone, line.format_class)


def _mixed_units(grid: Grid):
    units: dict[tuple, bool] = {}
    told = set()
    for line in grid.lines:
        matter, by_sheets = _matter(line), line.max_sheets is not None
        if units.setdefault(matter, by_sheets) != by_sheets and matter not in told:
            told.add(matter)
            params = {"key": line.key, "product": line.product, "zone": line.zone}
            yield Finding("grid.mixed_units", ERROR, params)


def _without_public(grid: Grid, reference: Reference):
    """On the first day; what comes later is a warning, for it can still be entered."""
    for line in grid.lines:
        if reference.base(grid, line, grid.valid_from) is None:
            grams = line.public_grams or 0
            params = {"grams": grams, "day": grid.valid_from.isoformat()}
            yield Finding("grid.no_public", ERROR, {**_about(line), **params})


def _zero(grid: Grid, reference: Reference):
    for line in grid.lines:
        base = reference.base(grid, line, grid.valid_from)
        if base is not None and not with_weight(line, base, 1):
            yield Finding("grid.zero_price", ERROR, _about(line))
    for option in grid.options:
        if not option.price:
            params = {"key": option.key, "option": option.kind}
            yield Finding("grid.zero_option", WARNING, params)


def _falling(grid: Grid, reference: Reference):
    """The first milligram, or sheet, of a step against the last one of the step
    before."""

    groups: dict[tuple, list[Line]] = {}
    for line in sorted(grid.lines, key=lambda line: line.step):
        key = (*_matter(line), line.min_quantity, line.max_sheets is not None)
        groups.setdefault(key, []).append(line)
    for lines in groups.values():
        priced = [(line, reference.base(grid, line, grid.valid_from)) for line in lines]
        known = [(line, base) for line, base in priced if base is not None]
        for (low, low_base), (high, high_base) in pairwise(known):
            end = (low.max_grams or 0) * 1000
            before = with_weight(low, low_base, end)
            price = with_weight(high, high_base, end + 1)
            if price < before:
                params = {
                    **_about(high),
                    "price": text(price),
                    "before": text(before),
                    "before_step": low.step,
                }
                yield Finding("grid.falling_price", ERROR, params)


def _ambiguous_options(grid: Grid):
    """Two that would be paid for the same letter on the same day."""
    seen: dict[tuple, list[Option]] = {}
    for option in grid.options:
        # As precise in the same zone and envelope: products in common decide.
        key = (option.kind, option.zone, option.envelope, option.above_grams)
        for other in seen.setdefault(key, []):
            if _same_products(option, other) and _same_days(option, other):
                params = {"key": option.key, "option": option.kind}
                yield Finding("grid.ambiguous_option", ERROR, params)
                break
        seen[key].append(option)


def _same_products(one: Option, other: Option) -> bool:
    if not (one.products and other.products):
        return not (one.products or other.products)
    return bool(one.products & other.products)


def _same_days(one: Option, other: Option) -> bool:
    return (
        one.valid_to is None
        or other.valid_from is None
        or other.valid_from < one.valid_to
    ) and (
        other.valid_to is None
        or one.valid_from is None
        or one.valid_from < other.valid_to
    )


def _public_ends(grid: Grid, reference: Reference):
    public = reference.public
    discounted = [
        line
        for line in grid.lines
        if line.pricing == BELOW_PUBLIC
        and reference.base(grid, line, grid.valid_from) is not None
    ]
    if not (discounted and public):
        return
    ends = {end for version in public.grids if (end := version.valid_to)}
    for day in sorted(ends):
        if day <= grid.valid_from or (grid.valid_to and day >= grid.valid_to):
            continue
        if any(reference.base(grid, line, day) is None for line in discounted):
            yield Finding("grid.public_ends", WARNING, {"day": day.isoformat()})
            return


def _against_former(grid: Grid, former: Grid, reference: Reference, jump: Decimal):
    here = {(line.product, line.zone) for line in grid.lines}
    kinds = {(option.kind, option.zone) for option in grid.options}
    told = set()
    for change in compare(former, grid, reference):
        if change.kind == STEP:
            params = {
                "key": change.old_key if change.status == REMOVED else change.new_key,
                "product": change.products[0],
                "zone": change.zone,
                "step": change.end,
                "unit": change.unit,
            }
            place = (params["product"], params["zone"])
            if change.status == REMOVED and place not in here:
                if place not in told:
                    told.add(place)
                    params = {name: params[name] for name in ("key", "product", "zone")}
                    yield Finding("grid.missing_product", WARNING, params)
                continue
            missing, jumping = "grid.missing_step", "grid.jump"
        else:
            key = change.old_key if change.status == REMOVED else change.new_key
            params = {"key": key, "option": change.kind, "zone": change.zone}
            if change.status == REMOVED and (change.kind, change.zone) in kinds:
                continue  # the same, for other products or envelopes
            missing, jumping = "grid.missing_option", "grid.option_jump"
        if change.status == REMOVED:
            yield Finding(missing, WARNING, params)
        elif change.jumps(jump):
            figures = {
                "before": text(change.old),
                "price": text(change.new),
                "percent": str(change.percent),
            }
            yield Finding(jumping, WARNING, {**params, **figures})
