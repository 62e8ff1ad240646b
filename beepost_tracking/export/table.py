"""A table for spreadsheets, as large as need be.

Semicolons, CRLF, every cell in quotes and a byte order mark: what a French Excel opens
right by itself, and any other program with a word about it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import BinaryIO

# A spreadsheet takes a cell that begins so for a formula, in full width as well.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def cell(value) -> str:
    """As it stands in the table. Times are in UTC, as ISO 8601 has them.

    Text that a spreadsheet would run gets an apostrophe in front; a number is none.
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, (int, float, date)):
        return str(value)
    return f"'{value}" if value.startswith(FORMULA) else value


class Table:
    """Rows are written to a temporary file at once: memory holds one."""

    def __init__(self, columns: Iterable[str]):
        self.columns = tuple(columns)
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(
            self._file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n"
        )
        self._writer.writerow(self.columns)

    def add(self, values: dict) -> None:
        """:raises KeyError: a column is missing"""
        self._writer.writerow([cell(values[name]) for name in self.columns])

    def content(self) -> BinaryIO:
        """The finished table, from its first byte."""
        self._file.flush()
        self._file.buffer.seek(0)
        return self._file.buffer

    def close(self) -> None:
        self._file.close()
