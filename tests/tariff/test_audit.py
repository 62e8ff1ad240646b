"""Faults and doubts of a price list, each found where it is and nowhere else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_postage.tariff.audit import FINDING_CODES, audit
from odoo.addons.beepost_postage.tariff.compare import Reference, compare
from odoo.addons.beepost_postage.tariff.cover import first_gap
from odoo.addons.beepost_postage.tariff.grid import (
    BELOW_PUBLIC,
    Grid,
    Line,
    Option,
    Tariff,
)
from odoo.addons.beepost_postage.tariff.holes import Service
from odoo.addons.beepost_postage.tariff.zone import Zone

NEW_YEAR = date(2027, 1, 1)
METROPOLE = Zone("metropole", frozenset({"FR"}))
CORSICA = Zone("corsica", frozenset({"FR"}), ("20",), "metropole")
OVERSEAS = Zone("om1", frozenset({"FR"}), ("974",), "metropole", 100)


def line(key, grams=20, price="1.52", **values):
    values = {"product": "verte", "zone": "metropole", **values}
    if not values.get("max_sheets"):
        values["max_grams"] = grams
    return Line(key=key, price=Decimal(price), **values)


def below(key, grams, public_grams, discount=25, **values):
    return line(
        key,
        grams,
        "0",
        pricing=BELOW_PUBLIC,
        discount=Decimal(discount),
        public_grams=public_grams,
        **values,
    )


def option(key, kind, price="1.45", **values):
    return Option(key=key, kind=kind, price=Decimal(price), **values)


def grid(*parts, start=NEW_YEAR, end=None, **values):
    return Grid(
        key=7,
        name="2027",
        valid_from=start,
        valid_to=end,
        lines=tuple(part for part in parts if isinstance(part, Line)),
        options=tuple(part for part in parts if isinstance(part, Option)),
        **values,
    )


def tariff(*grids, public=None):
    return Tariff(1, "list", grids, public)


PUBLIC_2026 = grid(
    line(1, 20, "1.52"),
    line(2, 100, "3.10"),
    start=date(2026, 1, 1),
    end=NEW_YEAR,
)
PUBLIC = tariff(PUBLIC_2026)
FORMER = grid(
    line(1, 20, "1.00"),
    line(2, 100, "2.00"),
    line(3, 20, "5.00", product="r1"),
    option(4, "ar_paper", "1.00", zone="metropole"),
    start=date(2026, 1, 1),
)
GOOD = grid(
    line(11, 20, "1.15"),
    line(12, 100, "2.00"),
    line(13, 20, "5.00", product="r1"),
    option(14, "ar_paper", "1.00", zone="metropole"),
)

# name → (the grid, other arguments of audit, what is found: code and some params)
WRONG = {
    "empty": (grid(), {}, [("grid.empty", {})]),
    "duplicate": (
        grid(line(1), line(2)),
        {},
        [("grid.duplicate_step", {"key": 2, "step": 20, "unit": "g"})],
    ),
    "grams and sheets": (
        grid(line(1), line(2, max_sheets=3)),
        {},
        [("grid.mixed_units", {"key": 2, "product": "verte"})],
    ),
    "zero": (
        grid(line(1, 20, "0.00")),
        {},
        [("grid.zero_price", {"key": 1})],
    ),
    "rounds to zero": (
        grid(line(1, 20, "0.00004")),
        {},
        [("grid.zero_price", {"key": 1})],
    ),
    "falling": (
        grid(line(1, 100, "1.51"), line(2, 20, "1.52")),
        {},
        [
            (
                "grid.falling_price",
                {"key": 1, "price": "1.51", "before": "1.52", "before_step": 20},
            )
        ],
    ),
    "falling by weight": (
        grid(line(1, 20, "1.00", per_10g=Decimal("0.10")), line(2, 100, "1.19")),
        {},
        [("grid.falling_price", {"key": 2, "price": "1.19", "before": "1.20"})],
    ),
    "falling below the public price": (
        grid(below(1, 20, 20, 15), below(2, 50, 20, 25), start=date(2026, 1, 1)),
        {"public": PUBLIC},
        [
            ("grid.falling_price", {"key": 2, "price": "1.14", "before": "1.292"}),
            ("grid.public_ends", {"day": "2027-01-01"}),
        ],
    ),
    "no public step": (
        grid(below(1, 500, 500), start=date(2026, 1, 1), end=NEW_YEAR),
        {"public": PUBLIC},
        [("grid.no_public", {"key": 1, "grams": 500, "day": "2026-01-01"})],
    ),
    "no public grid": (
        grid(below(1, 20, 20)),
        {"public": PUBLIC},
        [("grid.no_public", {"key": 1, "day": "2027-01-01"})],
    ),
    "two options for one thing": (
        grid(
            line(1),
            option(2, "ar_paper", products=frozenset({"r1", "r2"})),
            option(3, "ar_paper", products=frozenset({"r1"})),
        ),
        {},
        [("grid.ambiguous_option", {"key": 3, "option": "ar_paper"})],
    ),
    "options that overlap in time": (
        grid(
            line(1),
            option(2, "tracking", valid_to=date(2027, 7, 2)),
            option(3, "tracking", valid_from=date(2027, 7, 1)),
        ),
        {},
        [("grid.ambiguous_option", {"key": 3})],
    ),
    "free option": (
        grid(line(1), option(2, "tracking", "0")),
        {},
        [("grid.zero_option", {"key": 2})],
    ),
    "a service wants an option": (
        GOOD,
        {"services": [Service("R+AR", frozenset({"r1"}), frozenset({"ar_digital"}))]},
        [("grid.no_wanted_option", {"service": "R+AR", "option": "ar_digital"})],
    ),
    "no colour": (
        grid(line(1), option(2, "print_sheet")),
        {},
        [("grid.no_colour", {})],
    ),
    "no supplement overseas": (
        grid(line(1), line(2, 250, "5.00")),
        {"zones": [METROPOLE, CORSICA, OVERSEAS]},
        [("grid.no_supplement", {"zone": "om1", "grams": 100})],
    ),
    "a product is gone": (
        replace(GOOD, lines=GOOD.lines[:2]),
        {"former": FORMER},
        [("grid.missing_product", {"key": 3, "product": "r1"})],
    ),
    "a step is gone": (
        replace(GOOD, lines=GOOD.lines[1:]),
        {"former": FORMER},
        [("grid.missing_step", {"key": 1, "step": 20})],
    ),
    "an option is gone": (
        replace(GOOD, options=()),
        {"former": FORMER},
        [("grid.missing_option", {"key": 4, "option": "ar_paper"})],
    ),
    "a price jumps": (
        grid(line(11, 20, "1.1501"), *GOOD.lines[1:], *GOOD.options),
        {"former": FORMER},
        [
            (
                "grid.jump",
                {"key": 11, "before": "1.00", "price": "1.1501", "percent": "15.0"},
            )
        ],
    ),
    "a price falls far": (
        grid(line(11, 20, "0.84"), *GOOD.lines[1:], *GOOD.options),
        {"former": FORMER},
        [("grid.jump", {"key": 11, "percent": "-16.0"})],
    ),
    "an option jumps": (
        replace(GOOD, options=(option(14, "ar_paper", "2", zone="metropole"),)),
        {"former": FORMER},
        [("grid.option_jump", {"key": 14, "percent": "100.0"})],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong(name):
    wrong, arguments, expected = WRONG[name]
    found = audit(wrong, **arguments)
    assert [finding.code for finding in found] == [code for code, _ in expected]
    for finding, (_code, params) in zip(found, expected, strict=True):
        assert params.items() <= finding.params.items()


def test_every_code_is_shown_here():
    shown = {code for _grid, _arguments, found in WRONG.values() for code, _ in found}
    assert shown == set(FINDING_CODES)


@pytest.mark.parametrize("name", WRONG)
def test_params_are_as_documented(name):
    wrong, arguments, _expected = WRONG[name]
    for finding in audit(wrong, **arguments):
        assert set(finding.params) == set(FINDING_CODES[finding.code])


def test_nothing_is_wrong():
    """Just at the limit of what may change, and a step for greater numbers."""
    assert not audit(
        GOOD,
        former=FORMER,
        public=PUBLIC,
        services=[Service("R1", frozenset({"r1"}), frozenset({"ar_paper"}))],
        zones=[METROPOLE, OVERSEAS],
    )
    assert not audit(
        grid(
            line(1, 20, "1.52"),
            line(2, 20, "1.40", min_quantity=100),
            line(3, 100, "1.45", min_quantity=100),
            line(4, 100, "1.60"),
            option(5, "tracking", valid_to=date(2027, 7, 1)),
            option(6, "tracking", valid_from=date(2027, 7, 1)),
            option(7, "ar_paper", zone="metropole"),
            option(8, "ar_paper"),
        )
    )


def test_the_limit_of_a_jump_is_a_setting():
    raised = grid(line(11, 20, "1.16"), *GOOD.lines[1:], *GOOD.options)
    assert audit(raised, FORMER)
    assert not audit(raised, FORMER, jump=Decimal(16))


@given(
    st.lists(
        st.tuples(st.integers(1, 2000), st.integers(1, 500_000)),
        min_size=2,
        unique_by=lambda pair: pair[0],
    )
)
def test_falling_is_found_exactly_where_it_falls(steps):
    prices = [(grams, Decimal(price) / 10_000) for grams, price in sorted(steps)]
    lines = [line(n, grams, price) for n, (grams, price) in enumerate(prices)]
    found = {f.params["key"] for f in audit(grid(*reversed(lines)))}
    falls = {n for n in range(1, len(prices)) if prices[n][1] < prices[n - 1][1]}
    assert found == falls


# ----------------------------------------------------------------------
# Beside each other
# ----------------------------------------------------------------------


def test_compare():
    new = grid(
        line(11, 20, "1.10"),
        line(12, 100, "2.00", tax="standard"),
        line(13, 250, "4.00"),
        option(14, "ar_paper", "1.00", zone="metropole"),
    )
    rows = [
        (c.kind, c.end, c.status, c.old, c.new, c.difference, c.percent)
        for c in compare(FORMER, new)
    ]
    one, two, four, five = (Decimal(n) for n in (1, 2, 4, 5))
    assert rows == [
        ("step", 20, "removed", five, None, None, None),
        *[("step", 20, "changed", one, Decimal("1.10"), Decimal("0.10"), Decimal(10))],
        ("step", 100, "changed", two, two, 0, 0),
        ("step", 250, "new", None, four, None, None),
        ("ar_paper", 0, "same", one, one, 0, 0),
    ]
    assert {c.status for c in compare(FORMER, FORMER)} == {"same"}


def test_compare_discounts_on_the_days_where_they_meet():
    public_2027 = grid(line(1, 20, "2.00"))
    public = tariff(PUBLIC_2026, public_2027)
    old = grid(below(1, 20, 20), start=date(2026, 1, 1), end=NEW_YEAR)
    new = grid(below(2, 20, 20))
    (change,) = compare(old, new, Reference(public))
    assert (change.old, change.new) == (Decimal("1.14"), Decimal("1.50"))
    (change,) = compare(old, new, Reference(PUBLIC))
    assert (change.status, change.new) == ("unpriced", None)


# ----------------------------------------------------------------------
# From when on there is no price
# ----------------------------------------------------------------------

THIS_YEAR = replace(FORMER, valid_to=NEW_YEAR)


@pytest.mark.parametrize(
    "today, day",
    [
        (date(2026, 11, 16), None),
        (date(2026, 11, 17), NEW_YEAR),
        (date(2026, 12, 31), NEW_YEAR),
    ],
)
def test_gap_within_45_days(today, day):
    gap = first_gap(tariff(THIS_YEAR), today, 45)
    assert (gap and gap.day) == day
    if gap:
        assert ("verte", "metropole") in gap.products
        assert gap.options == ("ar_paper",)


def test_gap_over_a_leap_year():
    ends = replace(FORMER, valid_from=date(2028, 1, 1), valid_to=date(2028, 3, 15))
    assert not first_gap(tariff(ends), date(2028, 1, 29), 45)
    assert first_gap(tariff(ends), date(2028, 1, 30), 45).day == date(2028, 3, 15)


def test_no_gap_once_a_grid_covers_it():
    assert not first_gap(tariff(THIS_YEAR, GOOD), date(2026, 12, 1), 45)
    above = grid(
        line(1, zone="europe"),
        line(2, product="r1"),
        option(3, "ar_paper"),
    )
    zones = [
        Zone("metropole", frozenset({"FR"}), parent="europe"),
        Zone("europe", frozenset({"*"})),
    ]
    assert not first_gap(tariff(THIS_YEAR, above), date(2026, 12, 1), 45, zones)
    assert first_gap(tariff(THIS_YEAR, above), date(2026, 12, 1), 45)


def test_gap_between_two_grids():
    late = replace(GOOD, valid_from=date(2027, 1, 2))
    gap = first_gap(tariff(THIS_YEAR, late), date(2026, 12, 1), 45)
    assert gap.day == NEW_YEAR


def test_gap_of_the_public_prices():
    contract = tariff(grid(below(1, 20, 20), start=date(2026, 1, 1)), public=PUBLIC)
    gap = first_gap(contract, date(2026, 12, 1), 45)
    assert (gap.day, gap.public) == (NEW_YEAR, True)


def test_nothing_is_priced_today():
    assert first_gap(tariff(GOOD), date(2026, 12, 1), 45).nothing
