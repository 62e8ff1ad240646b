"""Each public price of the reference list, looked for in the data that is shipped.

The list beside the addon's tests is the reference; prices, steps and dates are read
from it, never from the grid that they are compared with.
"""

import csv
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from shipped import ADDON, PUBLIC, quoted, refused

with (ADDON / "tests/data/laposte_2026.csv").open(encoding="utf-8") as table:
    ROWS = list(csv.DictReader(table))
STEPPED = [row for row in ROWS if row["max_grams"]]
FLAT = {row["product"]: Decimal(row["price_eur"]) for row in ROWS if row not in STEPPED}

FIRST_DAY = date(2026, 1, 1)
# An open end in the list; ours ends with the year, when another list is due.
LAST_DAY = date(2026, 12, 31)
ONE_DAY = timedelta(days=1)

# Where the domestic price holds: each kind of place, by the country and the postcode
# that a contact may carry for it.
NO_SUPPLEMENT = {
    "metropole": ("FR", "75008"),
    "metropole, first": ("FR", "01000"),
    "metropole, last": ("FR", "95880"),
    "corsica, south": ("FR", "20000"),
    "corsica, north": ("FR", "20290"),
    "military": ("FR", "00200"),
    "monaco": ("MC", "98000"),
    "monaco, by postcode": ("FR", "98000"),
    "andorra": ("AD", "AD500"),
}
OM1 = {
    "971": ("GP", "97100"),
    "972": ("MQ", "97200"),
    "973": ("GF", "97300"),
    "974": ("RE", "97400"),
    "975": ("PM", "97500"),
    "976": ("YT", "97600"),
    "977": ("BL", "97700"),
    "977, kept": ("BL", "97133"),
    "978": ("MF", "97800"),
    "978, kept": ("MF", "97150"),
}
OM2 = {
    "984": ("TF", "98413"),
    "986": ("WF", "98600"),
    "987": ("PF", "98714"),
    "988": ("NC", "98800"),
}
AS_FRANCE = {
    name: ("FR", zip_code) for name, (_country, zip_code) in (OM1 | OM2).items()
}
# EUR for each started 10 g of a letter above 100 g.
SUPPLEMENTS = [
    *((where, Decimal("0.05")) for where in OM1.values()),
    *((AS_FRANCE[name], Decimal("0.05")) for name in OM1),
    *((where, Decimal("0.11")) for where in OM2.values()),
    *((AS_FRANCE[name], Decimal("0.11")) for name in OM2),
]
PLACES = {
    "FR": [*((where, Decimal(0)) for where in NO_SUPPLEMENT.values()), *SUPPLEMENTS],
    "INTL": [
        *((("DE", "10115"), Decimal(0)), (("US", "97401"), Decimal(0))),
        *((("GB", "SW1A 1AA"), Decimal(0)), (("CH", "1201"), Decimal(0))),
        *((("ES", "20001"), Decimal(0)), (("SN", ""), Decimal(0))),
    ],
}


def last_day(row):
    return date.fromisoformat(row["valid_to"]) if row["valid_to"] else LAST_DAY


def listed(row, weight_mg):
    """EUR that the list has for this product at this weight; None above its end."""
    steps = [
        (int(other["max_grams"]) * 1000, Decimal(other["price_eur"]))
        for other in STEPPED
        if other["product"] == row["product"]
    ]
    return next((eur for most, eur in sorted(steps) if weight_mg <= most), None)


def supplement(rate, weight_mg):
    return rate * ((weight_mg + 9_999) // 10_000) if weight_mg > 100_000 else Decimal(0)


@pytest.mark.parametrize(
    "row", STEPPED, ids=lambda row: f"{row['product']}-{row['max_grams']}"
)
def test_each_step_to_the_milligram_on_each_day_in_each_zone(row):
    end = int(row["max_grams"]) * 1000
    seen = 0
    for weight in (end - 1, end, end + 1):
        expected = listed(row, weight)
        for where, rate in PLACES[row["zone"]]:
            for day in (FIRST_DAY, date(2026, 2, 28), last_day(row)):
                letter = (row["product"], *where)
                if expected is None:
                    code, params = refused(PUBLIC, *letter, day=day, weight_mg=weight)
                    assert (code, params["max"]) == ("price.no_step", end // 1000)
                    continue
                quote = quoted(PUBLIC, *letter, day=day, weight_mg=weight)
                assert quote.step.price == expected, (where, day, weight)
                assert quote.untaxed == expected + supplement(rate, weight), where
                assert quote.taxes == 0
                seen += 1
    assert listed(row, end) == Decimal(row["price_eur"])
    assert seen


@pytest.mark.parametrize(
    "row", STEPPED, ids=lambda row: f"{row['product']}-{row['max_grams']}"
)
def test_no_price_outside_its_days(row):
    weight = int(row["max_grams"]) * 1000
    for where, _rate in PLACES[row["zone"]]:
        letter = (row["product"], *where)
        for day in (FIRST_DAY - ONE_DAY, last_day(row) + ONE_DAY):
            code, params = refused(PUBLIC, *letter, day=day, weight_mg=weight)
            # Other products have a price until the end of the year.
            within = FIRST_DAY <= day <= LAST_DAY
            assert code == ("price.no_product" if within else "price.no_grid")
            assert params["day"] == day.isoformat()


@pytest.mark.parametrize(
    "row", STEPPED, ids=lambda row: f"{row['product']}-{row['max_grams']}"
)
def test_no_price_in_zones_that_the_list_does_not_name(row):
    weight = int(row["max_grams"]) * 1000
    (others,) = set(PLACES) - {row["zone"]}
    for where, _rate in PLACES[others]:
        letter = (row["product"], *where)
        code, _params = refused(PUBLIC, *letter, day=FIRST_DAY, weight_mg=weight)
        assert code == "price.no_product"


def test_the_list_is_the_one_that_was_read():
    assert len(STEPPED) == 66
    assert len(FLAT) == 12
    for row, following in pairwise(STEPPED):
        if row["product"] == following["product"]:
            assert int(row["max_grams"]) < int(following["max_grams"])
    ends = {row["product"]: row["valid_to"] for row in STEPPED if row["valid_to"]}
    assert ends == {"recommande_international_r2": "2026-03-31"}
    shipped = sum(not line.max_sheets for grid in PUBLIC.grids for line in grid.lines)
    assert shipped == len(STEPPED)


# -- the flat ones ------------------------------------------------------------


@pytest.mark.parametrize("where", [where for where, _rate in PLACES["FR"]])
def test_acknowledgement_and_tracking_at_home(where):
    quote = quoted(PUBLIC, "recommande_r1", *where, wanted=frozenset({"ar_paper"}))
    ar = FLAT["avis_reception_papier_national"]
    assert [c.amount for c in quote.charges] == [Decimal("6.11"), ar]
    quote = quoted(PUBLIC, "lettre_verte", *where, wanted=frozenset({"tracking"}))
    assert quote.untaxed == Decimal("1.52") + FLAT["option_suivi"]


@pytest.mark.parametrize("where", [where for where, _rate in PLACES["INTL"]])
def test_acknowledgement_abroad(where):
    letter = ("recommande_international_r1", *where)
    quote = quoted(PUBLIC, *letter, wanted=frozenset({"ar_paper"}))
    ar = FLAT["avis_reception_international"]
    assert [c.amount for c in quote.charges] == [Decimal("7.20"), ar]
    # The list has no tracking as an option abroad, and nowhere a digital AR.
    for kind in ("tracking", "ar_digital"):
        code, params = refused(PUBLIC, *letter, wanted=frozenset({kind}))
        assert (code, params["option"]) == ("price.no_option", kind)


@pytest.mark.parametrize("most", [3, 7, 17, 30])
def test_an_electronic_letter_by_its_sheets(most):
    steps = {
        int(name.split("_")[4]): price
        for name, price in FLAT.items()
        if name.endswith("_nb")
    }
    assert sorted(steps) == [3, 7, 17, 30]
    colour = {
        end: price + FLAT[f"e_lettre_rouge_max_{end}_feuilles_supplement_couleur"]
        for end, price in steps.items()
    }
    for product, prices in (
        ("e_lettre_rouge", steps),
        ("e_lettre_rouge_couleur", colour),
    ):
        for sheets in (most - 1, most, most + 1):
            expected = next((prices[s] for s in sorted(steps) if sheets <= s), None)
            # However heavy the paper: the post prints it itself.
            facts = {"sheets": sheets, "weight_mg": 5_000 * sheets}
            if expected is None:
                code, params = refused(PUBLIC, product, **facts)
                assert code == "price.no_sheet_step"
                assert (params["sheets"], params["max"]) == (31, 30)
            else:
                assert quoted(PUBLIC, product, **facts).untaxed == expected
    tracked = quoted(PUBLIC, "e_lettre_rouge", wanted=frozenset({"tracking"}))
    assert tracked.untaxed == steps[3] + FLAT["e_lettre_rouge_option_suivi"]
