"""The first sheet of an XLSX file, numbers as the decimals that a spreadsheet shows.

A spreadsheet keeps 1.14 as ``1.1399999999999999`` and shows 15 digits: so many are
taken, in decimals, and no float is made. What a formula gives depends on whoever
calculated it last: formulas are faults.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation

from lxml import etree

from .raw import Broken, Limits, Raw

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHOWN = Context(prec=15)
UNPACKED = 20  # times the allowed size of the file
# Number formats that show a day, by their numbers in the standard.
_DATES = frozenset((*range(14, 18), 22, *range(27, 32), 36, 50, 51, *range(54, 59)))


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def rows(content: bytes, limits: Limits) -> Iterator[tuple[int, list[Raw]]]:
    """
    :return: (row number from 1 on, cells)
    :raises Broken: this is no workbook, or it unpacks to more than it should
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = _Book(archive, limits)
            yield from book.rows()
    except (
        *(zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, IndexError),
        *(NotImplementedError, RuntimeError, EOFError, OverflowError),
    ):
        # Damaged, encrypted, or a ZIP of something else.
        raise Broken("table.not_a_table") from None


class _Book:
    def __init__(self, archive: zipfile.ZipFile, limits: Limits):
        self._archive = archive
        self._limits = limits
        self._left = UNPACKED * limits.max_bytes
        self._from_1904 = False
        sheet = self._first_sheet()
        self._dates = self._date_styles()
        self._strings = self._shared_strings()
        self._sheet = sheet

    def _part(self, name: str, needed: bool = True) -> bytes | None:
        """:raises Broken: it unpacks to more than may be read"""
        if not needed and name not in self._archive.namelist():
            return None
        with self._archive.open(name) as part:
            content = part.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            most = UNPACKED * self._limits.max_bytes
            raise Broken("table.too_large", bytes=most + 1, max=most)
        return content

    def _elements(self, content: bytes, *tags: str):
        """Elements as they end; their content is dropped after use."""
        walk = etree.iterparse(
            io.BytesIO(content),
            tag=[_MAIN + tag for tag in tags],
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        )
        for _event, element in walk:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _first_sheet(self) -> bytes:
        book = self._tree("xl/workbook.xml")
        setting = book.find(f"{_MAIN}workbookPr")
        self._from_1904 = setting is not None and (
            setting.get("date1904") in ("1", "true")
        )
        wanted = book.find(f"{_MAIN}sheets/{_MAIN}sheet").get(_REL)
        for relation in self._tree("xl/_rels/workbook.xml.rels"):
            if relation.get("Id") == wanted:
                target = relation.get("Target")
                path = posixpath.normpath(posixpath.join("/xl", target))
                return self._part(path.lstrip("/"))
        raise KeyError(wanted)

    def _tree(self, name: str):
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        )
        return etree.fromstring(self._part(name), parser)

    def _date_styles(self) -> frozenset[int]:
        """Numbers of the styles that show a number as a day."""
        content = self._part("xl/styles.xml", needed=False)
        if content is None:
            return frozenset()
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
        own = {
            int(form.get("numFmtId")): form.get("formatCode", "")
            for form in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
        }
        styles = root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
        return frozenset(
            position
            for position, style in enumerate(styles)
            if _is_date(int(style.get("numFmtId", 0)), own)
        )

    def _shared_strings(self) -> list[str]:
        content = self._part("xl/sharedStrings.xml", needed=False)
        if content is None:
            return []
        return [_text(item) for item in self._elements(content, "si")]

    def rows(self) -> Iterator[tuple[int, list[Raw]]]:
        number = 0
        for row in self._elements(self._sheet, "row"):
            number = int(row.get("r") or number + 1)
            cells: list[Raw] = []
            for cell in row.iterfind(f"{_MAIN}c"):
                position = _position(cell.get("r"), len(cells))
                if position >= self._limits.max_columns:
                    most = self._limits.max_columns
                    if _is_empty(cell):
                        continue
                    raise Broken("table.too_many_columns", max=most)
                cells += [Raw()] * (position - len(cells))
                cells.append(self._cell(cell))
            yield number, cells

    def _cell(self, cell) -> Raw:
        kind = cell.get("t", "n")
        value = cell.findtext(f"{_MAIN}v") or ""
        if cell.find(f"{_MAIN}f") is not None:
            return Raw(value, "table.formula")
        if kind == "e":
            return Raw(value, "table.error_value")
        if kind == "inlineStr":
            return Raw(_text(cell.find(f"{_MAIN}is")))
        if kind == "s":
            return Raw(self._strings[int(value)])
        if kind == "n" and value:
            return Raw(self._number(value, int(cell.get("s") or 0)))
        if kind == "d":
            return Raw(value[:10])
        return Raw(value)

    def _number(self, value: str, style: int) -> str:
        try:
            number = _SHOWN.create_decimal(value)
        except InvalidOperation:
            raise ValueError(value) from None
        if style in self._dates:
            return self._day(number).isoformat()
        return plain_number(number)

    def _day(self, number: Decimal) -> date:
        # Day 60 is 29 February 1900, which never was: after it the count is one ahead.
        first = datetime(1904, 1, 1) if self._from_1904 else datetime(1899, 12, 30)
        return (first + timedelta(days=int(number))).date()


def plain_number(number: Decimal) -> str:
    """Without exponent and without zeros that say nothing.

    >>> plain_number(Decimal("1.50"))
    '1.5'
    """
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _is_date(form: int, own: dict[int, str]) -> bool:
    if form not in own:
        return form in _DATES
    # Text in quotes and colours in brackets are no part of the date.
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", own[form]).lower()
    return "d" in bare or "y" in bare


def _text(item) -> str:
    """The text of a string, its runs put together; phonetic hints are none of it."""
    if item is None:
        return ""
    return "".join(
        node.text or ""
        for node in item.iter(f"{_MAIN}t")
        if node.getparent().tag != f"{_MAIN}rPh"
    )


def _is_empty(cell) -> bool:
    return len(cell) == 0


def _position(reference: str | None, following: int) -> int:
    """Position from 0 on of a cell such as ``AB7``; where it is unsaid,
    ``following``."""
    if not reference:
        return following
    position = 0
    for char in re.match(r"[A-Z]+", reference).group():
        position = position * 26 + ord(char) - ord("A") + 1
    if position - 1 < following:
        raise ValueError("cells are not in order")
    return position - 1
