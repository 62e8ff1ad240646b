"""What a file that came from outside is, told by its bytes and never by its name."""

from __future__ import annotations

PDF, JPEG, PNG, TIFF = "pdf", "jpeg", "png", "tiff"
MIMETYPES = {
    PDF: "application/pdf",
    JPEG: "image/jpeg",
    PNG: "image/png",
    TIFF: "image/tiff",
}
EXTENSIONS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif"}
_HEADER_WITHIN = 1024  # where readers look for %PDF-
_MAGIC = (
    (JPEG, b"\xff\xd8\xff"),
    (PNG, b"\x89PNG\r\n\x1a\n"),
    (TIFF, b"II*\x00"),
    (TIFF, b"MM\x00*"),
)


def kind_of(content: bytes) -> str:
    """One of ``MIMETYPES``; empty for what is no paper.

    >>> kind_of(b"%PDF-1.7 ...")
    'pdf'
    >>> kind_of(b"<html>")
    ''
    """
    for kind, start in _MAGIC:
        if content.startswith(start):
            return kind
    return PDF if b"%PDF-" in content[:_HEADER_WITHIN] else ""
