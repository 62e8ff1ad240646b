"""Writing the letter's PDF: pages put in place, documents joined, blank backs, sheet.

The first document is cloned whole, so that everything in it survives; the others are
appended to it. Every page that has to move becomes a form inside a new page: patterns,
groups and unbalanced operators then keep meaning what they meant.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
)

from .address_sheet import PAGE_PT
from .carry import carry, drop_scripts
from .finding import REPAIR, WARNING, Finding
from .look import Look
from .matrix import Matrix
from .source import Source, SourcePage

SHEET, BLANK = "sheet", "blank"
# What a page may inherit from the page tree, and would pass on to inserted pages.
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_KEPT = {"/Type", "/Parent", "/Metadata", "/AF"}


@dataclass(frozen=True)
class Slot:
    """One page of the letter: the sheet, a blank, or page ``page`` of a document."""

    kind: str = ""
    document: int = 0
    page: int = 0


def layout(page_counts: Sequence[int], *, duplex: bool, sheet: bool) -> list[Slot]:
    """The letter's pages in order; each document starts on a front."""
    slots: list[Slot] = [Slot(SHEET)] if sheet else []
    for document, count in enumerate(page_counts):
        if duplex and len(slots) % 2:
            slots.append(Slot(BLANK))
        slots += [Slot("", document, page) for page in range(count)]
    return slots


def write(
    sources: Sequence[Source], slots: Sequence[Slot], sheet: bytes
) -> tuple[bytes, list[Finding]]:
    """The letter as one PDF, and what was changed on top of the sources' findings.

    :param sheet: the address sheet, a PDF of one page, where ``slots`` has one
    """
    findings: list[Finding] = []
    readers = [_reader(source, findings) for source in sources]
    writer = PdfWriter(clone_from=readers[0])
    _own_everything(writer)
    for order, (source, reader) in enumerate(zip(sources, readers, strict=True), 1):
        start = len(writer.pages)
        if order > 1:
            writer.append(reader, import_outline=False)
            carry(writer, reader, start, order)
        else:
            start = 0
        _place(writer, start, source.pages)
        if source.signatures:
            findings.append(_about("pages.signature_broken", WARNING, source))
        if source.scripts:
            findings.append(_about("pages.script_removed", REPAIR, source))
    if len(sources) > 1:
        count = {"documents": len(sources)}
        findings.append(Finding("pages.joined", REPAIR, count))
    findings += _insert(writer, slots, sheet, sources)
    drop_scripts(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), findings


def _reader(source: Source, findings: list[Finding]) -> PdfReader:
    pdf = source.pdf
    if source.annotated and any(page.matrix for page in source.pages):
        # What stands in annotations and form fields has to move with its page.
        findings.append(_about("pages.flattened", REPAIR, source))
        with Look(source.pdf) as look:
            pdf = look.flattened()
    # Not strictly: what no page needs (a dead bookmark) may be out of order.
    return PdfReader(io.BytesIO(pdf))


def _own_everything(writer: PdfWriter) -> None:
    """Pages have their own copy of what they inherit; the tree passes nothing on."""
    tree = writer.root_object["/Pages"]
    for key in _INHERITED:
        if key in tree:
            del tree[key]


def _place(writer: PdfWriter, start: int, pages: Sequence[SourcePage]) -> None:
    done = set()
    for index, source in enumerate(pages, start):
        page = writer.pages[index]
        # A page object may stand in the tree twice.
        if source.matrix and page.indirect_reference.idnum not in done:
            done.add(page.indirect_reference.idnum)
            _place_page(writer, page, source.bbox, source.matrix)


def _place_page(writer: PdfWriter, page: PageObject, bbox, matrix: Matrix) -> None:
    form = DecodedStreamObject()
    form.set_data(_content(page))
    form = form.flate_encode()
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(map(FloatObject, bbox)),
            NameObject("/Resources"): page.get("/Resources", DictionaryObject()),
        }
    )
    if "/Group" in page:
        group = page["/Group"].get_object().clone(writer)
        group[NameObject("/I")] = BooleanObject(True)
        form[NameObject("/Group")] = group
    for key in [key for key in page if key not in _KEPT]:
        del page[key]
    drawing = DecodedStreamObject()
    numbers = " ".join(f"{value:.6f}" for value in matrix)
    drawing.set_data(f"q {numbers} cm /Page Do Q".encode())
    forms = DictionaryObject({NameObject("/Page"): writer._add_object(form)})
    paper = RectangleObject((0, 0, *PAGE_PT))
    page.update(
        {
            NameObject("/Contents"): writer._add_object(drawing),
            NameObject("/Resources"): DictionaryObject({NameObject("/XObject"): forms}),
            NameObject("/MediaBox"): paper,
            NameObject("/CropBox"): paper,
            NameObject("/Rotate"): NumberObject(0),
        }
    )


def _content(page: PageObject) -> bytes:
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else ArrayObject()
    parts = contents if isinstance(contents, ArrayObject) else [contents]
    return b"\n".join(part.get_object().get_data() for part in parts)


def _insert(writer: PdfWriter, slots, sheet: bytes, sources) -> list[Finding]:
    """Puts sheet and blank backs where ``slots`` has them."""
    findings = []
    for index, slot in enumerate(slots):
        if slot.kind == SHEET:
            writer.insert_page(PdfReader(io.BytesIO(sheet)).pages[0], index)
        elif slot.kind == BLANK:
            writer.insert_blank_page(*PAGE_PT, index)
            before = slots[index - 1]
            if before.kind != SHEET:  # the sheet's own blank back is no news
                # The last page of its document, counted as in every other finding.
                name = sources[before.document].name
                where = {"document": name, "page": before.page + 1}
                findings.append(Finding("pages.blank_back", REPAIR, where))
    return findings


def _about(code: str, level: str, source: Source) -> Finding:
    return Finding(code, level, {"document": source.name})
