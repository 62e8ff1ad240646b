"""No float takes part in a price: none gets in, none is made on the way."""

import ast
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

import pytest
from shipped import ADDON, CONTRACT, ZONES, parcel, quoted

from odoo.addons.beepost_postage.tariff import money
from odoo.addons.beepost_postage.tariff.grid import Grid, Line, Option
from odoo.addons.beepost_postage.tariff.quote import price

MODULES = sorted((ADDON / "tariff").glob("*.py"))
LINE = Line(1, "lettre_verte", "metropole", max_grams=20, price=Decimal("1.52"))
SHEETS = Line(2, "e_lettre", "metropole", max_sheets=3, price=Decimal("1.60"))
OPTION = Option(1, "ar_paper", Decimal("1.45"))
GRID = CONTRACT.grids[0]
ZONE = next(zone for zone in ZONES if zone.parent_max_grams)


def numbers(thing):
    """Names of fields that hold a number."""
    return [
        field.name
        for field in fields(thing)
        if field.init
        and isinstance(getattr(thing, field.name), (int, Decimal))
        and not isinstance(getattr(thing, field.name), bool)
        and field.name != "key"
    ]


PLACES_FOR_NUMBERS = [
    pytest.param(thing, name, id=f"{type(thing).__name__}.{name}")
    for thing in (
        *(replace(LINE, public_grams=20), SHEETS, OPTION, GRID, ZONE),
        parcel("lettre_verte"),
    )
    for name in numbers(thing)
]


@pytest.mark.parametrize(("thing", "name"), PLACES_FOR_NUMBERS)
@pytest.mark.parametrize("wrong", [0.5, 20.0, float("nan"), True], ids=str)
def test_a_float_is_refused_wherever_a_number_goes_in(thing, name, wrong):
    with pytest.raises(TypeError):
        replace(thing, **{name: wrong})


def test_they_are_all_tried():
    tried = {(type(p.values[0]).__name__, p.values[1]) for p in PLACES_FOR_NUMBERS}
    assert {kind for kind, _name in tried} == {
        *("Line", "Option", "Grid", "Zone", "Parcel")
    }
    assert len(tried) >= 18
    with pytest.raises(TypeError):
        parcel("lettre_verte", document_pages=(1.0,))
    with pytest.raises(TypeError):
        price(CONTRACT, parcel("lettre_verte"), ZONES, near_mg=0.5)


@pytest.mark.parametrize(
    "name", ["price", "per_kg", "per_10g", "discount"], ids=lambda name: name
)
def test_nothing_costs_less_than_nothing(name):
    with pytest.raises(ValueError, match="negative"):
        replace(LINE, **{name: Decimal("-0.01")})
    with pytest.raises(ValueError, match="negative"):
        replace(OPTION, price=Decimal("-0.01"))
    with pytest.raises(ValueError, match="negative"):
        Grid(1, "", GRID.valid_from, None, (), vat_rate=Decimal(-1))


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-sNaN", "", "1,5", "abc"])
def test_what_is_no_amount(wrong):
    with pytest.raises(ValueError):
        money.exact(wrong)


def found_in(thing, seen=()):
    """All that a quote is made of, whatever it is nested in."""
    if is_dataclass(thing):
        inner = [getattr(thing, field.name) for field in fields(thing)]
    elif isinstance(thing, dict):
        inner = [*thing, *thing.values()]
    elif isinstance(thing, (tuple, list, set, frozenset)):
        inner = thing
    else:
        yield thing
        return
    for part in inner:
        yield from found_in(part)


def test_no_number_of_a_quote_is_a_float():
    quote = quoted(
        CONTRACT,
        "recommande_r1",
        wanted=frozenset({"ar_paper"}),
        weight_mg=49_800,
        color=True,
    )
    values = [*found_in(quote), quote.untaxed, quote.taxes, quote.total]
    values += [quote.amount("postage"), quote.amount("production")]
    assert not [value for value in values if isinstance(value, float)]
    assert sum(isinstance(value, Decimal) for value in values) > 20
    assert quote.warnings


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_module_of_the_room_knows_floats(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        where = f"{module.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, (float, complex)), where
        if isinstance(node, ast.Name):
            assert node.id not in ("float", "round"), where
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {alias.name for alias in node.names}
            assert not names & {"math", "numpy", "float_round", "float_compare"}, where
    assert len(MODULES) >= 7
