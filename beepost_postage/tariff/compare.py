"""Two versions of a price list beside each other, step by step and option by option."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import Refusal

from .grid import Grid, Line, Option, Tariff
from .money import HUNDRED, rounded
from .step import base_price, ways, with_weight
from .zone import Zone

STEP = "step"
NEW, REMOVED, CHANGED, SAME, UNPRICED = "new", "removed", "changed", "same", "unpriced"
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Change:
    """One step or option, in the old version and in the new one.

    :param kind: ``step`` or the kind of an option
    :param products: one for a step; none for an option that goes with all
    :param end: where a step ends, in ``unit``: ``g`` or ``sheets``
    :param old: EUR without tax; of a step with a price by weight: at its end. None
        where it does not exist, or follows from a public price that nobody knows
    :param old_key: of the record; None where there is none; ``new_key`` likewise
    """

    kind: str
    products: tuple[str, ...]
    zone: str
    old: Decimal | None
    new: Decimal | None
    old_key: int | None
    new_key: int | None
    end: int = 0
    unit: str = ""
    format_class: str = ""
    min_quantity: int = 1
    envelope: str = ""
    above_grams: int = 0
    tax_changed: bool = False

    @property
    def status(self) -> str:
        if self.old_key is None:
            return NEW
        if self.new_key is None:
            return REMOVED
        if self.old is None or self.new is None:
            return UNPRICED
        return CHANGED if self.difference or self.tax_changed else SAME

    @property
    def difference(self) -> Decimal | None:
        if self.old is None or self.new is None:
            return None
        return self.new - self.old

    @property
    def percent(self) -> Decimal | None:
        """Of the old price, to a tenth; None where there is nothing to count from."""
        if not self.old or self.new is None:
            return None
        return rounded(self.difference * HUNDRED / self.old, _TENTH)

    def jumps(self, percent: Decimal) -> bool:
        """Whether it became dearer or cheaper by more than ``percent``."""
        if not self.old or self.new is None:
            return False
        return abs(self.difference) * HUNDRED > percent * self.old


class Reference:
    """What discounts count from.

    :param public: the public tariff, if any
    :param zones: all there are: one may have the public prices of another one
    """

    def __init__(self, public: Tariff | None = None, zones: Iterable[Zone] = ()):
        self.public = public
        self._ways = ways(zones)

    def base(self, grid: Grid, line: Line, day: date) -> Decimal | None:
        """EUR without tax, before what the weight adds; None without a public price."""
        way = self._ways.get(line.zone, (line.zone,))
        try:
            return base_price(grid, line, self.public, day, way, line.format_class)[0]
        except Refusal:
            return None


def compare(
    old: Grid | None, new: Grid | None, reference: Reference | None = None
) -> tuple[Change, ...]:
    """Each of the two is priced on the day nearest to the other one."""
    return (*_steps(old, new, reference or Reference()), *_options(old, new))


def _steps(old, new, reference):
    olds = _by_key(old, _step_key, old.lines if old else ())
    news = _by_key(new, _step_key, new.lines if new else ())
    old_day, new_day = _days(old, new)
    for key in sorted({*olds, *news}):
        before, after = olds.get(key), news.get(key)
        line = after or before
        yield Change(
            kind=STEP,
            products=(line.product,),
            zone=line.zone,
            old=_end_price(old, before, reference, old_day),
            new=_end_price(new, after, reference, new_day),
            old_key=before and before.key,
            new_key=after and after.key,
            end=line.step,
            unit="g" if line.max_sheets is None else "sheets",
            format_class=line.format_class,
            min_quantity=line.min_quantity,
            tax_changed=bool(before and after and before.tax != after.tax),
        )


def _options(old, new):
    olds = _by_key(old, _option_key, old.options if old else ())
    news = _by_key(new, _option_key, new.options if new else ())
    for key in sorted({*olds, *news}):
        before, after = olds.get(key), news.get(key)
        option = after or before
        yield Change(
            kind=option.kind,
            products=tuple(sorted(option.products)),
            zone=option.zone,
            old=before and before.price,
            new=after and after.price,
            old_key=before and before.key,
            new_key=after and after.key,
            envelope=option.envelope,
            above_grams=option.above_grams,
            tax_changed=bool(before and after and before.tax != after.tax),
        )


def _end_price(grid, line, reference: Reference, day: date | None) -> Decimal | None:
    """What a letter costs at the end of this step, its own weight included."""
    if line is None:
        return None
    base = reference.base(grid, line, day)
    if base is None:
        return None
    return with_weight(line, base, (line.max_grams or 0) * 1000)


def _days(old: Grid | None, new: Grid | None) -> tuple[date | None, date | None]:
    """Where the two meet: the last day of the old one and the first of the new one."""
    if old is None or new is None:
        return old and old.valid_from, new and new.valid_from
    last = new.valid_from - timedelta(days=1)
    if old.valid_to:
        last = min(last, old.valid_to - timedelta(days=1))
    return max(last, old.valid_from), new.valid_from


def _by_key(grid, key, parts: Iterable) -> dict:
    """Of several with one key (options follow each other in time) the first is the
    counterpart of the first, and so on."""
    found: dict = {}
    for part in parts:
        place = 0
        while (*key(part), place) in found:
            place += 1
        found[(*key(part), place)] = part
    return found


def _step_key(line: Line) -> tuple:
    return (
        line.product,
        line.zone,
        line.format_class,
        line.min_quantity,
        line.max_sheets is not None,
        line.step,
    )


def _option_key(option: Option) -> tuple:
    return (
        option.kind,
        option.zone,
        tuple(sorted(option.products)),
        option.envelope,
        option.above_grams,
    )
