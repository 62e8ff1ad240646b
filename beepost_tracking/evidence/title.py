"""The page that introduces an annex: its name, its facts, and what is missing of it."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_MARGIN = 25 * mm
_LABEL_WIDTH = 48 * mm
_WIDTH, _HEIGHT = A4
_FONT = "BeePostEvidence"


def title_page(
    head: str, title: str, facts: Sequence[Sequence[str]], notice: str, font: str
) -> bytes:
    """One A4 page as a PDF; the same words give the same bytes.

    :param head: small, above the title
    :param facts: (label, value); a value is wrapped wherever it has to be
    :param notice: in a frame below; may be empty
    :param font: path of a TrueType font
    """
    _register(font)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1)
    y = _HEIGHT - 60 * mm
    y = _text(canvas, head, 11, _MARGIN, y, _WIDTH - 2 * _MARGIN, gray=0.35)
    y = _text(canvas, title, 20, _MARGIN, y - 12, _WIDTH - 2 * _MARGIN)
    canvas.setLineWidth(0.8)
    canvas.line(_MARGIN, y, _WIDTH - _MARGIN, y)
    y -= 24
    value_x = _MARGIN + _LABEL_WIDTH
    for label, value in facts:
        label_y = _text(canvas, label, 10, _MARGIN, y, _LABEL_WIDTH - 4 * mm, gray=0.35)
        value_y = _text(canvas, value, 10, value_x, y, _WIDTH - _MARGIN - value_x)
        y = min(label_y, value_y) - 5
    if notice:
        _framed(canvas, notice, y - 12)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _framed(canvas: Canvas, notice: str, y: float) -> None:
    inside = _WIDTH - 2 * _MARGIN - 8 * mm
    lines = wrapped(notice, inside, 10)
    height = 14 * len(lines) + 12
    canvas.rect(_MARGIN, y - height, _WIDTH - 2 * _MARGIN, height)
    _text(canvas, notice, 10, _MARGIN + 4 * mm, y - 15, inside)


def _text(canvas, text, size, x, y, width, gray=0.0) -> float:
    """Draws from the baseline ``y`` downwards; the baseline of what comes next."""
    canvas.setFont(_FONT, size)
    canvas.setFillGray(gray)
    for line in wrapped(text, width, size):
        canvas.drawString(x, y, line)
        y -= size * 1.4
    canvas.setFillGray(0)
    return y


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines no wider than ``width`` points; a word that is wider itself is cut."""
    lines = []
    for paragraph in str(text).splitlines() or [""]:
        line = ""
        for word in _printable(paragraph).split():
            for piece in _cut(word, width, size):
                longer = f"{line} {piece}" if line else piece
                if line and _wide(longer, size) > width:
                    lines.append(line)
                    longer = piece
                line = longer
        lines.append(line)
    return lines


def _cut(word: str, width: float, size: float) -> list[str]:
    pieces = []
    while _wide(word, size) > width and len(word) > 1:
        end = len(word) - 1
        while end > 1 and _wide(word[:end], size) > width:
            end -= 1
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _wide(text: str, size: float) -> float:
    return pdfmetrics.stringWidth(text, _FONT, size)


@functools.lru_cache(maxsize=1)
def _register(font: str) -> None:
    pdfmetrics.registerFont(TTFont(_FONT, font))
