"""PDFs made by hand, object by object, so that each can be wrong in one chosen way.

``objects()`` gives a sound one-page letter with ``ADDRESS`` in the default window;
``write()`` makes a file of it. The text is in a Type 3 font of our own (every letter a
small rectangle), so that nothing depends on the fonts of the machine.
"""

from __future__ import annotations

import string
import zlib

ADDRESS = ("SOCIETE DUPONT", "12 RUE DES LILAS", "75011 PARIS")
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
A4 = b"/MediaBox [0 0 595 842]"
MM = 72 / 25.4

_LETTERS = string.ascii_uppercase
_DIGITS = "zero one two three four five six seven eight nine".split()


def stream(data: bytes, extra: bytes = b"", *, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return b"<< /Length %d %s >>\nstream\n" % (size, extra) + data + b"\nendstream"


def flate(data: bytes, extra: bytes = b"") -> bytes:
    return stream(zlib.compress(data), b"/Filter /FlateDecode " + extra)


def rect(left: float, top: float, right: float, bottom: float, ink=b"0 g") -> bytes:
    """A filled rectangle; mm from the top-left of an A4 page, as everywhere else."""
    x, y = left * MM, 842 - bottom * MM
    box = (x, y, (right - left) * MM, (bottom - top) * MM)
    return ink + b" %.3f %.3f %.3f %.3f re f\n" % box


def text(line: str, left: float, top: float, *, size=9.0, font=b"/F1", mode=0) -> bytes:
    """One line whose capitals begin at ``top`` mm."""
    at = (size, left * MM, 842 - top * MM - 0.7 * size)
    body = b"%d Tr (%s) Tj ET\n" % (mode, line.encode("latin-1"))
    return b"BT " + font + b" %.2f Tf 1 0 0 1 %.3f %.3f Tm " % at + body


def address(lines=ADDRESS, left=120.0, top=65.0, **options) -> bytes:
    step = 10 / MM
    return b"".join(
        text(line, left, top + number * step, **options)
        for number, line in enumerate(lines)
    )


BODY = rect(20, 100, 190, 102) + rect(20, 110, 120, 112)
CONTENT = b"0 g\n" + address() + BODY
FONT = b"<< /Font << /F1 5 0 R >> >>"


def objects(
    content: bytes = CONTENT,
    *,
    page: bytes = A4,
    catalog: bytes = b"",
    resources: bytes = FONT,
    more: dict[int, bytes] | None = None,
) -> dict[int, bytes]:
    """1 catalog, 2 page tree, 3 page, 4 content, 5 font, 6 its glyph, 7 its space."""
    names = [*_LETTERS, *_DIGITS]
    procs = " ".join(f"/{name} 6 0 R" for name in names)
    codes = f"32 /space 48 {' '.join('/' + n for n in _DIGITS)} 65 " + " ".join(
        f"/{letter}" for letter in _LETTERS
    )
    font = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] "
        "/FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 32 /LastChar 90 "
        f"/Widths [300 {'600 ' * 58}] /Resources << >> "
        f"/Encoding << /Type /Encoding /Differences [{codes}] >> "
        f"/CharProcs << {procs} /space 7 0 R >> >>"
    )
    found = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources %s %s >>"
        % (resources, page),
        4: stream(content),
        5: font.encode(),
        6: stream(b"600 0 0 0 500 700 d1 0 0 500 700 re f"),
        7: stream(b"300 0 0 0 0 0 d1"),
    }
    return {**found, **(more or {})}


def write(
    found: dict[int, bytes], *, header=HEADER, trailer: bytes = b"", shift: int = 0
) -> bytes:
    """The file, with a cross-reference table whose offsets are wrong by ``shift``."""
    body, offsets = _body(found, header)
    return body + _table(found, offsets, len(body), trailer, shift)


def letter(content: bytes = CONTENT, **options) -> bytes:
    return write(objects(content, **options))


def pages(contents: list[bytes], page: bytes = A4, catalog: bytes = b"") -> bytes:
    """A document with one page for each content."""
    found = objects(catalog=catalog)
    kids = []
    for number, content in enumerate(contents):
        at = 20 + 2 * number
        kids.append(at)
        found[at] = (
            b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources %s %s >>"
            % (at + 1, FONT, page)
        )
        found[at + 1] = flate(content)
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    found[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (references, len(kids))
    del found[3], found[4]
    return write(found)


def without_xref(found: dict[int, bytes], trailer: bytes = b"") -> bytes:
    return _body(found, HEADER)[0] + trailer


def with_xref_stream(found: dict[int, bytes]) -> bytes:
    """All but streams packed in an object stream, as PDF 1.5 writers do."""
    packed = {n: obj for n, obj in found.items() if b"stream\n" not in obj}
    plain = {n: obj for n, obj in found.items() if n not in packed}
    holder, table = max(found) + 1, max(found) + 2
    pairs, data = [], b""
    for number, obj in packed.items():
        pairs.append(b"%d %d" % (number, len(data)))
        data += obj + b" "
    first = b" ".join(pairs) + b" "
    extra = b"/Type /ObjStm /N %d /First %d" % (len(packed), len(first))
    plain[holder] = flate(first + data, extra)
    body, offsets = _body(plain, HEADER)
    rows = [(0, 0, 65535)]
    inside = list(packed)
    for number in range(1, table + 1):
        if number in packed:
            rows.append((2, holder, inside.index(number)))
        elif number == table:
            rows.append((1, len(body), 0))
        else:
            rows.append((1, offsets[number], 0) if number in offsets else (0, 0, 0))
    packed_rows = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + last.to_bytes(2, "big")
        for kind, at, last in rows
    )
    extra = b"/Type /XRef /W [1 4 2] /Size %d /Root 1 0 R" % (table + 1)
    end = b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"%d 0 obj\n" % table + flate(packed_rows, extra) + end


def updated(pdf: bytes, changed: dict[int, bytes]) -> bytes:
    """An incremental update appended to ``pdf``."""
    start = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    body, offsets = pdf, {}
    for number, obj in changed.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, obj)
    table = b"xref\n" + b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in offsets.items()
    )
    size = max(8, max(changed) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (size, start)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _body(found: dict[int, bytes], header: bytes) -> tuple[bytes, dict[int, int]]:
    out, offsets = bytearray(header), {}
    for number, obj in sorted(found.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, obj)
    return bytes(out), offsets


def _table(found, offsets, start: int, trailer: bytes, shift: int) -> bytes:
    size = max(found) + 1
    rows = [b"0000000000 65535 f \n"]
    for number in range(1, size):
        at = offsets.get(number)
        rows.append(
            b"0000000000 00000 f \n"
            if at is None
            else b"%010d 00000 n \n" % (at + shift)
        )
    return (
        b"xref\n0 %d\n" % size
        + b"".join(rows)
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % start
    )
