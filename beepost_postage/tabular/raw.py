"""What readers of files find, before it is a table."""

from __future__ import annotations

from dataclasses import dataclass

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding


@dataclass(frozen=True)
class Limits:
    """:param max_bytes: of the file, and 20 times as many unpacked"""

    max_bytes: int = 10 * 1024 * 1024
    max_rows: int = 50_000
    max_columns: int = 100
    max_cell: int = 2_000


LIMITS = Limits()


class Broken(Exception):
    """The file cannot be read beyond this point."""

    def __init__(self, code: str, **params):
        self.finding = fault(code, **params)
        super().__init__(code)


@dataclass(frozen=True)
class Raw:
    """A cell as a reader found it.

    :param problem: code of what is wrong with it by itself, a formula for instance
    """

    text: str = ""
    problem: str = ""


def fault(code: str, **params) -> Finding:
    return Finding(code, ERROR, params)
