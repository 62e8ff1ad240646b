"""Does page 1 show exactly this address, and nothing else, in the window?"""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pdfs import ADDRESS, BODY, CONTENT, address, letter, rect, text

from beepost_mail.letter import address_sheet, window
from beepost_mail.letter.characters import unprintable
from beepost_mail.letter.finding import ERROR, Refusal
from beepost_mail.letter.ink import Ink
from beepost_mail.letter.look import Look
from beepost_mail.letter.placement import is_clear
from beepost_mail.letter.profile import DEFAULT, Profile, Zone


def check(content, recipient=ADDRESS, profile=DEFAULT):
    """Codes of what is wrong, with their params."""
    found = window.check(letter(content), recipient, profile)
    assert all(finding.level == ERROR for finding in found)
    return {finding.code: dict(finding.params) for finding in found}


# ---------------------------------------------------------------------------
# Documents
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipient",
    [
        ADDRESS,
        ("Société Dupont", "12, rue des Lilas", "75011 Paris"),
        ("SOCIETE-DUPONT", "12 RUE (DES) LILAS.", "75011  PARIS"),
        (*ADDRESS, " "),
    ],
)
def test_case_accents_and_punctuation_do_not_count(recipient):
    assert check(CONTENT, recipient) == {}


@pytest.mark.parametrize(
    ("recipient", "line", "expected", "shown"),
    [
        (("SOCIETE DURAND", *ADDRESS[1:]), 1, "SOCIETE DURAND", "SOCIETE DUPONT"),
        (ADDRESS[:2], 3, "", "75011 PARIS"),
        ((*ADDRESS, "BELGIQUE"), 4, "BELGIQUE", ""),
        ((ADDRESS[1], ADDRESS[0], ADDRESS[2]), 1, ADDRESS[1], ADDRESS[0]),
        ((*ADDRESS[:2], "75012 PARIS"), 3, "75012 PARIS", "75011 PARIS"),
        ((*ADDRESS[:2], "7 5011 PARIS"), 3, "7 5011 PARIS", "75011 PARIS"),
        ((" ".join(ADDRESS),), 1, " ".join(ADDRESS), ADDRESS[0]),
    ],
)
def test_what_differs_is_told(recipient, line, expected, shown):
    found = check(CONTENT, recipient)
    params = {"line": line, "expected": expected, "shown": shown}
    assert found == {"window.differs": params}


def test_nothing_in_the_window():
    assert check(BODY) == {"window.empty": {}}


def test_the_address_stands_too_low():
    found = check(address(top=80) + BODY)
    assert set(found) == {"window.outside"}
    assert found["window.outside"]["bottom_mm"] == pytest.approx(89.3, abs=0.3)


def test_the_address_stands_too_far_right():
    found = check(address(left=175))
    assert found["window.outside"]["right_mm"] > 195


def test_one_word_beside_the_window():
    found = check(CONTENT + text("REF", 110, 45))
    assert set(found) == {"window.differs", "window.outside"}
    assert found["window.differs"]["shown"] == "REF"


@pytest.mark.parametrize(
    ("ink", "mm"),
    [
        (rect(180, 45, 190, 50), (180, 45, 190, 50)),
        (rect(100, 80, 130, 80.4), (105.3, 80, 130, 80.4)),
        (rect(119, 61, 160, 62), (119, 61, 160, 62)),
        (rect(118, 60, 195, 85, b"0.9 g") + CONTENT, (118, 60, 195, 85)),
    ],
    ids=["a logo", "a line that enters", "a line in the window", "a tinted window"],
)
def test_other_ink_in_the_quiet_zone(ink, mm):
    found = check(ink + CONTENT)
    place = found["window.foreign_ink"]
    keys = ("left_mm", "top_mm", "right_mm", "bottom_mm")
    assert [place[key] for key in keys] == pytest.approx(mm, abs=0.4)


def test_white_ink_is_no_ink():
    assert check(rect(105, 40, 210, 92, b"1 g") + CONTENT) == {}


def test_ink_beside_the_quiet_zone():
    assert check(CONTENT + rect(20, 20, 104.9, 90) + rect(105, 92.2, 190, 99)) == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (address(size=4.0), "window.too_small"),
        (b"0.8 g\n" + address(), "window.too_faint"),
        (
            CONTENT + b"BT /F1 9 Tf 0 1 -1 0 500 640 Tm (REF) Tj ET\n",
            "window.not_upright",
        ),
        (address(mode=3), "window.empty"),
        (b"1 g\n" + address(), "window.empty"),
        (address() + rect(105, 40, 210, 92, b"1 g"), "window.empty"),
        (address() + rect(110, 60, 200, 90), "window.foreign_ink"),
    ],
    ids=["tiny", "grey", "upright", "invisible", "white", "painted over", "blackened"],
)
def test_text_that_nobody_can_read(content, code):
    assert code in check(content)


def test_a_wider_line_spacing_and_size():
    lines = [text(line, 120, 62 + 7 * n, size=12) for n, line in enumerate(ADDRESS)]
    assert check(b"".join(lines)) == {}


def test_a_space_is_a_space_however_narrow():
    squeezed = address().replace(b" Tr (", b" Tr -2 Tw (")
    assert check(squeezed) == {}


def test_words_set_apart_without_a_space():
    word = text("SOCIETE", 120, 65) + text("DUPONT", 136, 65)
    assert check(word, ("SOCIETE DUPONT",)) == {}
    word = text("SOCIETE", 120, 65) + text("DUPONT", 133.5, 65)
    assert check(word, ("SOCIETEDUPONT",)) == {}


def test_another_profile():
    left = Profile(window=Zone(20, 45, 105, 80), quiet=Zone(0, 40, 110, 90))
    assert check(address(left=25, top=50), profile=left) == {}
    assert "window.empty" in check(CONTENT, profile=left)


def test_what_is_no_pdf():
    with pytest.raises(Refusal) as refusal:
        window.check(b"%PDF-1.7", ADDRESS)
    assert refusal.value.findings[0].code == "pages.unreadable"


# ---------------------------------------------------------------------------
# The address sheet: what is asked for is what shows
# ---------------------------------------------------------------------------

_CHARS = st.one_of(
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '-&<>ÉÈÇŁŒÅØß€°"),
    st.characters(max_codepoint=0xFFFF).filter(lambda char: not unprintable(char)),
)
_LINE = st.text(_CHARS, min_size=1, max_size=38).map(
    lambda line: " ".join(line.split())
)


def sheet(recipient, sender=(), profile=DEFAULT):
    return address_sheet.make(recipient, sender, profile)


@settings(max_examples=150)
@given(st.lists(_LINE, min_size=1, max_size=7), st.lists(_LINE, max_size=4))
@example(
    ["SARL A <B> & FILS", "Łukasz Ørsted", "12 RUE DE L'ÉGLISE", "75011 PARIS"], []
)
@example(["W" * 38] * 7, ["M" * 38] * 6)
@example(["BAyÉAAAAAAAAAAAAAAA"] * 2, [])
@example(["jjj ÅÅÅ", "ggg", "..."], [])
def test_the_sheet_shows_exactly_the_address(recipient, sender):
    assume(any(line for line in recipient))
    pdf = sheet(recipient, sender)
    assert window.check(pdf, recipient) == ()
    with Look(pdf) as look:
        page = look.page(0)
        assert is_clear(Ink(page.raster()), DEFAULT)
        assert page.fonts_not_embedded() == set()


@pytest.mark.parametrize(
    "line", ["東京都", "שלום", "سلام", "नमस्ते", "a\u0335", "😀", "\x00"]
)
def test_what_the_font_lacks_is_named(line):
    with pytest.raises(Refusal) as refusal:
        sheet(["MONSIEUR", line], ["SENDER"])
    (finding,) = refusal.value.findings
    assert finding.code == "address.unprintable"
    assert (finding.params["line"], finding.params["text"]) == (2, line)
    assert set(finding.params["characters"]) <= set(line)


def test_a_line_too_wide_for_the_window():
    with pytest.raises(Refusal) as refusal:
        sheet(["SHORT", "W" * 60])
    (finding,) = refusal.value.findings
    assert finding.code == "window.line_too_wide"
    assert finding.params["line"] == 2
    assert finding.params["width_mm"] > finding.params["max_mm"] == 76


@pytest.mark.parametrize(
    ("recipient", "sender", "part"),
    [
        (["A"] * 12, [], "recipient"),
        ([], [], "recipient"),
        (["A"], ["B"] * 120, "sender"),
    ],
)
def test_too_many_lines_for_the_sheet(recipient, sender, part):
    with pytest.raises(Refusal) as refusal:
        sheet(recipient, sender)
    (finding,) = refusal.value.findings
    assert finding.code == "window.no_room"
    assert finding.params["part"] == part


def test_the_sender_makes_way_for_a_window_on_the_left():
    left = Profile(window=Zone(20, 20, 105, 60), quiet=Zone(0, 0, 110, 70))
    pdf = sheet(ADDRESS, ["EXPEDITEUR", "75001 PARIS"], left)
    assert window.check(pdf, ADDRESS, left) == ()


def test_the_sheet_is_white_apart_from_its_lines():
    sender = ["BEEPOST SAS", "1 RUE DU TEST", "75001 PARIS"]
    with Look(sheet(ADDRESS, sender)) as look:
        ink = Ink(look.page(0).raster())
    assert ink.box(Zone(0, 0, 105, 40)).bottom < 20
    assert ink.box(Zone(0, 92, 210, 297)) is None
