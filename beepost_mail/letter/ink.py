"""Ink: where a drawn page is not white, in millimetres."""

from __future__ import annotations

from PIL import Image

from .profile import Zone

PX_PER_MM = 5
# Grey level from which paper counts as white: 2 % grey is below what shows in print.
WHITE = 250

_INK = [255 if level < WHITE else 0 for level in range(256)]
_TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns the other way round
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def to_px(mm: float) -> int:
    return round(mm * PX_PER_MM)


class Ink:
    """The ink of one page, drawn in grey."""

    def __init__(self, raster: Image.Image):
        self._raster = raster

    @property
    def blank(self) -> bool:
        return self._raster.getextrema()[0] >= WHITE

    def turned(self, degrees: int) -> Ink:
        """The same ink with the page turned clockwise."""
        return Ink(self._raster.transpose(_TURNS[degrees])) if degrees else self

    def box(self, zone: Zone | None = None) -> Zone | None:
        """The smallest rectangle around the ink (inside ``zone``), None when white."""
        part, left, top = self._raster, 0, 0
        if zone is not None:
            left, top = to_px(zone.left), to_px(zone.top)
            right = min(part.width, to_px(zone.right))
            bottom = min(part.height, to_px(zone.bottom))
            if right <= left or bottom <= top:
                return None
            part = part.crop((left, top, right, bottom))
        found = part.point(_INK).getbbox()
        if found is None:
            return None
        return Zone(
            (left + found[0]) / PX_PER_MM,
            (top + found[1]) / PX_PER_MM,
            (left + found[2]) / PX_PER_MM,
            (top + found[3]) / PX_PER_MM,
        )
