"""What a price list lacks that letters will ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from odoo.addons.beepost_mail.letter.finding import WARNING, Finding

from .grid import Grid, Option
from .step import ways
from .zone import Zone


@dataclass(frozen=True)
class Service:
    """What a service of the house asks of a price list.

    :param products: codes of the postal products that it is posted as
    :param wanted: kinds of options without whose price it has none
    """

    name: str
    products: frozenset[str]
    wanted: frozenset[str] = frozenset()


def unpriced_options(grid: Grid, services: Iterable[Service], above: Mapping):
    """Options that a service wants, and that this list does not price where it prices
    the service."""
    places = sorted({(line.product, line.zone) for line in grid.lines})
    for service in services:
        for product, zone in places:
            if product not in service.products:
                continue
            for kind in sorted(service.wanted):
                where = ("", *above.get(zone, (zone,)))
                if not any(_goes_with(o, kind, product, where) for o in grid.options):
                    params = {"service": service.name, "option": kind}
                    params |= {"product": product, "zone": zone}
                    yield Finding("grid.no_wanted_option", WARNING, params)


def _goes_with(option: Option, kind: str, product: str, where: tuple) -> bool:
    return (
        option.kind == kind
        and (not option.products or product in option.products)
        and option.zone in where
    )


def no_colour(grid: Grid):
    kinds = {option.kind for option in grid.options}
    if kinds & {"print_page", "print_sheet"} and not (
        kinds & {"color_page", "color_sheet"}
    ):
        yield Finding("grid.no_colour", WARNING)


def no_supplement(grid: Grid, zones: Iterable[Zone]):
    """Zones that are priced like another one up to a weight only."""
    supplied = {o.zone for o in grid.options if o.kind == "supplement"}
    own = {line.zone for line in grid.lines}
    heaviest: dict[str, int] = {}
    for line in grid.lines:
        heaviest[line.zone] = max(heaviest.get(line.zone, 0), line.max_grams or 0)
    above = ways(zones)
    for zone in zones:
        free = zone.parent_max_grams
        if free is None or zone.code in own or {"", *above[zone.code]} & supplied:
            continue
        if heaviest.get(zone.parent, 0) > free:
            params = {"zone": zone.code, "grams": free}
            yield Finding("grid.no_supplement", WARNING, params)
