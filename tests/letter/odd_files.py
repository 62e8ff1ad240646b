"""Files that are broken, protected or no PDF, each with what must come of it."""

from __future__ import annotations

import io
import zlib

import pdfs
from odd import REPAIRED, UNTOUCHED, refused
from pdfs import A4, CONTENT, HEADER, flate, letter, objects, stream, write
from pypdf import PdfReader, PdfWriter

PLAIN = letter()
START = PLAIN.rindex(b"startxref")
TABLE = PLAIN.rindex(b"xref\n0 ")
UNREADABLE = refused("pages.unreadable")
REBUILT = (REPAIRED, "pages.rebuilt")


def but(**changed: bytes) -> dict[int, bytes]:
    """The plain letter's objects with some replaced: ``o4=…``."""
    return objects(more={int(key[1:]): value for key, value in changed.items()})


def without(*numbers: int) -> bytes:
    return write({n: obj for n, obj in objects().items() if n not in numbers})


def encrypted(user: str, algorithm: str, permissions: int = -1) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PLAIN)))
    writer.encrypt(user, "owner", algorithm=algorithm, permissions_flag=permissions)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def tree(depth: int) -> bytes:
    """The page at the end of a chain of page tree nodes."""
    found = objects()
    found[2] = b"<< /Type /Pages /Kids [20 0 R] /Count 1 >>"
    for number in range(20, 20 + depth):
        parent = 2 if number == 20 else number - 1
        found[number] = b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (
            parent,
            number + 1,
        )
    found[20 + depth] = found.pop(3)
    return write(found)


def many(count: int) -> bytes:
    kids = b"3 0 R " * count
    return write(but(o2=b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)))


DEFLATED = zlib.compress(CONTENT * 20)
FLATE = b"/Filter /FlateDecode"
PUBLIC_KEY = (
    b"/Encrypt << /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 >>"
    b" /ID [<00> <00>]"
)

CASES = {
    "a plain letter": (PLAIN, UNTOUCHED),
    "no bytes": (b"", refused("pages.empty")),
    "a web page": (b"<!DOCTYPE html><html></html>", refused("pages.not_pdf")),
    "a photo": (b"\xff\xd8\xff\xe0\x00\x10JFIF", refused("pages.not_pdf")),
    "a picture": (b"\x89PNG\r\n\x1a\n", refused("pages.not_pdf")),
    "an archive": (b"PK\x03\x04", refused("pages.not_pdf")),
    "words": (b"facture en annexe", refused("pages.not_pdf")),
    "a header alone": (b"%PDF-1.7\n", UNREADABLE),
    "a header and noise": (HEADER + bytes(range(256)) * 40, UNREADABLE),
    "too large": (PLAIN + b" " * 21_000_000, refused("pages.too_many_bytes")),
    # around the document
    "no comment after the header": (write(objects(), header=b"%PDF-1.7\n"), UNTOUCHED),
    "PDF 1.0": (write(objects(), header=b"%PDF-1.0\n"), UNTOUCHED),
    "PDF 2.0": (write(objects(), header=b"%PDF-2.0\n"), UNTOUCHED),
    "PDF 9.9": (write(objects(), header=b"%PDF-9.9\n"), UNTOUCHED),
    "mail headers before": (b"Content-Type: application/pdf\n\n" + PLAIN, REBUILT),
    "much before": (b"\n" * 2000 + PLAIN, refused("pages.not_pdf")),
    "a line after the end": (PLAIN + b"\n\n", UNTOUCHED),
    "noise after the end": (PLAIN + b"\0" * 5000, REBUILT),
    # cross-references
    "a packed document": (pdfs.with_xref_stream(objects()), UNTOUCHED),
    "an update": (
        pdfs.updated(letter(b""), {4: stream(CONTENT)}),
        UNTOUCHED,
    ),
    "offsets one byte late": (write(objects(), shift=1), REBUILT),
    "offsets far off": (write(objects(), shift=900), REBUILT),
    "startxref elsewhere": (PLAIN[:START] + b"startxref\n7\n%%EOF\n", REBUILT),
    "no startxref": (PLAIN[:START], REBUILT),
    "no end mark": (PLAIN.replace(b"%%EOF\n", b""), REBUILT),
    "no xref table": (PLAIN[:TABLE] + PLAIN[PLAIN.index(b"trailer") :], REBUILT),
    "no xref, no trailer": (pdfs.without_xref(objects()), UNREADABLE),
    "cut in the xref table": (PLAIN[: TABLE + 60], UNREADABLE),
    "cut in the content": (PLAIN[: PLAIN.index(b"re f")], UNREADABLE),
    "cut in two": (PLAIN[: len(PLAIN) // 2], UNREADABLE),
    "an offset that points at another object": (
        PLAIN[:TABLE]
        + PLAIN[TABLE:].replace(
            b"%010d" % PLAIN.index(b"4 0 obj"), b"%010d" % PLAIN.index(b"5 0 obj")
        ),
        REBUILT,
    ),
    "an update with a misplaced object": (
        pdfs.updated(PLAIN, {4: stream(CONTENT + pdfs.BODY)}).replace(
            b"4 1\n%010d" % len(PLAIN), b"4 1\n%010d" % (len(PLAIN) + 4)
        ),
        REBUILT,
    ),
    "an update that points at another object": (
        pdfs.updated(PLAIN, {4: stream(CONTENT + pdfs.BODY)}).replace(
            b"4 1\n%010d" % len(PLAIN), b"4 1\n%010d" % PLAIN.index(b"5 0 obj")
        ),
        UNREADABLE,
    ),
    "a wrong stream length": (write(but(o4=stream(CONTENT, length=7))), REBUILT),
    # catalog and page tree
    "no catalog": (without(1), UNREADABLE),
    "no page tree": (without(2), UNREADABLE),
    "no page": (without(3), refused("pages.incomplete")),
    "no pages in the tree": (
        write(but(o2=b"<< /Type /Pages /Kids [] /Count 0 >>")),
        UNREADABLE,
    ),
    "one page said to be three": (
        write(but(o2=b"<< /Type /Pages /Kids [3 0 R] /Count 3 >>")),
        refused("pages.incomplete"),
    ),
    "two pages said to be one": (
        write(but(o2=b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 1 >>")),
        refused("pages.incomplete"),
    ),
    "the same page twice": (many(2), UNTOUCHED),
    "a page tree in a circle": (
        write(but(o2=b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>")),
        UNREADABLE,
    ),
    "a deep page tree": (tree(40), UNTOUCHED),
    "a page tree without end": (tree(3000), refused("pages.too_heavy")),
    "ninety-one pages": (many(91), refused("pages.too_many_pages")),
    "a hundred thousand pages": (many(100_000), refused("pages.too_many_pages")),
    "a page that is a number": (write(but(o3=b"42")), refused("pages.incomplete")),
    # content that cannot be decoded
    "no content": (
        write(but(o3=b"<< /Type /Page /Parent 2 0 R %s >>" % A4)),
        refused("pages.blank_document"),
    ),
    "a blank page": (letter(b""), refused("pages.blank_document")),
    "content that is missing": (without(4), refused("pages.damaged")),
    "content that is a number": (write(but(o4=b"42")), refused("pages.damaged")),
    "deflated content": (write(but(o4=flate(CONTENT))), UNTOUCHED),
    "deflated content without its checksum": (
        write(but(o4=stream(DEFLATED[:-4], FLATE))),
        UNTOUCHED,
    ),
    "deflated content cut short": (
        write(but(o4=stream(DEFLATED[:-40], FLATE))),
        refused("pages.damaged"),
    ),
    "deflated content with a flipped byte": (
        write(but(o4=stream(DEFLATED[:9] + b"\xff\xff" + DEFLATED[11:], FLATE))),
        refused("pages.damaged"),
    ),
    "content that is not deflated": (
        write(but(o4=stream(CONTENT, FLATE))),
        refused("pages.damaged"),
    ),
    "an unknown filter": (
        write(but(o4=stream(CONTENT, b"/Filter /Brot"))),
        refused("pages.damaged"),
    ),
    "a zip bomb": (
        write(but(o4=flate(b" " * 100_000_000))),
        refused("pages.too_heavy"),
    ),
    "a picture that is missing": (
        letter(resources=b"<< /XObject << /X 99 0 R >> /Font << /F1 5 0 R >> >>"),
        refused("pages.damaged"),
    ),
    # protection
    "40-bit encryption": (encrypted("", "RC4-40"), (REPAIRED, "pages.decrypted")),
    "128-bit encryption": (encrypted("", "RC4-128"), (REPAIRED, "pages.decrypted")),
    "AES-128": (encrypted("", "AES-128"), (REPAIRED, "pages.decrypted")),
    "AES-256": (encrypted("", "AES-256"), (REPAIRED, "pages.decrypted")),
    "a password": (encrypted("secret", "AES-256"), refused("pages.encrypted")),
    "no printing": (
        encrypted("", "RC4-128", 0b111111000000),
        refused("pages.printing_forbidden"),
    ),
    "encryption by certificate": (
        write(objects(), trailer=PUBLIC_KEY),
        refused("pages.encrypted"),
    ),
}
