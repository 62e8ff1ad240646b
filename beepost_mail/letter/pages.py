"""From documents to a PDF that can be posted, with every change listed.

What needs no change is not changed: the PDF of an ordinary invoice leaves byte for byte
as it came (``Prepared.untouched``). What can be mended is mended and listed, the rest
is refused with page and millimetres.

Decisions on points where providers differ:

* Ink may reach 0.3 mm into a margin. Beyond, the page is made smaller, to 90 % at most.
* A font missing from the file is refused, unless it is one that every printer has
  (Helvetica, Times, Courier, Arial and their kin, Symbol): a warning.
* Comments and form fields stay as they are, with a warning; on a page that must move
  they become part of it. Scripts never run, and go when the file is written anew.
* A document whose pages cannot all be decoded to their end is refused, since viewers
  show the readable half and say nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from . import address_sheet, envelope, window
from .finding import ERROR, REPAIR, WARNING, Finding, Refusal
from .intake import check_bytes, check_size
from .job import Document, Job, Prepared
from .look import LOCK
from .opening import open_document, too_many_pages
from .profile import DEFAULT_LIMITS, Limits
from .repair import Slot, layout, write
from .source import Source, examine
from .verify import verify

__all__ = ["FINDING_CODES", "Document", "Job", "Prepared", "count", "prepare"]

_ZONE = ("left_mm", "top_mm", "right_mm", "bottom_mm")
_PAGE = ("document", "page")

# Each code with its params. ``document`` is the Document's name, empty where the letter
# as a whole is meant; ``page`` counts from 1 within it, and within the letter where no
# document is named (``repair_failed``; 0: all of it).
FINDING_CODES: dict[str, tuple[str, ...]] = {
    # refused
    "pages.no_document": (),
    "pages.empty": ("document",),
    "pages.not_pdf": ("document", "looks_like"),
    "pages.too_many_bytes": ("document", "size_mb", "max_mb"),
    "pages.too_many_pages": ("document", "pages", "max_pages"),
    "pages.too_many_sheets": ("sheets", "max_sheets"),
    "pages.too_heavy": ("document", "limit"),
    "pages.encrypted": ("document",),
    "pages.printing_forbidden": ("document",),
    "pages.xfa": ("document",),
    "pages.unreadable": ("document",),
    "pages.incomplete": ("document", "pages", "declared"),
    "pages.damaged": _PAGE,
    "pages.size_unusable": (*_PAGE, "width_mm", "height_mm"),
    "pages.font_missing": (*_PAGE, "font"),
    "pages.margin_ink": (*_PAGE, *_ZONE),
    "pages.reserved_ink": (*_PAGE, *_ZONE),
    "pages.blank_document": ("document",),
    "pages.address_sheet_needed": ("reason",),
    "pages.repair_failed": ("page",),
    # warnings
    "pages.font_not_embedded": (*_PAGE, "font"),
    "pages.comments": (*_PAGE, "count", "printed"),
    "pages.form": ("document", "fields"),
    "pages.javascript": ("document",),
    "pages.blank_page": _PAGE,
    "pages.signature_broken": ("document",),
    # repairs
    "pages.decrypted": ("document",),
    "pages.rebuilt": ("document",),
    "pages.rotated": (*_PAGE, "degrees"),
    "pages.scaled": (*_PAGE, "width_mm", "height_mm", "percent"),
    "pages.shrunk": (*_PAGE, "percent"),
    "pages.cropped": _PAGE,
    "pages.user_unit": (*_PAGE, "unit"),
    "pages.flattened": ("document",),
    "pages.script_removed": ("document",),
    "pages.joined": ("documents",),
    "pages.blank_back": _PAGE,
    "pages.address_sheet": ("reason",),
    # why page 1 does not show the address: a warning beside ``pages.address_sheet``
    "window.empty": (),
    "window.differs": ("line", "expected", "shown"),
    "window.outside": _ZONE,
    "window.foreign_ink": _ZONE,
    "window.too_small": _ZONE,
    "window.too_faint": _ZONE,
    "window.not_upright": _ZONE,
    # why no address sheet can be made
    "window.line_too_wide": ("line", "width_mm", "max_mm"),
    "window.no_room": ("part", "lines"),
    "address.unprintable": ("line", "text", "characters", "codes"),
}


def count(pdf: bytes, limits: Limits = DEFAULT_LIMITS) -> int:
    """Pages of a PDF, for an estimate: it is opened as ``prepare`` does, not drawn.

    :raises Refusal: it cannot be opened, or has too many bytes or pages
    """
    check_bytes("", pdf, limits)
    with LOCK:
        return len(open_document("", pdf, limits)[1].pages)


def prepare(job: Job) -> Prepared:
    """One letter's PDF, ready for the printer.

    Time and memory grow with what the documents unfold to; for files from outside use
    :class:`.workshop.Workshop`, which bounds both.

    :raises Refusal: the letter cannot leave; its findings name documents and pages
    """
    if not job.documents:
        raise Refusal([Finding("pages.no_document", ERROR)])
    with LOCK:
        return _prepare(job)


def _prepare(job: Job) -> Prepared:
    sources = _examine_all(job)
    counts = tuple(len(source.pages) for source in sources)
    findings = [finding for source in sources for finding in source.findings]
    pdf, slots, why = None, [], ()
    reason = _sheet_in_any_case(job, counts)
    if not reason:
        pdf, slots, written = _letter(job, sources, counts, b"")
        why = window.check(pdf, job.recipient, job.profile)
        reason = "window" if why else ""
    if reason:
        if job.address_sheet == "never":
            needed = Finding("pages.address_sheet_needed", ERROR, {"reason": reason})
            raise Refusal([needed, *why])
        findings.append(Finding("pages.address_sheet", REPAIR, {"reason": reason}))
        findings += [Finding(f.code, WARNING, f.params) for f in why]
        sheet = address_sheet.make(job.recipient, job.sender, job.profile)
        pdf, slots, written = _letter(job, sources, counts, sheet)
        missed = window.check(pdf, job.recipient, job.profile)
        if missed:
            raise Refusal([Finding("pages.repair_failed", ERROR, {"page": 1}), *missed])
    measure = _measure(job, counts, bool(reason))
    return Prepared(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=len(slots),
        document_pages=counts,
        document_sheets=tuple(envelope.sheets(n, job.duplex) for n in counts),
        address_sheet=bool(reason),
        sheets=measure.sheets,
        envelope=measure.envelope,
        weight_mg=measure.weight_mg,
        untouched=pdf == job.documents[0].pdf,
        findings=tuple(findings + written),
    )


def _examine_all(job: Job) -> list[Source]:
    """Every document's errors at once, so that a person mends them in one go."""
    sources, refused = [], []
    for document in job.documents:
        try:
            source = examine(document.name, document.pdf, job.profile, job.limits)
            sources.append(source)
        except Refusal as refusal:
            refused += refusal.findings
    if refused:
        raise Refusal(refused)
    total = sum(len(source.pages) for source in sources)
    if total > job.limits.max_pages:
        raise too_many_pages("", total, job.limits)
    return sources


def _sheet_in_any_case(job: Job, counts: Sequence[int]) -> str:
    """Why there is an address sheet whatever page 1 shows; empty when it depends."""
    if job.address_sheet == "always":
        return "always"
    return "envelope" if _measure(job, counts, False).address_sheet else ""


def _measure(job: Job, counts: Sequence[int], sheet: bool) -> envelope.Measure:
    found = envelope.measure(
        counts, duplex=job.duplex, address_sheet=sheet, profile=job.profile
    )
    # The provider counts what it inserts, address sheet included, whether or not that
    # takes a place in the envelope.
    if found.sheets > job.limits.max_sheets:
        limit = {"sheets": found.sheets, "max_sheets": job.limits.max_sheets}
        raise Refusal([Finding("pages.too_many_sheets", ERROR, limit)])
    return found


def _letter(
    job: Job, sources: Sequence[Source], counts: Sequence[int], sheet: bytes
) -> tuple[bytes, list[Slot], list[Finding]]:
    """The PDF, its pages and what writing it changed: nothing if that can be.

    :raises Refusal: among others, it has more pages than the provider takes, which
        counts all of the PDF: blank backs and address sheet as well
    """
    slots = layout(counts, duplex=job.duplex, sheet=bool(sheet))
    if len(slots) > job.limits.max_pages:
        raise too_many_pages("", len(slots), job.limits)
    moved = any(page.matrix for source in sources for page in source.pages)
    if len(sources) == 1 and not sheet and not moved:
        return sources[0].pdf, slots, []
    pdf, findings = write(sources, slots, sheet)
    verify(pdf, slots, sources, job.profile)
    check_size("", pdf, job.limits)
    return pdf, slots, findings
