"""Pages to sheets, sheets to an envelope, and what it all weighs.

Only integers: sheets, and milligrams for the whole letter, so that a tariff step is met
or passed by the milligram and never by a rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .finding import ERROR, Finding, Refusal
from .profile import A4_AREA_MM2, EnvelopeSpec, Profile

# Every code that ``measure`` can give, with the names of its params.
FINDING_CODES = {"envelope.too_many_sheets": ("sheets", "max")}


@dataclass(frozen=True)
class Measure:
    """A letter as it will be inserted.

    :param sheets: printed sheets, the address sheet included, inserts excluded
    :param envelope: code of the envelope
    :param weight_mg: paper, envelope and inserts, in milligrams
    :param address_sheet: whether there is one, by choice or for the envelope's sake
    """

    sheets: int
    envelope: str
    weight_mg: int
    address_sheet: bool


def sheets(pages: int, duplex: bool) -> int:
    """Sheets of one document, which begins on a front.

    :raises ValueError: for fewer than no pages
    """
    if pages < 0:
        raise ValueError(f"{pages} pages")
    return (pages + 1) // 2 if duplex else pages


def measure(
    pages_per_document: Sequence[int],
    *,
    duplex: bool,
    address_sheet: bool,
    profile: Profile,
    inserts_mg: int = 0,
    insert_sheets: int = 0,
) -> Measure:
    """The smallest envelope that holds the letter, and the letter's sheets and weight.

    :param address_sheet: whether one is wanted anyway; an envelope may force one
    :param inserts_mg: what the inserts weigh together, in milligrams
    :param insert_sheets: the places that they take in the envelope, in sheets
    :raises Refusal: ``envelope.too_many_sheets`` when no envelope is big enough
    :raises ValueError: with no page at all, or a negative count or weight
    """
    if inserts_mg < 0 or insert_sheets < 0:
        raise ValueError("negative inserts")
    printed = sum(sheets(pages, duplex) for pages in pages_per_document)
    if not printed:
        raise ValueError("a letter without a page")
    for envelope in sorted(profile.envelopes, key=lambda envelope: envelope.capacity):
        with_address = address_sheet or envelope.forces_address_sheet
        content = printed + insert_sheets
        if with_address and envelope.counts_address_sheet:
            content += 1
        if content <= envelope.capacity:
            total = printed + with_address
            weight = paper_mg(total, profile.paper_gsm) + envelope.weight_mg
            return Measure(total, envelope.code, weight + inserts_mg, with_address)
    largest = max(_room(envelope, address_sheet) for envelope in profile.envelopes)
    found = {"sheets": printed + insert_sheets, "max": largest}
    raise Refusal([Finding("envelope.too_many_sheets", ERROR, found)])


def paper_mg(count: int, gsm: int) -> int:
    """What ``count`` A4 sheets of ``gsm`` g/m² weigh together: mg, rounded up once."""
    return -(-count * A4_AREA_MM2 * gsm // 1000)


def _room(envelope: EnvelopeSpec, address_sheet: bool) -> int:
    """Sheets of documents and inserts that fit beside an address sheet, if any."""
    with_address = address_sheet or envelope.forces_address_sheet
    return envelope.capacity - (with_address and envelope.counts_address_sheet)
