"""What an address is made from, and the lines that it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .characters import canonical, foreign_letters, unprintable
from .finding import ERROR, REPAIR, Finding

LINE_LENGTH = 38  # characters of a line, spaces included (NF Z 10-011)
NATIONAL_LINES = 6  # and one more for the country


@dataclass(frozen=True)
class Parts:
    """Structured address of an addressee; every part is text, possibly empty.

    :param company: the company, or the parent company of a contact
    :param person: the person in it, or the consumer
    :param unit: department or flat
    :param street: number and street; ``street2`` what did not fit or belongs elsewhere
    :param state: ISO code or name of the state or province; printed only where the
        destination country's addresses have one
    :param country: ISO 3166 alpha-2 code
    """

    company: str = ""
    person: str = ""
    unit: str = ""
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country: str = ""


@dataclass(frozen=True)
class Line:
    """One line to print.

    :param role: its number in NF Z 10-011, from 1 (name) to 6 (postcode and locality)
        and 7 (country); findings name it, whatever lines above are absent
    :param source: the text before it was put in capitals
    """

    role: int
    text: str
    source: str


def identity(parts: Parts) -> list[str]:
    """Company, person, department: each once, even if two fields repeat one name."""
    kept: dict[str, str] = {}
    for text in (parts.company, parts.person, parts.unit):
        if text:
            kept.setdefault(canonical(text), text)
    return list(kept.values())


def error(code: str, **params) -> Finding:
    return Finding(code, ERROR, params)


def repair(code: str, **params) -> Finding:
    return Finding(code, REPAIR, params)


def too_long(line: Line) -> Finding | None:
    if len(line.text) <= LINE_LENGTH:
        return None
    return error(
        "address.line_too_long",
        line=line.role,
        length=len(line.text),
        max=LINE_LENGTH,
        text=line.text,
    )


def check_characters(lines: Iterable[Line], *, latin_from: int) -> list[Finding]:
    """Characters that would not be printed, or not be read, as what they are.

    :param latin_from: from this role on, a letter that is no form of A-Z is an error
    """
    found = []
    for line in lines:
        strange = unprintable(line.source)
        if strange:
            found.append(
                error(
                    "address.unprintable",
                    line=line.role,
                    text=line.source,
                    characters=strange,
                    codes=" ".join(f"U+{ord(char):04X}" for char in strange),
                )
            )
        elif line.role >= latin_from and foreign_letters(line.text):
            found.append(
                error(
                    "address.not_latin",
                    line=line.role,
                    text=line.source,
                    characters=foreign_letters(line.text),
                )
            )
    return found
