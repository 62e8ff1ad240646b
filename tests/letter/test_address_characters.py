"""Letters: which survive, which become capitals, which cannot be printed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFont

from beepost_mail.letter.address import canonical
from beepost_mail.letter.address_sheet import FONT_FILE
from beepost_mail.letter.characters import clean, plain, unaccented, unprintable

any_text = st.text(max_size=40)
# Letters whose lower and upper case are one to one, so that case can be played with.
latin = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéèêëàâçîïôùûñœłø0123 -'."))


@given(any_text)
def test_clean_is_idempotent(text):
    line, _ = clean(text)
    assert clean(line) == (line, "")
    line.encode()


@given(any_text)
def test_canonical_is_idempotent(text):
    assert canonical(canonical(text)) == canonical(text)


@given(latin)
def test_canonical_ignores_case_accents_and_punctuation(text):
    key = canonical(text)
    assert canonical(text.upper()) == key
    assert canonical(unicodedata.normalize("NFD", text)) == key
    assert canonical(text.replace("-", " ").replace(".", ",")) == key
    assert canonical(f"  {text} ;") == key
    assert canonical(unaccented(text)) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 rue X", "1 2 rue X"),
        ("12 rue X", "21 rue X"),
        ("Dupont", "Dupond"),
        ("Иван", "Ивай"),
        ("75001 PARIS", "75007 PARIS"),
        ("山田", "山本"),
    ],
)
def test_canonical_tells_addresses_apart(one, other):
    assert canonical(one) != canonical(other)


@given(any_text)
def test_plain_has_letters_digits_and_single_spaces(text):
    line = plain(text)
    assert line == " ".join(line.split())
    for char in line:
        assert char in " 0123456789" or unicodedata.category(char)[0] == "L"
    assert plain(line) == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'Haÿ-les-Roses", "L HAY LES ROSES"),
        ("Łódź", "LODZ"),
        ("Œuvre & Æther", "OEUVRE ET AETHER"),
        ("Straße", "STRASSE"),
        ("İstanbul ıssız", "ISTANBUL ISSIZ"),
        ("Þórður Ðæja", "THORDUR DAEJA"),
        ("Đà Nẵng", "DA NANG"),
        ("Əliyev Ħaber Ŋ", "ELIYEV HABER N"),
        ("1ᵉʳ étage № 5 ½", "1ER ETAGE NO 5 1 2"),
        ("ﬁn", "FIN"),
        ("O’Neill Hawaiʻi", "O NEILL HAWAI I"),
        ("Αθήνα Ελλάδα", "ΑΘΗΝΑ ΕΛΛΑΔΑ"),
        ("Київ Йошкар", "КИЇВ ЙОШКАР"),
    ],
)
def test_plain(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Łukasz Żółć",
        "Nguyễn Thị Hồng",
        "Ștefan Țurcanu",
        "Ġorġ Ħaber",
        "Əli İbrahim ığdır",
        "Κώστας Ἀθῆναι",
        "Їжак Ґалаґан Џорџе",
        "A <B> & C™ « D » – E…",
        "Þórður Ðæja ẞ",
    ],
)
def test_printed_as_typed(text):
    line, removed = clean(text)
    assert (line, removed, unprintable(line)) == (text, "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("張偉 Ltd", "張偉"),
        ("محمد", "محمد"),
        ("दिल्ली", "दिल्ली"),
        ("A\u0304\u0323\u0331", "\u0304\u0331"),
        ("🍕🍕", "🍕"),
        ("\ue000", "\ue000"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_reported_where_not_printable(text, expected):
    assert set(unprintable(clean(text)[0])) == set(expected)


def test_font_has_every_character_that_counts_as_printable():
    glyphs = TTFont("Test", str(FONT_FILE)).face.charToGlyph
    printable = [code for code in range(0x110000) if not unprintable(chr(code))]
    assert len(printable) > 1500
    assert [hex(code) for code in printable if code not in glyphs] == []
