"""The sheet in front of a letter whose first page does not show the address.

One white A4 page with the recipient's lines in the window and the sender's in small at
the top left. The font lies beside (``static/fonts``), is embedded as a subset, and
every character asked for must be in it: a character it lacks is refused, never printed
as a black square.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .characters import unprintable
from .finding import ERROR, Finding, Refusal
from .matrix import MM_PER_PT
from .profile import A4_HEIGHT_MM, A4_WIDTH_MM, Profile, Zone
from .window import MIN_SIZE_PT

FONT_FILE = (
    Path(__file__).resolve().parent.parent
    / "static"
    / "fonts"
    / "DejaVuSansCondensed.ttf"
)
_FONT = "BeePostAddress"
_SENDER_SIZE_PT = 7.0
_SENDER_LEADING_PT = 8.5
# Room between the window's edge and the first letter, and around the sender's lines.
_PAD_MM = 0.5
_SENDER_INSET_MM = 10.0
# Part of the font size above and below the baseline that letters of this font take,
# accents on capitals included.
_ASCENT, _DESCENT = 0.94, 0.24
PAGE_PT = (A4_WIDTH_MM / MM_PER_PT, A4_HEIGHT_MM / MM_PER_PT)


@functools.lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """Code points that the font has a glyph for; registers it with reportlab."""
    font = TTFont(_FONT, str(FONT_FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def make(recipient: Sequence[str], sender: Sequence[str], profile: Profile) -> bytes:
    """The sheet as a PDF of one page; the same lines give the same bytes.

    :raises Refusal: ``address.unprintable``, ``window.line_too_wide``,
        ``window.no_room``
    """
    recipient = [line for line in recipient if line.strip()]
    sender = [line for line in sender if line.strip()]
    _must_print(recipient)
    _must_print(sender)
    out = io.BytesIO()
    canvas = Canvas(
        out, pagesize=PAGE_PT, pageCompression=1, invariant=1, initialFontName=_FONT
    )
    _draw_recipient(canvas, recipient, profile)
    _draw_sender(canvas, sender, profile)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _must_print(lines: Sequence[str]) -> None:
    known = _glyphs()
    findings = []
    for number, line in enumerate(lines, 1):
        lost = unprintable(line)
        lost += "".join(dict.fromkeys(c for c in line if ord(c) not in known))
        if lost:
            strange = "".join(dict.fromkeys(lost))
            params = {
                "line": number,
                "text": line,
                "characters": strange,
                "codes": " ".join(f"U+{ord(char):04X}" for char in strange),
            }
            findings.append(Finding("address.unprintable", ERROR, params))
    if findings:
        raise Refusal(findings)


def _draw_recipient(canvas: Canvas, lines: Sequence[str], profile: Profile) -> None:
    window = profile.window
    if not lines:
        raise Refusal([Finding("window.no_room", ERROR, _room("recipient", 0))])
    size = min(profile.font_size_pt, _fitting_size(lines, window))
    if len(set(lines)) < len(lines):
        # Readers take a line that overlaps an equal one for the same in bold.
        size = min(size, profile.leading_pt / _height(1.0))
    block = ((len(lines) - 1) * profile.leading_pt + _height(size)) * MM_PER_PT
    spare = window.bottom - window.top - block
    if spare < 0:
        raise Refusal(
            [Finding("window.no_room", ERROR, _room("recipient", len(lines)))]
        )
    # In the middle: the sheet may slide in its envelope up as well as down.
    top = window.top + spare / 2
    _draw(canvas, lines, window.left + _PAD_MM, top, size, profile.leading_pt)


def _draw_sender(canvas: Canvas, lines: Sequence[str], profile: Profile) -> None:
    if not lines:
        return
    width = max(_width(line, _SENDER_SIZE_PT) for line in lines)
    block = (len(lines) - 1) * _SENDER_LEADING_PT + _height(_SENDER_SIZE_PT)
    left = profile.margin_mm + _SENDER_INSET_MM
    for top in (profile.margin_mm + _PAD_MM, profile.quiet.bottom + _PAD_MM):
        place = Zone(left, top, left + width, top + block * MM_PER_PT)
        margin = profile.margin_mm
        paper = Zone(0, 0, A4_WIDTH_MM - margin, A4_HEIGHT_MM - margin)
        taken = (profile.quiet, *profile.reserved)
        if paper.contains(place) and not any(zone.touches(place) for zone in taken):
            _draw(canvas, lines, left, top, _SENDER_SIZE_PT, _SENDER_LEADING_PT)
            return
    raise Refusal([Finding("window.no_room", ERROR, _room("sender", len(lines)))])


def _draw(canvas, lines, left_mm, top_mm, size, leading) -> None:
    canvas.setFont(_FONT, size)
    baseline = (A4_HEIGHT_MM - top_mm) / MM_PER_PT - _ASCENT * size
    for number, line in enumerate(lines):
        canvas.drawString(left_mm / MM_PER_PT, baseline - number * leading, line)


def _fitting_size(lines: Sequence[str], window: Zone) -> float:
    """The largest size at which every line fits the window's width.

    38 ordinary capitals fit at 9 pt; a line of wide letters makes the block smaller.
    """
    room = window.right - window.left - 2 * _PAD_MM
    widest = max(range(len(lines)), key=lambda number: _width(lines[number], 1.0))
    size = room / _width(lines[widest], 1.0)
    if size < MIN_SIZE_PT:
        params = {
            "line": widest + 1,
            "width_mm": round(_width(lines[widest], MIN_SIZE_PT), 1),
            "max_mm": round(room, 1),
        }
        raise Refusal([Finding("window.line_too_wide", ERROR, params)])
    return size


def _width(line: str, size: float) -> float:
    """Width in mm."""
    return pdfmetrics.stringWidth(line, _FONT, size) * MM_PER_PT


def _height(size: float) -> float:
    """Height of one line in pt."""
    return (_ASCENT + _DESCENT) * size


def _room(part: str, lines: int) -> dict[str, str | int]:
    return {"part": part, "lines": lines}
