"""Office files made by hand, with as little in them as LibreOffice wants."""

import io
import zipfile

import openpyxl

ODT_TYPE = "application/vnd.oasis.opendocument.text"
_OPENXML = "http://schemas.openxmlformats.org"
_ODF_NAMES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "dom": "http://www.w3.org/2001/xml-events",
        "ooo": "http://openoffice.org/2004/office",
    }.items()
)


def archive(files):
    """:param files: {path: text}; the first one is stored, as ODF wants its type"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for position, (name, text) in enumerate(files.items()):
            how = zipfile.ZIP_DEFLATED if position else zipfile.ZIP_STORED
            file.writestr(name, text, how)
    return out.getvalue()


def rtf(text):
    return rb"{\rtf1\ansi " + text.encode("ascii") + b"}"


def docx(text):
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return archive(
        {
            "[Content_Types].xml": _content_types("word/document.xml", main),
            "_rels/.rels": _relations("officeDocument", "word/document.xml"),
            "word/document.xml": (
                f'<w:document xmlns:w="{_OPENXML}/wordprocessingml/2006/main"><w:body>'
                f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
                # A4, in twentieths of a point
                '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
                "</w:body></w:document>"
            ),
        }
    )


def xlsx(*cells):
    """One below the other."""
    book = openpyxl.Workbook()
    for cell in cells:
        book.active.append([cell])
    book.active.page_setup.paperSize = book.active.PAPERSIZE_A4
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odp(text):
    page = (
        "<office:presentation><draw:page><draw:frame"
        ' svg:width="10cm" svg:height="3cm" svg:x="2cm" svg:y="2cm"><draw:text-box>'
        f"<text:p>{text}</text:p></draw:text-box></draw:frame></draw:page>"
        "</office:presentation>"
    )
    return _odf("application/vnd.oasis.opendocument.presentation", page)


def odt(text="", *, picture="", on_open=""):
    """
    :param picture: address of a picture that the text links to
    :param on_open: a Basic statement that runs as soon as the file is open
    """
    frame = (
        '<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">'
        f'<draw:image xlink:type="simple" xlink:show="embed" xlink:href="{picture}"/>'
        "</draw:frame>"
    )
    content = (
        f"<office:text><text:p>{text}{frame if picture else ''}</text:p></office:text>"
    )
    listener = (
        "<office:event-listeners><script:event-listener"
        ' script:language="ooo:script" script:event-name="dom:load"'
        ' xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;'
        'location=document" xlink:type="simple"/></office:event-listeners>'
    )
    basic = _basic(on_open) if on_open else {}
    return _odf(ODT_TYPE, content, listener if on_open else "", basic)


def locked_odt():
    """Asks for a password."""
    entry = (
        '<manifest:file-entry manifest:full-path="%s" manifest:media-type="%s"'
        ' manifest:size="99">%s</manifest:file-entry>'
    )
    secret = (
        '<manifest:encryption-data manifest:checksum-type="SHA1/1K"'
        ' manifest:checksum="AAAAAAAAAAAAAAAAAAAAAAAAAAA=">'
        '<manifest:algorithm manifest:algorithm-name="Blowfish CFB"'
        ' manifest:initialisation-vector="AAAAAAAAAAA="/>'
        '<manifest:key-derivation manifest:key-derivation-name="PBKDF2"'
        ' manifest:iteration-count="1024" manifest:salt="AAAAAAAAAAAAAAAAAAAAAA=="/>'
        "</manifest:encryption-data>"
    )
    entries = entry % ("/", ODT_TYPE, "") + entry % ("content.xml", "text/xml", secret)
    return archive(
        {
            "mimetype": ODT_TYPE,
            "content.xml": "nobody can read this",
            "META-INF/manifest.xml": _manifest(entries),
        }
    )


def _odf(kind, body, scripts="", more=None):
    files = {
        "mimetype": kind,
        "content.xml": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<office:document-content {_ODF_NAMES} office:version="1.3">'
            f"<office:scripts>{scripts}</office:scripts>"
            f"<office:body>{body}</office:body></office:document-content>"
        ),
        **(more or {}),
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}"'
        f' manifest:media-type="{media}"/>'
        for path, media in {
            "/": kind,
            **dict.fromkeys(list(files)[1:], "text/xml"),
        }.items()
    )
    return archive({**files, "META-INF/manifest.xml": _manifest(entries)})


def _manifest(entries):
    name = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{name}" manifest:version="1.3">'
        f"{entries}</manifest:manifest>"
    )


def _basic(statement):
    names = (
        'xmlns:library="http://openoffice.org/2000/library"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    code = f"Sub Main\n{statement}\nEnd Sub\n"
    return {
        "Basic/script-lc.xml": (
            f'<library:libraries {names}><library:library library:name="Standard"'
            ' library:link="false"/></library:libraries>'
        ),
        "Basic/Standard/script-lb.xml": (
            f'<library:library {names} library:name="Standard"'
            ' library:readonly="false" library:passwordprotected="false">'
            '<library:element library:name="Module1"/></library:library>'
        ),
        "Basic/Standard/Module1.xml": (
            '<script:module xmlns:script="http://openoffice.org/2000/script"'
            ' script:name="Module1" script:language="StarBasic">'
            f"{code}</script:module>"
        ),
    }


def _content_types(part, kind):
    return (
        f'<Types xmlns="{_OPENXML}/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{kind}.main+xml"/></Types>'
    )


def _relations(kind, target):
    return (
        f'<Relationships xmlns="{_OPENXML}/package/2006/relationships">'
        f'<Relationship Id="r1" Target="{target}"'
        f' Type="{_OPENXML}/officeDocument/2006/relationships/{kind}"/>'
        "</Relationships>"
    )
