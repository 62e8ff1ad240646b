"""Where a letter goes, as its price sees it: country and first digits of the postcode.

Overseas France counts by its postcodes whether the contact carries country FR or the
territory's own code, and Monaco likewise: see ``beepost_mail.letter.territory``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from odoo.addons.beepost_mail.letter.territory import (
    OVERSEAS,
    french_zone,
    iso,
    normal_zip,
)

from .money import whole

ANY = "*"  # every country that no other zone names


@dataclass(frozen=True)
class Zone:
    """:param countries: ISO alpha-2 codes; ``ANY`` stands for all others
    :param prefixes: first digits of postcodes; empty: the whole country
    :param parent: code of the zone whose prices hold here too, where there are no own
    :param parent_max_grams: up to this weight without a supplement; None: any weight
    """

    code: str
    countries: frozenset[str]
    prefixes: tuple[str, ...] = ()
    parent: str = ""
    parent_max_grams: int | None = None

    def __post_init__(self):
        if self.parent_max_grams is not None:
            whole(self.parent_max_grams, "parent_max_grams")

    def places(self) -> tuple[tuple[str, str], ...]:
        """(country, prefix) pairs that this zone names."""
        prefixes = self.prefixes or ("",)
        return tuple((c, prefix) for c in sorted(self.countries) for prefix in prefixes)


@dataclass(frozen=True)
class Place:
    """:param country: ISO alpha-2; FR for all that has a French postcode
    :param zip: as normal as it can be made"""

    country: str
    zip: str


def place(country: str, zip_code: str) -> Place:
    """:raises ValueError: without a country"""
    code = iso(country)
    if not code:
        raise ValueError("no country")
    if code in OVERSEAS:
        digits = normal_zip(zip_code)
        # A code of its own is clear enough, and counts against a postcode of elsewhere;
        # the few that a territory kept from another one (97133, 97150) are its own.
        own = digits if french_zone(code, digits) else f"{OVERSEAS[code]}00"
        return Place("FR", own)
    if code == "MC":
        return Place("FR", "98000")
    return Place(code, normal_zip(zip_code) if code == "FR" else zip_code.strip())


def find_zone(zones: Iterable[Zone], where: Place) -> Zone | None:
    """The zone that names ``where`` most precisely: by the longest postcode prefix,
    then by its country, then among all others. None where no zone does."""
    best, best_rank = None, -1
    for zone in zones:
        rank = _rank(zone, where)
        if rank > best_rank:
            best, best_rank = zone, rank
    return best


def _rank(zone: Zone, where: Place) -> int:
    if where.country in zone.countries:
        if not zone.prefixes:
            return 1
        return max(
            (len(p) + 1 for p in zone.prefixes if where.zip.startswith(p)), default=-1
        )
    return 0 if ANY in zone.countries else -1
