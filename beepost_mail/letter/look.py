"""How a PDF looks on paper: PDFium opens it, draws it and says where its text stands.

Drawing is what settles questions of ink. The boxes of page objects cannot: wkhtmltopdf
paints white rectangles over whole pages, clips hide objects, fonts lie about their
height. At 5 pixels a millimetre one page costs one or two milliseconds.

PDFium is not thread-safe: whoever calls from a threaded process holds :data:`LOCK`.
Millimetres count from the top-left corner of the page as displayed.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import re
import threading
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from . import matrix
from .ink import PX_PER_MM, to_px
from .matrix import MM_PER_PT, Matrix
from .profile import Zone

LOCK = threading.RLock()

_FLAGS = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_PRINTING | pdfium_c.FPDF_GRAYSCALE
_ID = re.compile(
    rb"/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\](?=\s*>>\s*startxref)"
)
_PRINT_BIT = 1 << 2
_WIDGET = pdfium_c.FPDF_ANNOT_WIDGET
# Links, form fields, the windows of comments and printer's marks are no comments.
_NO_COMMENT = {
    pdfium_c.FPDF_ANNOT_LINK,
    _WIDGET,
    pdfium_c.FPDF_ANNOT_POPUP,
    pdfium_c.FPDF_ANNOT_PRINTERMARK,
    pdfium_c.FPDF_ANNOT_TRAPNET,
}


class CannotOpen(Exception):
    """PDFium finds no document, or no such page, in these bytes."""


class Locked(Exception):
    """The document asks for a password, or has a protection that PDFium lacks."""


class Page:
    """One page as displayed, with what prints of its annotations and form."""

    def __init__(self, page: pdfium.PdfPage, user_unit: float, flags: list):
        self.raw = page
        self.comments = [f for kind, f in flags if kind not in _NO_COMMENT]
        self.annotated = bool(self.comments) or any(k == _WIDGET for k, _ in flags)
        self.comments_printed = sum(
            1 for f in self.comments if f & pdfium_c.FPDF_ANNOT_FLAG_PRINT
        )
        self.rotation: int = page.get_rotation()
        self.bbox: matrix.Box = page.get_bbox()
        self.mm_per_unit = MM_PER_PT * user_unit
        self._shown = matrix.turn(self.bbox, self.rotation)
        width, height = page.get_size()
        self.width_mm = width * self.mm_per_unit
        self.height_mm = height * self.mm_per_unit

    def raster(self, zone: Zone | None = None) -> Image.Image:
        """The page, or a zone of it, in grey: ``PX_PER_MM`` pixels a mm."""
        width, height = max(1, to_px(self.width_mm)), max(1, to_px(self.height_mm))
        left, top, right, bottom = 0, 0, width, height
        if zone is not None:
            left, top = to_px(zone.left), to_px(zone.top)
            right, bottom = to_px(zone.right), to_px(zone.bottom)
        bitmap = _paper(right - left, bottom - top)
        pdfium_c.FPDF_RenderPageBitmap(
            bitmap, self.raw, -left, -top, width, height, 0, _FLAGS
        )
        return _image(bitmap)

    def raster_through(self, placed: Matrix, width: float, height: float):
        """The page drawn through ``placed`` onto paper of ``width`` × ``height`` mm.

        ``placed`` leads from the page's own user space to that of the paper.
        """
        bitmap = _paper(to_px(width), to_px(height))
        to_bitmap = matrix.product(
            placed,
            matrix.flip(height / MM_PER_PT),
            matrix.zoom(PX_PER_MM * MM_PER_PT),
        )
        left, bottom, right, top = self.bbox
        x1, y1 = matrix.apply(to_bitmap, left, bottom)
        x2, y2 = matrix.apply(to_bitmap, right, top)
        clip = pdfium_c.FS_RECTF(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        # PDFium hands the page over as displayed, in units counted from the top.
        whole = matrix.product(
            matrix.flip(self.height_mm / self.mm_per_unit),
            matrix.inverse(self._shown),
            to_bitmap,
        )
        pdfium_c.FPDF_RenderPageBitmapWithMatrix(
            bitmap, self.raw, pdfium_c.FS_MATRIX(*whole), clip, _FLAGS
        )
        return _image(bitmap)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space in mm."""
        across, up = matrix.apply(self._shown, x, y)
        return across * self.mm_per_unit, self.height_mm - up * self.mm_per_unit

    def user_box(self, zone: Zone) -> matrix.Box:
        """A zone in mm as a box of user space."""
        corners = [
            matrix.apply(
                matrix.inverse(self._shown),
                x / self.mm_per_unit,
                (self.height_mm - y) / self.mm_per_unit,
            )
            for x, y in ((zone.left, zone.bottom), (zone.right, zone.top))
        ]
        (x1, y1), (x2, y2) = corners
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    def zone(self, left: float, bottom: float, right: float, top: float) -> Zone | None:
        """A box of user space in mm; None when it is off the page or has no area."""
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        left, right = max(0.0, min(x1, x2)), max(x1, x2)
        top, bottom = max(0.0, min(y1, y2)), max(y1, y2)
        return Zone(left, top, right, bottom) if left < right and top < bottom else None

    def fonts_not_embedded(self) -> set[str]:
        """Names of the fonts that the page's text is drawn with and that the file
        does not carry. Fonts that are only listed, or that only invisible text (the
        layer of a scan) is set in, do not count."""
        names: set[str] = set()
        seen = set()
        for item in self.raw.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT]):
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item.raw)
            if mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
                continue
            font = pdfium_c.FPDFTextObj_GetFont(item.raw)
            key = ctypes.cast(font, ctypes.c_void_p).value
            if key and key not in seen:
                seen.add(key)
                if pdfium_c.FPDFFont_GetIsEmbedded(font) == 0:
                    names.add(_font_name(font))
        return names


class Look:
    """An open document, a context manager.

    :raises CannotOpen: these bytes hold no document
    :raises Locked: it cannot be read without a password
    """

    def __init__(self, pdf: bytes):
        self._pdf = pdf
        try:
            self._doc = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            locked = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
            raise (Locked if error.err_code in locked else CannotOpen)() from error
        doc = self._doc
        self.xref_ok = bool(pdfium_c.FPDF_DocumentHasValidCrossReferenceTable(doc))
        self.encrypted = pdfium_c.FPDF_GetSecurityHandlerRevision(doc) != -1
        self.printable = bool(pdfium_c.FPDF_GetDocPermissions(doc) & _PRINT_BIT)
        # A dynamic form holds only a placeholder page for readers that cannot run it.
        self.is_xfa = doc.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL
        self.signatures = max(0, pdfium_c.FPDF_GetSignatureCount(doc))

    def __enter__(self) -> Look:
        return self

    def __exit__(self, *exc) -> None:
        self.close()

    def close(self) -> None:
        self._doc.close()

    def __len__(self) -> int:
        return len(self._doc)

    def page(self, index: int, user_unit: float = 1.0) -> Page:
        """Page ``index``, from 0. :raises CannotOpen: there is none."""
        try:
            page = self._doc[index]
            flags = list(_annotations(page))
            if any(kind == _WIDGET for kind, _ in flags):
                # In memory only: form fields become what a printer makes of them.
                pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_PRINT)
                page.close()
                page = self._doc[index]
        except pdfium.PdfiumError as error:
            raise CannotOpen() from error
        return Page(page, user_unit, flags)

    def saved(self) -> bytes:
        """The document as PDFium understood it, with sound cross-references."""
        return self._saved(0)

    def without_security(self) -> bytes:
        return self._saved(pdfium_c.FPDF_REMOVE_SECURITY)

    def flattened(self) -> bytes:
        """The document with what prints of annotations and forms made page content."""
        for page in self._doc:
            pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_PRINT)
            page.close()
        return self._saved(0)

    def _saved(self, flags: int) -> bytes:
        out = io.BytesIO()
        self._doc.save(out, flags=flags)
        # PDFium makes up an identifier; the same document must give the same bytes.
        name = hashlib.md5(self._pdf, usedforsecurity=False).hexdigest().encode()
        return _ID.sub(b"/ID[<%s><%s>]" % (name, name), out.getvalue())


def _annotations(page: pdfium.PdfPage) -> Iterator[tuple[int, int]]:
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            yield kind, pdfium_c.FPDFAnnot_GetFlags(annotation)
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _paper(width: int, height: int) -> pdfium.PdfBitmap:
    # "native" is memory of ours: an image may go on using it when the bitmap is gone.
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_Gray)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    return bitmap


def _image(bitmap: pdfium.PdfBitmap) -> Image.Image:
    size = (bitmap.width, bitmap.height)
    return Image.frombuffer("L", size, bitmap.buffer, "raw", "L", bitmap.stride, 1)


def _font_name(font) -> str:
    size = pdfium_c.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(1, size))
    pdfium_c.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", "replace")
