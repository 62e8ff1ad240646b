"""What the practice provider rejects, and in which words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from . import journeys
from .catalogue import SERVICES
from .port import Letter, Reason, ServiceLimits

LINE_LENGTH = 38  # NF Z 10-011
LINE_COUNT = range(2, 8)  # a company and its own CEDEX are two
_COUNTRY = re.compile(r"[A-Z]{2}")


def reasons(letter: Letter, limits: ServiceLimits) -> tuple[Reason, ...]:
    """Why this letter cannot be printed; empty when it can."""
    return (
        *_pdf(letter, limits),
        *_size(letter, limits),
        *_lines("recipient", letter.recipient),
        *_lines("sender", letter.sender),
        *_wishes(letter),
    )


def _pdf(letter: Letter, limits: ServiceLimits) -> Iterator[Reason]:
    if len(letter.pdf) > limits.max_letter_bytes:
        yield Reason(
            "pdf.too_large",
            f"{len(letter.pdf)} bytes, at most {limits.max_letter_bytes}",
            "pdf",
        )
    elif not letter.pdf.startswith(b"%PDF-"):
        yield Reason("pdf.not_a_pdf", "The document is not a PDF", "pdf")
    elif hashlib.sha256(letter.pdf).hexdigest() != letter.sha256:
        yield Reason(
            "pdf.hash_mismatch", "The PDF is not the one that was announced", "sha256"
        )


def _size(letter: Letter, limits: ServiceLimits) -> Iterator[Reason]:
    if letter.pages > limits.max_pages:
        yield Reason(
            "pages.too_many",
            f"{letter.pages} pages, at most {limits.max_pages}",
            "pages",
            limits.max_pages + 1,
        )
    if letter.sheets > limits.max_sheets:
        yield Reason(
            "sheets.too_many",
            f"{letter.sheets} sheets, at most {limits.max_sheets}",
            "sheets",
        )
    sides = 2 if letter.duplex else 1
    if not 1 <= letter.pages <= letter.sheets * sides:
        yield Reason(
            "sheets.inconsistent",
            f"{letter.pages} pages do not go on {letter.sheets} sheets",
            "sheets",
        )


def _lines(name: str, lines: Sequence[str]) -> Iterator[Reason]:
    if len(lines) not in LINE_COUNT:
        yield Reason(f"{name}.line_count", f"{len(lines)} lines, 2 to 7 wanted", name)
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH:
            yield Reason(
                f"{name}.line_too_long",
                f"{len(line)} characters, at most {LINE_LENGTH}",
                f"{name}[{number}]",
            )
        if not line.strip():
            yield Reason(f"{name}.line_empty", "Empty line", f"{name}[{number}]")


def _wishes(letter: Letter) -> Iterator[Reason]:
    if letter.service not in SERVICES:
        yield Reason(
            "service.unknown", f"Service {letter.service!r} is not offered", "service"
        )
    if not _COUNTRY.fullmatch(letter.country):
        yield Reason("country.malformed", "Two capital letters wanted", "country")
    try:
        outcome = journeys.outcome_of(letter.recipient, letter.options)
    except ValueError as error:
        yield Reason("option.unknown", str(error), "options.sandbox_journey")
    else:
        if outcome == journeys.REJECTED_AT_INTAKE:
            yield Reason("sandbox.rejected", "Rejected because the letter asks for it")
