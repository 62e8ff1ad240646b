"""Compares, document by document, the table with Odoo's word, with the service's, and
with what is printed on the pages that arrived."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from cases import papers as table
from evidence import sha256
from judge import once, options, same, wire
from papers_facts import CHATTERING, PaperFact, one_each
from pypdf import PdfReader
from standing import STAGES
from table import lines

HEADS = (
    ("document", 38),
    ("kind", 30),
    ("addressee", 34),
    ("verdict", 8),
    ("pages", 5),
    ("sheets", 6),
    ("address sheet", 13),
    ("reference", 36),
    ("beside", 0),
)
CUSTOMER = re.compile(r"C-\d{4}")


def differences(fact: PaperFact) -> Iterator[str]:
    if len(fact.letters) != 1:
        yield f"{len(fact.letters)} letters instead of 1"
        return
    letter, arrival, wanted = fact.letter, fact.arrival, fact.case.verdict
    yield from same("state", table="accepted", odoo=letter["state"])
    if fact.reasons or fact.codes:
        yield f"errors on an accepted letter: {fact.codes} {fact.reasons}"
    yield from _own_word(fact)
    if arrival is None:
        yield "LOST: nothing arrived under its reference"
        return
    yield from once(arrival, printed=1, outcomes=["printed"])
    if not letter["provider_reference"]:
        yield "accepted without a BeePOST reference"
    yield from same("activities", table=0, odoo=len(letter["activity_ids"]))
    yield from wire(fact, wanted.address)
    yield from options(fact, wanted)
    yield from _paper(fact)
    yield from _print(fact)
    yield from _company(fact)


def strays(facts: list[PaperFact]) -> Iterator[str]:
    """No page of one document lies in the letter of another."""
    names = {fact.move["name"]: fact for fact in facts if _shows_name(fact)}
    for fact in one_each(facts):
        text = _text(fact.received)
        mine = {fact.case.key, *fact.beside}
        for name, other in names.items():
            if other.case.key not in mine and _word(name).search(text):
                yield f"{fact.case.key}: its letter shows {name}, another's document"


def papers_table(facts: list[PaperFact]) -> str:
    """Of the free letter the first addressee alone."""
    many = [fact for fact in facts if fact.case.is_one_of_many]
    shown = [fact for fact in facts if fact not in many] + many[:1]
    text = "\n" + lines(HEADS, map(_cells, shown))
    return text + f"and {len(many) - 1} more like the last one\n" if many else text


def papers_summary(facts: list[PaperFact], followed) -> str:
    """Counts what was found, not what was expected."""
    standing = {
        one.case.key
        for one in followed
        if _own_stage(one) == STAGES.get(one.status, "")
    }
    lost = twice = posted = with_status = 0
    for fact in facts:
        seen = fact.arrival["seen"] if fact.arrival else 0
        printed = fact.arrival["printed"] if fact.arrival else 0
        lost += not printed
        twice += seen > 1 or printed > 1 or len(fact.letters) > 1
        posted += fact.letter.get("state") == "accepted" and printed == 1
        with_status += fact.case.key in standing
    kinds = {fact.case.kind for fact in facts}
    return (
        f"demo check: {posted} documents of {len(kinds)} kinds posted in"
        f" {len(one_each(facts))} letters, {with_status} with their own status,"
        f" {lost} lost, {twice} twice\n"
    )


def _own_stage(one) -> str:
    stage = one.move["beepost_stage_id"]
    return stage[1] if stage else "none"  # nobody tells of such a stage


# ----------------------------------------------------------------------
# Parts
# ----------------------------------------------------------------------


def _own_word(fact: PaperFact) -> Iterator[str]:
    """What a person reads who has the document open, and not the letter."""
    if fact.case.kind == table.FREE_LETTER:
        yield from same(
            "state beside the addressee's name",
            table=("made", "accepted"),
            odoo=(fact.move["state"], fact.move["mailing_state"]),
        )
    elif fact.case.kind in CHATTERING:
        reference = fact.letter["provider_reference"] or "no reference"
        told = sum(reference in message for message in fact.messages)
        yield from same("messages about the acceptance", table=1, odoo=told)


def _paper(fact: PaperFact) -> Iterator[str]:
    letter, sent, wanted = fact.letter, fact.arrival["letter"], fact.case.verdict
    yield from same(
        "pages of the letter",
        counted=len(_reader(fact).pages) if fact.received else 0,
        odoo=letter["pages"],
        service=sent["pages"],
    )
    fewest, most = wanted.sheets
    if not fewest <= letter["sheets"] <= most:
        yield f"sheets: {letter['sheets']}, not {fewest} to {most}"
    yield from same("sheets", odoo=letter["sheets"], service=sent["sheets"])
    yield from same(
        "envelope",
        table=wanted.envelope,
        odoo=letter["envelope"],
        service=sent["envelope"],
    )
    yield from same(
        "address sheet", table=wanted.address_sheet, odoo=letter["has_address_sheet"]
    )
    yield from same(
        "SHA-256 of what was posted",
        odoo=letter["sha256"],
        announced=sent["sha256"],
        service=fact.arrival["sha256"],
        counted=sha256(fact.received),
    )


def _print(fact: PaperFact) -> Iterator[str]:
    """Read from the pages themselves."""
    text = _text(fact.received)
    names = [fact.move["name"]] if _shows_name(fact) else []
    for words in (*names, *fact.case.words):
        if not _word(words).search(text):
            yield f"“{words}” is not printed in it"
    yield from same(
        "times that the terms are printed",
        table=int(fact.case.terms),
        counted=text.count(table.TERMS_LINE),
    )
    if fact.case.kind == table.FREE_LETTER:
        yield from same(
            "customer numbers in it",
            table={fact.case.key},
            counted=set(CUSTOMER.findall(text)),
        )
    elif fact.case.kind == table.IMAGE:
        images = sum(len(page.images) for page in _reader(fact).pages)
        yield from same("images in it", table=1, counted=images)


def _company(fact: PaperFact) -> Iterator[str]:
    beside = [
        paper.key
        for paper in table.HELD
        if fact.case.shared and paper.shared and paper.key != fact.case.key
    ]
    yield from same("other documents in the envelope", table=beside, odoo=fact.beside)


def _shows_name(fact: PaperFact) -> bool:
    """Orders and slips print their number."""
    return fact.case.kind in CHATTERING


def _word(words: str) -> re.Pattern:
    return re.compile(rf"(?<![\w/]){re.escape(words)}(?!\w)")


def _reader(fact: PaperFact) -> PdfReader:
    return PdfReader(io.BytesIO(fact.received))


def _text(pdf: bytes) -> str:
    """All words of all pages, with single spaces."""
    if not pdf:
        return ""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def _cells(fact: PaperFact) -> list:
    letter = fact.letter
    return [
        fact.move["name"],
        fact.case.kind,
        fact.case.to.name,
        letter.get("state", "no letter"),
        letter.get("pages") or "-",
        letter.get("sheets") or "-",
        "yes" if letter.get("has_address_sheet") else "no",
        letter.get("client_reference", "-"),
        " ".join(fact.beside),
    ]
