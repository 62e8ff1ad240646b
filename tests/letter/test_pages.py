"""What ``prepare`` makes of sound documents: order, sides, sheets, what survives."""

import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path

import odd_content
import odd_shapes
import pdfs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import ADDRESS, CONTENT, rect, text
from pypdf import PdfReader

from beepost_mail.letter import address, envelope, pages
from beepost_mail.letter.finding import ERROR, REPAIR, WARNING, Refusal
from beepost_mail.letter.glyphs import chars, line_text, lines
from beepost_mail.letter.look import Look
from beepost_mail.letter.pages import FINDING_CODES, Document, Job, count, prepare
from beepost_mail.letter.profile import (
    DEFAULT,
    EnvelopeSpec,
    Limits,
    Profile,
    Zone,
)
from beepost_mail.letter.repair import BLANK, SHEET, layout

PLAIN = pdfs.letter()
ELSEWHERE = ("MONSIEUR ŁUKASZ", "1 PLACE DE L'ÉGLISE", "69001 LYON")


def document(*contents, name="d", catalog=b""):
    return Document(name, pdfs.pages(list(contents), catalog=catalog))


def numbered(name, pages, first=CONTENT):
    """A document whose pages carry ``name`` and their number."""
    marks = [text(f"{name} {n}", 20, 150, size=20) for n in range(1, pages + 1)]
    return document(first + marks[0], *marks[1:], name=name)


def job(*documents, recipient=ADDRESS, **options):
    return Job(documents, recipient, **options)


def refused(*args, **options):
    with pytest.raises(Refusal) as refusal:
        prepare(job(*args, **options))
    return {finding.code: dict(finding.params) for finding in refusal.value.findings}


def codes(prepared, level=None):
    return [f.code for f in prepared.findings if level in (None, f.level)]


def marks(pdf):
    """The mark of each page, empty for sheets and blanks."""
    found = []
    with Look(pdf) as look:
        for index in range(len(look)):
            rows = lines(chars(look.page(index), Zone(0, 140, 105, 170)))
            found.append(" ".join(map(line_text, rows)))
    return found


# ---------------------------------------------------------------------------
# The legal PDF is what is posted
# ---------------------------------------------------------------------------


def test_a_good_document_is_posted_byte_for_byte():
    prepared = prepare(job(Document("d", PLAIN)))
    assert prepared.pdf == PLAIN
    assert prepared.untouched and not prepared.findings
    assert prepared.sha256 == hashlib.sha256(PLAIN).hexdigest()
    assert (prepared.pages, prepared.sheets, prepared.envelope) == (1, 1, "C6/5")
    assert (prepared.document_pages, prepared.document_sheets) == ((1,), (1,))
    assert prepared.weight_mg == 4_990 + 5_400
    assert not prepared.address_sheet


def test_an_odd_number_of_pages_needs_no_blank_at_the_end():
    prepared = prepare(job(numbered("A", 3)))
    assert prepared.untouched
    assert (prepared.pages, prepared.sheets) == (3, 2)


def test_the_same_job_gives_the_same_bytes():
    jobs = [
        job(numbered("A", 1), numbered("B", 2), recipient=ELSEWHERE),
        job(Document("d", odd_content.CASES["a field on a page that is moved"][0])),
    ]
    for each in jobs:
        assert prepare(each).pdf == prepare(each).pdf


# ---------------------------------------------------------------------------
# Sides, order, blank backs
# ---------------------------------------------------------------------------


def test_each_document_starts_on_a_front():
    prepared = prepare(job(numbered("A", 1), numbered("B", 3), numbered("C", 2)))
    assert marks(prepared.pdf) == ["A 1", "", "B 1", "B 2", "B 3", "", "C 1", "C 2"]
    assert prepared.document_pages == (1, 3, 2)
    assert prepared.document_sheets == (1, 2, 1)
    assert prepared.sheets == 4
    found = [(f.code, dict(f.params)) for f in prepared.findings]
    assert found == [
        ("pages.joined", {"documents": 3}),
        ("pages.blank_back", {"document": "A", "page": 1}),
        ("pages.blank_back", {"document": "B", "page": 3}),
    ]


def test_blank_backs_behind_a_sheet_are_counted_in_their_document_too():
    parts = [numbered("A", 1), numbered("B", 3), numbered("C", 1)]
    prepared = prepare(job(*parts, address_sheet="always"))
    assert marks(prepared.pdf)[2:] == ["A 1", "", "B 1", "B 2", "B 3", "", "C 1"]
    assert _paged(prepared.findings) == [
        ("pages.blank_back", {"document": "A", "page": 1}),
        ("pages.blank_back", {"document": "B", "page": 3}),
    ]


STRICT = {"profile": Profile(margin_mm=20)}
MARKED = {"profile": Profile(reserved=(Zone(0, 120, 210, 290),))}
# Every code that names a page of a document, with a document that brings it about.
PAGED = {
    "pages.damaged": (odd_content.CASES["a form cut short"][0], {}),
    "pages.size_unusable": (odd_shapes.CASES["A0"][0], {}),
    "pages.font_missing": (odd_content.CASES["a font of the house"][0], {}),
    "pages.margin_ink": (pdfs.letter(CONTENT + rect(0, 150, 210, 152)), STRICT),
    "pages.reserved_ink": (pdfs.letter(CONTENT + rect(100, 200, 110, 210)), MARKED),
    "pages.font_not_embedded": (odd_content.CASES["Helvetica"][0], {}),
    "pages.comments": (odd_content.CASES["a note"][0], {}),
    "pages.blank_page": (odd_content.CASES["one blank page of two"][0], {}),
    "pages.rotated": (odd_shapes.CASES["landscape second page"][0], {}),
    "pages.scaled": (odd_shapes.CASES["US letter"][0], {}),
    "pages.shrunk": (odd_shapes.CASES["ink in the left margin"][0], {}),
    "pages.cropped": (odd_shapes.CASES["cropped to a part"][0], {}),
    "pages.user_unit": (odd_shapes.CASES["a user unit"][0], {}),
    "pages.blank_back": (PLAIN, {}),
}


@pytest.mark.parametrize(
    "code",
    [c for c, params in FINDING_CODES.items() if {"document", "page"} <= {*params}],
)
def test_a_page_is_counted_in_the_document_that_is_named(code):
    odd, options = PAGED[code]
    parts = [numbered("A", 2), numbered("B", 2), Document("odd", odd)]
    try:
        found = prepare(job(*parts, numbered("C", 1), **options)).findings
    except Refusal as refusal:
        found = refusal.findings
    second = ("pages.blank_page", "pages.rotated")
    assert [
        p["page"] for c, p in _paged(found) if (c, p["document"]) == (code, "odd")
    ] == [2 if code in second else 1]


def _paged(findings):
    return [(f.code, dict(f.params)) for f in findings if "page" in f.params]


def test_one_side_needs_no_blanks():
    prepared = prepare(job(numbered("A", 1), numbered("B", 3), duplex=False))
    assert marks(prepared.pdf) == ["A 1", "B 1", "B 2", "B 3"]
    assert prepared.document_sheets == (1, 3)
    assert prepared.sheets == 4


@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=6), st.booleans(), st.booleans()
)
def test_layout_and_sheets_agree(counts, duplex, sheet):
    slots = layout(counts, duplex=duplex, sheet=sheet)
    found = [(slot.document, slot.page) for slot in slots if not slot.kind]
    assert found == [(d, page) for d, n in enumerate(counts) for page in range(n)]
    assert (slots[0].kind == SHEET) == sheet
    sheets = -(-len(slots) // 2) if duplex else len(slots)
    assert sheets == sum(envelope.sheets(n, duplex) for n in counts) + sheet
    for index, slot in enumerate(slots):
        assert slot.kind != BLANK or (
            duplex and index % 2 and not slots[index - 1].kind or index == 1 and sheet
        )
        if duplex and not slot.kind and slot.page == 0:
            assert index % 2 == 0


@settings(max_examples=25)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.booleans())
def test_documents_keep_their_order(counts, duplex):
    documents = [numbered(chr(65 + at), n) for at, n in enumerate(counts)]
    prepared = prepare(job(*documents, duplex=duplex))
    expected = [
        f"{chr(65 + at)} {n + 1}" for at, c in enumerate(counts) for n in range(c)
    ]
    assert [mark for mark in marks(prepared.pdf) if mark] == expected


# ---------------------------------------------------------------------------
# The address sheet
# ---------------------------------------------------------------------------


def test_a_sheet_when_page_one_does_not_show_the_address():
    prepared = prepare(job(Document("d", PLAIN), recipient=ELSEWHERE))
    assert prepared.address_sheet and not prepared.untouched
    assert marks(prepared.pdf) == ["", "", ""]
    assert (prepared.pages, prepared.sheets) == (3, 2)
    assert codes(prepared, REPAIR) == ["pages.address_sheet"]
    assert codes(prepared, WARNING) == ["window.differs"]
    assert prepared.findings[0].params["reason"] == "window"


def test_on_one_side_the_sheet_has_no_blank_back():
    prepared = prepare(job(Document("d", PLAIN), recipient=ELSEWHERE, duplex=False))
    assert (prepared.pages, prepared.sheets) == (2, 2)


def test_the_sheet_inherits_nothing_from_the_page_tree():
    tree = pdfs.A4 + b" /CropBox [0 0 595 300] /Rotate 180"
    found = pdfs.objects(rect(20, 200, 190, 202), page=b"")
    found[2] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 %s >>" % tree
    prepared = prepare(job(Document("d", pdfs.write(found)), recipient=ELSEWHERE))
    for page in PdfReader(io.BytesIO(prepared.pdf)).pages[:2]:
        assert page.rotation == 0
        assert page.cropbox.height == pytest.approx(841.89, abs=0.01)


def test_always_a_sheet():
    prepared = prepare(job(Document("d", PLAIN), address_sheet="always"))
    assert prepared.address_sheet
    assert prepared.findings[0].params == {"reason": "always"}


def test_never_a_sheet():
    assert prepare(job(Document("d", PLAIN), address_sheet="never")).untouched
    found = refused(Document("d", PLAIN), recipient=ELSEWHERE, address_sheet="never")
    assert found["pages.address_sheet_needed"] == {"reason": "window"}
    assert found["window.differs"]["expected"] == "MONSIEUR ŁUKASZ"


def test_the_envelope_asks_for_a_sheet():
    thick = numbered("A", 21)
    prepared = prepare(job(thick))
    assert prepared.address_sheet and prepared.envelope == "C4"
    assert prepared.findings[0].params == {"reason": "envelope"}
    assert prepared.sheets == 12
    found = refused(thick, address_sheet="never")
    assert found["pages.address_sheet_needed"] == {"reason": "envelope"}


def test_an_unknown_way_with_the_sheet():
    with pytest.raises(ValueError):
        job(Document("d", PLAIN), address_sheet="sometimes")


# ---------------------------------------------------------------------------
# What survives
# ---------------------------------------------------------------------------


def invoice(name, xml, content=CONTENT):
    found = pdfs.objects(
        content, catalog=odd_content.FACTUR_X, more=dict(odd_content.FILE)
    )
    found[21] = pdfs.flate(xml, b"/Type /EmbeddedFile /Subtype /text#2Fxml")
    found[22] = pdfs.stream(b"<meta>" + xml, b"/Type /Metadata /Subtype /XML")
    return Document(name, pdfs.write(found))


def files(pdf):
    root = PdfReader(io.BytesIO(pdf)).root_object
    names = root["/Names"]["/EmbeddedFiles"]["/Names"]
    associated = [item.get_object() for item in root["/AF"]]
    entries = [names[at].get_object() for at in range(1, len(names), 2)]
    assert [str(name) for name in names[::2]] == sorted(str(n) for n in names[::2])
    assert {str(entry["/UF"]) for entry in entries} == {"factur-x.xml"}
    assert all(entry["/AFRelationship"] == "/Data" for entry in associated)
    assert len(entries) == len(associated)
    return sorted(entry["/EF"]["/F"].get_data() for entry in entries)


@pytest.mark.parametrize(
    "content", [CONTENT, CONTENT + rect(3, 150, 9, 152)], ids=["as it is", "shrunk"]
)
def test_factur_x_survives_in_every_document(content):
    documents = [invoice(f"F{n}", b"<invoice n='%d'/>" % n, content) for n in (1, 2, 3)]
    prepared = prepare(job(*documents, recipient=ELSEWHERE))
    assert files(prepared.pdf) == [b"<invoice n='%d'/>" % n for n in (1, 2, 3)]
    reader = PdfReader(io.BytesIO(prepared.pdf))
    metadata = reader.root_object["/Metadata"].get_data()
    assert metadata == b"<meta><invoice n='1'/>"
    of_pages = [
        page["/Metadata"].get_data() for page in reader.pages if "/Metadata" in page
    ]
    assert of_pages == [b"<meta><invoice n='%d'/>" % n for n in (2, 3)]


def test_factur_x_survives_behind_a_document_without_files():
    prepared = prepare(job(Document("d", PLAIN), invoice("F1", b"<invoice/>")))
    assert files(prepared.pdf) == [b"<invoice/>"]


def test_layers_of_every_document_stay_as_they_were():
    stamp = rect(100, 150, 190, 160)
    hidden = odd_content.layered(b"/OFF [20 0 R]", stamp)
    off = odd_content.layered(b"/BaseState /OFF", stamp)
    shown = odd_content.layered(b"", stamp)
    named = [Document("1", shown), Document("2", hidden), Document("3", off)]
    for documents in (named, named[::-1], named[1:]):
        prepared = prepare(job(*documents, duplex=False))  # verify compares the look
        assert prepared.pages == len(documents)


def test_a_moved_page_blends_by_itself_as_it_did():
    pdf = odd_content.CASES["transparency on a page that is moved"][0]
    page = PdfReader(io.BytesIO(prepare(job(Document("d", pdf))).pdf)).pages[0]
    group = page["/Resources"]["/XObject"]["/Page"]["/Group"]
    assert (group["/CS"], bool(group["/I"])) == ("/DeviceCMYK", True)


def test_a_signature_that_a_repair_breaks_is_told():
    signed = odd_content.CASES["a signature"][0]
    prepared = prepare(job(Document("d", signed), recipient=ELSEWHERE))
    assert "pages.signature_broken" in codes(prepared)
    assert "pages.signature_broken" not in codes(prepare(job(Document("d", signed))))


def test_a_script_does_not_outlive_a_repair():
    script = odd_content.CASES["a script by name"][0]
    prepared = prepare(job(Document("d", script), recipient=ELSEWHERE))
    assert "pages.script_removed" in codes(prepared)
    assert b"JavaScript" not in prepared.pdf


# ---------------------------------------------------------------------------
# Refusals
# ---------------------------------------------------------------------------


def test_no_document():
    assert refused() == {"pages.no_document": {}}


def test_every_page_at_fault_is_named_at_once():
    wide = Profile(margin_mm=20)
    found = [
        (f.code, f.params["document"], f.params["page"])
        for f in _refusal(
            job(
                document(
                    CONTENT + rect(0, 150, 210, 152), rect(0, 9, 9, 290), name="A"
                ),
                document(rect(0, 0, 210, 297), name="B"),
                profile=wide,
            )
        ).findings
        if f.level == ERROR
    ]
    assert found == [
        ("pages.margin_ink", "A", 1),
        ("pages.margin_ink", "B", 1),
    ]


def _refusal(each):
    with pytest.raises(Refusal) as refusal:
        prepare(each)
    return refusal.value


def test_ink_in_a_margin_that_no_shrinking_clears():
    found = refused(
        document(CONTENT + rect(0, 150, 210, 152)), profile=Profile(margin_mm=20)
    )
    place = found["pages.margin_ink"]
    assert (place["document"], place["page"]) == ("d", 1)
    assert (place["left_mm"], place["right_mm"]) == (0, 210)
    assert place["bottom_mm"] == pytest.approx(152, abs=0.3)


def test_ink_in_a_reserved_zone_that_no_shrinking_clears():
    found = refused(
        document(CONTENT + rect(100, 200, 110, 210)),
        profile=Profile(reserved=(Zone(0, 120, 210, 290),)),
    )
    place = found["pages.reserved_ink"]
    assert place["left_mm"] == pytest.approx(100, abs=0.3)
    assert place["bottom_mm"] == pytest.approx(210, abs=0.3)


def test_too_many_pages_over_all_documents():
    found = refused(numbered("A", 3), numbered("B", 3), limits=Limits(max_pages=5))
    assert found == {
        "pages.too_many_pages": {"document": "", "pages": 6, "max_pages": 5}
    }


def test_too_many_sheets():
    found = refused(numbered("A", 5), limits=Limits(max_sheets=2))
    assert found == {"pages.too_many_sheets": {"sheets": 3, "max_sheets": 2}}


@pytest.mark.parametrize(
    ("counts", "options", "pages", "sheets"),
    [
        ((5,), {}, 5, 3),  # the back of the last page is not a page
        ((5, 1), {}, 7, 4),  # a blank back between two documents
        ((5, 1), {"duplex": False}, 6, 6),
        ((5,), {"address_sheet": "always"}, 7, 4),
        ((5,), {"address_sheet": "always", "duplex": False}, 6, 6),
        ((5, 2), {"recipient": ELSEWHERE}, 10, 5),  # a sheet that turns out needed
        # An envelope that forces a sheet without a place for it among its sheets.
        ((21,), {}, 23, 12),
    ],
)
def test_limits_are_counted_as_the_provider_does(counts, options, pages, sheets):
    """All pages of the PDF, and all sheets: exactly that many are taken, not one
    more."""
    documents = [numbered(f"D{n}", count) for n, count in enumerate(counts)]
    exact = Limits(max_pages=pages, max_sheets=sheets)
    made = prepare(job(*documents, limits=exact, **options))
    assert (made.pages, made.sheets) == (pages, sheets)
    assert len(PdfReader(io.BytesIO(made.pdf)).pages) == pages
    found = refused(*documents, limits=replace(exact, max_pages=pages - 1), **options)
    assert set(found) == {"pages.too_many_pages"}
    assert found["pages.too_many_pages"]["pages"] == pages
    found = refused(*documents, limits=replace(exact, max_sheets=sheets - 1), **options)
    limit = {"sheets": sheets, "max_sheets": sheets - 1}
    assert found == {"pages.too_many_sheets": limit}


def test_no_envelope_is_large_enough():
    small = Profile(envelopes=(EnvelopeSpec("C6/5", 1, 5_400),))
    assert "envelope.too_many_sheets" in refused(numbered("A", 5), profile=small)


def test_a_letter_that_grows_too_large():
    limits = Limits(max_bytes=len(PLAIN) + 100)
    assert prepare(job(Document("d", PLAIN), limits=limits)).untouched
    found = refused(Document("d", PLAIN), recipient=ELSEWHERE, limits=limits)
    assert found["pages.too_many_bytes"]["document"] == ""


def test_every_code_is_declared_and_used():
    room = Path(pages.__file__).parent
    text = "".join(file.read_text() for file in room.glob("*.py"))
    table = text[text.index("FINDING_CODES: dict") : text.index("def count(")]
    told = re.findall(r'"((?:pages|window)\.[a-z_]+)"', text.replace(table, ""))
    ours = {code for code in FINDING_CODES if not code.startswith("address.")}
    assert set(told) == ours
    assert (
        FINDING_CODES["address.unprintable"]
        == address.FINDING_CODES["address.unprintable"]
    )


def test_count():
    assert count(pdfs.pages([CONTENT] * 7)) == 7
    with pytest.raises(Refusal):
        count(b"<html>")
    with pytest.raises(Refusal):
        count(pdfs.pages([CONTENT] * 7), Limits(max_pages=6))
    assert DEFAULT.margin_mm == 5
