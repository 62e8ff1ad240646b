"""Fonts, forms, comments, scripts, layers, colours: what a page may carry."""

from __future__ import annotations

import zlib

from odd import UNTOUCHED, refused, repaired, warned
from pdfs import (
    A4,
    ADDRESS,
    BODY,
    CONTENT,
    FONT,
    address,
    flate,
    letter,
    objects,
    pages,
    rect,
    stream,
    text,
    write,
)

SHEET = repaired("pages.address_sheet")


def font(name: str, kind: str = "Type1") -> bytes:
    return (
        f"<< /Font << /F1 5 0 R /F2 << /Type /Font /Subtype /{kind} /BaseFont /{name} "
        f"/Encoding /WinAnsiEncoding >> >> >>"
    ).encode()


def in_font(name: str, kind: str = "Type1", mode: int = 0) -> bytes:
    line = text("Merci", 20, 130, font=b"/F2", mode=mode)
    return letter(CONTENT + line, resources=font(name, kind))


def annotated(annotation: bytes, *, catalog: bytes = b"", more=None, content=CONTENT):
    page = A4 + b" /Annots [20 0 R]"
    more = {20: b"<< /Type /Annot /Rect [60 400 160 450] %s >>" % annotation} | (
        more or {}
    )
    return letter(content, page=page, catalog=catalog, more=more)


def field(flags: int = 4, value: bytes = b"(OUI)", content: bytes = CONTENT) -> bytes:
    look = b"0 0 1 rg 0 0 10 10 re f"
    return annotated(
        b"/Subtype /Widget /FT /Tx /T (a) /V %s /F %d /AP << /N 21 0 R >>"
        % (value, flags),
        catalog=b"/AcroForm << /Fields [20 0 R] >>",
        more={21: stream(look, b"/Type /XObject /Subtype /Form /BBox [0 0 10 10]")},
        content=content,
    )


def xobject(form: bytes, *, extra: bytes = b"", content: bytes | None = None) -> bytes:
    kind = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + extra
    return letter(
        CONTENT + b"/X Do\n" if content is None else content,
        resources=b"<< /Font << /F1 5 0 R >> /XObject << /X 20 0 R >> >>",
        more={20: stream(form, kind)},
    )


def image(head: bytes, data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    place = b"q 200 0 0 200 100 300 cm /X Do Q\n"
    extra = b"/Type /XObject /Subtype /Image /Filter %s %s" % (filters, head)
    return letter(
        CONTENT + place,
        resources=b"<< /Font << /F1 5 0 R >> /XObject << /X 20 0 R >> >>",
        more={20: stream(data, extra)},
    )


def nested(depth: int) -> bytes:
    """Forms that draw one another, ``depth`` deep."""
    found = objects(
        CONTENT + b"/X Do\n",
        resources=b"<< /Font << /F1 5 0 R >> /XObject << /X 20 0 R >> >>",
    )
    kind = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
    for number in range(20, 20 + depth):
        inner = b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        found[number] = stream(b"/X Do", kind + inner)
    found[20 + depth] = stream(BODY, kind)
    return write(found)


def layered(state: bytes, content: bytes) -> bytes:
    return letter(
        CONTENT + b"/OC /L BDC\n" + content + b"EMC\n",
        resources=FONT[:-3] + b" /Properties << /L 20 0 R >> >>",
        catalog=b"/OCProperties << /OCGs [20 0 R] /D << %s >> >>" % state,
        more={20: b"<< /Type /OCG /Name (stamp) >>"},
    )


def coloured(space: bytes, colour: bytes) -> bytes:
    return letter(
        CONTENT + b"/S cs %s sc 60 300 100 100 re f\n" % colour,
        resources=FONT[:-3] + b" /ColorSpace << /S %s >> >>" % space,
    )


FILE = {
    20: b"<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) "
    b"/AFRelationship /Data /EF << /F 21 0 R >> >>",
    21: flate(b"<invoice/>", b"/Type /EmbeddedFile /Subtype /text#2Fxml"),
    22: stream(b"<x:xmpmeta/>", b"/Type /Metadata /Subtype /XML"),
}
FACTUR_X = b"/Names << /EmbeddedFiles << /Names [(factur-x.xml) 20 0 R] >> >> "
FACTUR_X += b"/AF [20 0 R] /Metadata 22 0 R"
TINT = b"[/Separation /Gold /DeviceCMYK << /FunctionType 2 /Domain [0 1] "
TINT += b"/C0 [0 0 0 0] /C1 [0 0.2 0.8 0.1] /N 1 >>]"
SHADING = (
    b" /Shading << /H << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 300 0]"
)
SHADING += (
    b" /Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >>"
)
SHADING += b" >> >> >>"
MARK = b"1 0 0 rg 0 0 10 10 re f"
JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

CASES = {
    # fonts
    "Helvetica": (in_font("Helvetica"), warned("pages.font_not_embedded")),
    "Arial in bold": (
        in_font("Arial,Bold", "TrueType"),
        warned("pages.font_not_embedded"),
    ),
    "Times New Roman": (
        in_font("TimesNewRomanPS-BoldItalicMT", "TrueType"),
        warned("pages.font_not_embedded"),
    ),
    "a font of the house": (in_font("MaisonGrotesk"), refused("pages.font_missing")),
    "a subset that is not there": (
        in_font("ABCDEF+Code39", "TrueType"),
        refused("pages.font_missing"),
    ),
    "a font that is listed and not used": (
        letter(resources=font("MaisonGrotesk")),
        UNTOUCHED,
    ),
    "the text layer of a scan": (in_font("MaisonGrotesk", mode=3), UNTOUCHED),
    "a font that is no font": (
        letter(resources=b"<< /Font << /F1 5 0 R /F2 42 >> >>"),
        UNTOUCHED,
    ),
    "a font of another kind": (in_font("Foo", "Type9"), refused("pages.font_missing")),
    # text that nobody sees
    "the address in invisible text": (letter(address(mode=3) + BODY), SHEET),
    "the address in white": (letter(b"1 g\n" + address() + BODY), SHEET),
    "the address painted over": (
        letter(address() + rect(105, 40, 210, 92, b"1 g") + BODY),
        SHEET,
    ),
    "the address clipped away": (
        letter(b"q 0 0 1 1 re W n\n" + address() + b"Q " + BODY),
        SHEET,
    ),
    # forms, comments, scripts
    "a field": (field(), warned("pages.form")),
    "a field that does not print": (field(0), warned("pages.form")),
    "a field on a page that is moved": (
        field(content=CONTENT + rect(3, 150, 9, 152)),
        repaired("pages.shrunk", "pages.form", "pages.flattened"),
    ),
    "a dynamic form": (
        letter(
            catalog=b"/NeedsRendering true /AcroForm << /Fields [] /XFA 20 0 R >>",
            more={20: stream(b"<xdp/>")},
        ),
        refused("pages.xfa"),
    ),
    "a note": (
        annotated(b"/Subtype /Text /Contents (mauvais payeur) /F 4"),
        warned("pages.comments"),
    ),
    "a note that does not print": (
        annotated(b"/Subtype /Text /Contents (mauvais payeur)"),
        warned("pages.comments"),
    ),
    "a note on a page that is moved": (
        annotated(
            b"/Subtype /Square /F 4 /AP << /N 21 0 R >>",
            more={21: stream(MARK, b"/Type /XObject /Subtype /Form /BBox [0 0 10 10]")},
            content=CONTENT + rect(3, 150, 9, 152),
        ),
        repaired("pages.comments", "pages.shrunk", "pages.flattened"),
    ),
    "a note that each viewer draws its way, on a page that is moved": (
        annotated(
            b"/Subtype /Square /C [1 0 0] /F 4", content=CONTENT + rect(3, 150, 9, 152)
        ),
        refused("pages.repair_failed"),
    ),
    "a note in the window": (
        annotated(b"/Subtype /Square /C [1 0 0] /F 4 /IC [1 0 0]").replace(
            b"[60 400 160 450]", b"[320 620 420 670]"
        ),
        repaired("pages.comments", "pages.address_sheet"),
    ),
    "a link": (
        annotated(b"/Subtype /Link /A << /S /URI /URI (https://example.com) >>"),
        UNTOUCHED,
    ),
    "a comment's window": (annotated(b"/Subtype /Popup /Open true"), UNTOUCHED),
    "an annotation that is missing": (
        letter(page=A4 + b" /Annots [99 0 R]"),
        UNTOUCHED,
    ),
    "annotations that are a number": (letter(page=A4 + b" /Annots 42"), UNTOUCHED),
    "a script on opening": (
        letter(catalog=b"/OpenAction " + JS),
        warned("pages.javascript"),
    ),
    "a script by name": (
        letter(catalog=b"/Names << /JavaScript << /Names [(a) %s] >> >>" % JS),
        warned("pages.javascript"),
    ),
    "a script on a page that is moved": (
        letter(CONTENT + rect(3, 150, 9, 152), catalog=b"/OpenAction " + JS),
        repaired("pages.shrunk", "pages.javascript", "pages.script_removed"),
    ),
    "a signature": (
        field().replace(b"/FT /Tx", b"/FT /Sig").replace(b"(OUI)", b"<<>> "),
        warned("pages.form"),
    ),
    # embedded files, bookmarks, layers
    "Factur-X": (letter(catalog=FACTUR_X, more=FILE), UNTOUCHED),
    "Factur-X on a page that is moved": (
        letter(CONTENT + rect(3, 150, 9, 152), catalog=FACTUR_X, more=FILE),
        repaired("pages.shrunk"),
    ),
    "page labels and bookmarks": (
        letter(
            catalog=b"/PageLabels << /Nums [0 << /S /r >>] >> /Outlines 20 0 R",
            more={
                20: b"<< /Type /Outlines /First 21 0 R /Last 21 0 R /Count 1 >>",
                21: b"<< /Title (a) /Parent 20 0 R /Dest [3 0 R /Fit] >>",
            },
        ),
        UNTOUCHED,
    ),
    "a bookmark to nowhere": (
        letter(CONTENT + rect(3, 150, 9, 152), catalog=b"/Outlines 99 0 R"),
        repaired("pages.shrunk"),
    ),
    "a hidden layer in the margin": (
        layered(b"/OFF [20 0 R]", rect(0, 150, 20, 160)),
        UNTOUCHED,
    ),
    "a layer in the margin": (
        layered(b"", rect(3, 150, 20, 160)),
        repaired("pages.shrunk"),
    ),
    # drawing
    "one blank page of two": (pages([CONTENT, b""]), warned("pages.blank_page")),
    "content in two halves": (
        letter(CONTENT).replace(b"/Contents 4 0 R", b"/Contents [4 0 R]"),
        repaired("pages.rebuilt"),
    ),
    "no resources": (
        letter(rect(20, 100, 190, 102), resources=b"<< >>"),
        SHEET,
    ),
    "too many restores": (letter(CONTENT + b"Q Q Q\n"), UNTOUCHED),
    "too many saves": (letter(b"q q q\n" + CONTENT), UNTOUCHED),
    "too many restores on a page that is moved": (
        letter(b"Q Q\n" + CONTENT + rect(3, 150, 9, 152)),
        repaired("pages.shrunk"),
    ),
    "unknown operators": (letter(CONTENT + b"1 2 foo BX bar EX\n"), UNTOUCHED),
    "a form": (xobject(BODY), UNTOUCHED),
    "a form that draws itself": (
        xobject(b"/X Do " + BODY, extra=b"/Resources << /XObject << /X 20 0 R >> >>"),
        UNTOUCHED,
    ),
    "forms in forms": (nested(12), UNTOUCHED),
    "the address in a form": (
        xobject(
            address() + BODY,
            extra=b"/Resources << /Font << /F1 5 0 R >> >>",
            content=b"/X Do\n",
        ),
        UNTOUCHED,
    ),
    "a form cut short": (
        letter(
            CONTENT + b"/X Do\n",
            resources=b"<< /Font << /F1 5 0 R >> /XObject << /X 20 0 R >> >>",
            more={
                20: stream(
                    zlib.compress(BODY)[:-8],
                    b"/Subtype /Form /BBox [0 0 595 842] /Filter /FlateDecode",
                )
            },
        ),
        refused("pages.damaged"),
    ),
    "a huge picture": (
        image(
            b"/Width 9000 /Height 9000 /BitsPerComponent 1 /ColorSpace /DeviceGray",
            zlib.compress(bytes(9000 * 1125)),
        ),
        UNTOUCHED,
    ),
    "a picture said to be a million wide": (
        image(
            b"/Width 999999 /Height 999999 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
            zlib.compress(b"x"),
        ),
        UNTOUCHED,
    ),
    "a picture cut short": (
        image(
            b"/Width 99 /Height 99 /BitsPerComponent 8 /ColorSpace /DeviceGray",
            zlib.compress(bytes(range(99)) * 99)[:-20],
        ),
        refused("pages.damaged"),
    ),
    "a photo that is none": (
        image(
            b"/Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
            b"no photo",
            b"/DCTDecode",
        ),
        UNTOUCHED,
    ),
    "a picture in the content": (
        letter(
            CONTENT + b"q 50 0 0 50 100 300 cm BI /W 2 /H 2 /BPC 8 /CS /G ID "
            b"\x00\xff\xff\x00 EI Q\n"
        ),
        UNTOUCHED,
    ),
    "a named colour": (coloured(TINT, b"1"), UNTOUCHED),
    "Lab colour": (
        coloured(b"[/Lab << /WhitePoint [0.95 1 1.09] >>]", b"50 20 20"),
        UNTOUCHED,
    ),
    "CMYK": (letter(CONTENT + b"0 1 1 0 k 60 300 100 100 re f\n"), UNTOUCHED),
    "a colour space that is none": (coloured(b"/Nowhere", b"1"), UNTOUCHED),
    "a shading": (
        letter(
            CONTENT + b"q 60 300 100 100 re W n /H sh Q\n",
            resources=FONT[:-3] + SHADING,
        ),
        UNTOUCHED,
    ),
    "transparency": (
        letter(
            CONTENT + b"/G gs 60 300 100 100 re f\n",
            resources=FONT[:-3]
            + b" /ExtGState << /G << /ca 0.5 /BM /Multiply >> >> >>",
            page=A4 + b" /Group << /S /Transparency /CS /DeviceRGB >>",
        ),
        UNTOUCHED,
    ),
    "transparency on a page that is moved": (
        letter(
            CONTENT + rect(3, 150, 9, 152) + b"/G gs 60 300 100 100 re f\n",
            resources=FONT[:-3]
            + b" /ExtGState << /G << /ca 0.5 /BM /Multiply >> >> >>",
            page=A4 + b" /Group << /S /Transparency /CS /DeviceCMYK >>",
        ),
        repaired("pages.shrunk"),
    ),
    "text turned in the window": (
        letter(
            address() + b"BT /F1 9 Tf 0 1 -1 0 500 600 Tm (REF) Tj ET\n" + BODY,
        ),
        SHEET,
    ),
    "text in the middle of a line": (
        letter(text(" ".join(ADDRESS), 120, 65) + BODY),
        SHEET,
    ),
}
