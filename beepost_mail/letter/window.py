"""What shows in the envelope's window: exactly the recipient's address, or not.

Case, accents and punctuation do not count (``characters.canonical``); the order
of the lines and what stands on each does matter. Everything in the quiet zone of page 1
counts as part of what the sorting machine reads: a stray word or a logo is a finding.

A wrong "yes" sends a letter astray, a wrong "no" costs one sheet: in doubt it is no.
Text that a page carries invisibly (the layer of a scan, white on white) does not count,
since nobody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PIL import Image

from . import glyphs
from .characters import canonical
from .finding import ERROR, Finding, Refusal
from .glyphs import Char
from .ink import PX_PER_MM, Ink, to_px
from .look import LOCK, CannotOpen, Locked, Look, Page
from .profile import DEFAULT, Profile, Zone

# What reaches into the quiet zone, or out of the window, by less is a matter of
# measuring (one pixel is 0.2 mm).
TOLERANCE_MM = 0.3
# Ink around a character that may still be its own: smoothing, underlines.
_HALO_MM = 0.4
# Letters whose darkest point is lighter than a third of black, or that are smaller than
# this, are not read by sorting machines.
_FAINT = 85
MIN_SIZE_PT = 6.0


def check(
    pdf: bytes, recipient: Sequence[str], profile: Profile = DEFAULT
) -> tuple[Finding, ...]:
    """Why page 1 does not show exactly this address; empty when it does.

    :param recipient: the lines as they must show
    :raises Refusal: ``pages.unreadable``, ``pages.encrypted``
    """
    with LOCK:
        try:
            with Look(pdf) as look:
                return tuple(_check(look.page(0), recipient, profile))
        except CannotOpen as error:
            raise Refusal(
                [Finding("pages.unreadable", ERROR, {"document": ""})]
            ) from error
        except Locked as error:
            raise Refusal(
                [Finding("pages.encrypted", ERROR, {"document": ""})]
            ) from error


def _check(page: Page, recipient: Sequence[str], profile: Profile):
    quiet = _shrunk(profile.quiet)
    sight = _Sight(page.raster(quiet), quiet)
    drawn = [char for char in glyphs.chars(page, quiet) if char.visible]
    shades = [sight.darkness(char.box) for char in drawn]
    shown = [char for char, shade in zip(drawn, shades, strict=True) if shade]
    faint = [
        char
        for char, shade in zip(drawn, shades, strict=True)
        if 0 < shade < _FAINT and char.text.isalnum()
    ]
    yield from _compare(shown, recipient)
    yield from _outside(shown, profile.window)
    yield from _legible(shown, faint)
    foreign = sight.ink_without([char.box for char in shown])
    if foreign:
        yield Finding("window.foreign_ink", ERROR, _where([foreign]))


class _Sight:
    """The quiet zone as it shows."""

    def __init__(self, raster: Image.Image, zone: Zone):
        self._raster = raster
        self._left, self._top = to_px(zone.left), to_px(zone.top)
        self._grey, (self._width, self._height) = raster.tobytes(), raster.size

    def _px(self, box: Zone, halo: float) -> tuple[int, int, int, int]:
        left = to_px(box.left - halo) - self._left
        top = to_px(box.top - halo) - self._top
        right = to_px(box.right + halo) - self._left
        bottom = to_px(box.bottom + halo) - self._top
        left = min(max(left, 0), self._width - 1)
        top = min(max(top, 0), self._height - 1)
        right = min(max(right, left + 1), self._width)
        return left, top, right, min(max(bottom, top + 1), self._height)

    def darkness(self, box: Zone) -> int:
        """0 for white paper, 255 where the darkest point in ``box`` is black.

        A pixel more on each side: the stem of an I is hardly wider than one, and the
        drawing rounds it to the other side than the box as often as not.
        """
        left, top, right, bottom = self._px(box, 1 / PX_PER_MM)
        # Quicker than an image for so few pixels.
        rows = range(top * self._width, bottom * self._width, self._width)
        return 255 - min(min(self._grey[row + left : row + right]) for row in rows)

    def ink_without(self, boxes: Iterable[Zone]) -> Zone | None:
        """Where there is ink that belongs to none of ``boxes``."""
        rest = self._raster.copy()
        for box in boxes:
            rest.paste(255, self._px(box, _HALO_MM))
        found = Ink(rest).box()
        if found is None:
            return None
        left, top = self._left / PX_PER_MM, self._top / PX_PER_MM
        return Zone(
            found.left + left, found.top + top, found.right + left, found.bottom + top
        )


def _compare(shown: list[Char], recipient: Sequence[str]):
    if not shown:
        yield Finding("window.empty", ERROR)
        return
    rows = [glyphs.line_text(row) for row in glyphs.lines(shown)]
    expected = [line for line in recipient if line.strip()]
    for number in range(max(len(rows), len(expected))):
        row = rows[number] if number < len(rows) else ""
        line = expected[number] if number < len(expected) else ""
        if canonical(row) != canonical(line) or not (row and line):
            params = {"line": number + 1, "expected": line, "shown": row}
            yield Finding("window.differs", ERROR, params)
            return


def _outside(shown: list[Char], window: Zone):
    out = [c for c in shown if not window.contains(c.box, TOLERANCE_MM)]
    if out:
        yield Finding("window.outside", ERROR, _where([c.box for c in out]))


def _legible(shown: list[Char], faint: list[Char]):
    small = [c for c in shown if c.size * 72 / 25.4 < MIN_SIZE_PT]
    turned = [c for c in shown if not c.upright]
    for code, found in (
        ("window.too_small", small),
        ("window.too_faint", faint),
        ("window.not_upright", turned),
    ):
        if found:
            yield Finding(code, ERROR, _where([c.box for c in found]))


def _shrunk(zone: Zone) -> Zone:
    by = TOLERANCE_MM
    return Zone(zone.left + by, zone.top + by, zone.right - by, zone.bottom - by)


def _where(boxes: list[Zone]) -> dict[str, float]:
    return {
        "left_mm": round(min(box.left for box in boxes), 1),
        "top_mm": round(min(box.top for box in boxes), 1),
        "right_mm": round(max(box.right for box in boxes), 1),
        "bottom_mm": round(max(box.bottom for box in boxes), 1),
    }
