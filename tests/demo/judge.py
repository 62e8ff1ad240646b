"""Compares, letter by letter, the table with Odoo's word and with the service's."""

from __future__ import annotations

import io
from collections.abc import Iterator

from cases import Accepted, Held, Refused, house
from cases.shape import ODOO
from evidence import Fact, sha256
from pypdf import PdfReader


def differences(fact: Fact) -> Iterator[str]:
    """Everything that is not as it should be; nothing when all agree."""
    if len(fact.letters) != 1:
        yield (
            f"{len(fact.letters)} letters instead of 1; the invoice's last message:"
            f" {fact.chatter}"
        )
        return
    if isinstance(fact.case.verdict, Accepted):
        yield from _accepted(fact, fact.case.verdict)
    elif isinstance(fact.case.verdict, Held):
        yield from _held(fact, fact.case.verdict)
    else:
        yield from _refused(fact, fact.case.verdict)


def strays(facts, arrivals, printed_letters) -> Iterator[str]:
    """What the service has and nobody asked for, or has more than once."""
    known = {letter["client_reference"] for fact in facts for letter in fact.letters}
    for reference in set(arrivals) - known:
        yield f"{reference} arrived, and Odoo knows no such letter"
    told = [letter["provider_reference"] for letter in printed_letters]
    if len(told) != len(set(told)):
        yield "two letters have one BeePOST reference"


def unfinished(lots, facts) -> Iterator[str]:
    """One lot for each company, and each tells how it went."""
    yield from same("lots", table=len(house.COMPANIES), odoo=len(lots))
    for lot in lots:
        yield from same(
            f"letters of lot “{lot['name']}”",
            sent=lot["expected"],
            made=lot["letter_count"],
        )
    yield from same(
        "letters that wait in all lots",
        table=sum(isinstance(fact.case.verdict, Held) for fact in facts),
        odoo=sum(lot["waiting_count"] for lot in lots),
    )
    yield from same(
        "invoices and accepted letters in all lots",
        table=(len(facts), sum(isinstance(f.case.verdict, Accepted) for f in facts)),
        odoo=tuple(
            sum(lot[name] for lot in lots) for name in ("expected", "accepted_count")
        ),
    )


def complaints(problems, violations) -> Iterator[str]:
    for text in problems:
        yield f"the service refused a whole request: {text}"
    for text in violations:
        yield f"the service broke the contract itself: {text}"


# ----------------------------------------------------------------------
# Accepted
# ----------------------------------------------------------------------


def _accepted(fact: Fact, wanted: Accepted) -> Iterator[str]:
    letter, arrival = fact.letter, fact.arrival
    yield from same("state", table="accepted", odoo=letter["state"])
    yield from same("invoice", table="accepted", odoo=fact.move["beepost_state"])
    if fact.reasons or fact.codes:
        yield f"errors on an accepted letter: {fact.codes} {fact.reasons}"
    if arrival is None:
        yield "LOST: nothing arrived under its reference"
        return
    yield from once(arrival, printed=1, outcomes=["printed"])
    if not letter["provider_reference"]:
        yield "accepted without a BeePOST reference"
    yield from same("activities", table=0, odoo=len(letter["activity_ids"]))
    yield from wire(fact, wanted.address)
    yield from options(fact, wanted)
    yield from _paper(fact, wanted)
    yield from _bytes(fact, wanted)


def options(fact: Fact, wanted: Accepted) -> Iterator[str]:
    letter, sent = fact.letter, fact.arrival["letter"]
    yield from same(
        "service", table=wanted.service, odoo=fact.service, service=sent["service"]
    )
    for name in ("color", "duplex"):
        yield from same(
            name, table=getattr(wanted, name), odoo=letter[name], service=sent[name]
        )
    is_copy = wanted.is_copy and _is_electronic_by_law(fact)
    yield from same("copy by post", table=is_copy, odoo=letter["is_copy"])


def _is_electronic_by_law(fact: Fact) -> bool:
    """An invoice older than the law is a copy for public bodies alone."""
    to = fact.case.to.parent or fact.case.to
    law = house.EINVOICE_LAW.isoformat()
    return to.public_body or fact.move["invoice_date"] >= law


def _paper(fact: Fact, wanted: Accepted) -> Iterator[str]:
    """Pages are counted here, on the bytes themselves; sheets follow from them."""
    letter, sent = fact.letter, fact.arrival["letter"]
    pages = _pages(fact.legal)
    yield from _between("pages of the invoice", pages, wanted.pages)
    sheets = (pages + 1) // 2 if wanted.duplex else pages
    sheets += wanted.address_sheet
    yield from same(
        "sheets", counted=sheets, odoo=letter["sheets"], service=sent["sheets"]
    )
    yield from _between("sheets", sheets, wanted.sheets)
    yield from same(
        "pages of the letter",
        counted=_pages(fact.received),
        odoo=letter["pages"],
        service=sent["pages"],
    )
    yield from same(
        "envelope",
        table=wanted.envelope,
        odoo=letter["envelope"],
        service=sent["envelope"],
    )
    yield from same(
        "address sheet", table=wanted.address_sheet, odoo=letter["has_address_sheet"]
    )


def _bytes(fact: Fact, wanted: Accepted) -> Iterator[str]:
    letter, arrival = fact.letter, fact.arrival
    yield from same(
        "SHA-256 of what was posted",
        odoo=letter["sha256"],
        announced=arrival["letter"]["sha256"],
        service=arrival["sha256"],
        counted=sha256(fact.received),
        kept=sha256(fact.posted),
    )
    yield from same(
        "SHA-256 of the invoice", odoo=fact.recorded, counted=sha256(fact.legal)
    )
    # With the address in the window, what is posted is the legal PDF itself.
    legal = not wanted.address_sheet
    yield from same("the legal PDF itself", table=legal, odoo=letter["is_legal_pdf"])
    yield from same(
        "the legal PDF itself, by its bytes",
        table=legal,
        counted=fact.received == fact.legal,
    )
    yield from same(
        "embedded files",
        invoice=_embedded(fact.legal),
        service=_embedded(fact.received),
    )


# ----------------------------------------------------------------------
# Refused
# ----------------------------------------------------------------------


def _refused(fact: Fact, wanted: Refused) -> Iterator[str]:
    yield from same("state", table="rejected", odoo=fact.letter["state"])
    yield from same("invoice", table="rejected", odoo=fact.move["beepost_state"])
    if fact.letter["provider_reference"]:
        yield "refused, and yet with a BeePOST reference"
    # Whoever sent it is told.
    yield from same("activities", table=1, odoo=len(fact.letter["activity_ids"]))
    yield from same(
        "codes", table=[code for code, _words in wanted.reasons], odoo=fact.codes
    )
    sentences = fact.reasons
    if len(sentences) != len(wanted.reasons):
        yield f"{len(wanted.reasons)} reasons wanted, Odoo says: {sentences}"
    for (code, words), sentence in zip(wanted.reasons, sentences, strict=False):
        if words not in sentence:
            yield f"{code}: Odoo says “{sentence}” instead of “… {words} …”"
    if wanted.by == ODOO:
        if fact.arrival:
            yield "arrived, although our own checks refuse it"
    elif fact.arrival is None:
        yield "never arrived, although the service is to refuse it"
    else:
        yield from once(fact.arrival, printed=0, outcomes=["rejected"])
        yield from wire(fact, wanted.address)


# ----------------------------------------------------------------------
# Held
# ----------------------------------------------------------------------


def _held(fact: Fact, wanted: Held) -> Iterator[str]:
    letter = fact.letter
    yield from same("state", table="ready", odoo=letter["state"])
    yield from same("invoice", table="waiting", odoo=fact.move["beepost_state"])
    yield from same("without a price", table=True, odoo=letter["price_missing"])
    yield from same("price", table=False, odoo=letter["quote"])
    yield from same(
        "address lines",
        table=wanted.address.split(" | "),
        odoo=(letter["address"] or "").splitlines(),
    )
    for words in wanted.words:
        if words not in (letter["hold_reason"] or ""):
            yield f"it waits because “{letter['hold_reason']}”, not for “{words}”"
    if fact.arrival:
        yield "arrived, although it has no price"


# ----------------------------------------------------------------------
# Both, and what is no invoice
# ----------------------------------------------------------------------


def once(arrival: dict, *, printed: int, outcomes: list[str]) -> Iterator[str]:
    yield from same("arrivals", table=1, service=arrival["seen"])
    yield from same("envelopes printed", table=printed, service=arrival["printed"])
    yield from same("outcome", table=outcomes, service=arrival["outcomes"])


def wire(fact: Fact, address: str) -> Iterator[str]:
    """Addresses, country and account."""
    letter, sent = fact.letter, fact.arrival["letter"]
    company = house.COMPANIES[fact.case.company]
    yield from same(
        "address lines",
        table=address.split(" | "),
        odoo=(letter["address"] or "").splitlines(),
        service=sent["recipient"],
    )
    yield from same(
        "sender",
        table=company.sender.split(" | "),
        odoo=(letter["sender"] or "").splitlines(),
        service=sent["sender"],
    )
    to = fact.case.to
    yield from same(
        "country",
        table=(to if to.street or not to.parent else to.parent).country,
        odoo=letter["country_code"],
        service=sent["country"],
    )
    yield from same(
        "account", table=company.identifier, service=fact.arrival["account"]
    )


def same(what: str, **said) -> Iterator[str]:
    first, *others = said.values()
    if any(other != first for other in others):
        words = ", ".join(f"{who}: {value!r}" for who, value in said.items())
        yield f"{what} differ: {words}"


def _between(what: str, found: int, bounds: tuple[int, int]) -> Iterator[str]:
    fewest, most = bounds
    if not fewest <= found <= most:
        yield f"{what}: {found}, not {fewest} to {most}"


def _embedded(pdf: bytes) -> dict[str, list[str]]:
    """SHA-256 of the files in a PDF (Factur-X), by name."""
    found = PdfReader(io.BytesIO(pdf)).attachments if pdf else {}
    return {name: [sha256(file) for file in files] for name, files in found.items()}


def _pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages) if pdf else 0
