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

# Grey levels that smoothing may make of the same rim when it moves by part of a pixel.
_SMOOTHING = 96


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
                    good = Ink(page.raster()).blank
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
        return _equal(drawn, before.raster())
    sheet = placement.is_a4(page.width_mm, page.height_mm) and page.rotation == 0
    placed = before.raster_through(matrix, A4_WIDTH_MM, A4_HEIGHT_MM)
    return sheet and _alike(drawn, placed) and placement.is_clear(Ink(drawn), profile)


def _equal(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    return ImageChops.difference(one, other).getextrema()[1] <= _SMOOTHING


def _alike(one: Image.Image, other: Image.Image) -> bool:
    """Equal but for shifts of a pixel: each has nothing that the other lacks."""
    return one.size == other.size and all(
        _within(
            this, _spread(that, ImageChops.darker), _spread(that, ImageChops.lighter)
        )
        for this, that in ((one, other), (other, one))
    )


def _within(image: Image.Image, low: Image.Image, high: Image.Image) -> bool:
    too_dark = ImageChops.subtract(low, image).getextrema()[1]
    too_light = ImageChops.subtract(image, high).getextrema()[1]
    return max(too_dark, too_light) <= _SMOOTHING


def _spread(image: Image.Image, choose) -> Image.Image:
    """Each pixel the darkest (or lightest) of itself and its eight neighbours."""
    for across, down in ((1, 0), (0, 1)):
        before = ImageChops.offset(image, -across, -down)
        image = choose(choose(before, image), ImageChops.offset(image, across, down))
    return image


def _failed(page: int) -> Refusal:
    return Refusal([Finding("pages.repair_failed", ERROR, {"page": page})])
