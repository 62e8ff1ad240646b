"""The shipped contract and the practice provider's own prices, which were written apart
from each other, say the same for every letter that the provider takes."""

import pytest
from shipped import CONTRACT, DEPOSIT, ZONES, parcel

from odoo.addons.beepost_mail.gateway import pricing
from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_postage.tariff.quote import price

SERVICES = {  # what each is posted as, and what it wants
    "lettre": ({"lettre_verte", "lettre_internationale"}, ()),
    "lettre_suivie": ({"lettre_verte_suivie", "lettre_internationale_suivie"}, ()),
    "recommande": ({"recommande_r1", "recommande_international_r1"}, ()),
    "recommande_ar": (
        {"recommande_r1", "recommande_international_r1"},
        ("ar_paper",),
    ),
}
PLACES = [  # country, postcode, the line in the window
    ("FR", "69001", "69001 LYON"),
    ("FR", "20000", "20000 AJACCIO"),
    ("FR", "00200", "00200 ARMEES"),
    ("MC", "98000", "98000 MONACO"),
    ("AD", "AD500", "AD500 ANDORRA LA VELLA"),
    ("FR", "97400", "97400 SAINT DENIS"),
    ("RE", "97400", "97400 SAINT DENIS"),
    ("BL", "97133", "97133 GUSTAVIA"),
    ("FR", "98800", "98800 NOUMEA"),
    ("PF", "98714", "98714 PAPEETE"),
    ("DE", "10115", "10115 BERLIN"),
]


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("country", "zip_code", "line"), PLACES)
def test_what_is_billed_is_what_was_quoted(country, zip_code, line, service, color):
    products, wanted = SERVICES[service]
    priced = 0
    for sheets in range(1, 47):
        for envelope in ("C6/5", "C5", "C4"):
            weight = pricing.weight_mg(sheets, envelope)
            letter = parcel(
                *(products, country, zip_code),
                pages=sheets,
                sheets=sheets,
                weight_mg=weight,
                envelope=envelope,
                color=color,
                wanted=frozenset(wanted),
            )
            billed = pricing.price_lines(
                *(service, sheets, color, envelope),
                day=DEPOSIT,
                country=country,
                recipient=("M. A", line),
            )
            quote = price(CONTRACT, letter, ZONES)
            (_label, postage, _no), (_label, production, vat) = billed
            assert quote.amount("postage") == postage
            assert quote.amount("production") == production
            assert quote.taxes == production * vat / 100
            priced += 1
    assert priced == 46 * 3


@pytest.mark.parametrize("service", SERVICES)
def test_what_the_provider_does_not_take_has_no_price(service):
    products, wanted = SERVICES[service]
    weight = pricing.weight_mg(100, "C4")
    letter = parcel(products, sheets=100, weight_mg=weight, wanted=frozenset(wanted))
    with pytest.raises(ValueError):
        pricing.price_lines(service, 100, False, "C4", day=DEPOSIT)
    with pytest.raises(Refusal):
        price(CONTRACT, letter, ZONES)
