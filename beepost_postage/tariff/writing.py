"""A price list as a table that reads back to the same list, see ``reading``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from .columns import COLUMNS
from .grid import BELOW_PUBLIC, Grid
from .values import neutral
from .vocabulary import STEP

HEADER = tuple(COLUMNS)
Value = str | int | date | Decimal | None


def rows(grid: Grid, currency: str) -> Iterator[tuple[Value, ...]]:
    """One for each step and option, cells in the order of ``HEADER``. Days are the
    first and the last one."""
    common = {
        "valid_from": grid.valid_from,
        "valid_to": _last(grid.valid_to),
        "currency": currency,
        "vat_rate": grid.vat_rate,
        "round_to": grid.round_to,
        "origin": grid.origin,
    }
    for made in (*_steps(grid), *_options(grid)):
        yield _cells({**made, **common})


def _steps(grid: Grid):
    for line in grid.lines:
        discounted = line.pricing == BELOW_PUBLIC
        yield {
            "kind": STEP,
            "product": line.product,
            "zone": line.zone,
            "format_class": line.format_class,
            "max_grams": line.max_grams,
            "max_sheets": line.max_sheets,
            "min_quantity": line.min_quantity,
            "pricing": line.pricing,
            "price": None if discounted else line.price,
            "per_kg": line.per_kg or None,
            "per_10g": line.per_10g or None,
            "discount": line.discount if discounted else None,
            "public_grams": line.public_grams if discounted else None,
            "tax": line.tax,
        }


def _options(grid: Grid):
    for option in grid.options:
        yield {
            "kind": option.kind,
            "product": ", ".join(sorted(option.products)),
            "zone": option.zone,
            "price": option.price,
            "tax": option.tax,
            "envelope": option.envelope,
            "above_grams": option.above_grams or None,
            "option_from": option.valid_from,
            "option_to": _last(option.valid_to),
        }


def _last(end: date | None) -> date | None:
    return end - timedelta(days=1) if end else None


def _cells(made: dict) -> tuple[Value, ...]:
    cells = (made.get(name) for name in HEADER)
    return tuple(neutral(cell) if isinstance(cell, str) else cell for cell in cells)


def as_texts(cells: Iterable[Value]) -> list[str]:
    """For a CSV file: exact, with a decimal point."""
    return ["" if cell is None else str(cell) for cell in cells]
