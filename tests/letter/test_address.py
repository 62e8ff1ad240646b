"""What holds for every address, whatever people typed."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beepost_mail.letter import abroad, territory
from beepost_mail.letter.address import FINDING_CODES, Parts, canonical, compose, zone
from beepost_mail.letter.characters import plain, unprintable
from beepost_mail.letter.finding import ERROR, Refusal

COUNTRIES = sorted(code for code in territory._names() if territory.is_known(code))
LETTERS = "abcdefghijklmnoprstuvzéèçàùœæøłđßñüöåşğİıΑωЖй張م0123456789"
SIGNS = " -'’.,;:/()&<>#°ºª№½\t\n\xa0\u200b\u202e\u0301\ufeff🍕"
text = st.text(st.sampled_from(LETTERS + SIGNS), max_size=45)
words = st.lists(
    st.text(st.sampled_from("aàbcçdeéfghilłmnoœprstuv-'& "), min_size=1, max_size=12),
    min_size=1,
    max_size=4,
).map(" ".join)
french_zip = st.from_regex(r"(0[1-9]|[1-8]\d|9[0-5])\d{3}", fullmatch=True)


def parts_for(country, zip_code, *names):
    """Parts whose texts come from any of ``names``."""
    name = st.one_of(*names)
    return st.builds(
        Parts,
        company=st.one_of(name, st.just("")),
        person=name,
        unit=st.one_of(st.just(""), name),
        street=st.one_of(name, name.map(lambda each: f"12, rue {each}")),
        street2=st.one_of(name, st.sampled_from(["", "BP 12", "Bât. B", "12 rue X"])),
        zip=zip_code,
        city=st.one_of(name, st.just("Paris Cedex 08")),
        state=st.one_of(st.just(""), name),
        country=country,
    )


any_parts = st.one_of(
    parts_for(st.just("FR"), french_zip, words),
    parts_for(
        st.sampled_from(COUNTRIES), st.sampled_from(["98800", "1000", ""]), words
    ),
    parts_for(st.sampled_from(["", "QQ", "fr", "XI", *COUNTRIES]), text, words, text),
)


def attempt(parts, **options):
    try:
        return compose(parts, **options), ()
    except Refusal as refusal:
        return None, refusal.findings


def good(**changes):
    values = {
        "person": "M. Ain",
        "street": "4 rue Bichat",
        "zip": "01000",
        "city": "Bourg-en-Bresse",
        "country": "FR",
    }
    return Parts(**{**values, **changes})


def codes(findings):
    return [finding.code for finding in findings]


@given(any_parts)
@example(Parts())
@example(Parts(company="\u200b", street="\ud800", zip="75001", city="é", country="FR"))
def test_an_address_fits_or_is_refused_with_reasons(parts):
    address, problems = attempt(parts)
    if address is None:
        assert problems
        assert all(problem.level == ERROR for problem in problems)
    else:
        french = territory.is_french(address.country)
        own_post = zone(address.country, parts.zip)[-3:] in ("984", "986", "987", "988")
        assert 3 <= len(address.lines) <= (7 if own_post or not french else 6) or (
            french and "CEDEX" in address.lines[-1]
        )
        for line in address.lines:
            assert 1 <= len(line) <= 38
            assert line == " ".join(line.split())
            assert not unprintable(line)
            assert unicodedata.is_normalized("NFC", line)
        assert all(finding.level != ERROR for finding in address.findings)
    for finding in (*problems, *(address.findings if address else ())):
        assert set(finding.params) == set(FINDING_CODES[finding.code])
        str(finding.as_dict()).encode()  # can be stored and shown


@given(words, words, french_zip, words)
def test_no_punctuation_from_line_4_on(name, street, zip_code, city):
    address, _ = attempt(
        Parts(
            person=f"x{name}",
            street=f"12, rue {street}",
            street2=f"BP 3 {name}",
            zip=zip_code,
            city=f"x{city}",
            country="FR",
        )
    )
    if address:
        assert len(address.lines) == 4
        assert all(re.fullmatch("[A-Z0-9 ]+", line) for line in address.lines[1:])
        assert re.fullmatch(r"[0-9]{5} [A-Z0-9 ]{1,32}", address.lines[-1])


@given(any_parts)
def test_nothing_typed_is_lost(parts):
    """Every word is printed, unless its abbreviation or double is listed."""
    address, _ = attempt(parts)
    if address is None or "address.abbreviated" in codes(address.findings):
        return
    printed = set(" ".join(map(canonical, address.lines)).split())
    for field in ("company", "person", "unit", "street", "street2"):
        assert set(canonical(getattr(parts, field)).split()) <= printed
    city = "".join(canonical(parts.city).split())
    assert city in "".join("".join(map(canonical, address.lines)).split())


@given(any_parts)
def test_printed_lines_are_as_typed_in_the_name(parts):
    address, _ = attempt(parts)
    if address and plain(parts.company):
        assert canonical(address.lines[0]) == canonical(parts.company)


@given(words, french_zip)
def test_street_is_abbreviated_only_over_32_characters(street, zip_code):
    address, _ = attempt(good(street=f"1 avenue {street}", zip=zip_code))
    length = len(plain(f"1 avenue {street}"))
    if address and "address.abbreviated" in codes(address.findings):
        assert length > 32
    if address and length <= 38:
        assert address.lines[1] == plain(f"1 avenue {street}")


@pytest.mark.parametrize(
    ("name", "fits"), [("x" * 33, True), ("x" * 38, True), ("x" * 39, False)]
)
def test_length_of_a_name(name, fits):
    address, problems = attempt(good(person=name))
    assert bool(address) is fits
    if not fits:
        assert problems[0].params == {"line": 1, "length": 39, "max": 38, "text": name}


def test_all_errors_come_at_once():
    with pytest.raises(Refusal) as caught:
        compose(Parts(company="x" * 40, street="", zip="1234", city="🍕", country="FR"))
    assert set(codes(caught.value.findings)) == {
        "address.line_too_long",
        "address.street_missing",
        "address.zip_invalid",
        "address.city_missing",
        "address.unprintable",
    }


def test_too_long_names_the_line_of_the_norm():
    _, problems = attempt(good(street="4 rue Bichat", street2="Bâtiment " + "B" * 30))
    assert problems[0].params["line"] == 3
    assert problems[0].params["length"] == 39


def test_each_abbreviation_is_a_listed_repair():
    street = "125 avenue du Maréchal de Lattre de Tassigny"
    address, _ = attempt(good(street=street))
    assert [dict(finding.params) for finding in address.findings] == [
        {"line": 4, "word": "AVENUE", "short": "AV"},
        {"line": 4, "word": "MARECHAL", "short": "MAL"},
    ]


def test_a_street_that_no_abbreviation_saves_is_told_as_typed():
    street = "1254 boulevard du Professeur Jean-Baptiste Lacaze-Duthiers"
    _, problems = attempt(good(street=street))
    (problem,) = problems
    assert problem.params["text"] == plain(street)
    assert problem.params["length"] == len(street)


def test_invisible_characters_go_and_are_listed():
    address, _ = attempt(
        good(person="M.\u202e Ain\u200b", street="4\true\r\nBichat", city="Bourg\xa0 I")
    )
    assert address.lines == ("M. Ain", "4 RUE BICHAT", "01000 BOURG I")
    assert dict(address.findings[0].params) == {
        "field": "person",
        "codes": "U+202E U+200B",
    }


def test_decomposed_unicode_is_composed():
    typed = unicodedata.normalize("NFD", "Hélène Łąka Nguyễn")
    address, _ = attempt(good(person=typed))
    assert address.lines[0] == "Hélène Łąka Nguyễn"


def test_full_width_letters_become_ordinary_ones():
    address, _ = attempt(good(person="ＡＢＣ ㈱".replace("㈱", "Ｋ．Ｋ．")))
    assert address.lines[0] == "ABC K.K."


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\xa0\u2003", "\u200b", ".", "--"])
def test_blank_is_missing(blank):
    _, problems = attempt(
        Parts(blank, blank, blank, blank, blank, blank, blank, blank, blank)
    )
    assert codes(problems) == [
        "address.country_missing",
        "address.name_missing",
        "address.street_missing",
        "address.zip_missing",
        "address.city_missing",
    ]


@pytest.mark.parametrize(
    ("country", "zip_code", "home", "last"),
    [
        ("FR", "75001", "FR", "75001 X"),
        ("FR", "75001", "BE", "FRANCE"),
        ("BE", "1000", "BE", "1000 X"),
        ("BE", "1000", "FR", "BELGIQUE"),
        ("RE", "97400", "FR", "97400 X"),
        ("FR", "97400", "RE", "97400 X"),
        ("FR", "97400", "BE", "LA REUNION"),
        ("FR", "98800", "FR", "NOUVELLE CALEDONIE"),
        ("MC", "98000", "FR", "98000 X"),
        ("MC", "98000", "BE", "MONACO"),
        ("FR", "75001", "MC", "75001 X"),
    ],
)
def test_country_line_depends_on_where_it_is_posted(country, zip_code, home, last):
    address, _ = attempt(good(zip=zip_code, city="X", country=country), home=home)
    assert address.lines[-1] == last


@pytest.mark.parametrize(
    ("country", "zip_code", "expected"),
    [
        ("FR", "75001", "metropole"),
        ("FR", "F-20 200", "corsica"),
        ("FR", "00880", "military"),
        ("FR", "97400", "overseas:974"),
        ("FR", "F-97400", "overseas:974"),
        ("FR", "97133", "overseas:977"),
        ("FR", "97150", "overseas:978"),
        ("FR", "98000", "monaco"),
        ("FR", "98800", "overseas:988"),
        ("FR", "", "metropole"),
        ("fr", "99999", "metropole"),
        ("MC", "", "monaco"),
        ("RE", "", "overseas:974"),
        ("TF", "98413", "overseas:984"),
        ("AD", "AD500", "andorra"),
        ("DE", "97400", "international"),
    ],
)
def test_zone(country, zip_code, expected):
    assert zone(country, zip_code) == expected


def test_zone_needs_a_country():
    with pytest.raises(ValueError, match="country"):
        zone(" ", "75001")


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_can_be_written_to(country):
    """Its name fits its line, its format has one place for the street."""
    name = territory.country_name(country)
    assert re.fullmatch("[A-Z ]{3,38}", name)
    sample = abroad.rules(country).get("zipex", "").partition(",")[0]
    if country in territory.OVERSEAS:
        sample = f"{territory.OVERSEAS[country]}00"
    address, problems = attempt(
        good(street="12 Main", zip=sample, city="Town", state="Land", country=country)
    )
    assert not problems
    assert "TOWN" in " ".join(address.lines)
    assert sum(line.upper() == "12 MAIN" for line in address.lines) == 1
    assert not set(codes(address.findings)) - {"address.zip_unexpected"}
    if not territory.is_french(country):
        assert address.lines[-1] == name
