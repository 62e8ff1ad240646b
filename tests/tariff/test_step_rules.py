"""Which line, which public step and which option count, where several could."""

from datetime import date
from decimal import Decimal

import pytest
from shipped import quoted, refused

from odoo.addons.beepost_postage.tariff.grid import BELOW_PUBLIC, Grid, Line, Option
from odoo.addons.beepost_postage.tariff.grid import Tariff as RoomTariff
from odoo.addons.beepost_postage.tariff.zone import Zone

YEAR = (date(2026, 1, 1), date(2027, 1, 1))
ZONES = (
    Zone("home", frozenset({"FR"})),
    Zone("island", frozenset({"FR"}), ("974",), "home", 100),
    Zone("village", frozenset({"FR"}), ("97480",), "island"),
    Zone("abroad", frozenset({"*"})),
)
ISLAND, VILLAGE = ("FR", "97400"), ("FR", "97480")


def step(price, grams=None, zone="home", **more):
    more.setdefault("product", "letter")
    return Line(hash(str(price)), zone=zone, max_grams=grams, price=price, **more)


def option(kind, price, **more):
    return Option(hash(price), kind, Decimal(price), **more)


def tariff(*lines, options=(), public=None):
    grid = Grid(1, "grid", *YEAR, tuple(lines), tuple(options))
    public = public and RoomTariff(2, "public", (Grid(2, "public", *YEAR, public),))
    return RoomTariff(1, "tariff", (grid,), public)


def cost(tariff, *where, **facts):
    quote = quoted(tariff, "letter", *where, zones=ZONES, **facts)
    return str(quote.untaxed.normalize())


def why(tariff, *where, **facts):
    return refused(tariff, "letter", *where, zones=ZONES, **facts)


# -- steps --------------------------------------------------------------------


def test_many_letters_have_steps_of_their_own():
    """A line for a hundred letters counts for them, though a smaller step of the line
    for single ones would hold the letter too."""
    prices = tariff(
        *(step("1.5", 20), step("3", 100), step("1.1", 35, min_quantity=100)),
        step("1.3", 35, min_quantity=50),
    )
    assert cost(prices, quantity=99) == "1.3"
    assert cost(prices, quantity=100) == "1.1"
    assert cost(prices, quantity=49) == "1.5"
    # Above its end they are letters like others.
    assert cost(prices, quantity=100, weight_mg=35_001) == "3"
    code, params = why(prices, quantity=100, weight_mg=100_001)
    assert (code, params["max"]) == ("price.no_step", 100)


def test_the_end_that_is_told_is_the_farthest_one():
    prices = tariff(step("3", 100), step("1.1", 250, min_quantity=10))
    code, params = why(prices, quantity=10, weight_mg=250_001)
    assert (code, params["max"]) == ("price.no_step", 250)


def test_lines_for_a_format_come_before_those_for_all():
    prices = tariff(step("1.5", 100), step("2.5", 100, format_class="C4"))
    assert cost(prices) == "1.5"
    assert cost(prices, format_class="C4") == "2.5"
    assert cost(prices, format_class="C5") == "1.5"


def test_sheets_and_milligrams_are_counted_apart():
    prices = tariff(step("1.5", product="letter", max_sheets=3))
    assert cost(prices, sheets=3, weight_mg=900_000) == "1.5"
    assert why(prices, sheets=4, weight_mg=1)[0] == "price.no_sheet_step"


def test_per_kilogram_and_per_started_ten_grams():
    by_kg = tariff(step("1", 500, per_kg="2.5"))
    assert cost(by_kg, weight_mg=100_000) == "1.25"
    assert cost(by_kg, weight_mg=100_019) == "1.25"  # 1.2500475
    assert cost(by_kg, weight_mg=100_020) == "1.2501"  # 1.25005, halves up
    by_ten = tariff(step("1", 500, per_10g="0.1"))
    assert cost(by_ten, weight_mg=10_000) == "1.1"
    assert cost(by_ten, weight_mg=10_001) == "1.2"


# -- public steps -------------------------------------------------------------


def below(grams=35, discount="25", zone="home", public_grams=20):
    return Line(
        *(9, "letter", zone, grams),
        pricing=BELOW_PUBLIC,
        discount=Decimal(discount),
        public_grams=public_grams,
    )


def test_a_discount_counts_from_the_price_of_one_letter():
    bulk = step("1.00", 20, min_quantity=100)
    public = (bulk, step("1.52", 20), step("3.10", 100))
    assert cost(tariff(below(), public=public)) == "1.14"
    assert cost(tariff(below(), public=public), quantity=500) == "1.14"
    assert why(tariff(below(), public=(bulk,)))[0] == "price.no_public"


def test_a_discount_counts_from_the_price_of_this_format():
    flat = step("4", 20, format_class="C4")
    assert cost(tariff(below(), public=(flat, step("2", 20)))) == "1.5"
    assert cost(tariff(below(), public=(flat, step("2", 20))), format_class="C4") == "3"
    assert why(tariff(below(), public=(flat,)))[0] == "price.no_public"


def test_a_discount_counts_from_a_weight_and_never_from_sheets():
    by_sheets = (step("2", product="letter", max_sheets=3),)
    assert why(tariff(below(), public=by_sheets))[0] == "price.no_public"


def test_a_discount_in_a_zone_that_is_priced_like_another():
    island = tariff(below(zone="island"), public=(step("2", 20),))
    assert cost(island, *ISLAND) == "1.5"
    own = tariff(below(zone="island"), public=(step("2", 20), step("4", 20, "island")))
    assert cost(own, *ISLAND) == "3"


def test_a_discounted_price_is_rounded_once_where_the_grid_says():
    public = (step("1.55", 20),)
    assert cost(tariff(below(), public=public)) == "1.1625"
    cents = Grid(1, "grid", *YEAR, (below(),), round_to=Decimal("0.01"))
    public_list = RoomTariff(2, "public", (Grid(2, "public", *YEAR, public),))
    assert cost(RoomTariff(1, "", (cents,), public_list)) == "1.16"


def test_no_step_is_free_whatever_else_is_paid():
    printing = option("print_sheet", "0.05")
    free = tariff(step("0", 20), options=[printing])
    assert why(free)[0] == "price.zero"
    public = (step("2", 20),)
    gift = tariff(below(discount="100"), options=[printing], public=public)
    assert why(gift)[0] == "price.zero"
    assert why(tariff(below(discount="120"), public=public))[0] == "price.zero"


# -- options and zones --------------------------------------------------------

AR = {"wanted": frozenset({"ar_paper"})}


def test_an_option_of_the_letters_own_zone_comes_before_one_above():
    everywhere, home = option("ar_paper", "3"), option("ar_paper", "2", zone="home")
    island = option("ar_paper", "1", zone="island")
    line = step("10", 500)
    assert cost(tariff(line, options=[everywhere, home, island]), *ISLAND, **AR) == "11"
    assert cost(tariff(line, options=[everywhere, home]), *ISLAND, **AR) == "12"
    assert cost(tariff(line, options=[everywhere]), *ISLAND, **AR) == "13"
    assert cost(tariff(line, options=[island, home]), *VILLAGE, **AR) == "11"


def test_an_option_above_holds_for_a_zone_with_steps_of_its_own():
    home = option("ar_paper", "2", zone="home")
    prices = tariff(step("10", 500), step("12", 500, "island"), options=[home])
    assert cost(prices, *ISLAND, **AR) == "14"
    assert why(prices, "DE", "10115", **AR)[0] == "price.no_product"


def test_products_then_envelope_then_weight_make_an_option_more_precise():
    line = step("10", 500)
    options = [
        option("insertion", "1"),
        option("insertion", "2", above_grams=50),
        option("insertion", "3", envelope="C4"),
        option("insertion", "4", products=frozenset({"letter", "other"})),
    ]
    assert cost(tariff(line, options=options)) == "14"
    assert cost(tariff(line, options=options[:3]), envelope="C4") == "13"
    assert cost(tariff(line, options=options[:2]), weight_mg=50_001) == "12"
    assert cost(tariff(line, options=options[:2]), weight_mg=50_000) == "11"


def test_two_prices_for_the_same_are_no_price():
    twice = [option("insertion", "1"), option("insertion", "2")]
    assert why(tariff(step("10", 500), options=twice))[0] == "price.ambiguous_option"


def test_an_option_has_half_open_days_of_its_own():
    day = date(2026, 6, 1)
    options = [
        option("insertion", "1", valid_to=day),
        option("insertion", "2", valid_from=day),
    ]
    prices = tariff(step("10", 500), options=options)
    assert cost(prices, day=date(2026, 5, 31)) == "11"
    assert cost(prices, day=day) == "12"


def test_colour_is_never_free_where_printing_is_paid():
    prices = tariff(step("10", 500), options=[option("print_sheet", "1")])
    assert cost(prices, color=False) == "11"
    assert why(prices, color=True)[0] == "price.no_option"


@pytest.mark.parametrize("where", [ISLAND, VILLAGE])
def test_a_supplement_is_due_above_its_weight_wherever_it_is_passed_on_the_way(where):
    prices = tariff(step("3", 100), step("5", 250))
    assert cost(prices, *where, weight_mg=100_000) == "3"
    code, params = why(prices, *where, weight_mg=100_001)
    assert (code, params["max"]) == ("price.no_supplement", 100)
    air = option("supplement", "0.05", zone="island", above_grams=100)
    flown = tariff(step("3", 100), step("5", 250), options=[air])
    assert cost(flown, *where, weight_mg=100_000) == "3"
    assert cost(flown, *where, weight_mg=100_001) == "5.55"
    assert cost(flown, *where, weight_mg=110_000) == "5.55"
    assert cost(flown, *where, weight_mg=110_001) == "5.6"
    own = tariff(step("4", 250, zone=ZONES[1].code))
    assert cost(own, *where, weight_mg=200_000) == "4"


# -- warnings -----------------------------------------------------------------


def near(tariff, weight_mg, **facts):
    quote = quoted(tariff, "letter", zones=ZONES, weight_mg=weight_mg, **facts)
    return [finding.params["step"] for finding in quote.warnings]


def test_a_weight_near_to_a_step():
    prices = tariff(step("1.5", 20), step("3", 100))
    assert near(prices, 19_499) == []
    for weight in (19_500, 20_000, 20_001, 20_500):
        assert near(prices, weight) == [20]
    assert near(prices, 20_501) == []
    assert near(prices, 99_500) == [100]


def test_only_steps_that_could_be_this_letters():
    bulk = step("1", 50, min_quantity=100)
    prices = tariff(
        step("1.5", 20), step("3", 100), bulk, step("9", 30, format_class="C4")
    )
    assert near(prices, 30_000) == near(prices, 50_000) == []
    assert near(prices, 20_000, quantity=100) == []
    assert near(prices, 50_000, quantity=100) == [50]
    assert near(prices, 30_000, format_class="C4") == [30]
