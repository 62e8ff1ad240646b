"""What the practice provider bills for a letter, as data.

The figures are invented but plausible (public prices of 2026 less a quarter, one price
up to 35 g at home; from 2027 on the same with ten cents more on each public step, which
is pure fiction): they make screens and statements lively, and are nobody's offer.

Nothing here knows how Odoo prices a letter, so that a statement can prove a quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ..letter.profile import A4_AREA_MM2, DEFAULT

POSTAGE = "Affranchissement"
PRODUCTION = "Impression et mise sous pli"
PRODUCTION_PER_SHEET = Decimal("0.0450")  # EUR, black and white, one or both sides
COLOR_PER_SHEET = Decimal("0.0600")  # EUR on top
NO_TAX, VAT = Decimal(0), Decimal(20)  # percent

HOME, OVERSEAS_1, OVERSEAS_2, ABROAD = "home", "overseas_1", "overseas_2", "abroad"
# EUR for each started 10 g of a letter of more than 100 g that flies overseas.
AIR_FROM_MG = 100_000
AIR_PER_10G = {OVERSEAS_1: Decimal("0.05"), OVERSEAS_2: Decimal("0.11")}

_AT_HOME = {"FR", "MC", "AD"}
_COUNTRIES_1 = {"GP", "MQ", "GF", "RE", "PM", "YT", "BL", "MF"}
_COUNTRIES_2 = {"TF", "WF", "PF", "NC"}
_POSTCODE = re.compile(r"([0-9]{5}) ")

Steps = tuple[tuple[int, Decimal], ...]  # (grams included, EUR), lightest first


def _steps(**prices: str) -> Steps:
    return tuple((int(name[1:]), Decimal(price)) for name, price in prices.items())


def _plus(steps: Steps, more: str) -> Steps:
    return tuple((grams, price + Decimal(more)) for grams, price in steps)


_REGISTERED = _steps(g50="5.24", g100="5.91", g250="7.22", g500="8.49")
_REGISTERED_ABROAD = _steps(
    **dict(g20="5.40", g50="7.35", g100="7.35", g250="12.45", g500="16.16"),
    **dict(g1000="27.49", g2000="27.49"),
)
_REGISTERED_27 = _steps(g50="5.31", g100="5.99", g250="7.30", g500="8.57")
_REGISTERED_ABROAD_27 = _steps(
    **dict(g20="5.48", g50="7.43", g100="7.43", g250="12.53", g500="16.24"),
    **dict(g1000="27.56", g2000="27.56"),
)
AR, AR_ABROAD = "1.09", "1.13"  # avis de réception

# (first day, {service: (steps at home, steps abroad)}), the latest first.
PRICE_LISTS = (
    (
        date(2027, 1, 1),
        {
            "lettre": (
                _steps(g35="1.22", g100="2.40", g250="4.01", g500="5.63"),
                _steps(
                    **dict(g20="1.76", g100="3.71", g250="8.81"),
                    **dict(g500="12.53", g2000="23.85"),
                ),
            ),
            "lettre_suivie": (
                _steps(g35="1.59", g100="2.78", g250="4.38", g500="6.01"),
                _steps(
                    **dict(g20="3.86", g100="5.81", g250="10.91"),
                    **dict(g500="14.63", g2000="25.95"),
                ),
            ),
            "recommande": (_REGISTERED_27, _REGISTERED_ABROAD_27),
            "recommande_ar": (
                _plus(_REGISTERED_27, AR),
                _plus(_REGISTERED_ABROAD_27, AR_ABROAD),
            ),
        },
    ),
    (
        date.min,
        {
            "lettre": (
                _steps(g35="1.14", g100="2.33", g250="3.93", g500="5.56"),
                _steps(
                    **dict(g20="1.69", g100="3.64", g250="8.74"),
                    **dict(g500="12.45", g2000="23.78"),
                ),
            ),
            "lettre_suivie": (
                _steps(g35="1.52", g100="2.70", g250="4.31", g500="5.93"),
                _steps(
                    **dict(g20="3.79", g100="5.74", g250="10.84"),
                    **dict(g500="14.55", g2000="25.88"),
                ),
            ),
            "recommande": (_REGISTERED, _REGISTERED_ABROAD),
            "recommande_ar": (
                _plus(_REGISTERED, AR),
                _plus(_REGISTERED_ABROAD, AR_ABROAD),
            ),
        },
    ),
)

_ENVELOPES_MG = {spec.code: spec.weight_mg for spec in DEFAULT.envelopes}


def weight_mg(sheets: int, envelope: str = "") -> int:
    """A filled envelope in mg; the smallest one that holds the sheets if not named."""
    # g/m² times mm² is µg; to the nearest mg
    paper = (sheets * DEFAULT.paper_gsm * A4_AREA_MM2 + 500) // 1000
    if envelope not in _ENVELOPES_MG:
        fitting = (spec.code for spec in DEFAULT.envelopes if spec.capacity >= sheets)
        envelope = next(fitting, DEFAULT.envelopes[-1].code)
    return paper + _ENVELOPES_MG[envelope]


def destination(country: str, recipient: Sequence[str]) -> str:
    """Where a letter goes, by its country and by the postcode in its window: Réunion
    is overseas under country FR too."""
    if country in _COUNTRIES_1:
        return OVERSEAS_1
    if country in _COUNTRIES_2:
        return OVERSEAS_2
    if country not in _AT_HOME:
        return ABROAD
    found = [match.group(1) for match in map(_POSTCODE.match, recipient) if match]
    prefix = int(found[-1][:3]) if found and country == "FR" else 0
    if 971 <= prefix <= 978:
        return OVERSEAS_1
    return OVERSEAS_2 if prefix in (984, 986, 987, 988) else HOME


def price_lines(
    service: str,
    sheets: int,
    color: bool,
    envelope: str = "",
    *,
    day: date,
    country: str = "FR",
    recipient: Sequence[str] = (),
) -> tuple[tuple[str, Decimal, Decimal], ...]:
    """(label, EUR without tax, VAT in percent) of one letter.

    :param day: on which La Poste gets it
    :raises KeyError: no such service
    :raises ValueError: heavier than the last step
    """
    weight = weight_mg(sheets, envelope)
    where = destination(country, recipient)
    lists = next(prices for first, prices in PRICE_LISTS if first <= day)
    steps = lists[service][where == ABROAD]
    postage = next((eur for grams, eur in steps if weight <= grams * 1000), None)
    if postage is None:
        raise ValueError(f"{weight} mg is more than {service} carries")
    if where in AIR_PER_10G and weight > AIR_FROM_MG:
        postage += AIR_PER_10G[where] * ((weight + 9_999) // 10_000)
    per_sheet = PRODUCTION_PER_SHEET + (COLOR_PER_SHEET if color else 0)
    return (POSTAGE, postage, NO_TAX), (PRODUCTION, per_sheet * sheets, VAT)
