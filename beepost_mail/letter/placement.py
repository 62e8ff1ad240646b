"""Where a page goes on its A4 sheet so that its ink keeps clear of margins and marks.

Plain geometry in millimetres, origin top-left. A page that is A4, upright and clear
stays exactly as it is. Any other is turned upright, fitted to A4, and made smaller
step by step, down to 90 %, until its ink leaves the margins and reserved zones white.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import matrix
from .ink import Ink
from .matrix import MM_PER_PT, Box, Matrix
from .profile import A4_HEIGHT_MM, A4_WIDTH_MM, Profile, Zone

# 595 × 842 pt is 209.9 × 297.04 mm, and some producers round to the millimetre.
A4_TOLERANCE_MM = 1.0
# Ink may reach this far into a margin: less than two pixels of the drawing.
INK_TOLERANCE_MM = 0.3
MIN_SHRINK = 0.9
# Up to A2 a page is fitted to A4; a larger plan would be unreadable, and what is
# smaller than a business card is no page. Small pages grow to twice their size at most.
MIN_SIDE_MM, MAX_SIDE_MM = 40.0, 600.0
MAX_GROWTH = 2.0
# A landscape page has its head at the left edge, as in a bound report.
UPRIGHT_TURN = 270


class NoPlace(Exception):
    """The ink at ``zone`` cannot be moved clear of the margin or a reserved zone."""

    def __init__(self, zone: Zone, reserved: bool):
        super().__init__(f"ink at {zone}")
        self.zone = zone
        self.reserved = reserved


@dataclass(frozen=True)
class Placement:
    """Turned clockwise by ``turn`` degrees, then scaled, then put at ``left, top``."""

    turn: int = 0
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def as_matrix(self, bbox: Box, rotation: int, mm_per_unit: float) -> Matrix:
        """From the page's user space to the sheet's, in points from the bottom."""
        turn = (rotation + self.turn) % 360
        width, height = bbox[2] - bbox[0], bbox[3] - bbox[1]
        tall = width if turn in (90, 270) else height
        scale = self.scale * mm_per_unit / MM_PER_PT
        bottom = (A4_HEIGHT_MM - self.top) / MM_PER_PT - tall * scale
        shift = (1.0, 0.0, 0.0, 1.0, self.left / MM_PER_PT, bottom)
        return matrix.product(matrix.turn(bbox, turn), matrix.zoom(scale), shift)

    def put(self, zone: Zone) -> tuple[float, float, float, float]:
        """Where a zone of the turned page comes to lie: left, top, right, bottom."""
        return (
            zone.left * self.scale + self.left,
            zone.top * self.scale + self.top,
            zone.right * self.scale + self.left,
            zone.bottom * self.scale + self.top,
        )

    def before(self, zone: Zone) -> Zone | None:
        """The zone of the turned page that comes to lie in ``zone`` of the sheet."""
        left, top = zone.left - self.left, zone.top - self.top
        right, bottom = zone.right - self.left, zone.bottom - self.top
        if right <= 0 or bottom <= 0:
            return None
        by = 1 / self.scale
        return Zone(max(0.0, left) * by, max(0.0, top) * by, right * by, bottom * by)


def is_a4(width: float, height: float) -> bool:
    return (
        abs(width - A4_WIDTH_MM) <= A4_TOLERANCE_MM
        and abs(height - A4_HEIGHT_MM) <= A4_TOLERANCE_MM
    )


def is_clear(ink: Ink, profile: Profile) -> bool:
    """Whether an upright A4 page keeps margins and reserved zones white."""
    room = profile.margin_mm - INK_TOLERANCE_MM
    # A drawn page may be wider than A4 by the tolerance.
    far = A4_WIDTH_MM + A4_HEIGHT_MM
    keep_white = [_inner(zone, INK_TOLERANCE_MM) for zone in profile.reserved]
    if room > 0:
        keep_white += (
            Zone(0, 0, room, far),
            Zone(0, 0, far, room),
            Zone(A4_WIDTH_MM - room, 0, far, far),
            Zone(0, A4_HEIGHT_MM - room, far, far),
        )
    return all(ink.box(zone) is None for zone in keep_white)


def place(
    width: float,
    height: float,
    ink: Ink,
    profile: Profile,
    *,
    corner: tuple[float, float] | None = None,
) -> Placement:
    """The placement that changes least; ``Placement()`` when nothing has to change.

    :param width, height: of the page as displayed
    :param ink: of the page as displayed
    :param corner: where the page's top-left belongs on the sheet, for a page cropped
        out of an A4 sheet; None fits the page to the sheet
    :raises NoPlace:
    """
    turn = UPRIGHT_TURN if width > height else 0
    if turn:
        width, height, ink = height, width, ink.turned(turn)
    fit, left, top = 1.0, 0.0, 0.0
    if corner is not None:
        left, top = corner
    elif not is_a4(width, height):
        fit = min(A4_WIDTH_MM / width, A4_HEIGHT_MM / height, MAX_GROWTH)
        left = (A4_WIDTH_MM - width * fit) / 2
        top = (A4_HEIGHT_MM - height * fit) / 2
    asis = Placement(turn, fit, left, top)
    if asis == Placement(turn) and is_clear(ink, profile):
        return asis
    box = ink.box()
    if box is None or _clear(asis, box, ink, profile, INK_TOLERANCE_MM):
        return asis
    for percent in range(100 if fit != 1 else 99, round(MIN_SHRINK * 100) - 1, -1):
        for other in _smaller(asis, percent / 100, box, profile.margin_mm):
            if _clear(other, box, ink, profile, 0.0):
                return other
    raise NoPlace(*_trouble(asis, box, ink, profile))


def _smaller(asis: Placement, by: float, box: Zone, margin: float):
    """Placements at ``by`` of the size: about the sheet's middle first, then as close
    to it as the margins allow, then towards each edge."""
    scale = asis.scale * by
    left = asis.left * by + A4_WIDTH_MM * (1 - by) / 2
    top = asis.top * by + A4_HEIGHT_MM * (1 - by) / 2
    slack = 0.1
    lefts = _range(margin, A4_WIDTH_MM - margin, box.left, box.right, scale, slack)
    tops = _range(margin, A4_HEIGHT_MM - margin, box.top, box.bottom, scale, slack)
    if not (lefts and tops):
        return
    near = min(max(left, lefts[0]), lefts[1]), min(max(top, tops[0]), tops[1])
    if near == (left, top):
        yield Placement(asis.turn, scale, left, top)
    for x in (near[0], *lefts):
        for y in (near[1], *tops):
            yield Placement(asis.turn, scale, x, y)


def _range(low, high, start, end, scale, slack) -> tuple[float, float] | None:
    """Offsets that keep ``start``–``end`` scaled inside ``low``–``high``."""
    first, last = low + slack - start * scale, high - slack - end * scale
    return (first, last) if first <= last else None


def _clear(
    placed: Placement, box: Zone, ink: Ink, profile: Profile, slack: float
) -> bool:
    return next(_troubles(placed, box, ink, profile, slack), None) is None


def _trouble(placed, box, ink, profile) -> tuple[Zone, bool]:
    return next(_troubles(placed, box, ink, profile, INK_TOLERANCE_MM))


def _troubles(
    placed: Placement, box: Zone, ink: Ink, profile: Profile, slack: float
) -> Iterator[tuple[Zone, bool]]:
    """Ink in margins, then in reserved zones: where on the sheet, and which of both."""
    left, top, right, bottom = placed.put(box)
    room = profile.margin_mm - slack
    if (
        left < room
        or top < room
        or right > A4_WIDTH_MM - room
        or bottom > A4_HEIGHT_MM - room
    ):
        yield _on_sheet(left, top, right, bottom), False
    for zone in profile.reserved:
        source = placed.before(_inner(zone, slack))
        found = ink.box(source) if source else None
        if found:
            yield _on_sheet(*placed.put(found)), True


def _inner(zone: Zone, slack: float) -> Zone:
    """``zone`` without its rim of ``slack``, the sheet's own edges apart."""
    return Zone(
        zone.left + slack if zone.left else 0.0,
        zone.top + slack if zone.top else 0.0,
        zone.right - slack if zone.right < A4_WIDTH_MM else zone.right,
        zone.bottom - slack if zone.bottom < A4_HEIGHT_MM else zone.bottom,
    )


def _on_sheet(left: float, top: float, right: float, bottom: float) -> Zone:
    left, top = max(0.0, left), max(0.0, top)
    return Zone(left, top, max(right, left + 0.1), max(bottom, top + 0.1))
