"""Opening a PDF that may be protected, damaged or no PDF at all.

Two readers must agree before a document counts as sound: PDFium (which draws) and pypdf
(which rewrites). A document that only one of them can read is written anew by pypdf and
then judged again.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress

from pypdf import PdfWriter
from pypdf.errors import FileNotDecryptedError

from .finding import REPAIR, Finding, Refusal
from .intake import check_bytes, refusal
from .look import CannotOpen, Locked, Look
from .profile import Limits
from .structure import Damaged, Structure, TooHeavy


def open_document(
    name: str, pdf: bytes, limits: Limits
) -> tuple[bytes, Structure, list[Finding]]:
    """A sound form of ``pdf`` (itself where nothing has to change), and the repairs.

    :raises Refusal: ``pages.encrypted``, ``printing_forbidden``, ``xfa``,
        ``too_many_pages``, ``too_heavy``, ``incomplete``, ``damaged``, ``unreadable``
    """
    check_bytes(name, pdf, limits)
    findings: list[Finding] = []
    try:
        # What PDFium cannot open, pypdf may still make sense of.
        with suppress(CannotOpen), Look(pdf) as look:
            _allowed(name, look, limits)
            if look.encrypted:
                pdf = look.without_security()
                findings.append(Finding("pages.decrypted", REPAIR, {"document": name}))
    except Locked as error:
        raise refusal("pages.encrypted", name) from error
    structure = _sound(name, pdf)
    if structure is None:
        pdf, structure = _rebuilt(name, pdf, limits)
        findings.append(Finding("pages.rebuilt", REPAIR, {"document": name}))
    return pdf, structure, findings


def _allowed(name: str, look: Look, limits: Limits) -> None:
    if not look.printable:
        raise refusal("pages.printing_forbidden", name)
    if look.is_xfa:
        raise refusal("pages.xfa", name)
    if len(look) > limits.max_pages:
        raise too_many_pages(name, len(look), limits)


def too_many_pages(name: str, pages: int, limits: Limits) -> Refusal:
    return refusal(
        "pages.too_many_pages", name, pages=pages, max_pages=limits.max_pages
    )


def _sound(name: str, pdf: bytes) -> Structure | None:
    """What pypdf reads, if both readers find nothing irregular and agree."""
    try:
        with Look(pdf) as look:
            if not look.xref_ok:
                return None
            drawn = len(look)
        structure = Structure(pdf, strict=True)
    except (TooHeavy, MemoryError) as error:
        raise refusal("pages.too_heavy", name, limit="content") from error
    except Exception:  # pypdf raises anything on hostile input
        return None
    agreed = drawn == len(structure.pages) == structure.declared
    return structure if agreed else None


def _rebuilt(name: str, pdf: bytes, limits: Limits) -> tuple[bytes, Structure]:
    try:
        new, found = _rewritten(pdf)
    except Damaged as error:
        raise refusal("pages.damaged", name, page=error.page) from error
    except FileNotDecryptedError as error:
        raise refusal("pages.encrypted", name) from error
    except (TooHeavy, MemoryError) as error:
        raise refusal("pages.too_heavy", name, limit="content") from error
    except Exception as error:  # pypdf raises anything on hostile input
        raise refusal("pages.unreadable", name) from error
    pages = len(found.pages)
    if pages != found.declared:
        raise refusal("pages.incomplete", name, pages=pages, declared=found.declared)
    if pages > limits.max_pages:
        raise too_many_pages(name, pages, limits)
    structure = _sound(name, new) if pages else None
    if structure is None:
        raise refusal("pages.unreadable", name)
    return new, structure


def _rewritten(pdf: bytes) -> tuple[bytes, Structure]:
    """By pypdf, or by PDFium where pypdf finds no beginning at all."""
    try:
        found = Structure(pdf, strict=False, thorough=True)
    except (Damaged, TooHeavy, MemoryError, FileNotDecryptedError):
        raise
    except Exception as error:  # pypdf raises anything on hostile input
        try:
            with Look(pdf) as look:
                new = look.saved()
        except CannotOpen:
            raise error from None
        return new, Structure(new, strict=True, thorough=True)
    for number in found.searched:
        # pypdf takes the first such object, which an update may have replaced.
        if len(re.findall(rb"(?<!\d)%d\s+\d+\s+obj\b" % number, pdf)) > 1:
            raise ValueError(f"several objects {number}")
    out = io.BytesIO()
    PdfWriter(clone_from=found.reader).write(out)
    return out.getvalue(), found
