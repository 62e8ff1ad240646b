"""What holds for any price list whose own steps make sense, and for any letter."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_postage.tariff.grid import (
    BELOW_PUBLIC,
    OPTIONS,
    POSTAGE,
    PRODUCTION,
    Grid,
    Line,
    Option,
    Tariff,
)
from odoo.addons.beepost_postage.tariff.parcel import Parcel
from odoo.addons.beepost_postage.tariff.quote import FINDING_CODES, price
from odoo.addons.beepost_postage.tariff.zone import Place, Zone, find_zone

START = date(2026, 1, 1)
ZONES = (
    Zone("home", frozenset({"FR"})),
    Zone("island", frozenset({"FR"}), ("974", "975"), "home", 100),
    Zone("village", frozenset({"FR"}), ("97480",), "island"),
    Zone("abroad", frozenset({"*"})),
)
PLACES = [Place("FR", z) for z in ("75008", "97400", "97480")] + [Place("DE", "1")]
OTHER = ("tracked", "home")  # a product that no letter here is posted as
ZONES_WITH_LINES = ("home", "island", "abroad")
END = 600  # grams of the last step
grams = st.integers(1, END)
ALWAYS_PRICED = ("ar_paper", "tracking")


def amounts(most):
    """EUR with four decimals."""
    return st.integers(1, most * 10_000).map(lambda units: Decimal(units) / 10_000)


@st.composite
def rising(draw, product, zone):
    """Lines of one product in one zone: heavier costs as much or more, and many
    together never more than one by one."""
    ends = sorted({*draw(st.sets(grams, max_size=3)), END})
    prices = sorted(draw(amounts(40)) for _end in ends)
    by_weight = draw(st.sampled_from([{}, {"per_kg": "0.7777"}, {"per_10g": "0.013"}]))
    tax = draw(st.sampled_from(["exempt", "standard", "debours"]))
    own_format = draw(st.sampled_from(["", "", "C4"]))
    lines = [
        Line(0, product, zone, end, price=eur, tax=tax, **by_weight)
        for end, eur in zip(ends, prices, strict=True)
    ]
    kinds = draw(st.sets(st.sampled_from(["format", "quantity"])))
    more = []
    if "format" in kinds:
        more += [replace(line, format_class="C4") for line in lines]
    if "quantity" in kinds:
        half = [replace(line, price=line.price / 2) for line in lines[::2]]
        more += [replace(line, min_quantity=50) for line in half]
    if own_format:
        lines = [replace(line, format_class=own_format) for line in lines]
        more = [
            line for line in more if line.min_quantity == 1 and "format" not in kinds
        ]
    return lines + more


@st.composite
def discounted(draw, product, zone):
    """Lines below the public price: the heavier one counts from the heavier step."""
    ends = sorted({*draw(st.sets(grams, max_size=3)), END})
    terms = {"pricing": BELOW_PUBLIC, "discount": draw(st.integers(15, 35))}
    return [Line(0, product, zone, end, public_grams=end, **terms) for end in ends]


@st.composite
def options(draw):
    """Of each kind at most one for a zone; an air supplement never ends."""
    made = []
    for kind in [*ALWAYS_PRICED, *draw(st.sets(st.sampled_from(sorted(OPTIONS))))]:
        if kind == "supplement":
            zones, above = ["island"], 100
        elif kind in ALWAYS_PRICED:
            zones, above = ["", *draw(st.sets(st.sampled_from(ZONES_WITH_LINES)))], 0
        else:
            zones, above = draw(st.sets(st.sampled_from(["", "home", "island"]))), 0
        tax = draw(st.sampled_from(["exempt", "standard"]))
        made += [
            Option(0, kind, draw(amounts(2)), tax=tax, zone=zone, above_grams=above)
            for zone in sorted(zones)
        ]
    kinds_in_zones = {(extra.kind, extra.zone): extra for extra in made}
    return tuple(
        replace(extra, key=key) for key, extra in enumerate(kinds_in_zones.values(), 1)
    )


@st.composite
def tariffs(draw):
    public_lines, lines = [], []
    for product, zone in [("plain", zone) for zone in ZONES_WITH_LINES] + [OTHER]:
        hows = [rising, discounted] + [None] * (zone == "island")
        how = draw(st.sampled_from(hows))
        lines += draw(how(product, zone)) if how else []
        if how == discounted:
            steps = {line.max_grams: line for line in draw(rising(product, zone))}
            public_lines += [
                replace(line, format_class="", min_quantity=1)
                for line in steps.values()
            ]
    lines = [replace(line, key=key) for key, line in enumerate(lines, 1)]
    end = draw(st.none() | st.integers(1, 400).map(lambda n: START + timedelta(n)))
    rates = {
        "vat_rate": draw(st.sampled_from([Decimal(0), Decimal("5.5"), Decimal(20)])),
        "round_to": draw(st.sampled_from([Decimal("0.01"), Decimal("0.0001")])),
    }
    public = Tariff(2, "public", (Grid(2, "P", START, None, tuple(public_lines)),))
    grid = Grid(1, "G", START, end, tuple(lines), draw(options()), **rates)
    return Tariff(1, "contract", (grid,), public)


@st.composite
def parcels(draw):
    pages = draw(st.integers(1, 40))
    return Parcel(
        service="service",
        products=frozenset({"plain"}),
        where=draw(st.sampled_from(PLACES)),
        day=START + timedelta(draw(st.integers(-1, 30) | st.integers(0, 420))),
        pages=pages,
        sheets=draw(st.integers(1, pages)),
        weight_mg=draw(st.integers(1, END * 1000) | st.integers(1, 610_000)),
        envelope=draw(st.sampled_from(["", "C5", "C4"])),
        format_class=draw(st.sampled_from(["", "C4"])),
        color=draw(st.booleans()),
        address_sheet=draw(st.booleans()),
        wanted=draw(st.frozensets(st.sampled_from(ALWAYS_PRICED))),
        quantity=draw(st.sampled_from([1, 49, 50, 51])),
    )


def quoted(tariff, parcel, zones=ZONES):
    """The quote, or the refusal's only finding."""
    try:
        return price(tariff, parcel, zones)
    except Refusal as refusal:
        (finding,) = refusal.findings
        assert set(finding.params) == set(FINDING_CODES[finding.code])
        return finding


def has_price(quote):
    return not hasattr(quote, "code")


@given(tariffs(), parcels(), st.integers(1, 610_000))
def test_no_price_falls_as_grams_grow(tariff, parcel, other):
    light, heavy = sorted([parcel.weight_mg, other])
    less = quoted(tariff, replace(parcel, weight_mg=light))
    more = quoted(tariff, replace(parcel, weight_mg=heavy))
    if not has_price(less):
        # A greater weight finds a price only where the smaller one's was none.
        assert not has_price(more) or less.code in ("price.zero", "price.no_public")
        return
    assume(has_price(more))
    assert less.step.price <= more.step.price
    assert less.untaxed <= more.untaxed
    assert less.amount(PRODUCTION) == more.amount(PRODUCTION)
    if less.step.line.tax == more.step.line.tax:
        assert less.total <= more.total


@given(tariffs(), parcels())
def test_a_total_is_the_sum_of_its_lines_and_their_taxes(tariff, parcel):
    quote = quoted(tariff, parcel)
    assume(has_price(quote))
    bases = {}
    for charge in quote.charges:
        assert charge.amount == charge.price * charge.quantity
        bases[charge.tax_rate] = bases.get(charge.tax_rate, 0) + charge.amount
    cents = Decimal("0.0001")
    taxes = [
        (base * rate / 100).quantize(cents, ROUND_HALF_UP)
        for rate, base in bases.items()
    ]
    assert quote.untaxed == sum(charge.amount for charge in quote.charges)
    assert quote.taxes == sum(taxes)
    assert quote.total == quote.untaxed + sum(taxes)
    assert quote.untaxed == quote.amount(POSTAGE) + quote.amount(PRODUCTION)
    assert [c.kind for c in quote.charges].count("step") == 1
    wanted = [c.kind for c in quote.charges if c.kind in parcel.wanted]
    assert sorted(wanted) == sorted(parcel.wanted)


@given(tariffs(), parcels())
def test_no_letter_is_free_and_no_number_a_float(tariff, parcel):
    quote = quoted(tariff, parcel)
    assume(has_price(quote))
    assert quote.step.price > 0
    assert quote.untaxed > 0
    numbers = [quote.untaxed, quote.taxes, quote.total, quote.step.price]
    for charge in quote.charges:
        numbers += [charge.price, charge.amount, charge.tax_rate]
        assert type(charge.quantity) is int
        assert charge.amount >= 0
    assert {type(number) for number in numbers} == {Decimal}
    # Nothing is smaller than the four decimals that prices have.
    assert all(number == round(number, 4) for number in numbers)


@given(tariffs(), parcels(), st.randoms())
def test_the_order_of_lines_options_and_zones_changes_nothing(tariff, parcel, chance):
    (grid,) = tariff.grids
    (public,) = tariff.public.grids

    def mixed(things):
        return tuple(chance.sample(things, len(things)))

    again = replace(
        tariff,
        grids=(replace(grid, lines=mixed(grid.lines), options=mixed(grid.options)),),
        public=replace(
            tariff.public, grids=(replace(public, lines=mixed(public.lines)),)
        ),
    )
    before = quoted(tariff, parcel)
    after = quoted(again, parcel, mixed(ZONES))
    if not has_price(before):
        assert before == after
        return
    assert before.charges == after.charges
    assert (before.total, before.zone) == (after.total, after.zone)
    assert before.step.line == after.step.line
    assert before.step.public_price == after.step.public_price


@given(tariffs(), parcels())
def test_a_grid_holds_from_its_first_day_until_before_its_end(tariff, parcel):
    (grid,) = tariff.grids
    quote = quoted(tariff, parcel)
    inside = grid.valid_from <= parcel.day
    if grid.valid_to:
        inside = inside and parcel.day < grid.valid_to
    no_grid = not has_price(quote) and quote.code == "price.no_grid"
    assert no_grid == (not inside)


@given(tariffs(), parcels(), st.integers(0, 400))
def test_one_grid_ends_where_the_next_begins(tariff, parcel, days):
    """Whatever the day, exactly one of two versions counts."""
    (grid,) = tariff.grids
    change = START + timedelta(days)
    assume(change > START)
    dearer = tuple(replace(line, key=-line.key) for line in grid.lines)
    former = replace(grid, valid_to=change)
    later = replace(grid, key=9, lines=dearer, valid_from=change, valid_to=None)
    both = replace(tariff, grids=(former, later))
    assume(parcel.day >= START)
    quote = quoted(both, parcel)
    assume(has_price(quote))
    assert quote.step.grid.key == (9 if parcel.day >= change else 1)


@given(tariffs(), parcels())
def test_the_most_precise_zone_that_has_lines_gives_the_price(tariff, parcel):
    quote = quoted(tariff, parcel)
    assume(has_price(quote))
    way = {"home": ["home"], "abroad": ["abroad"]}
    way |= {"island": ["island", "home"], "village": ["village", "island", "home"]}
    zone = find_zone(ZONES, parcel.where).code
    (product,) = parcel.products
    fitting = [
        code
        for code in way[zone]
        if any(
            line.product == product
            and line.zone == code
            and line.min_quantity <= parcel.quantity
            and line.format_class in ("", parcel.format_class)
            for line in tariff.grids[0].lines
        )
    ]
    assert quote.zone.code == zone
    assert quote.step.zone == fitting[0]


@given(tariffs(), parcels())
def test_the_step_is_the_smallest_that_holds_the_letter(tariff, parcel):
    quote = quoted(tariff, parcel)
    assume(has_price(quote))
    line = quote.step.line
    assert parcel.weight_mg <= line.max_grams * 1000
    assert line.min_quantity <= parcel.quantity
    alike = (line.product, line.zone, line.format_class, line.min_quantity)
    for other in quote.step.grid.lines:
        kind = (other.product, other.zone, other.format_class, other.min_quantity)
        if kind == alike and other.max_grams < line.max_grams:
            assert parcel.weight_mg > other.max_grams * 1000
