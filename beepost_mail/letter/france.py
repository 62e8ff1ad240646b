"""Addresses that La Poste delivers or hands over: NF Z 10-011, overseas and Monaco too.

Line 1 company or name, 2 person or department, 3 building, 4 number and street, 5
lieu-dit or box, 6 postcode and locality. Lines 1 to 3 keep their letters, accents and
signs (Ł, &, <); lines 4 to 6 are unaccented capitals, digits and spaces. Sources: NF Z
10-011 (2013) as told by La Poste's Service national de l'adresse; the UPU's sheet for
France.
"""

from __future__ import annotations

import re

from . import street as streets
from .block import LINE_LENGTH, Line, Parts, error, identity, repair
from .characters import plain
from .finding import Finding
from .territory import french_zone, normal_zip

_CEDEX = re.compile(r"\bCEDEX ?([0-9]{1,2})?\b")
_SAINT = re.compile(r"\bSAINT(E?)(?= )")


def layout(parts: Parts, code: str) -> tuple[list[Line], list[Finding]]:
    """Lines 1 to 6 of ``parts`` (cleaned), and what a person must or should know.

    :param code: FR, MC or an overseas code; the postcode must be one of its own
    """
    zip_code = normal_zip(parts.zip)
    city, findings = _locality(zip_code, parts.city)
    if zip_code and french_zone(code, zip_code) is None:
        findings.append(error("address.zip_invalid", zip=parts.zip, country=code))
    placed, found = streets.arrange(parts.street, parts.street2)
    findings += found
    heads = identity(parts)
    findings += _missing(heads, placed, zip_code, city, code)
    heads += [text for role, text in placed if role == 2]
    heads, found = _fitted(heads, 2 if any(role == 3 for role, _ in placed) else 3)
    lines = [Line(role, text, text) for role, text in enumerate(heads, 1)]
    for role, text in sorted(placed):
        if role == 3:
            lines.append(Line(3, text, text))
        elif role == 4:
            short, repairs = streets.shorten(plain(text))
            lines.append(Line(4, short, text))
            found += repairs
        elif role == 5:
            lines.append(Line(5, plain(text), text))
    last = f"{zip_code} {city}".strip()
    if last:
        lines.append(Line(6, last, f"{parts.zip} {parts.city}"))
    return lines, findings + found


def _missing(heads, placed, zip_code, city, code) -> list[Finding]:
    findings = []
    if not heads:
        findings.append(error("address.name_missing"))
    # A CEDEX code is one organisation's own, a box has no street.
    if not any(role in (4, 5) for role, _ in placed) and "CEDEX" not in city.split():
        findings.append(error("address.street_missing"))
    if not zip_code:
        findings.append(error("address.zip_missing", country=code))
    if not _CEDEX.sub("", city).strip():
        findings.append(error("address.city_missing"))
    return findings


def _locality(zip_code: str, city: str) -> tuple[str, list[Finding]]:
    """The locality of line 6: CEDEX 08 apart, the postcode not twice, 32 characters."""
    findings = []
    name = plain(city)
    repeated = re.match(r"[0-9]{5}\b", name)
    if repeated and repeated.group() == zip_code:
        findings.append(repair("address.zip_repeated", zip=zip_code, city=city))
        name = name[len(zip_code) :]
    elif repeated and zip_code:
        findings.append(error("address.zip_conflict", zip=zip_code, city=city))
    name = _CEDEX.sub(lambda found: f"CEDEX {found.group(1) or ''}", name)
    name = " ".join(name.split())
    if len(f"{zip_code} {name}") > LINE_LENGTH:
        for word in _SAINT.finditer(name):
            short = "ST" + word.group(1)
            findings.append(
                repair("address.abbreviated", line=6, word=word.group(), short=short)
            )
        name = _SAINT.sub(r"ST\1", name)
    return name, findings


def _fitted(heads: list[str], room: int) -> tuple[list[str], list[Finding]]:
    """The texts above line 4 in the ``room`` that is left: where a building holds line
    3, person and department share line 2."""
    if len(heads) <= room:
        return heads, []
    joined = " ".join(heads[room - 1 :])
    if len(joined) > LINE_LENGTH:
        over = len(heads) - room
        return heads, [error("address.too_many_lines", lines=6 + over, max=6)]
    return (
        [*heads[: room - 1], joined],
        [repair("address.lines_joined", line=room, text=joined)],
    )
