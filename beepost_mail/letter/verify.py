"""Whether a letter that was written anew still looks like its documents.

Repairs are ours, and the libraries under them have faults too. Before such a letter may
leave, each of its pages is drawn and compared with the drawing of its source.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageChops

from . import placement
from .finding import ERROR, Finding, Refusal
from .ink import Ink
from .look import CannotOpen, Locked, Look, Page
from .profile import A4_HEIGHT_MM, A4_WIDTH_MM, Profile
from .repair import BLANK, SHEET, Slot
from .source import Source

# A pixel differs when it is this much lighter or darker; smoothing at the rim of a
# letter that moved by part of a pixel stays well below. So many of them may differ.
_STEP = 96
_SHARE = 0.001


def verify(
    pdf: bytes, slots: Sequence[Slot], sources: Sequence[Source], profile: Profile
) -> None:
    """:raises Refusal: ``pages.repair_failed``, with the page of the letter"""
    looks: dict[int, Look] = {}
    try:
        with Look(pdf) as letter:
            if len(letter) != len(slots) or not letter.xref_ok:
                raise _failed(0)
            for number, slot in enumerate(slots):
                if slot.kind == SHEET:
                    continue  # window.check reads it
                page = letter.page(number)
                if slot.kind == BLANK:
                    good = Ink.of(page.raster()).box() is None
                else:
                    if slot.document not in looks:
                        looks[slot.document] = Look(sources[slot.document].pdf)
                    look, source = looks[slot.document], sources[slot.document]
                    good = _same(page, look.page(slot.page), source, slot, profile)
                if not good:
                    raise _failed(number + 1)
                page.raw.close()
    except (CannotOpen, Locked) as error:
        raise _failed(0) from error
    finally:
        for look in looks.values():
            look.close()


def _same(page: Page, before: Page, source: Source, slot: Slot, profile: Profile):
    drawn = page.raster()
    matrix = source.pages[slot.page].matrix
    if matrix is None:
        return _alike(drawn, before.raster())
    sheet = placement.is_a4(page.width_mm, page.height_mm) and page.rotation == 0
    placed = before.raster_through(matrix, A4_WIDTH_MM, A4_HEIGHT_MM)
    return (
        sheet and _alike(drawn, placed) and placement.is_clear(Ink.of(drawn), profile)
    )


def _alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    difference = ImageChops.difference(one, other)
    if difference.getbbox() is None:
        return True
    differing = sum(difference.histogram()[_STEP:])
    return differing <= _SHARE * one.width * one.height


def _failed(page: int) -> Refusal:
    return Refusal([Finding("pages.repair_failed", ERROR, {"page": page})])
