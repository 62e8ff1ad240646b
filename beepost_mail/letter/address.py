"""An addressee's lines on the envelope, from structured parts: NF Z 10-011.

At most six lines of 38 characters, seven where a country or a Pacific territory closes
the address. What does not fit, is missing or cannot be printed is a ``Refusal`` naming
each line; nothing is ever cut. ``france`` and ``abroad`` hold the two formats.

Decisions where sources leave a choice:

- Overseas France is national: five digits, no country line, whether the contact carries
  FR or the territory's own code. New Caledonia, French Polynesia, Wallis and Futuna and
  the southern lands have posts of their own: their name closes the address.
- Monaco is within La Poste's postcodes (98000 MONACO); Andorra is abroad (ANDORRE).
- Lines 4 to 6 in France, the locality and the country abroad, are unaccented capitals;
  names keep every letter and sign.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from . import abroad, france
from .block import Line, Parts, check_characters, error, repair, too_long
from .characters import canonical, clean, unprintable
from .finding import Finding, Refusal, errors
from .territory import (
    country_line,
    is_french,
    is_known,
    iso,
    normal_zip,
    zone,
)

__all__ = ["FINDING_CODES", "Address", "Parts", "canonical", "compose", "zone"]

# Every code that ``compose`` can give, with the names of its params.
FINDING_CODES = {
    # errors
    "address.name_missing": (),
    "address.street_missing": (),
    "address.zip_missing": ("country",),
    "address.city_missing": (),
    "address.country_missing": (),
    "address.country_unknown": ("country",),
    "address.zip_invalid": ("zip", "country"),
    "address.zip_conflict": ("zip", "city"),
    "address.line_too_long": ("line", "length", "max", "text"),
    "address.too_many_lines": ("lines", "max"),
    "address.unprintable": ("line", "text", "characters", "codes"),
    "address.not_latin": ("line", "text", "characters"),
    # warnings
    "address.street2_doubt": ("line", "text"),
    "address.zip_doubtful": ("zip", "country", "example"),
    "address.zip_unexpected": ("zip", "country"),
    "address.state_missing": ("country",),
    "address.local_script": ("line", "text"),
    # repairs
    "address.abbreviated": ("line", "word", "short"),
    "address.lines_joined": ("line", "text"),
    "address.reordered": ("first", "second"),
    "address.zip_repeated": ("zip", "city"),
    "address.invisible_removed": ("field", "codes"),
}


@dataclass(frozen=True)
class Address:
    """An address that fits the window.

    :param lines: from the name down; none empty, none over 38 characters
    :param country: ISO 3166 alpha-2 code, as given
    :param zip: the postcode, as normal as a French one can be made
    :param overseas: in overseas France
    :param findings: warnings and repairs, never an error
    """

    lines: tuple[str, ...]
    country: str
    zip: str
    overseas: bool
    findings: tuple[Finding, ...] = ()


def compose(parts: Parts, *, home: str = "FR") -> Address:
    """The lines of ``parts``.

    :param home: where the letter is *posted*, whose country line is left out, not the
        sender's home: what a Belgian company posts in France to Belgium needs BELGIQUE
    :raises Refusal: with every error, each naming its line (roles of NF Z 10-011) and
        length where it has one
    """
    parts, findings = _cleaned(parts)
    home, code = iso(home), iso(parts.country)
    if not is_known(code):
        raise Refusal([*_unknown_country(parts, code), *_missing(parts, home)])
    national = is_french(code)
    layout = france.layout if national else abroad.layout
    lines, found = layout(parts, code)
    findings += found
    where = zone(code, parts.zip)
    if last := country_line(code, where, home):
        lines.append(Line(7, last, last))
    findings += filter(None, map(too_long, lines))
    findings += check_characters(lines, latin_from=4 if national else 7)
    if problems := errors(findings):
        raise Refusal(problems)
    return Address(
        tuple(line.text for line in lines),
        code,
        normal_zip(parts.zip) if national else parts.zip,
        where.startswith("overseas:"),
        tuple(findings),
    )


def _cleaned(parts: Parts) -> tuple[Parts, list[Finding]]:
    """Each part on one line of composed Unicode; mere punctuation is no content."""
    values, findings = {}, []
    for field in fields(parts):
        text, removed = clean(getattr(parts, field.name))
        values[field.name] = text if canonical(text) or unprintable(text) else ""
        if removed:
            codes = " ".join(f"U+{ord(char):04X}" for char in dict.fromkeys(removed))
            findings.append(
                repair("address.invisible_removed", field=field.name, codes=codes)
            )
    return Parts(**values), findings


def _unknown_country(parts: Parts, code: str) -> list[Finding]:
    if not code:
        return [error("address.country_missing")]
    return [error("address.country_unknown", country=parts.country)]


def _missing(parts: Parts, home: str) -> list[Finding]:
    """What would be missing at home too, so that all of it is mended in one go."""
    layout = france.layout if is_french(home) else abroad.layout
    return [
        finding
        for finding in errors(layout(parts, home)[1])
        if finding.code.endswith("_missing")
    ]
