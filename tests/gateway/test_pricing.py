"""The practice provider's own prices, worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from beepost_mail.gateway import pricing
from beepost_mail.gateway.pricing import destination, price_lines, weight_mg

DAY = date(2026, 11, 26)
LYON = ("M. PAUL DURAND", "3 RUE NEUVE", "69001 LYON")


def postage(service, sheets, envelope="", *, day=DAY, **where):
    (label, amount, tax), _printing = price_lines(
        service, sheets, False, envelope, day=day, **where
    )
    assert (label, tax) == (pricing.POSTAGE, 0)
    assert isinstance(amount, Decimal)
    return str(amount)


def test_what_a_letter_weighs():
    assert weight_mg(2) == 9979 + 5400
    # 5 sheets in a C6/5: 24.948 g + 5.4 g
    assert weight_mg(5) == 30348
    assert weight_mg(6) == 29938 + 7700  # the next envelope
    assert weight_mg(1, "C4") == 4990 + 15400


@pytest.mark.parametrize(
    ("country", "recipient", "where"),
    [
        ("FR", LYON, "home"),
        ("FR", (), "home"),
        ("FR", ("M. A", "97400 RUE", "69001 LYON"), "home"),
        ("MC", ("M. A", "98000 MONACO"), "home"),
        ("FR", ("M. A", "98000 MONACO"), "home"),
        ("AD", ("M. A", "AD500 ANDORRA"), "home"),
        ("FR", ("M. A", "20000 AJACCIO"), "home"),
        ("FR", ("M. A", "97400 SAINT DENIS"), "overseas_1"),
        ("RE", ("M. A", "97400 SAINT DENIS"), "overseas_1"),
        ("MF", ("M. A", "97150 MARIGOT"), "overseas_1"),
        ("FR", ("M. A", "98800 NOUMEA", "NOUVELLE CALEDONIE"), "overseas_2"),
        ("TF", ("M. A", "98413 PORT AUX FRANCAIS"), "overseas_2"),
        ("DE", ("M. A", "97400 STADT", "ALLEMAGNE"), "abroad"),
    ],
)
def test_where_a_letter_goes(country, recipient, where):
    assert destination(country, recipient) == where


def test_home_abroad_and_overseas():
    assert postage("lettre", 5, country="FR", recipient=LYON) == "1.14"
    assert postage("lettre", 6) == "2.33"  # 37.6 g
    assert postage("lettre", 2, country="DE") == "1.69"
    assert postage("lettre", 3, country="DE") == "3.64"  # 20.369 g
    assert postage("recommande_ar", 2) == "6.33"
    assert postage("recommande_ar", 2, country="DE") == "6.53"
    # 16 sheets in a C4: 95.234 g; 17: 100.223 g, eleven started tens
    assert postage("lettre", 16, "C4", country="RE") == "2.33"
    assert postage("lettre", 17, "C4", country="RE") == "4.48"
    assert postage("lettre", 17, "C4", country="NC") == "5.14"
    assert postage("lettre", 17, "C4") == "3.93"


def test_printing_by_the_sheet():
    _postage, (label, amount, tax) = price_lines("lettre", 3, True, day=DAY)
    assert (label, str(amount), tax) == (pricing.PRODUCTION, "0.3150", 20)


def test_another_list_from_january_on():
    assert postage("lettre", 1, day=date(2026, 12, 31)) == "1.14"
    assert postage("lettre", 1, day=date(2027, 1, 1)) == "1.22"


def test_what_is_not_sold():
    with pytest.raises(ValueError, match="lettre"):
        price_lines("lettre", 120, False, day=DAY)
    with pytest.raises(KeyError):
        price_lines("pigeon", 1, False, day=DAY)


@pytest.mark.parametrize("day, more", [(DAY, 0), (date(2027, 6, 1), 10)])
def test_every_figure_is_a_public_price_less_a_quarter(day, more):
    """Cents of the public steps, copied once more."""
    public = {
        "lettre": ((152, 310, 524, 741), (225, 485, 1165, 1660, 3170)),
        "lettre_suivie": ((202, 360, 574, 791), (505, 765, 1445, 1940, 3450)),
        "recommande": (
            (698, 788, 963, 1132),
            (720, 980, 980, 1660, 2155, 3665, 3665),
        ),
    }
    ar = (Decimal("1.09"), Decimal("1.13"))
    lists = next(prices for first, prices in pricing.PRICE_LISTS if first <= day)
    assert set(lists) == {*public, "recommande_ar"}
    for service, sides in public.items():
        for side, cents in enumerate(sides):
            # three quarters, half a cent up
            expected = [Decimal((c + more) * 3 + 2) // 4 / 100 for c in cents]
            assert [price for _grams, price in lists[service][side]] == expected
            if service == "recommande":
                with_ar = [price for _grams, price in lists["recommande_ar"][side]]
                assert with_ar == [price + ar[side] for price in expected]
