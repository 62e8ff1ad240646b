"""What the text in a cell of a price list means, or which word to say about it.

Stricter than a spreadsheet: an amount that can be read in two ways is a fault, since
nobody would see what became of it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from .columns import key
from .money import rounded

_BLANK = "\u0020\u00a0\u2009\u202f"
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}([{_BLANK}.,'’]\d{{3}})+([.,]\d*)?", re.ASCII)
_MONEY = re.compile(r"[A-Z]{3}|[€$£¥]|CHF|Fr\.?", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ]00:00(:00)?)?", re.ASCII)
_FRENCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? (?:of )?([a-z]+) (\d{4})", re.ASCII)
_MONTHS = (
    ("january", "janvier", "jan", "janv"),
    ("february", "fevrier", "feb", "fev", "fevr"),
    ("march", "mars", "mar"),
    ("april", "avril", "apr", "avr"),
    ("may", "mai"),
    ("june", "juin", "jun"),
    ("july", "juillet", "jul", "juil"),
    ("august", "aout", "aug"),
    ("september", "septembre", "sep", "sept"),
    ("october", "octobre", "oct"),
    ("november", "novembre", "nov"),
    ("december", "decembre", "dec"),
)
_MONTH = {name: n for n, names in enumerate(_MONTHS, 1) for name in names}
MOST = 1_000_000  # no price, weight or number of a letter is as great


class Wrong(Exception):
    """:param code: of the finding; ``params`` as its sentence wants them"""

    def __init__(self, code: str, **params):
        self.code, self.params = code, params
        super().__init__(code)


def amount(text: str, decimals: int = 4, currency: str = "EUR") -> Decimal:
    """A price or percentage, not negative.

    >>> amount("1,52 €")
    Decimal('1.52')

    :raises Wrong: ``import.not_number``, ``import.thousands``, ``import.separators``,
        ``import.currency``, ``import.negative``, ``import.decimals``,
        ``import.too_great``
    """
    bare = _without_currency(text, currency).replace("\u2212", "-")
    if not _NUMBER.fullmatch(bare):
        if _GROUPED.fullmatch(bare):
            raise Wrong("import.thousands")
        if re.fullmatch(r"[+-]?[.,]*[0-9][0-9.,]*", bare):
            raise Wrong("import.separators")
        raise Wrong("import.not_number")
    number = Decimal(bare.replace(",", "."))
    if number < 0:
        raise Wrong("import.negative")
    if number >= MOST:
        raise Wrong("import.too_great", max=MOST)
    if number != rounded(number, Decimal(1).scaleb(-decimals)):
        raise Wrong("import.decimals", max=decimals)
    return number


def _without_currency(text: str, currency: str) -> str:
    """Without a sign of the right currency before or behind."""
    bare = text.strip().removesuffix("%").strip()
    for part in _MONEY.findall(bare):
        if part not in (currency, *("€" if currency == "EUR" else "")):
            raise Wrong("import.currency", currency=currency)
        bare = bare.replace(part, "", 1).strip()
    return bare


def whole(text: str) -> int:
    """A weight in grams or a number, 0 or more; the unit may stand behind.

    :raises Wrong: as ``amount``, and ``import.not_whole``
    """
    bare = re.sub(r"\s*(g|gr|grammes?|grams?|feuilles?|sheets?)\.?$", "", text.strip())
    try:
        number = amount(bare)
    except Wrong as wrong:
        if wrong.code != "import.decimals":
            raise
        raise Wrong("import.not_whole") from None
    if number != int(number):
        raise Wrong("import.not_whole")
    return int(number)


def day(text: str) -> date:
    """``2027-01-31``, or the French way ``31/01/2027``, or in words.

    :raises Wrong: ``import.date``
    """
    bare = text.strip()
    if found := _ISO.fullmatch(bare):
        year, month, number = map(int, found.groups()[:3])
    elif found := _FRENCH.fullmatch(bare):
        number, month, year = map(int, found.groups())
    elif (found := _WORDS.fullmatch(key(bare))) and found[2] in _MONTH:
        number, month, year = int(found[1]), _MONTH[found[2]], int(found[3])
    else:
        raise Wrong("import.date")
    try:
        return date(year, month, number)
    except ValueError:
        raise Wrong("import.date") from None


def text(value: str) -> str:
    """As our export wrote it: its apostrophe before a formula is none of the text."""
    if value.startswith("'") and value.lstrip("'")[:1] in FORMULA:
        return value[1:]
    return value


# A spreadsheet takes a cell that begins so for a formula, in full width as well.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutral(value: str) -> str:
    """Text that no spreadsheet runs; ``text`` is its inverse.

    >>> neutral("=1+1"), neutral("C4")
    ("'=1+1", 'C4')
    """
    return f"'{value}" if value.lstrip("'").startswith(FORMULA) else value
