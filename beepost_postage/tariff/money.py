"""Exact amounts: a float never gets in, and rounding happens in named places."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
UNIT = Decimal("0.0001")  # the four decimals of business prices
HUNDRED = Decimal(100)


def exact(value: Decimal | int | str) -> Decimal:
    """:raises TypeError: for a float, whose last digits nobody wrote
    :raises ValueError: for what is no finite number"""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"an exact amount wanted, not {value!r}")
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError(f"{value!r} is no number") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is no amount")
    return number


def whole(value: int, name: str) -> int:
    """Grams, sheets, milligrams …

    :raises TypeError: for what is no whole number, a float above all
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is a whole number, not {value!r}")
    return value


def not_negative(value: Decimal | int | str, name: str) -> Decimal:
    """:raises ValueError: a price below nothing"""
    amount = exact(value)
    if amount < 0:
        raise ValueError(f"{name} is negative: {amount}")
    return amount


def rounded(amount: Decimal, unit: Decimal = UNIT) -> Decimal:
    """To the nearest ``unit``, halves up, as invoices do."""
    return exact(amount).quantize(exact(unit), ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(map(exact, amounts), Decimal(0))


def text(amount: Decimal) -> str:
    """As it is written down: at least two decimals, further ones only if they count."""
    number = rounded(amount, UNIT)
    cents = rounded(number, CENT)
    return str(cents if cents == number else number.normalize())
