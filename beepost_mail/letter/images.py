"""An image as a page of A4; called in the workshop's child only, see ``workshop``."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, ImageSequence
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .address_sheet import PAGE_PT
from .finding import Refusal
from .kinds import refusal
from .profile import Limits

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
MAX_MEGAPIXELS = 60
_MARGIN_PT = 42.5  # 15 mm: no printer, and no reserved zone, cuts into the image
_PRINTED_DPI = 300  # more nobody sees
_SCREEN_DPI = 96  # what small images are drawn for: they are not blown up
_FLAT = 4 * 1024 * 1024  # pixels beyond which an image without loss is too heavy


def as_pdf(name: str, content: bytes, limits: Limits) -> bytes:
    """Each image of the file on a page of its own, upright, within the margins.

    :raises Refusal: ``document.image_too_large``, ``image_broken``
    """
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE_PT, pageCompression=1, invariant=1)
    Image.MAX_IMAGE_PIXELS = None  # our own bound below has better words
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _draw_all(canvas, name, image, limits)
    except (Refusal, MemoryError):
        raise
    except Exception as error:  # decoders raise anything on hostile input
        raise refusal("document.image_broken", name) from error
    canvas.save()
    return out.getvalue()


def _draw_all(canvas: Canvas, name: str, image: Image.Image, limits: Limits) -> None:
    # A scan may have pages; what moves is posted as it stands at first.
    frames = ImageSequence.Iterator(image) if image.format == "TIFF" else [image]
    for number, frame in enumerate(frames, 1):
        if number > limits.max_pages:
            raise refusal("document.image_broken", name)
        # Known before a single pixel is unpacked.
        pixels = frame.width * frame.height
        if pixels > MAX_MEGAPIXELS * 1_000_000:
            raise refusal(
                "document.image_too_large",
                name,
                megapixels=round(pixels / 1e6, 1),
                max_megapixels=MAX_MEGAPIXELS,
            )
        _draw(canvas, frame)


def _draw(canvas: Canvas, image: Image.Image) -> None:
    image = _on_white(ImageOps.exif_transpose(image))
    page_width, page_height = PAGE_PT
    scale = min(
        (page_width - 2 * _MARGIN_PT) / image.width,
        (page_height - 2 * _MARGIN_PT) / image.height,
        72 / _SCREEN_DPI,
    )
    width, height = image.width * scale, image.height * scale
    most = round(width * _PRINTED_DPI / 72), round(height * _PRINTED_DPI / 72)
    if image.width > most[0] > 0:
        image = image.resize((most[0], max(1, most[1])), Image.Resampling.LANCZOS)
    canvas.drawImage(
        ImageReader(_compact(image)),
        (page_width - width) / 2,
        page_height - _MARGIN_PT - height,
        width,
        height,
    )
    canvas.showPage()


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which printers fill with black."""
    if image.mode in ("1", "L", "RGB"):
        return image.convert("L" if image.mode == "1" else image.mode)
    if image.mode.startswith(("I", "F")):
        # Sixteen bits a pixel: Pillow would cut them off, not scale them.
        low, high = image.getextrema()
        span = max(high - low, 1)
        return image.point(lambda value: (value - low) * (255 / span)).convert("L")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _compact(image: Image.Image) -> io.BytesIO:
    """Without loss where that is small: plans and screenshots stay sharp."""
    out = io.BytesIO()
    if image.width * image.height <= _FLAT and image.getcolors(4096) is not None:
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=90)
    out.seek(0)
    return out
