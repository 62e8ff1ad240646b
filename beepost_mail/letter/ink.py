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
    """The ink of one page; ``mask`` is 255 where there is some, 0 where it is white."""

    def __init__(self, mask: Image.Image):
        self._mask = mask

    @classmethod
    def of(cls, raster: Image.Image) -> Ink:
        return cls(raster.point(_INK))

    def turned(self, degrees: int) -> Ink:
        """The same ink with the page turned clockwise."""
        return Ink(self._mask.transpose(_TURNS[degrees])) if degrees else self

    def box(self, zone: Zone | None = None) -> Zone | None:
        """The smallest rectangle around the ink (inside ``zone``), None when white."""
        mask, left, top = self._mask, 0, 0
        if zone is not None:
            left, top = to_px(zone.left), to_px(zone.top)
            right = min(mask.width, to_px(zone.right))
            bottom = min(mask.height, to_px(zone.bottom))
            if right <= left or bottom <= top:
                return None
            mask = mask.crop((left, top, right, bottom))
        found = mask.getbbox()
        if found is None:
            return None
        return Zone(
            (left + found[0]) / PX_PER_MM,
            (top + found[1]) / PX_PER_MM,
            (left + found[2]) / PX_PER_MM,
            (top + found[3]) / PX_PER_MM,
        )
