"""Pages that show a file from outside: a PDF's own, or one page for each image.

Time and memory grow with what the file unfolds to: call it in a bounded process.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, ImageSequence
from pypdf import PdfReader, PdfWriter
from pypdf.errors import FileNotDecryptedError, LimitReachedError
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .paper import PDF, kind_of

MAX_PAGES = 300
# Why a file cannot be shown; ``HEAVY`` and ``LOCKED`` say nothing against the file.
DAMAGED, LOCKED, LONG, HEAVY, STRANGE = (
    "damaged",
    "encrypted",
    "too_many_pages",
    "too_heavy",
    "not_paper",
)
_MARGIN = 15 * mm
_PIXELS = (2480, 3508)  # A4 at 300 dots an inch


class CannotShow(Exception):
    """``problem`` is one of the words above."""

    def __init__(self, problem: str):
        super().__init__(problem)
        self.problem = problem


def pages_of(content: bytes) -> tuple[bytes, int]:
    """A sound PDF that shows ``content``, and its number of pages.

    :raises CannotShow:
    """
    kind = kind_of(content)
    if not kind:
        raise CannotShow(STRANGE)
    try:
        pdf = _rewritten(content) if kind == PDF else _drawn(content)
        count = len(PdfReader(io.BytesIO(pdf)).pages)
    except (CannotShow, MemoryError):
        raise
    except (LimitReachedError, Image.DecompressionBombError) as error:
        raise CannotShow(HEAVY) from error
    except FileNotDecryptedError as error:
        raise CannotShow(LOCKED) from error
    except Exception as error:  # a parser may stumble over anything
        raise CannotShow(DAMAGED) from error
    if not count:
        raise CannotShow(DAMAGED)
    return pdf, count


def _rewritten(content: bytes) -> bytes:
    """Its pages and nothing else of it: no scripts, no embedded files."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise CannotShow(LOCKED)
    if len(reader.pages) > MAX_PAGES:
        raise CannotShow(LONG)
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None:
            contents.get_data()  # what cannot be unfolded cannot be shown
    writer = PdfWriter()
    writer.append(reader, import_outline=False)
    return _written(writer)


def _drawn(content: bytes) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1)
    with Image.open(io.BytesIO(content)) as image:
        if getattr(image, "n_frames", 1) > MAX_PAGES:
            raise CannotShow(LONG)
        for frame in ImageSequence.Iterator(image):
            picture = ImageOps.exif_transpose(frame).convert("RGB")
            picture.thumbnail(_PIXELS)
            room = [side - 2 * _MARGIN for side in A4]
            canvas.drawImage(
                ImageReader(picture),
                _MARGIN,
                _MARGIN,
                *room,
                preserveAspectRatio=True,
                anchor="n",
            )
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
