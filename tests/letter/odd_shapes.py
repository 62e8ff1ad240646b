"""Pages of odd shapes, and ink where none may be.

Fitting a page to A4 moves the address as well, mostly out of the window.
"""

from __future__ import annotations

from odd import UNTOUCHED, refused, repaired
from pdfs import (
    A4,
    ADDRESS,
    CONTENT,
    address,
    letter,
    objects,
    pages,
    rect,
    text,
    write,
)

SCALED = repaired("pages.scaled", "pages.address_sheet")
ROTATED = repaired("pages.rotated", "pages.address_sheet")
SHRUNK = repaired("pages.shrunk")
MOVED = repaired("pages.shrunk", "pages.address_sheet")
CROPPED = repaired("pages.cropped")
SIZE = refused("pages.size_unusable")


def box(*numbers: float, extra: bytes = b"") -> bytes:
    return b"/MediaBox [%s] " % " ".join(map(str, numbers)).encode() + extra


def moved(x: float, y: float) -> bytes:
    """The plain content on a page whose origin is elsewhere."""
    return b"1 0 0 1 %f %f cm " % (x, y) + CONTENT


def inherited(keys: bytes, content: bytes = CONTENT) -> bytes:
    found = objects(content, page=b"")
    found[2] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 %s >>" % keys
    return write(found)


def turned(degrees: int) -> bytes:
    """The plain letter, drawn so that /Rotate brings it upright."""
    matrix = {90: b"0 1 -1 0 842 0", 180: b"-1 0 0 -1 595 842", 270: b"0 -1 1 0 0 595"}
    size = (0, 0, 595, 842) if degrees == 180 else (0, 0, 842, 595)
    content = matrix[degrees] + b" cm " + CONTENT
    return letter(content, page=box(*size, extra=b"/Rotate %d" % degrees))


HALF = b"0.5 0 0 0.5 0 0 cm " + CONTENT
BIG = rect(0, 0, 210, 297, b"0.2 0.4 0.8 rg")
CLIP = b"q 0 0 595 842 re W n 1 g 0 0 595 842 re f Q "

CASES = {
    # sizes
    "A4 to the hundredth": (letter(page=box(0, 0, 595.276, 841.89)), UNTOUCHED),
    "A4 in whole millimetres": (letter(page=box(0, 0, 596, 843)), UNTOUCHED),
    "US letter": (letter(page=box(0, 0, 612, 792)), SCALED),
    "A5": (letter(text("AVIS", 20, 120), page=box(0, 0, 420, 595)), SCALED),
    "A3": (letter(page=box(0, 0, 842, 1190)), SCALED),
    "A2": (letter(page=box(0, 0, 1190, 1684)), SCALED),
    "A0": (letter(page=box(0, 0, 2384, 3370)), SIZE),
    "a receipt roll": (letter(page=box(0, 300, 220, 842)), SCALED),
    "a stamp": (letter(page=box(0, 0, 30, 30)), SIZE),
    "a pixel": (letter(page=box(0, 0, 1, 1)), SIZE),
    "five metres": (letter(page=box(0, 0, 14400, 14400)), SIZE),
    "a page without area": (letter(page=box(0, 0, 0, 0)), SIZE),
    "no size": (letter(page=b""), refused("pages.unreadable")),
    "three numbers": (letter(page=box(0, 0, 595)), refused("pages.unreadable")),
    "infinite": (letter(page=box(0, 0, 10**12, 10**12)), SIZE),
    "corners the other way round": (letter(page=box(595, 842, 0, 0)), UNTOUCHED),
    "an origin below zero": (
        letter(moved(-300, -400), page=box(-300, -400, 295, 442)),
        UNTOUCHED,
    ),
    "an origin above zero": (
        letter(moved(50, 60), page=box(50, 60, 645, 902)),
        UNTOUCHED,
    ),
    "a size from the page tree": (inherited(A4), UNTOUCHED),
    "a user unit": (
        letter(HALF, page=box(0, 0, 297.5, 421, extra=b"/UserUnit 2")),
        repaired("pages.user_unit"),
    ),
    # crop boxes
    "cropped to a part": (
        letter(page=A4 + b" /CropBox [20 20 590 830]"),
        CROPPED,
    ),
    "cropped out of a larger sheet": (
        letter(
            moved(40, 40), page=box(0, 0, 675, 922, extra=b"/CropBox [40 40 635 882]")
        ),
        CROPPED,
    ),
    "cropped to nothing": (letter(page=A4 + b" /CropBox [700 0 800 842]"), SIZE),
    "a crop box larger than the page": (
        letter(page=A4 + b" /CropBox [-50 -50 900 900]"),
        UNTOUCHED,
    ),
    # turns
    "turned by 90": (turned(90), repaired("pages.rotated")),
    "turned by 180": (turned(180), repaired("pages.rotated")),
    "turned by 270": (turned(270), repaired("pages.rotated")),
    "turned back by 90": (
        letter(
            b"0 -1 1 0 0 595 cm " + CONTENT,
            page=box(0, 0, 842, 595, extra=b"/Rotate -90"),
        ),
        repaired("pages.rotated"),
    ),
    "turned by 360": (letter(page=A4 + b" /Rotate 360"), UNTOUCHED),
    "turned by 45": (letter(page=A4 + b" /Rotate 45"), UNTOUCHED),
    "turned by the page tree": (
        inherited(A4 + b" /Rotate 180", b"-1 0 0 -1 595 842 cm " + CONTENT),
        repaired("pages.rotated"),
    ),
    "landscape": (letter(page=box(0, 0, 842, 595)), ROTATED),
    "portrait shown as landscape": (
        letter(page=A4 + b" /Rotate 90"),
        repaired("pages.rotated"),
    ),
    "landscape second page": (
        pages([CONTENT, b"1 0 0 1 0 0 cm " + rect(20, 200, 120, 220)]).replace(
            b"/Parent 2 0 R /Contents 23 0 R", b"/Rotate 90     /Contents 23 0 R"
        ),
        repaired("pages.rotated"),
    ),
    # ink
    "a hair in the margin": (letter(CONTENT + rect(4.8, 150, 20, 152)), UNTOUCHED),
    "ink in the left margin": (letter(CONTENT + rect(3, 150, 20, 152)), SHRUNK),
    "ink in the top margin": (letter(CONTENT + rect(30, 2, 40, 8)), SHRUNK),
    "ink at the right edge": (letter(CONTENT + rect(180, 150, 210, 152)), MOVED),
    "ink at the bottom": (letter(CONTENT + rect(100, 290, 110, 297)), SHRUNK),
    "a page full of colour": (letter(BIG), MOVED),
    "a faint tint": (letter(rect(0, 0, 210, 297, b"0.99 g") + CONTENT), UNTOUCHED),
    "ink off the page": (letter(CONTENT + rect(-20, 150, -1, 160)), UNTOUCHED),
    "white over the whole page": (letter(CLIP + CONTENT), UNTOUCHED),
    "colour under white": (letter(BIG + CLIP + CONTENT), UNTOUCHED),
    "a mark in the corner": (letter(CONTENT + rect(8, 284, 13, 290)), MOVED),
    "a foot line through the corner": (
        letter(CONTENT + rect(6, 285, 204, 287)),
        MOVED,
    ),
    # the window
    "another address": (
        letter(address(("SOCIETE DURAND", *ADDRESS[1:])) + rect(20, 100, 190, 102)),
        repaired("pages.address_sheet"),
    ),
    "the address on the left": (
        letter(address(left=20)),
        repaired("pages.address_sheet"),
    ),
    "a logo beside the address": (
        letter(CONTENT + rect(180, 45, 195, 55)),
        repaired("pages.address_sheet"),
    ),
}
