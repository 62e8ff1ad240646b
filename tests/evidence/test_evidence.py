"""The evidence file holds everything, whatever its pieces are like."""

import hashlib
import io
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.beepost_mail.letter.address_sheet import FONT_FILE
from odoo.addons.beepost_tracking.evidence import showing
from odoo.addons.beepost_tracking.evidence.join import Annex, join
from odoo.addons.beepost_tracking.evidence.paper import kind_of
from odoo.addons.beepost_tracking.evidence.showing import CannotShow, pages_of
from odoo.addons.beepost_tracking.evidence.title import title_page, wrapped
from odoo.addons.beepost_tracking.evidence.workshop import EvidenceWorkshop, Examined

FONT = str(FONT_FILE)


def pdf(*texts):
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for text in texts or ("page",):
        canvas.drawString(72, 400, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def image(kind, size=(60, 80), frames=1):
    out = io.BytesIO()
    pictures = [Image.new("RGB", size, (200, 30 * n, 30)) for n in range(frames)]
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(out, kind, **more)
    return out.getvalue()


def locked(password):
    writer = PdfWriter()
    writer.append(io.BytesIO(pdf("secret")))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb():
    """A page whose content unfolds to 400 MB."""
    packed = zlib.compress(b"0 0 595 842 re f\n" * 25_000_000, 9)
    content = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        content + packed + b"\nendstream",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF" % (table, len(out))
    )


def annex(content, name="a.pdf", **more):
    return Annex(head="Annex 1", title=name, content=content, filename=name, **more)


def texts(made):
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


@pytest.fixture(scope="module")
def shop():
    with EvidenceWorkshop() as found:
        yield found


# ---------------------------------------------------------------------------
# What a file is
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (b"\n\n" + pdf(), "pdf"),
        (image("JPEG"), "jpeg"),
        (image("PNG"), "png"),
        (image("TIFF"), "tiff"),
        (image("GIF"), ""),
        (b"<html>%PDF", ""),
        (b"", ""),
    ],
)
def test_kind(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "pages"),
    [
        (pdf("a", "b"), 2),
        (locked(""), 1),
        (image("JPEG"), 1),
        (image("PNG"), 1),
        (image("TIFF", frames=3), 3),
    ],
)
def test_pages(content, pages):
    made, count = pages_of(content)
    assert count == pages == len(PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>", showing.STRANGE),
        (b"%PDF-1.7 nothing else", showing.DAMAGED),
        (image("PNG")[:60], showing.DAMAGED),
        (locked("word"), showing.LOCKED),
        (bomb(), showing.HEAVY),
    ],
)
def test_what_cannot_be_shown(content, problem):
    with pytest.raises(CannotShow) as error:
        pages_of(content)
    assert error.value.problem == problem


def test_too_many_pages(monkeypatch):
    monkeypatch.setattr(showing, "MAX_PAGES", 2)
    for content in (pdf("a", "b", "c"), image("TIFF", frames=3)):
        with pytest.raises(CannotShow) as error:
            pages_of(content)
        assert error.value.problem == showing.LONG


def test_a_script_stays_behind():
    writer = PdfWriter()
    writer.append(io.BytesIO(pdf()))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("alert")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(key): value for key, value in script.items()}
    )
    out = io.BytesIO()
    writer.write(out)
    assert b"alert" in out.getvalue()
    assert b"alert" not in pages_of(out.getvalue())[0]


# ---------------------------------------------------------------------------
# Title pages
# ---------------------------------------------------------------------------


def test_title_page():
    facts = (("Name", "Łęcka & Fils ≤ <b>"), ("SHA-256", "0" * 64))
    (text,) = texts(title_page("Annex 2", "Deposit proof", facts, "Not shown", FONT))
    for words in ("Annex 2", "Deposit proof", "Łęcka & Fils ≤ <b>", "Not shown"):
        assert words in text
    assert "0" * 64 in "".join(text.split())


def test_long_words_are_cut_and_none_is_lost():
    title_page("", "", (), "", FONT)  # registers the font
    text = "Société " + "x" * 300 + " et fils"
    lines = wrapped(text, 200, 10)
    assert len(lines) > 5
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrapped("", 200, 10) == [""]
    assert wrapped("a\nb", 200, 10) == ["a", "b"]


# ---------------------------------------------------------------------------
# The file
# ---------------------------------------------------------------------------


def test_summary_titles_annexes_in_order():
    made = join(
        "Evidence",
        "Summary",
        pdf("summary"),
        [annex(pdf("one", "two")), annex(image("PNG"), "b.png")],
        FONT,
    )
    shown = texts(made.pdf)
    assert made.pages == len(shown) == 1 + 1 + 2 + 1 + 1
    assert "summary" in shown[0]
    assert "a.pdf" in shown[1]
    assert "one" in shown[2]
    assert "two" in shown[3]
    assert "b.png" in shown[4]
    reader = PdfReader(io.BytesIO(made.pdf))
    assert reader.metadata.title == "Evidence"
    marks = {
        item.title: reader.get_destination_page_number(item) for item in reader.outline
    }
    assert marks == {"Summary": 0, "Annex 1 - a.pdf": 1, "Annex 1 - b.png": 4}


def test_the_original_files_are_inside_byte_for_byte():
    originals = {"a.pdf": pdf("one"), "é.png": image("PNG"), "c.pdf": b"%PDF-broken"}
    annexes = [annex(content, name) for name, content in originals.items()]
    made = join("E", "S", pdf(), annexes, FONT)
    found = PdfReader(io.BytesIO(made.pdf)).attachments
    assert {name: list(files) for name, files in found.items()} == {
        name: [content] for name, content in originals.items()
    }


def test_a_broken_annex_is_named_and_the_rest_is_there():
    annexes = [annex(b"%PDF-broken", "bad.pdf"), annex(pdf("good"), "good.pdf")]
    made = join("E", "S", pdf(), annexes, FONT)
    assert made.hidden == (0,)
    assert made.pages == 4
    assert "good" in texts(made.pdf)[3]


def test_not_shown_and_not_embedded_where_it_is_said():
    annexes = [
        annex(pdf("one"), "one.pdf", shown=False),
        annex(pdf("two"), "two.pdf", embedded=False),
        annex(b"", "three.pdf", shown=False),
    ]
    made = join("E", "S", pdf(), annexes, FONT)
    assert made.hidden == ()
    assert made.pages == 1 + 1 + 2 + 1
    assert list(PdfReader(io.BytesIO(made.pdf)).attachments) == ["one.pdf"]


# ---------------------------------------------------------------------------
# In a process of its own
# ---------------------------------------------------------------------------


def test_the_workshop_examines(shop):
    assert shop.examine(pdf("a", "b")) == Examined("pdf", 2)
    assert shop.examine(image("PNG")) == Examined("png", 1)
    assert shop.examine(b"<html>") == Examined("", 0, showing.STRANGE)
    assert shop.examine(b"%PDF-x") == Examined("pdf", 0, showing.DAMAGED)


def test_the_workshop_joins_as_join_does(shop):
    annexes = [
        annex(pdf("one"), facts=(("Name", "Łęcka"),)),
        annex(b"%PDF-x", "b.pdf", notice="Not shown"),
    ]
    made = shop.join("E", "S", pdf("summary"), annexes)
    expected = join("E", "S", pdf("summary"), annexes, FONT)
    assert (made.pages, made.hidden) == (expected.pages, expected.hidden) == (4, (1,))
    assert texts(made.pdf) == texts(expected.pdf)


def test_a_bomb_dies_in_the_child_and_the_next_one_is_served():
    with EvidenceWorkshop(memory_mb=300, seconds=5) as small:
        assert small.examine(bomb()).problem == showing.HEAVY
        assert small.examine(pdf()) == Examined("pdf", 1)


def test_the_room_does_the_work_of_letters_too(shop):
    assert shop.count(pdf("a", "b")) == 2


def test_many_megabytes(shop):
    noise = hashlib.sha512(b"x").digest() * (30 * 1024 * 1024 // 64)
    large = pdf() + b"%" + noise  # trailing bytes that no reader minds
    annexes = [annex(large, f"{n}.pdf") for n in range(3)]
    made = shop.join("E", "S", pdf(), annexes)
    assert len(made.pdf) > 3 * len(noise)
