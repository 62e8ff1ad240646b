"""A price list that somebody brings as a table: steps and options, or what is wrong
with it, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from odoo.addons.beepost_mail.letter.finding import ERROR, WARNING, Finding

from ..tabular.table import Table, letters
from .columns import REQUIRED
from .found import Reading
from .reading_rows import RowReader
from .vocabulary import Vocabulary

# Every code that reading can give, with the names of its params beside those of a cell.
CELL = ("cell", "row", "column", "value")
FINDING_CODES = {
    "import.missing_column": ("field",),
    "import.two_columns": ("field", "columns"),
    "import.unknown_column": ("cell", "column"),
    "import.tax_unsaid": (),
    "import.no_valid_from": (),
    "import.missing": CELL,
    "import.not_number": CELL,
    "import.thousands": CELL,
    "import.separators": CELL,
    "import.currency": (*CELL, "currency"),
    "import.negative": CELL,
    "import.zero": CELL,
    "import.decimals": (*CELL, "max"),
    "import.not_whole": CELL,
    "import.too_great": (*CELL, "max"),
    "import.date": CELL,
    "import.dates_order": (*CELL, "first"),
    "import.mixed": (*CELL, "first"),
    "import.dates_differ": (*CELL, "first"),
    "import.unknown_product": CELL,
    "import.unknown_zone": CELL,
    "import.unknown_kind": CELL,
    "import.unknown_tax": CELL,
    "import.unknown_pricing": CELL,
    "import.unknown_rounding": CELL,
    "import.two_maxima": CELL,
    "import.no_maximum": CELL,
    "import.two_prices": CELL,
    "import.discount": (*CELL, "low", "high"),
    "import.not_for_step": CELL,
    "import.not_for_option": CELL,
}


def read_grid(
    table: Table,
    fields: Mapping[str, str],
    words: Vocabulary,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Reading:
    """
    :param fields: {column: what it is}, see ``columns.recognise``
    :param valid_from: what a person says about a file that says nothing;
        ``valid_to`` likewise, exclusive
    """
    reading = Reading()
    reading.positions = {name: n for n, name in enumerate(table.columns)}
    if _take_columns(reading, table, fields):
        reader = RowReader(reading, words)
        for row in table.rows:
            reader.row(row)
        reader.finish(valid_from, valid_to)
    return reading


def _take_columns(reading: Reading, table: Table, fields: Mapping[str, str]) -> bool:
    by_field: dict[str, list[str]] = {}
    for column in table.columns:
        name = fields.get(column) or ""
        by_field.setdefault(name, []).append(column)
    for column in by_field.pop("", ()):
        cell = f"{letters(reading.positions[column])}1"
        params = {"cell": cell, "column": column}
        reading.findings.append(Finding("import.unknown_column", WARNING, params))
    for name, columns in by_field.items():
        if len(columns) > 1:
            params = {"field": name, "columns": ", ".join(columns)}
            reading.findings.append(Finding("import.two_columns", ERROR, params))
        reading.columns[name] = columns[0]
    missing = [name for name in REQUIRED if name not in by_field]
    if not {"max_grams", "max_sheets"} & set(by_field):
        missing.append("max_grams")
    if "price" in missing and "discount" in by_field:
        missing.remove("price")
    for name in missing:
        params = {"field": name}
        reading.findings.append(Finding("import.missing_column", ERROR, params))
    if "tax" not in by_field:
        reading.findings.append(Finding("import.tax_unsaid", WARNING))
    return not reading.faults
