"""A realistic invoice as PDF: logo, table, embedded fonts, 30 to 60 KB.

The address stands in the window, so that no address sheet is needed. Every
invoice has another number, so that no two files are the same.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT, BOLD = "Vera", "VeraBd"  # come with reportlab
ROWS_FIRST, ROWS_NEXT = 22, 34  # lines of the table a page
SMALL = (
    "En cas de retard de paiement, une pénalité de trois fois le taux d'intérêt légal"
    " est exigible, ainsi qu'une indemnité forfaitaire de 40 € pour frais de"
    " recouvrement (articles L441-10 et D441-5 du code de commerce)."
)


def invoice(
    number: str,
    sender: Sequence[str],
    recipient: Sequence[str],
    window: tuple[float, float],
    rows: int,
) -> bytes:
    """:param window: left and upper edge of the envelope's window, mm
    :param rows: lines of the table; more than 22 need another page
    """
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(number)
    _fonts()
    _head(canvas, number, sender)
    _address(canvas, recipient, *window)
    top, left_on_page = 120.0, ROWS_FIRST
    for row in range(rows):
        if not left_on_page:
            canvas.showPage()
            top, left_on_page = 20.0, ROWS_NEXT
        _row(canvas, number, row, top)
        top += 6.5
        left_on_page -= 1
    _foot(canvas)
    canvas.save()
    return buffer.getvalue()


@cache
def _fonts() -> None:
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


@cache
def _logo() -> ImageReader:
    """A picture that compresses as badly as a photograph does."""
    image = Image.effect_noise((220, 84), 32).convert("RGB")
    draw = ImageDraw.Draw(image)
    for step in range(60):
        x = 110 + 100 * math.cos(step / 9)
        draw.line((x, 0, 220 - x, 84), fill=(20, 4 * step, 200), width=2)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    buffer.seek(0)
    return ImageReader(buffer)


def _text(canvas, left: float, top: float, text: str, size=9.0, font=FONT) -> None:
    """One line whose base lies ``top`` mm under the page's upper edge."""
    canvas.setFont(font, size)
    canvas.drawString(left * mm, A4[1] - top * mm, text)


def _head(canvas: Canvas, number: str, sender) -> None:
    canvas.drawImage(_logo(), 20 * mm, A4[1] - 35 * mm, 53 * mm, 20 * mm)
    for position, line in enumerate(sender):
        _text(canvas, 20, 45 + 4 * position, line, 8)
    _text(canvas, 20, 105, f"Facture {number}", 14)
    _text(canvas, 20, 112, "Désignation", 8)
    for left, title in ((120, "Quantité"), (140, "Prix"), (160, "TVA"), (175, "Total")):
        _text(canvas, left, 112, title, 8)
    canvas.line(20 * mm, A4[1] - 114 * mm, 190 * mm, A4[1] - 114 * mm)


def _address(canvas: Canvas, lines, left: float, top: float) -> None:
    for position, line in enumerate(lines):
        _text(canvas, left + 2, top + 4 + 3.6 * position, line, font=BOLD)


def _row(canvas: Canvas, number: str, row: int, top: float) -> None:
    quantity, price = 1 + row % 7, 12.5 + 3.1 * row
    words = f"Prestation n° {row + 1} du dossier {number}, qualité supérieure"
    _text(canvas, 20, top, words, 8)
    _text(canvas, 120, top, f"{quantity:.2f}", 8)
    _text(canvas, 140, top, f"{price:.2f} €", 8)
    _text(canvas, 160, top, "20 %", 8)
    _text(canvas, 175, top, f"{quantity * price:.2f} €", 8)
    canvas.line(20 * mm, A4[1] - (top + 2) * mm, 190 * mm, A4[1] - (top + 2) * mm)


def _foot(canvas: Canvas) -> None:
    middle = SMALL.index(",", 90) + 1
    _text(canvas, 20, 272, SMALL[:middle], 6)
    _text(canvas, 20, 276, SMALL[middle:].strip(), 6)
