"""CSV as spreadsheets write it: semicolons, commas or tabs, in UTF-8 or as Windows
writes French."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from .raw import Broken, Limits, Raw

DELIMITERS = ";\t,|"
# What a spreadsheet would run; a number may begin with its sign.
_FORMULA = re.compile(r"\s*[=@＝＠]|\s*[+\-＋－](?![\d.,\s])")


def rows(content: bytes, limits: Limits) -> Iterator[tuple[int, list[Raw]]]:
    """
    :return: (row number from 1 on, cells)
    :raises Broken: this is no text, or its quotes do not match
    """
    text = decode(content)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True
    )
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > limits.max_columns:
                raise Broken("table.too_many_columns", max=limits.max_columns)
            yield number, [_cell(cell) for cell in cells]
    except csv.Error:
        raise Broken("table.quotes", row=number + 1) from None


def _cell(text: str) -> Raw:
    return Raw(text, "table.formula" if _FORMULA.match(text) else "")


def decode(content: bytes) -> str:
    """:raises Broken: bytes that no spreadsheet writes as text"""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if any(char < " " and char not in "\t\r\n" for char in text):
            raise Broken("table.not_a_table")
        return text
    raise Broken("table.encoding")


def _delimiter(text: str) -> str:
    """The one that the header uses most, outside quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=lambda char: (bare.count(char), char == ";"))
