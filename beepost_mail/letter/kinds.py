"""What kind of file this is: by its first bytes, never by its name.

A name only says what its giver takes the file for. Where the two differ nobody knows
what was meant to be posted, and the file is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress

from .finding import ERROR, Finding, Refusal

PDF, IMAGE = "pdf", "image"
WORD, SHEET, SLIDES = "word", "sheet", "slides"
OFFICE = (WORD, SHEET, SLIDES)
WEB, ARCHIVE, UNKNOWN = "html", "zip", "unknown"

FINDING_CODES = {
    "document.lies": ("name", "claimed", "kind"),
    "document.unprintable_kind": ("name", "kind"),
    "document.empty": ("name",),
    "document.image_too_large": ("name", "megapixels", "max_megapixels"),
    "document.image_broken": ("name",),
    "document.office_missing": ("name", "kind"),
    "document.office_network": ("name",),
    "document.office_failed": ("name",),
    "document.office_slow": ("name", "seconds"),
}

_HEADER_WITHIN = 1024  # as in ``intake``
_IMAGE = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*"
    rb"|RIFF.{4}WEBP",
    re.S,
)
_WEB = re.compile(rb"\s*(?:<!doctype html|<html|<\?xml|<svg)", re.I)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLE = (
    ("WordDocument", WORD),
    ("PowerPoint Document", SLIDES),
    ("Workbook", SHEET),
    ("Book", SHEET),
)
_IN_ZIP = (("word/", WORD), ("xl/", SHEET), ("ppt/", SLIDES))
_ODF = {
    b"application/vnd.oasis.opendocument.text": WORD,
    b"application/vnd.oasis.opendocument.spreadsheet": SHEET,
    b"application/vnd.oasis.opendocument.presentation": SLIDES,
}
_BY_ENDING = {
    **dict.fromkeys(("pdf",), PDF),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"), IMAGE),
    **dict.fromkeys(("doc", "docx", "docm", "odt", "rtf"), WORD),
    **dict.fromkeys(("xls", "xlsx", "xlsm", "ods"), SHEET),
    **dict.fromkeys(("ppt", "pptx", "pptm", "odp"), SLIDES),
    **dict.fromkeys(("htm", "html", "xml", "svg"), WEB),
    **dict.fromkeys(("zip",), ARCHIVE),
}


def refusal(code: str, name: str, **params) -> Refusal:
    return Refusal([Finding(code, ERROR, {"name": name, **params})])


def kind_of(content: bytes) -> str:
    """One of the names above; ``unknown`` for what cannot be posted."""
    if _IMAGE.match(content):
        return IMAGE
    if content.startswith(_OLE):
        names = ((name.encode("utf-16-le"), kind) for name, kind in _IN_OLE)
        return next((kind for name, kind in names if name in content), UNKNOWN)
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    if content.startswith(b"{\\rtf"):
        return WORD
    if b"%PDF-" in content[:_HEADER_WITHIN]:
        return PDF
    return WEB if _WEB.match(content) else UNKNOWN


def claimed_by(name: str) -> str:
    """The kind that the name's ending claims; "" where it claims nothing."""
    _stem, dot, ending = name.rpartition(".")
    return _BY_ENDING.get(ending.strip().lower(), "") if dot else ""


def check(name: str, content: bytes) -> str:
    """The kind of a file that can be posted, or made into what can.

    :return: ``pdf``, ``image``, or one of ``OFFICE``
    :raises Refusal: ``document.empty``, ``lies``, ``unprintable_kind``
    """
    if not content:
        raise refusal("document.empty", name)
    kind, claimed = kind_of(content), claimed_by(name)
    if claimed and claimed != kind:
        raise refusal("document.lies", name, claimed=claimed, kind=kind)
    if kind not in (PDF, IMAGE, *OFFICE):
        raise refusal("document.unprintable_kind", name, kind=kind)
    return kind


def _kind_of_zip(content: bytes) -> str:
    # Names only: nothing is unpacked but the few bytes of ODF's own type.
    with suppress(zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = file.namelist()
            if "mimetype" in names:
                info = file.getinfo("mimetype")
                if info.compress_type == zipfile.ZIP_STORED and info.file_size < 100:
                    return _ODF.get(file.read(info).strip(), ARCHIVE)
            if "[Content_Types].xml" in names:
                for start, kind in _IN_ZIP:
                    if any(name.startswith(start) for name in names):
                        return kind
    return ARCHIVE
