"""Where a letter goes: one zone for each place, the most precise one."""

from itertools import permutations

import pytest
from shipped import ZONES

from odoo.addons.beepost_postage.tariff.zone import Zone, find_zone, place

BY_CODE = {zone.code: zone for zone in ZONES}


@pytest.mark.parametrize(
    ("country", "zip_code", "zone"),
    [
        ("FR", "75008", "metropole"),
        ("fr", "F-75 008", "metropole"),
        ("FR", "", "metropole"),
        ("FR", "20200", "corsica"),
        ("FR", "00305", "military"),
        ("FR", "98000", "monaco"),
        ("MC", "", "monaco"),
        ("MC", "MC-98000", "monaco"),
        ("AD", "AD700", "andorra"),
        ("FR", "97 400", "om1"),
        ("FR", "F-97400", "om1"),
        ("RE", "", "om1"),
        ("FR", "97133", "om1"),
        ("BL", "97133", "om1"),
        ("FR", "97150", "om1"),
        ("MF", "97150", "om1"),
        ("FR", "98800", "om2"),
        ("NC", "98800", "om2"),
        ("NC", "", "om2"),
        # The country counts against a postcode of elsewhere, which is no address.
        ("NC", "97400", "om2"),
        ("RE", "98800", "om1"),
        ("GP", "75008", "om1"),
        ("DE", "97400", "international"),
        ("US", "20001", "international"),
        ("UK", "SW1A 1AA", "international"),
        ("PF", "98735", "om2"),
    ],
)
def test_zone(country, zip_code, zone):
    where = place(country, zip_code)
    for zones in (ZONES, reversed(ZONES)):
        assert find_zone(zones, where).code == zone


def test_every_french_postcode_has_the_zone_of_the_postal_service():
    """As ``beepost_mail.letter.territory`` has it, which knows nothing of ours."""
    from odoo.addons.beepost_mail.letter.territory import french_zone

    for number in range(100_000):
        zip_code = f"{number:05}"
        expected = french_zone("FR", zip_code)
        if expected:
            found = find_zone(ZONES, place("FR", zip_code)).code
            kind, _colon, prefix = expected.partition(":")
            overseas = "om1" if prefix < "979" else "om2"
            assert found == (overseas if kind == "overseas" else kind), zip_code


def test_a_place_that_no_zone_names():
    zones = [zone for zone in ZONES if zone.code != "international"]
    assert find_zone(zones, place("DE", "10115")) is None
    assert find_zone([], place("FR", "75008")) is None
    with pytest.raises(ValueError):
        place(" ", "75008")


def test_the_most_precise_zone_wins_in_any_order():
    zones = [
        Zone("all", frozenset({"*"})),
        Zone("country", frozenset({"FR", "AD"})),
        Zone("two", frozenset({"FR"}), ("97",)),
        Zone("three", frozenset({"FR"}), ("974", "20")),
        Zone("five", frozenset({"FR"}), ("97480",)),
    ]
    expected = {
        ("FR", "97480"): "five",
        ("FR", "97400"): "three",
        ("FR", "97100"): "two",
        ("FR", "75008"): "country",
        ("FR", "20000"): "three",
        ("AD", "97400"): "country",
        ("DE", "97480"): "all",
    }
    for order in permutations(zones):
        for where, code in expected.items():
            assert find_zone(order, place(*where)).code == code
