"""The characters of a page where they stand, and the lines that they make."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from .look import Page
from .profile import Zone

_INVISIBLE = (
    pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE,
    pdfium_c.FPDF_TEXTRENDERMODE_CLIP,
)
_FULL_TURN = 6.283185
# Two characters further apart than this part of their size have a space between them:
# a space is 0.25 em or more in text fonts, kerning stays under 0.1.
_SPACE = 0.16


@dataclass(frozen=True)
class Char:
    """One character; ``box`` is its ink, ``left`` to ``right`` its advance, in mm."""

    text: str
    box: Zone
    left: float
    right: float
    baseline: float
    size: float
    upright: bool
    visible: bool
    after_space: bool


def chars(page: Page, zone: Zone) -> list[Char]:
    """The characters other than spaces whose box touches ``zone``."""
    text = page.raw.get_textpage()
    try:
        return list(_chars(page, text, zone))
    finally:
        text.close()


def _chars(page: Page, text, zone: Zone) -> Iterator[Char]:
    x, y = ctypes.c_double(), ctypes.c_double()
    sides = [ctypes.c_double() for _ in range(4)]
    left, bottom, right, top = page.user_box(zone)
    for index in range(text.count_chars()):
        # Most characters of a page stand elsewhere: no more than this for them.
        if not pdfium_c.FPDFText_GetCharBox(text, index, *sides):
            continue
        x1, x2, y1, y2 = (side.value for side in sides)
        if x1 >= right or x2 <= left or y1 >= top or y2 <= bottom:
            continue
        box = page.zone(x1, y1, x2, y2)
        if box is None:
            continue
        char = _character(pdfium_c.FPDFText_GetUnicode(text, index))
        if char.isspace() or pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        advance = page.zone(*text.get_charbox(index, loose=True)) or box
        pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
        item = pdfium_c.FPDFText_GetTextObject(text, index)
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item) if item else 0
        angle = pdfium_c.FPDFText_GetCharAngle(text, index)
        yield Char(
            char,
            box,
            advance.left,
            advance.right,
            page.point(x.value, y.value)[1],
            advance.bottom - advance.top,
            page.rotation == 0 and min(abs(angle), abs(angle - _FULL_TURN)) < 0.02,
            mode not in _INVISIBLE,
            index > 0 and _is_space(text, index - 1),
        )


def _is_space(text, index: int) -> bool:
    """A space of the document's own; PDFium makes up others where it sees a gap."""
    char = _character(pdfium_c.FPDFText_GetUnicode(text, index))
    return char.isspace() and pdfium_c.FPDFText_IsGenerated(text, index) != 1


def lines(found: Iterable[Char]) -> list[list[Char]]:
    """Lines from the top down, the characters of each from left to right."""
    rows: list[list[Char]] = []
    for char in sorted(found, key=lambda char: char.baseline):
        if rows and char.baseline - rows[-1][0].baseline < 0.3 * char.size:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [sorted(row, key=lambda char: char.left) for row in rows]


def line_text(row: list[Char]) -> str:
    """What one line reads, with a space wherever there is room for one."""
    text = row[0].text
    for before, char in zip(row, row[1:], strict=False):
        gap = char.left - before.right
        apart = char.after_space or gap > _SPACE * char.size
        text += (" " if apart else "") + char.text
    return text


def _character(code: int) -> str:
    if code in (0x02, 0xFFFE):  # PDFium's sign for a hyphen at the end of a line
        return "-"
    if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "\N{REPLACEMENT CHARACTER}"
    return chr(code)
