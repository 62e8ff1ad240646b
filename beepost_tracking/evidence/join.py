"""The evidence file: a summary, then each annex behind its title page, and the original
files inside, byte for byte."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from pypdf import PdfReader, PdfWriter

from .showing import CannotShow, pages_of
from .title import title_page


@dataclass(frozen=True)
class Annex:
    """One file.

    :param content: its bytes; empty when there are none to be had
    :param filename: under which it lies in the evidence file; unique there
    :param facts: (label, value) for the title page
    :param notice: for the title page, also why the file is not shown
    :param shown: its pages follow the title page
    :param embedded: its bytes lie in the evidence file
    """

    head: str
    title: str
    content: bytes = field(repr=False)
    filename: str
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    shown: bool = True
    embedded: bool = True


@dataclass(frozen=True)
class Dossier:
    """:param hidden: positions of the annexes that could not be shown, and should"""

    pdf: bytes = field(repr=False)
    pages: int
    hidden: tuple[int, ...] = ()


def join(
    title: str, head: str, summary: bytes, annexes: Sequence[Annex], font: str
) -> Dossier:
    """:param head: name of the summary among the bookmarks
    :param summary: a PDF of ours
    :param font: path of a TrueType font for the title pages
    """
    writer = PdfWriter()
    writer.append(io.BytesIO(summary), import_outline=False)
    writer.add_outline_item(title=head, page_number=0)
    hidden = []
    for position, annex in enumerate(annexes):
        pages = _pages(annex)
        if annex.shown and not pages:
            hidden.append(position)
        start = len(writer.pages)
        page = title_page(annex.head, annex.title, annex.facts, annex.notice, font)
        writer.append(io.BytesIO(page))
        if pages:
            writer.append(io.BytesIO(pages), import_outline=False)
        writer.add_outline_item(
            title=f"{annex.head} - {annex.title}", page_number=start
        )
        if annex.embedded and annex.content:
            writer.add_attachment(annex.filename, annex.content)
    writer.add_metadata({"/Title": title})
    writer.page_mode = "/UseOutlines"
    out = io.BytesIO()
    writer.write(out)
    pdf = out.getvalue()
    return Dossier(pdf, len(PdfReader(io.BytesIO(pdf)).pages), tuple(hidden))


def _pages(annex: Annex) -> bytes:
    if not (annex.shown and annex.content):
        return b""
    try:
        return pages_of(annex.content)[0]
    except CannotShow:
        return b""
