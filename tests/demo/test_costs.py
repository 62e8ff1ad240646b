"""The check of what letters cost must be able to fail."""

from copy import deepcopy
from decimal import Decimal

import pytest
from cases import CASES
from costs import Cost, cost_summary, cost_table, differences

BY_KEY = {case.key: case for case in CASES}
REFERENCE = "6ee5d8dd-0f7f-4e36-8c1c-1d4ad39b9b3c"
QUOTE = {
    "product": "lettre_verte",
    "zone": "metropole",
    "weight_mg": 10390,
    "max_grams": 35,
    "max_sheets": None,
    "charges": [
        {"kind": "step", "group": "postage", "amount": "1.14"},
        {"kind": "print_sheet", "group": "production", "amount": "0.045"},
    ],
    "untaxed": "1.185",
    "taxes": "0.009",
    "total": "1.194",
}


def priced(key="particulier-lyon") -> Cost:
    letter = {
        "client_reference": REFERENCE,
        "quote": deepcopy(QUOTE),
        "price_untaxed": 1.185,
        "price_total": 1.194,
        "price_missing": False,
    }
    billed = [
        {"amount": "1.14", "tax_rate": "0"},
        {"amount": "0.0450", "tax_rate": "20"},
    ]
    return Cost(BY_KEY[key], letter, billed)


def waiting() -> Cost:
    letter = {"quote": False, "price_missing": True}
    return Cost(BY_KEY["sans-prix"], letter, [])


def test_what_agrees_has_no_differences():
    costs = [priced(), waiting()]
    assert [list(differences(cost)) for cost in costs] == [[], []]
    assert cost_summary(costs) == (
        "demo check: 1 letters cost 1.1850 EUR without tax as quoted,"
        " 1.1850 as billed, 0 differ, 1 wait for a price\n"
    )
    assert len(cost_table(costs).splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("price_untaxed", 1.186), ("price_total", 1.195), ("quote", False)],
)
def test_every_word_of_odoo_counts(name, value):
    cost = priced()
    cost.letter[name] = value
    assert len(list(differences(cost))) == 1


@pytest.mark.parametrize("name", ["untaxed", "taxes", "total"])
def test_every_sum_of_the_quote_counts(name):
    cost = priced()
    cost.letter["quote"][name] = str(Decimal(QUOTE[name]) + Decimal("0.0001"))
    assert list(differences(cost))


def test_every_line_of_the_quote_counts():
    cost = priced()
    cost.letter["quote"]["charges"][0]["amount"] = "1.13"
    assert len(list(differences(cost))) == 1


@pytest.mark.parametrize(("name", "value"), [("amount", "1.1401"), ("tax_rate", "20")])
def test_every_figure_of_the_statement_counts(name, value):
    cost = priced()
    cost.billed[0][name] = value
    assert len(list(differences(cost))) == 1
    assert "1 differ" in cost_summary([cost])


def test_billed_twice_or_not_at_all():
    cost = priced()
    cost.billed.extend(cost.billed[:])
    assert list(differences(cost))
    cost.billed.clear()
    assert list(differences(cost))


@pytest.mark.parametrize("key", ["voyage-anomalie", "sans-code-postal", "sans-prix"])
def test_what_was_not_posted_is_not_billed(key):
    cost = priced(key)
    assert len(list(differences(cost))) == 1
    cost.billed.clear()
    assert list(differences(cost)) == []
