"""What the practice provider sells: services and prices, as data.

The figures are invented but plausible (public prices of 2026 less a quarter, one price
up to 35 g): they make screens and statements lively, and are no offer of anybody's. The
real prices come from the account's own grid or from the provider's quotes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..letter.profile import A4_AREA_MM2, DEFAULT

POSTAGE = "Affranchissement"
PRODUCTION = "Impression et mise sous pli"
PRODUCTION_PER_SHEET = Decimal("0.0450")  # EUR, black and white, one or both sides
COLOR_PER_SHEET = Decimal("0.0600")  # EUR on top


@dataclass(frozen=True)
class Service:
    """:param steps: (grams included, EUR), lightest first"""

    tracked: bool
    registered: bool
    acknowledgement: bool
    steps: tuple[tuple[int, Decimal], ...]


def _steps(**prices: str) -> tuple[tuple[int, Decimal], ...]:
    return tuple((int(name[1:]), Decimal(price)) for name, price in prices.items())


SERVICES = {
    "lettre": Service(
        False, False, False, _steps(g35="1.14", g100="2.33", g250="3.93", g500="5.56")
    ),
    "lettre_suivie": Service(
        True, False, False, _steps(g35="1.52", g100="2.70", g250="4.31", g500="5.93")
    ),
    "recommande": Service(
        True, True, False, _steps(g50="5.24", g100="5.91", g250="7.22", g500="8.49")
    ),
    "recommande_ar": Service(
        True, True, True, _steps(g50="6.33", g100="7.00", g250="8.31", g500="9.58")
    ),
}

_ENVELOPES_MG = {spec.code: spec.weight_mg for spec in DEFAULT.envelopes}


def weight_mg(sheets: int, envelope: str = "") -> int:
    """A filled envelope in mg; the smallest one that holds the sheets if not named."""
    # g/m² times mm² is µg
    paper = round(sheets * DEFAULT.paper_gsm * A4_AREA_MM2 / 1000)
    if envelope not in _ENVELOPES_MG:
        fitting = (spec.code for spec in DEFAULT.envelopes if spec.capacity >= sheets)
        envelope = next(fitting, DEFAULT.envelopes[-1].code)
    return paper + _ENVELOPES_MG[envelope]


def price_lines(
    service: str, sheets: int, color: bool, envelope: str = ""
) -> tuple[tuple[str, Decimal, Decimal], ...]:
    """(label, EUR without tax, VAT in percent) of one letter.

    :raises ValueError: heavier than the last step
    """
    weight = weight_mg(sheets, envelope)
    steps = SERVICES[service].steps
    postage = next((eur for grams, eur in steps if weight <= grams * 1000), None)
    if postage is None:
        raise ValueError(f"{weight} mg is more than {service} carries")
    per_sheet = PRODUCTION_PER_SHEET + (COLOR_PER_SHEET if color else 0)
    return (
        (POSTAGE, postage, Decimal(0)),
        (PRODUCTION, per_sheet * sheets, Decimal(20)),
    )
