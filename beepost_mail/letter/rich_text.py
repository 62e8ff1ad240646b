"""HTML that somebody typed, made fit for the engine that prints it.

The engine (wkhtmltopdf) is a browser on the server: it would fetch whatever a text
names, from the internet, the local network or the disk. So nothing passes but what is
on the lists below, and pictures only as bytes that the caller let in.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from lxml import etree, html
from PIL import Image

TAGS = set(
    "a abbr address b bdi big blockquote br caption center cite code col colgroup dd"
    " del dfn div dl dt em figcaption figure font hr i img ins kbd li mark ol p pre q"
    " s samp section small span strike strong sub sup table tbody td tfoot th thead"
    " time tr tt u ul var".split()
)
HEADINGS = {f"h{level}" for level in range(1, 7)}
# With all that is in them: what such an element holds is no text of the letter.
KILLED = set(
    "applet audio base button canvas embed form frame frameset head iframe image input"
    " keygen link math meta noembed noframes noscript object option param plaintext"
    " script select source style svg template textarea title track video xmp".split()
)
ATTRIBUTES = set(
    "align alt bgcolor border cellpadding cellspacing class color colspan dir face"
    " height lang rowspan size span start style title type valign width".split()
)
# What the report's engine takes for its own parts of a page.
RESERVED_CLASSES = {"header", "footer", "article", "page", "topage"}
STYLES = re.compile(
    r"(font|font-(size|family|weight|style|variant)|color|background-color|text-align"
    r"|text-decoration|text-indent|text-transform|line-height|letter-spacing"
    r"|white-space|vertical-align|float|clear|display|opacity|direction"
    r"|(min-|max-)?(width|height)|(padding|margin)(-(top|right|bottom|left))?"
    r"|border(-(top|right|bottom|left))?(-(width|style|color|radius))?"
    r"|border-(collapse|spacing)|caption-side|empty-cells|table-layout"
    r"|list-style(-(type|position))?|page-break-(before|after|inside))"
)
# Nothing that calls, escapes, comments or imports.
PLAIN = re.compile(r"""[\w\s.,%#!'"+-]*""")
COLOUR = re.compile(r"\b(rgb|rgba|hsl|hsla)\(([\d\s.,%]*)\)")
REMOTE = re.compile(r"^\s*(?!data:)([a-z][a-z0-9+.-]*:|//|\\\\|/\\)", re.I)
FETCHING = set(
    "action archive background cite classid codebase data dynsrc formaction href icon"
    " longdesc lowsrc manifest ping poster profile src srcdoc srcset usemap".split()
)
EMBEDDING = {"iframe", "frame", "object", "embed", "applet", "base"}
MAX_IMAGE_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
# How the editor names a picture that is kept in the database.
ATTACHMENT = re.compile(r"^/web/(?:image|content)/(\d+)(?=[-/?#]|$)")
PLACEHOLDER = re.compile(r"\{\{(.+?)(?:\|\|\|\s*(.*?))?\}\}", re.S)


@dataclass(frozen=True)
class Removed:
    """Something that is not printed.

    :param kind: ``image``, ``link``, ``style`` or ``element``
    :param what: its source, the rule or the element's name, cut after 100 characters
    """

    kind: str
    what: str


class Unfinished(Exception):
    """A placeholder was begun and not ended, or the other way round."""


def with_directives(text: str) -> str:
    """``{{ object.name ||| default }}`` in the text of some HTML as ``<t t-out>``,
    which escapes what it puts in.

    Attributes are left alone: nothing is filled in there.

    :raises Unfinished: braces that make no placeholder; its text names the place
    """
    root = _parse(text)
    for node in list(root.iter(etree.Element)):
        if "t-out" in node.attrib:
            continue
        _fill(node, node.text, "text")
        _fill(node, node.tail, "tail")
    return _serialize(root)


def _fill(node, text, where):
    """Puts directives where ``node``'s text or tail has placeholders."""
    if not text:
        return
    pieces, position = [], 0
    for match in PLACEHOLDER.finditer(text):
        pieces.append((text[position : match.start()], match))
        position = match.end()
    rest = text[position:]
    for literal in (*(literal for literal, _match in pieces), rest):
        braces = re.search(r"\{\{|\}\}", literal)
        if braces:
            start = max(0, braces.start() - 20)
            raise Unfinished(literal[start : braces.start() + 40].strip())
    if not pieces:
        return
    parent, index = (node, 0) if where == "text" else (node.getparent(), None)
    if index is None:
        index = parent.index(node) + 1
    last = None
    for literal, match in pieces:
        if last is None:
            setattr(node, where, literal)
        else:
            last.tail = literal
        last = etree.Element("t")
        last.set("t-out", match[1].replace("\xa0", " ").strip())
        last.text = (match[2] or "").strip()
        parent.insert(index, last)
        index += 1
    last.tail = rest


def clean(
    text: str, picture: Callable[[str], bytes | None]
) -> tuple[str, tuple[Removed, ...]]:
    """
    :param text: HTML, whatever it holds
    :param picture: the bytes of a picture of this database by its source, or None if
        there is none that the author may read; asked for nothing remote
    :return: (HTML that names nothing outside itself, what was taken out)
    """
    removed = {}  # in order, each once
    root = _parse(text)
    for node in list(root.iterdescendants()):
        if node.getparent() is None:
            continue  # gone with an element above it
        if not isinstance(node.tag, str):
            node.drop_tree()
            continue
        tag = node.tag.lower()
        if tag in KILLED:
            removed[Removed("element", tag)] = True
            node.drop_tree()  # the text behind it stays
            continue
        if tag == "img" and not _embed(node, picture, removed):
            node.drop_tree()
            continue
        _clean_attributes(node, removed)
        if tag in HEADINGS:
            # The engine's outline has one heading for each letter: its subject.
            node.set("class", f"{node.get('class', '')} {tag}".strip())
            node.tag = "div"
        elif tag not in TAGS:
            node.drop_tag()
    return _serialize(root), tuple(removed)


def without_remote(document: str, own: str = "") -> str:
    """A whole report before it is printed, company's letterhead and all: nothing in it
    may name another place than ``own``, the server that it comes from."""
    root = html.document_fromstring(document)
    for node in list(root.iter(etree.Element)):
        refreshing = node.tag == "meta" and "http-equiv" in node.attrib
        if node.getparent() is not None and (node.tag in EMBEDDING or refreshing):
            node.drop_tree()
            continue
        if node.tag == "style" and _is_fetching(node.text or ""):
            node.text = ""
        for name, value in list(node.attrib.items()):
            if name == "style" and _is_fetching(value):
                node.set(name, _local_styles(value))
            elif node.tag != "a" and _names_a_place(name, value, own):
                del node.attrib[name]
    return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def _names_a_place(name, value, own):
    if _bare(name) in ("srcset", "srcdoc"):
        return True
    at_home = own and value.startswith(f"{own.rstrip('/')}/")
    return (
        _bare(name) in FETCHING
        and bool(REMOTE.match(_printable(value)))
        and not at_home
    )


def text_of(markup: str) -> str:
    """What a reader sees of some HTML."""
    return _parse(markup).text_content()


def pictures_of(markup: str) -> list[str]:
    """The sources of all pictures in some HTML."""
    return [_printable(node.get("src") or "") for node in _parse(markup).iter("img")]


def _parse(text):
    return html.fragment_fromstring(str(text or ""), create_parent="div")


def _serialize(root):
    content = html.tostring(root, encoding="unicode", with_tail=False)
    return content[len("<div>") : -len("</div>")]


def _bare(name):
    """Without a namespace: ``xlink:href`` is ``href``."""
    return re.split(r"[:}]", name.lower())[-1]


def _printable(url):
    """As browsers read it: blanks and control characters do not count."""
    return re.sub(r"[\x00-\x20\x7f-\xa0\u200b\ufeff]", "", url)


def _clean_attributes(node, removed):
    for name, value in list(node.attrib.items()):
        bare = _bare(name)
        if node.tag == "img" and name == "src":
            continue  # embedded just now
        if name == "style":
            _clean_style(node, value, removed)
        elif name == "class":
            kept = [one for one in value.split() if one not in RESERVED_CLASSES]
            node.set("class", " ".join(kept))
        elif name not in ATTRIBUTES:
            if bare in FETCHING and REMOTE.match(_printable(value)):
                kind = "link" if bare == "href" else "image"
                if not _printable(value).lower().startswith(("mailto:", "tel:")):
                    removed[Removed(kind, value[:100])] = True
            del node.attrib[name]


def _clean_style(node, value, removed):
    kept = []
    for rule in value.split(";"):
        name, _colon, content = rule.partition(":")
        if not content.strip():
            continue
        if not PLAIN.fullmatch(COLOUR.sub("", content)):
            removed[Removed("style", rule.strip()[:100])] = True
        elif STYLES.fullmatch(name.strip().lower()):
            kept.append(f"{name.strip()}: {content.strip()}")
    if kept:
        node.set("style", "; ".join(kept))
    else:
        del node.attrib["style"]


def _embed(node, picture, removed):
    """:return: whether the picture is in the text now, as bytes"""
    source = node.get("src") or ""
    url = _printable(source)
    if url.lower().startswith("data:"):
        content = _decoded(url)
    elif not url or REMOTE.match(url):
        content = None
    else:
        content = picture(url)
    kind, content = _as_printable_picture(content or b"")
    if not kind:
        shown = url.split(",")[0] if url.lower().startswith("data:") else source
        removed[Removed("image", shown[:100])] = True
        return False
    data = base64.b64encode(content).decode()
    node.set("src", f"data:image/{kind};base64,{data}")
    return True


def _decoded(url):
    head, _comma, data = url.partition(",")
    try:
        if head.lower().endswith(";base64"):
            return base64.b64decode(unquote_to_bytes(data))
        return unquote_to_bytes(data)
    except ValueError:
        return None


def _as_printable_picture(content):
    """Typed by content; what the engine cannot print becomes PNG.

    A drawing (SVG) may name other files: it is none of these.

    :return: (``png``, ``jpeg`` or ``gif``, bytes), or ("", b"")
    """
    if not content or len(content) > MAX_IMAGE_BYTES:
        return "", b""
    try:
        with Image.open(
            io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP")
        ) as image:
            if image.width * image.height > MAX_PIXELS:
                return "", b""
            if image.format in ("PNG", "JPEG", "GIF"):
                return image.format.lower(), content
            out = io.BytesIO()
            image.convert("RGBA").save(out, "PNG")
            return "png", out.getvalue()
    except Exception:  # a damaged picture can raise anything
        return "", b""


def _is_fetching(style):
    plain = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    calls = re.sub(r"url\(\s*['\"]?data:[^)]*\)", "", plain, flags=re.I)
    return bool(re.search(r"url\s*\(|@import|image-set|\\", calls, re.I))


def _local_styles(style):
    # A data URI holds a semicolon of its own.
    rules = re.split(r";(?![^(]*\))", style)
    return ";".join(rule for rule in rules if not _is_fetching(rule))
