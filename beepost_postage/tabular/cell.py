"""What the text of a cell means: an exact amount, a whole number, a day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}((?P<sign>[.,])\d{3})+[.,]\d+", re.ASCII)
_DAYS = (
    re.compile(
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})([T ].*)?", re.ASCII
    ),
    re.compile(
        r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})", re.ASCII
    ),
)


def amount(text: str, digits: int = 12) -> Decimal:
    """A number with a decimal comma or point, blanks between thousands allowed, and
    a euro or percent sign behind it.

    >>> amount("1 234,50 €")
    Decimal('1234.50')

    ``1.234,50`` and ``1,234.50`` are understood, for only one of the two can be the
    decimal one. A comma alone is always the decimal one.

    :param digits: most digits before the decimal comma
    :raises ValueError: it is no number, or too great a one
    """
    bare = _BLANKS.sub("", text).removesuffix("€").removesuffix("%")
    bare = bare.removesuffix("EUR").replace("\u2212", "-")
    grouped = _GROUPED.fullmatch(bare)
    if grouped and "," in bare and "." in bare:
        bare = bare.replace(grouped["sign"], "")
    bare = bare.replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        raise ValueError(f"{text!r} is no number")
    if len(bare.partition(".")[0].lstrip("+-")) > digits:
        raise ValueError(f"{text!r} is too great")
    return Decimal(bare)


def whole(text: str) -> int:
    """:raises ValueError: it is no whole number"""
    number = amount(text)
    if number != int(number):
        raise ValueError(f"{text!r} is no whole number")
    return int(number)


def day(text: str) -> date:
    """A day as ``2026-11-25`` or, the French way, ``25/11/2026``; a time behind the
    former is left out.

    :raises ValueError: it is no day
    """
    for pattern in _DAYS:
        if found := pattern.fullmatch(text.strip()):
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    raise ValueError(f"{text!r} is no day")
