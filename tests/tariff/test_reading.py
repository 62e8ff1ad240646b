"""A price list as a table: what is understood, and exactly the same list again."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_postage.tabular.table import read
from odoo.addons.beepost_postage.tariff import values
from odoo.addons.beepost_postage.tariff.columns import COLUMNS, key, recognise
from odoo.addons.beepost_postage.tariff.grid import (
    BELOW_PUBLIC,
    OPTIONS,
    Grid,
    Line,
    Option,
)
from odoo.addons.beepost_postage.tariff.reading import read_grid
from odoo.addons.beepost_postage.tariff.values import Wrong
from odoo.addons.beepost_postage.tariff.vocabulary import Vocabulary
from odoo.addons.beepost_postage.tariff.writing import HEADER, as_texts, rows

PRODUCTS = ("lettre_verte", "recommande_r1", "e_lettre")
ZONES = ("metropole", "om1", "international")
WORDS = Vocabulary(
    products={name: code for code in PRODUCTS for name in (code, key(code))},
    zones={name: code for code in ZONES for name in (code, key(code))},
)


def csv_of(*lines):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(lines)
    return buffer.getvalue().encode()


def understood(content, **arguments):
    table = read(content)
    return read_grid(table, recognise(table.columns), WORDS, **arguments)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("1,52", "1.52"),
        ("1.52 €", "1.52"),
        ("EUR 1,5", "1.5"),
        ("1.52000", "1.52"),
        (",5", "0.5"),
        ("0.0001", "0.0001"),
        ("12 %", "12"),
        ("+3", "3"),
        ("abc", "import.not_number"),
        ("1e2", "import.not_number"),
        ("NaN", "import.not_number"),
        ("١", "import.not_number"),
        ("1 234,50", "import.thousands"),
        ("1.234,50", "import.thousands"),
        ("1,234.50", "import.thousands"),
        ("1'234.5", "import.thousands"),
        ("1,5,2", "import.separators"),
        ("1..5", "import.separators"),
        ("1,52 $", "import.currency"),
        ("CHF 1.52", "import.currency"),
        ("-1,52", "import.negative"),
        ("1.52001", "import.decimals"),
        ("9999999", "import.too_great"),
    ],
)
def test_amounts(text, expected):
    try:
        assert values.amount(text) == Decimal(expected)
    except Wrong as wrong:
        assert wrong.code == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("20", 20),
        ("20 g", 20),
        ("20,0", 20),
        ("3 feuilles", 3),
        ("20.5", "import.not_whole"),
        ("20.123456", "import.not_whole"),
        ("1 kg", "import.not_number"),
    ],
)
def test_whole_numbers(text, expected):
    try:
        assert values.whole(text) == expected
    except Wrong as wrong:
        assert wrong.code == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2027-02-01", "2027/2/1", "01/02/2027", "1.2.2027", "2027-02-01T00:00:00"),
        *("1er février 2027", "1 February 2027", "1st of Feb 2027", "1 févr. 2027"),
    ],
)
def test_days(text):
    assert values.day(text) == date(2027, 2, 1)


@pytest.mark.parametrize(
    "text", ["12/31/2027", "2027-02-29", "01/02/27", "46054", "1 brumaire 2027", "hier"]
)
def test_no_days(text):
    with pytest.raises(Wrong, match=r"import\.date"):
        values.day(text)


def test_names_of_columns_are_one_field_each():
    names = [key(name) for own in COLUMNS.values() for name in {*map(key, own)}]
    assert len(names) == len(set(names))
    assert recognise(HEADER) == {name: name for name in HEADER}


def test_french_headers():
    reading = understood(
        csv_of(
            ("Produit", "Zone", "Jusqu'à (g)", "Prix HT (€)", "Valable du", "Remarque"),
            ("Lettre verte", "France", "20 g", "1,52 €", "01/01/2027", "neu"),
        )
    )
    assert not reading.faults
    assert [f.code for f in reading.findings] == [
        "import.unknown_column",
        "import.tax_unsaid",
    ]
    ((number, step),) = reading.steps
    assert (number, step["product"], step["zone"]) == (2, "lettre_verte", "metropole")
    assert (step["max_grams"], step["price"]) == (20, Decimal("1.52"))
    assert (reading.valid_from, reading.valid_to) == (date(2027, 1, 1), None)


def test_the_shape_of_the_public_list():
    """The columns of ``laposte_2026.csv``: options stand among the products, and the
    last day is one that still counts."""
    reading = understood(
        b"product,zone,max_grams,price_eur,valid_from,valid_to\n"
        b"lettre_verte,FR,20,1.52,2026-01-01,2026-12-31\n"
        b"option_suivi,FR,,0.50,2026-01-01,2026-12-31\n"
        b"avis_reception_international,INTL,,1.50,2026-01-01,2026-12-31\n"
    )
    assert not reading.faults
    assert reading.valid_to == date(2027, 1, 1)
    assert [(o["kind"], o["zone"]) for _row, o in reading.options] == [
        ("tracking", "metropole"),
        ("ar_paper", "international"),
    ]


def test_a_person_and_the_file_say_different_days():
    content = csv_of(
        ("product", "zone", "grams", "price", "valid_from"),
        ("lettre_verte", "FR", "20", "1.52", "2027-01-01"),
    )
    (fault,) = understood(content, valid_from=date(2027, 2, 1)).faults
    assert (fault.code, fault.params["cell"]) == ("import.dates_differ", "E2")
    assert not understood(content, valid_from=date(2027, 1, 1)).faults


# ----------------------------------------------------------------------
# There and back
# ----------------------------------------------------------------------

cents = st.integers(1, 9_999_999).map(lambda n: Decimal(n).scaleb(-4))
texts = st.text("ABéè =+-@'\"; ,", max_size=6).map(str.strip)
DAYS = st.dates(date(2020, 1, 2), date(2035, 1, 1))


@st.composite
def lines(draw):
    by_sheets = draw(st.booleans())
    number = draw(st.integers(1, 90_000))
    discounted = draw(st.booleans())
    return Line(
        key=0,
        product=draw(st.sampled_from(PRODUCTS)),
        zone=draw(st.sampled_from(ZONES)),
        max_grams=None if by_sheets else number,
        max_sheets=number if by_sheets else None,
        price=Decimal(0) if discounted else draw(cents),
        per_kg=draw(st.just(Decimal(0)) | cents),
        per_10g=draw(st.just(Decimal(0)) | cents),
        tax=draw(st.sampled_from(("exempt", "standard", "debours"))),
        format_class=draw(texts),
        min_quantity=draw(st.integers(1, 5000)),
        pricing=BELOW_PUBLIC if discounted else "fixed",
        discount=Decimal(draw(st.integers(1, 9999))).scaleb(-2)
        if discounted
        else Decimal(0),
        public_grams=draw(st.integers(1, 2000)) if discounted else None,
    )


@st.composite
def options(draw):
    start, end = sorted(draw(st.lists(DAYS, min_size=2, max_size=2, unique=True)))
    return Option(
        key=0,
        kind=draw(st.sampled_from(sorted(OPTIONS))),
        price=draw(st.just(Decimal(0)) | cents),
        tax=draw(st.sampled_from(("exempt", "standard", "debours"))),
        products=draw(st.frozensets(st.sampled_from(PRODUCTS))),
        zone=draw(st.sampled_from(("", *ZONES))),
        envelope=draw(texts),
        above_grams=draw(st.integers(0, 2000)),
        valid_from=draw(st.sampled_from((None, start))),
        valid_to=draw(st.sampled_from((None, end))),
    )


@given(
    st.lists(lines(), min_size=1, max_size=6),
    st.lists(options(), max_size=6),
    texts,
    st.sampled_from((None, date(2028, 1, 1))),
)
def test_there_and_back(steps, others, origin, end):
    grid = Grid(
        key=0,
        name="",
        valid_from=date(2027, 1, 1),
        valid_to=end,
        lines=tuple(steps),
        options=tuple(others),
        origin=origin,
        vat_rate=Decimal("20.00"),
    )
    table = map(as_texts, rows(grid, "EUR"))
    reading = understood(csv_of(HEADER, *table))
    assert not reading.findings
    back = Grid(
        key=0,
        name="",
        valid_from=reading.valid_from,
        valid_to=reading.valid_to,
        lines=tuple(Line(key=0, **step) for _row, step in reading.steps),
        options=tuple(Option(key=0, **option) for _row, option in reading.options),
        origin=reading.shared.get("origin", ""),
        vat_rate=reading.shared["vat_rate"],
        round_to=Decimal(reading.shared["round_to"]),
    )
    assert back == grid
