"""Which letters are not printed.

The rules are written here a second time on purpose: the service judges the client and
the practice provider, and must not share their mistakes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from beepost_mail.gateway import catalogue, journeys


def asked_outcome(letter: dict) -> str:
    """:raises ValueError: there is no such journey"""
    return journeys.outcome_of(letter["recipient"], letter.get("options", {}))


def reasons(letter: dict, pdf: bytes | None, limits: dict) -> list[dict]:
    faults = (
        *_pdf_faults(letter, pdf, limits),
        *_size_faults(letter, limits),
        *_line_faults("recipient", letter["recipient"]),
        *_line_faults("sender", letter["sender"]),
        *_wish_faults(letter),
    )
    return [
        {"code": code, "message": message, "field": field}
        for code, message, field in faults
    ]


def _pdf_faults(letter: dict, pdf: bytes | None, limits: dict) -> Iterator[tuple]:
    if pdf is None:
        yield "pdf.missing", "No part with this client reference", "pdf"
    elif len(pdf) > limits["max_letter_bytes"]:
        yield "pdf.too_large", f"{len(pdf)} bytes", "pdf"
    elif pdf[:5] != b"%PDF-":
        yield "pdf.not_a_pdf", "The document is not a PDF", "pdf"
    elif hashlib.sha256(pdf).hexdigest() != letter["sha256"]:
        yield "pdf.hash_mismatch", "Not the bytes that were announced", "sha256"


def _size_faults(letter: dict, limits: dict) -> Iterator[tuple]:
    pages, sheets = letter["pages"], letter["sheets"]
    if pages > limits["max_pages"]:
        yield "pages.too_many", f"{pages} pages", "pages"
    if sheets > limits["max_sheets"]:
        yield "sheets.too_many", f"{sheets} sheets", "sheets"
    needed = (pages + 1) // 2 if letter["duplex"] else pages
    if pages < 1 or sheets < needed:
        yield "sheets.inconsistent", f"{pages} pages on {sheets} sheets", "sheets"


def _line_faults(name: str, lines: list[str]) -> Iterator[tuple]:
    if not 2 <= len(lines) <= 7:
        yield f"{name}.line_count", f"{len(lines)} lines", name
    for number, line in enumerate(lines, 1):
        field = f"{name}[{number}]"
        if len(line) > 38:
            yield f"{name}.line_too_long", f"{len(line)} characters", field
        elif not line.strip():
            yield f"{name}.line_empty", "An empty line", field


def _wish_faults(letter: dict) -> Iterator[tuple]:
    if letter["service"] not in catalogue.SERVICES:
        yield "service.unknown", f"No service {letter['service']}", "service"
    country = letter["country"]
    if len(country) != 2 or not (country.isascii() and country.isupper()):
        yield "country.malformed", "Two capital letters wanted", "country"
    try:
        if asked_outcome(letter) == journeys.REJECTED_AT_INTAKE:
            yield "sandbox.rejected", "The letter asks for it", "recipient"
    except ValueError as error:
        yield "option.unknown", str(error), "options.sandbox_journey"
