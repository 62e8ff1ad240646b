"""The price of a letter, with all that it is made of.

Pages, sheets, envelope and grams come from ``beepost_mail.letter.envelope``; from
there on: the zone, the grid of the deposit date, the step, the options, the taxes.
Whatever is missing on the way is a ``Refusal`` with a reason: no letter is ever priced
0.00.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import WARNING, Finding

from .grid import POSTAGE, STANDARD, Option, Tariff
from .money import HUNDRED, rounded, total, whole
from .parcel import Parcel
from .step import TEN_GRAMS_MG, Step, find_option, find_step, near_end, refuse
from .zone import Zone, find_zone

NEAR_MG = 500  # how near to the end of a step a weight is called doubtful
# Every code that ``price`` can give, with the names of its params.
FINDING_CODES = {
    "price.no_zone": ("country", "zip"),
    "price.no_grid": ("tariff", "day"),
    "price.no_product": ("service", "zone", "tariff", "day"),
    "price.ambiguous": ("service", "zone", "products"),
    "price.no_step": ("service", "zone", "grams", "max"),
    "price.no_sheet_step": ("service", "zone", "sheets", "max"),
    "price.no_public": ("tariff", "product", "grams", "day"),
    "price.no_option": ("option", "grid"),
    "price.ambiguous_option": ("option", "grid"),
    "price.no_supplement": ("zone", "grams", "max"),
    "price.zero": ("grid",),
    # a warning
    "price.near_step": ("grams", "step"),
}
# Counted where the grid prices them; a grid without them includes them in its steps.
_INCLUDED = ("print_page", "print_sheet", "insertion", "envelope")


@dataclass(frozen=True)
class Charge:
    """One line of the price.

    :param kind: ``step`` or the kind of an option
    :param unit: ``letter``, ``page``, ``sheet`` or ``10g``
    :param amount: ``quantity`` × ``price``, EUR without tax
    :param tax_rate: percent
    """

    kind: str
    group: str
    key: int
    quantity: int
    unit: str
    price: Decimal
    amount: Decimal
    tax: str
    tax_rate: Decimal


@dataclass(frozen=True)
class Quote:
    """:param untaxed: EUR, 4 decimals; ``taxes`` and ``total`` likewise
    :param warnings: a weight near the end of its step
    """

    parcel: Parcel
    zone: Zone
    step: Step
    charges: tuple[Charge, ...]
    taxes: Decimal
    warnings: tuple[Finding, ...] = ()

    @property
    def untaxed(self) -> Decimal:
        return total(charge.amount for charge in self.charges)

    @property
    def total(self) -> Decimal:
        return self.untaxed + self.taxes

    def amount(self, group: str) -> Decimal:
        """EUR without tax of ``POSTAGE`` or ``PRODUCTION``."""
        return total(c.amount for c in self.charges if c.group == group)


def price(
    tariff: Tariff, parcel: Parcel, zones: Iterable[Zone], near_mg: int = NEAR_MG
) -> Quote:
    """
    :raises Refusal: nothing may leave without a price; its finding says what is missing
    """
    whole(near_mg, "near_mg")
    by_code = {zone.code: zone for zone in zones}
    zone = find_zone(by_code.values(), parcel.where)
    if zone is None:
        raise refuse(
            "price.no_zone", country=parcel.where.country, zip=parcel.where.zip
        )
    step = find_step(tariff, parcel, zone, by_code)
    if step.price <= 0:
        raise refuse("price.zero", grid=step.grid.name)
    charges = (
        _step_charge(step),
        *_supplements(step, parcel, zone),
        *_options(step, parcel),
    )
    return Quote(
        parcel, zone, step, charges, _taxes(charges), _near(step, parcel, near_mg)
    )


def _step_charge(step: Step) -> Charge:
    line = step.line
    return Charge(
        "step",
        POSTAGE,
        line.key,
        1,
        "letter",
        step.price,
        step.price,
        line.tax,
        _rate(step, line.tax),
    )


def _supplements(step: Step, parcel: Parcel, zone: Zone):
    """What a zone pays on top when it has another one's prices, by started 10 g."""
    option = find_option(step, parcel, "supplement")
    if option:
        yield _charge(step, option, -(-parcel.weight_mg // TEN_GRAMS_MG))
        return
    limits = [passed.parent_max_grams for passed in step.zones_passed()]
    free = min((limit for limit in limits if limit is not None), default=None)
    if free is not None and parcel.weight_mg > free * 1000:
        grams = rounded(Decimal(parcel.weight_mg) / 1000, Decimal("0.001"))
        raise refuse("price.no_supplement", zone=zone.code, grams=str(grams), max=free)


def _options(step: Step, parcel: Parcel):
    counts = {"letter": 1, "page": parcel.pages, "sheet": parcel.sheets}

    def charged(kind):
        option = find_option(step, parcel, kind)
        return option and _charge(step, option, counts[option.unit])

    for kind in sorted(parcel.wanted):
        charge = charged(kind)
        if charge is None:
            raise refuse("price.no_option", option=kind, grid=step.grid.name)
        yield charge
    prices_print = False
    for kind in _INCLUDED:
        if charge := charged(kind):
            prices_print |= kind.startswith("print_")
            yield charge
    if parcel.color:
        in_color = [c for c in map(charged, ("color_page", "color_sheet")) if c]
        if prices_print and not in_color:
            raise refuse("price.no_option", option="color_sheet", grid=step.grid.name)
        yield from in_color
    if parcel.address_sheet and (charge := charged("address_sheet")):
        yield charge


def _charge(step: Step, option: Option, quantity: int) -> Charge:
    return Charge(
        option.kind,
        option.group,
        option.key,
        quantity,
        option.unit,
        option.price,
        rounded(option.price * quantity),
        option.tax,
        _rate(step, option.tax),
    )


def _rate(step: Step, tax: str) -> Decimal:
    return step.grid.vat_rate if tax == STANDARD else Decimal(0)


def _taxes(charges: Iterable[Charge]) -> Decimal:
    """Rounded once for each rate."""
    bases: dict[Decimal, Decimal] = {}
    for charge in charges:
        bases[charge.tax_rate] = bases.get(charge.tax_rate, Decimal(0)) + charge.amount
    return total(rounded(base * rate / HUNDRED) for rate, base in bases.items())


def _near(step: Step, parcel: Parcel, near_mg: int) -> tuple[Finding, ...]:
    """Paper and envelopes vary: just below a step's end the scales may say more, and
    just above it a gram less would be a step cheaper."""
    grams = near_end(step, parcel, near_mg)
    if grams is None:
        return ()
    weight = rounded(Decimal(parcel.weight_mg) / 1000, Decimal("0.001"))
    params = {"grams": str(weight), "step": grams}
    return (Finding("price.near_step", WARNING, params),)
