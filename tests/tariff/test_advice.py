"""What would cost less: only real savings, and nothing that nobody may want."""

from dataclasses import replace
from decimal import Decimal

import pytest

from odoo.addons.beepost_postage.tariff import advice as room
from odoo.addons.beepost_postage.tariff.advice import Choice, Service, advise, changed

PLAIN = Service(1)
TRACKED = Service(2, tracked=True)
REGISTERED = Service(3, tracked=True, registered=True)
AR = Service(4, tracked=True, registered=True, acknowledgement=True)
SERVICES = (PLAIN, TRACKED, REGISTERED, AR)
DEAR = Choice(TRACKED, duplex=False, color=True, address_sheet="always")
CHEAP = Choice(PLAIN, duplex=True, color=False, address_sheet="auto")


def price_of(choice):
    """A letter of four pages by a price list that fits on one hand."""
    price = Decimal("1.20") if choice.service.is_plain else Decimal("1.70")
    sheets = (2 if choice.duplex else 4) + (choice.address_sheet == "always")
    return price + sheets * (Decimal("0.15") if choice.color else Decimal("0.05"))


def codes(choice, price=price_of, services=SERVICES):
    return [(a.code, a.saving) for a in advise(choice, price, services)]


def test_one_change_at_a_time_the_greatest_first():
    assert codes(DEAR) == [
        ("black_and_white", Decimal("0.50")),
        ("plain", Decimal("0.50")),
        ("both_sides", Decimal("0.30")),
        ("no_address_sheet", Decimal("0.15")),
    ]


def test_the_choice_is_the_same_but_for_the_change():
    (advice,) = advise(replace(CHEAP, color=True), price_of, SERVICES)
    assert (advice.code, advice.choice) == ("black_and_white", CHEAP)


def test_nothing_to_say_of_the_cheapest():
    assert codes(CHEAP) == []


@pytest.mark.parametrize("service", [REGISTERED, AR])
def test_what_has_legal_effect_keeps_it(service):
    """However much it would save, by this or by any change that is added."""
    for choice in (replace(CHEAP, service=service), replace(DEAR, service=service)):
        for advice in advise(choice, price_of, SERVICES):
            assert advice.choice.service == service


def test_an_acknowledgement_is_kept():
    service = Service(5, tracked=True, acknowledgement=True)
    assert codes(replace(CHEAP, service=service)) == []


def test_only_real_savings():
    flat = Decimal("1.14")
    assert codes(DEAR, lambda choice: flat) == []
    dearer = {True: Decimal(2), False: Decimal(1)}
    assert codes(replace(CHEAP, duplex=False), lambda c: dearer[c.duplex]) == []


def test_what_has_no_price_is_no_advice():
    """Plain letters may have no price there, or no envelope may hold all sheets."""
    prices = lambda c: price_of(c) if c.service == TRACKED else None  # noqa: E731
    assert "plain" not in dict(codes(DEAR, prices))
    assert advise(DEAR, lambda choice: None, SERVICES) == ()


def test_the_cheapest_of_several_plain_services():
    slow = Service(6)
    prices = {PLAIN: Decimal("1.20"), slow: Decimal("1.10"), TRACKED: Decimal("1.70")}
    (advice,) = advise(
        replace(CHEAP, service=TRACKED), lambda c: prices[c.service], (*prices, AR)
    )
    assert (advice.choice.service, advice.saving) == (slow, Decimal("0.60"))


def test_an_address_sheet_that_may_be_needed_is_not_forbidden():
    (advice,) = advise(replace(CHEAP, address_sheet="always"), price_of)
    assert advice.choice.address_sheet == "auto"


def test_others_may_add_changes():
    def together(choice, _services):
        yield replace(choice, address_sheet="never")

    changes = {**room.CHANGES, "together": together}
    prices = lambda c: Decimal(1 if c.address_sheet == "never" else 2)  # noqa: E731
    assert [a.code for a in advise(CHEAP, prices, changes=changes)] == ["together"]


def test_changed():
    assert changed(DEAR, "both_sides") == replace(DEAR, duplex=True)
    assert changed(CHEAP, "both_sides") == CHEAP
    assert changed(DEAR, "plain", SERVICES) == replace(DEAR, service=PLAIN)
    for service in (REGISTERED, AR):
        registered = replace(DEAR, service=service)
        assert changed(registered, "plain", SERVICES) == registered


def test_no_float():
    with pytest.raises(TypeError):
        advise(DEAR, lambda choice: 1.2 if choice.color else 1.1)
