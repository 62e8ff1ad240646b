"""The likely reason why a letter was billed otherwise than expected."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_postage.tariff import difference
from odoo.addons.beepost_postage.tariff.alternatives import (
    alternatives,
    quote_amounts,
)
from odoo.addons.beepost_postage.tariff.bill import (
    UNTOLD,
    Billed,
    amounts_of,
    billed_amounts,
    group_of,
)
from odoo.addons.beepost_postage.tariff.difference import Letter, Reason, compare
from odoo.addons.beepost_postage.tariff.grid import (
    POSTAGE,
    PRODUCTION,
    STANDARD,
    Grid,
    Line,
    Option,
    Tariff,
)
from odoo.addons.beepost_postage.tariff.parcel import Parcel
from odoo.addons.beepost_postage.tariff.quote import price
from odoo.addons.beepost_postage.tariff.zone import Zone, place

DAY = date(2026, 11, 26)
ZONES = (Zone("FR", frozenset({"FR"})),)
SHEET_MG = 4990


def eur(text):
    return Decimal(text)


def lines(*prices, product="plain"):
    return tuple(
        Line(n, product, "FR", max_grams=grams, price=eur(amount))
        for n, (grams, amount) in enumerate(prices, 1)
    )


OPTIONS = (
    Option(50, "print_sheet", eur("0.045"), STANDARD),
    Option(51, "color_sheet", eur("0.06"), STANDARD),
    Option(52, "address_sheet", eur("0.02"), STANDARD),
)
GRIDS = (
    Grid(
        1,
        "2025",
        date(2025, 1, 1),
        date(2026, 1, 1),
        lines((35, "1.05"), (100, "2.20")),
        OPTIONS,
    ),
    Grid(
        2,
        "2026",
        date(2026, 1, 1),
        date(2027, 1, 1),
        (
            *lines((35, "1.14"), (100, "2.33"), (250, "3.93")),
            *lines((50, "5.24"), product="registered"),
        ),
        OPTIONS,
    ),
    Grid(3, "2027", date(2027, 1, 1), None, lines((35, "1.19"), (100, "2.41"))),
)
TARIFF = Tariff(1, "Contract", GRIDS)
# Three pages on two sheets and no address sheet.
PARCEL = Parcel(
    service="Letter",
    products=frozenset({"plain"}),
    where=place("FR", "69002"),
    day=DAY,
    pages=3,
    sheets=2,
    weight_mg=5400 + 2 * SHEET_MG,
    envelope="C6/5",
    envelope_mg=5400,
)
SERVICES = (("Registered", frozenset({"registered"}), frozenset()),)


def others(parcel=PARCEL):
    return lambda: alternatives(TARIFF, parcel, ZONES, SERVICES)


def letter(parcel=PARCEL, **values):
    expected = quote_amounts(price(TARIFF, parcel, ZONES))
    return Letter("accepted", expected, rates=("0", "20"), **values)


def postage(amount, rate="0", **values):
    return Billed("Affranchissement", eur(amount), eur(rate), DAY, POSTAGE, **values)


def production(amount, rate="20", **values):
    return Billed("Impression", eur(amount), eur(rate), DAY, PRODUCTION, **values)


def whole(amount, rate="0"):
    return Billed("Pli", eur(amount), eur(rate), DAY, UNTOLD)


def found(billed, who=None, parcel=PARCEL):
    said = compare(who or letter(parcel), billed, others(parcel))
    for reason in said.reasons:
        wanted = difference.REASON_CODES[reason.code]
        assert set(reason.params) == set(wanted), reason
    return said


def codes(*billed, who=None, parcel=PARCEL):
    return [reason.code for reason in found(billed, who, parcel).reasons]


RIGHT = (postage("1.14"), production("0.09"))


def test_billed_as_expected():
    said = found(RIGHT)
    assert said.reasons == ()
    assert (said.expected, said.amount, said.taxes) == (eur("1.23"), 0, 0)


def test_a_production_in_two_lines_is_one():
    assert codes(postage("1.14"), production("0.05"), production("0.04")) == []


@pytest.mark.parametrize(
    ("billed", "expected"),
    [
        ((), Reason("not_billed")),
        ((*RIGHT, *RIGHT), Reason("twice", {"statement": ""})),
        ((*RIGHT, postage("1.14")), Reason("twice", {"statement": ""})),
        ((postage("1.14"),), Reason("part_not_billed", {"group": PRODUCTION})),
        (
            (postage("2.33"), production("0.09")),
            Reason("step", {"step": 100, "grams": "15.380"}),
        ),
        (
            (postage("1.05"), production("0.09")),
            Reason("grid", {"grid": "2025", "day": "2025-12-31"}),
        ),
        (
            (postage("1.19"), production("0.09")),
            Reason("grid", {"grid": "2027", "day": "2027-01-01"}),
        ),
        ((postage("1.14"), production("0.21")), Reason("color")),
        ((postage("1.14"), production("0.135")), Reason("simplex", {"sheets": 3})),
        ((postage("1.14"), production("0.155")), Reason("address_sheet")),
        (
            (postage("5.24"), production("0.09")),
            Reason("service", {"service": "Registered"}),
        ),
        ((postage("1.14"), production("0.108")), Reason("tax_included")),
        (
            (postage("1.14", "20"), production("0.09")),
            Reason("vat", {"billed": "20", "expected": "0, 20"}),
        ),
        ((postage("1.15"), production("0.09")), Reason("other")),
        ((postage("9.99"), production("0.09")), Reason("other")),
    ],
)
def test_the_likely_reason(billed, expected):
    assert found(billed).reasons[0] == expected


ONE_SHEET = replace(PARCEL, pages=1, sheets=1, weight_mg=5400 + SHEET_MG)


@pytest.mark.parametrize(
    ("billed", "expected"),
    [
        ((postage("1.14"), production("0.05")), ["rounding"]),
        ((postage("1.14"), production("0.045")), []),
        # Neither a cent more, nor what lands on no whole cent, is rounding.
        ((postage("1.15"), production("0.055")), ["other"]),
        ((postage("1.14"), production("0.055")), ["other"]),
        ((postage("1.14"), production("0.046")), ["other"]),
        ((postage("1.14"), production("0.04")), ["other"]),
        ((postage("1.13"), production("0.05")), ["other"]),
        # As a whole 1.185.
        ((postage("1.14"), whole("0.05", "20")), ["rounding"]),
        ((postage("1.14"), whole("0.055", "20")), ["other"]),
    ],
)
def test_rounding_is_half_a_cent_and_lands_on_a_whole_one(billed, expected):
    assert codes(*billed, parcel=ONE_SHEET) == expected


def test_what_explains_a_difference_may_be_rounded_as_well():
    assert codes(postage("1.14"), production("0.11"), parcel=ONE_SHEET) == ["color"]
    assert codes(postage("1.14"), production("0.10"), parcel=ONE_SHEET) == ["other"]


def test_what_was_billed_in_another_statement_counts():
    before = tuple(replace(line, statement="October") for line in RIGHT)
    assert codes(before[0], RIGHT[1]) == []
    later = [replace(line, billed_on=date(2026, 12, 1)) for line in RIGHT]
    said = found((*before, *later))
    assert said.reasons == (Reason("twice", {"statement": "October"}),)
    assert said.amount == eur("1.23")


def test_labels_that_tell_nothing_compare_the_whole():
    assert codes(whole("1.23")) == ["vat"]  # 0.018 more expected: all exempt here
    assert codes(whole("2.42")) == ["step"]
    assert codes(whole("1.35")) == ["color"]
    assert codes(postage("1.14"), whole("0.09", "20")) == []
    assert codes(whole("7.77")) == ["other"]


def test_two_parts_have_a_reason_each():
    said = codes(postage("2.33"), production("0.21"))
    assert said == ["step", "color"]


def test_what_explains_all_comes_before_what_explains_a_part():
    heavy = replace(PARCEL, pages=20, sheets=10, weight_mg=5400 + 10 * SHEET_MG)
    # 20 sheets weigh more than 100 g as well: one reason for both.
    said = found((postage("3.93"), production("0.9")), parcel=heavy)
    assert [reason.code for reason in said.reasons] == ["simplex"]


def test_black_and_white_instead_of_colour_and_no_address_sheet():
    in_color = replace(PARCEL, color=True)
    assert codes(*RIGHT, parcel=in_color) == ["black"]
    with_sheet = replace(
        PARCEL, address_sheet=True, sheets=3, weight_mg=5400 + 3 * SHEET_MG
    )
    assert codes(*RIGHT, parcel=with_sheet) == ["no_address_sheet"]


def test_a_price_for_many_that_was_not_given():
    many = Line(9, "plain", "FR", max_grams=35, price=eur("0.90"), min_quantity=100)
    grid = replace(GRIDS[1], lines=(*GRIDS[1].lines, many))
    tariff = Tariff(1, "Contract", (grid,))
    parcel = replace(PARCEL, quantity=100)
    expected = quote_amounts(price(tariff, parcel, ZONES))
    said = compare(
        Letter("accepted", expected), RIGHT, lambda: alternatives(tariff, parcel, ZONES)
    )
    assert said.reasons == (Reason("quantity", {"quantity": 100}),)


def test_steps_by_sheets():
    steps = tuple(
        Line(n, "plain", "FR", max_sheets=n, price=eur(n)) for n in (2, 5, 10)
    )
    tariff = Tariff(1, "T", (Grid(1, "G", date(2026, 1, 1), None, steps),))
    expected = quote_amounts(price(tariff, PARCEL, ZONES))
    said = compare(
        Letter("accepted", expected),
        (postage("5"),),
        lambda: alternatives(tariff, PARCEL, ZONES),
    )
    assert said.reasons == (Reason("step_sheets", {"step": 5, "sheets": 2}),)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (None, "unknown"),
        (Letter("cancelled"), "stopped"),
        (Letter("rejected"), "stopped"),
        (Letter("queued"), "not_sent"),
        (Letter("accepted", practice=True, other_account="Practice"), "practice"),
        (Letter("accepted", other_account="Second"), "other_account"),
    ],
)
def test_where_nothing_is_owed_all_of_it_is_too_much(who, code):
    said = compare(who, RIGHT)
    assert [reason.code for reason in said.reasons] == [code]
    assert (said.expected, said.amount) == (0, eur("1.23"))
    assert said.taxes == eur("0.018")


def test_a_letter_without_a_price_is_not_judged():
    said = compare(Letter("accepted"), RIGHT)
    assert said.expected is None
    assert [reason.code for reason in said.reasons] == ["unpriced"]


def test_what_nobody_expected():
    bare = Letter("accepted", amounts_of([(POSTAGE, eur("1.14"), eur(0))]))
    said = compare(bare, RIGHT)
    assert said.reasons == (Reason("not_expected", {"group": PRODUCTION}),)


def test_labels_are_told_apart_by_their_longest_known_part():
    known = (
        ("affranchissement", POSTAGE),
        ("impression", PRODUCTION),
        ("frais", PRODUCTION),
        ("frais d'envoi", POSTAGE),
        ("pli", POSTAGE),
        ("mis", PRODUCTION),
    )
    assert group_of("AFFRANCHISSEMENT 20 g", known) == POSTAGE
    assert group_of("Impression noir et blanc", known) == PRODUCTION
    assert group_of("Frais d'envoi", known) == POSTAGE
    assert group_of("Divers", known) == UNTOLD
    assert group_of("mis sous pli", known) == UNTOLD  # equally long, and contrary


amount = st.decimals(min_value="0.02", max_value=50, places=4)


@given(st.lists(st.tuples(st.sampled_from((POSTAGE, PRODUCTION)), amount), max_size=6))
def test_no_difference_without_a_reason_and_no_float(parts):
    billed = [
        Billed(
            "x" + group, value, Decimal(20 if group == PRODUCTION else 0), DAY, group
        )
        for group, value in parts
    ]
    said = found(billed)
    assert said.amount == billed_amounts(billed).total - eur("1.23")
    assert isinstance(said.amount, Decimal) and isinstance(said.taxes, Decimal)
    assert said.reasons or (said.amount == 0 and abs(said.taxes) <= eur("0.01"))


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        Billed("x", 1.14, eur(0), DAY)
