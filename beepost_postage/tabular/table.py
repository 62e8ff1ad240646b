"""A file becomes rows of text, or a ``Refusal`` that says where it is wrong.

>>> table = read("Référence;Montant\\nA1;1,14\\n".encode())
>>> table.rows[0].cells["Montant"]
'1,14'
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from odoo.addons.beepost_mail.letter.finding import Finding, Refusal

from . import delimited, workbook
from .raw import LIMITS, Broken, Limits, Raw, fault

# Every code that reading can give, with the names of its params. ``row`` and ``column``
# are as a spreadsheet shows them: rows from 1 on, the header included; columns by the
# name in the header, or by their letters where there is none.
FINDING_CODES = {
    "table.too_large": ("bytes", "max"),
    "table.not_a_table": (),
    "table.encoding": (),
    "table.quotes": ("row",),
    "table.empty": (),
    "table.too_many_rows": ("max",),
    "table.too_many_columns": ("max",),
    "table.no_column_name": ("row", "column"),
    "table.column_twice": ("row", "column"),
    "table.too_long": ("row", "column", "max"),
    "table.formula": ("row", "column"),
    "table.error_value": ("row", "column", "value"),
    "table.beside": ("row", "column"),
}
MAX_FAULTS = 100  # of one file; nobody reads more


@dataclass(frozen=True)
class Row:
    """:param number: as a spreadsheet shows it, from 1 on
    :param cells: column name → text; empty where there is nothing"""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> str | None:
        """The column that somebody calls ``name``, whatever its case and accents."""
        wanted = plain(name)
        return next((own for own in self.columns if plain(own) == wanted), None)


def read(content: bytes, limits: Limits = LIMITS) -> Table:
    """The first sheet of an XLSX file, or a CSV file.

    :raises Refusal: every fault that was found, up to ``MAX_FAULTS``
    """
    if len(content) > limits.max_bytes:
        found = fault("table.too_large", bytes=len(content), max=limits.max_bytes)
        raise Refusal([found])
    reader = workbook if workbook.is_workbook(content) else delimited
    try:
        return _table(reader.rows(content, limits), limits)
    except Broken as broken:
        raise Refusal([broken.finding]) from None


def _table(rows: Iterator[tuple[int, list[Raw]]], limits: Limits) -> Table:
    header, found, made = None, [], []
    for number, raw in rows:
        cells = _trimmed(raw)
        if not cells:
            continue
        if header is None:
            header = _header(number, cells, limits, found)
            continue
        if len(made) >= limits.max_rows:
            raise Broken("table.too_many_rows", max=limits.max_rows)
        found += _faults(number, cells, header, limits)
        made.append(Row(number, _named(header, cells)))
        if len(found) >= MAX_FAULTS:
            break
    if header is None or not (made or found):
        raise Broken("table.empty")
    if found:
        raise Refusal(found[:MAX_FAULTS])
    return Table(tuple(header), tuple(made))


def _trimmed(raw: Iterable[Raw]) -> list[Raw]:
    """Without white space around, and without the empty cells at the end."""
    cells = [Raw(cell.text.strip(), cell.problem) for cell in raw]
    while cells and not (cells[-1].text or cells[-1].problem):
        cells.pop()
    return cells


def _header(number, cells, limits, found) -> list[str]:
    if len(cells) > limits.max_columns:
        raise Broken("table.too_many_columns", max=limits.max_columns)
    names = [cell.text for cell in cells]
    found += _faults(number, cells, [letters(n) for n in range(len(cells))], limits)
    seen = set()
    for position, name in enumerate(names):
        if not name:
            column = letters(position)
            found.append(fault("table.no_column_name", row=number, column=column))
        elif plain(name) in seen:
            found.append(fault("table.column_twice", row=number, column=name))
        seen.add(plain(name))
    return names


def _faults(number, cells, header, limits) -> Iterator[Finding]:
    for position, cell in enumerate(cells):
        column = header[position] if position < len(header) else letters(position)
        where = {"row": number, "column": column}
        if cell.problem == "table.error_value":
            yield fault(cell.problem, **where, value=cell.text[:20])
        elif cell.problem:
            yield fault(cell.problem, **where)
        elif len(cell.text) > limits.max_cell:
            yield fault("table.too_long", **where, max=limits.max_cell)
        elif cell.text and position >= len(header):
            yield fault("table.beside", **where)


def _named(header: list[str], cells: list[Raw]) -> dict[str, str]:
    texts = [cell.text for cell in cells]
    texts += [""] * (len(header) - len(texts))
    return dict(zip(header, texts, strict=False))


def letters(position: int) -> str:
    """A column's letters, its position counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def plain(name: str) -> str:
    """A name without case, accents and doubled blanks, to be compared."""
    bare = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())
