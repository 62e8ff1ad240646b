"""Exact figures as the language of ``env`` writes them."""

from decimal import Decimal

from odoo.tools.misc import formatLang

from ..tariff.money import exact


def euros(env, amount, currency=None):
    """An exact amount with its currency: as many decimals as it has, two at least.

    :param amount: ``Decimal``, or its text
    """
    digits = max(2, _decimals(Decimal(amount)))
    symbol = (currency or env.ref("base.EUR")).symbol
    return f"{number(env, amount, digits)}\N{NO-BREAK SPACE}{symbol}"


def grams(env, milligrams):
    """A weight with all its decimals: 20.3688 g is 20.369 g here, to the milligram."""
    return grams_of(env, Decimal(milligrams) / 1000, 3)


def number(env, figure, digits=None):
    """
    :param figure: ``Decimal``, a whole number, or the text of one
    :param digits: decimals; None: as many as it has
    """
    figure = exact(figure)
    digits = _decimals(figure) if digits is None else digits
    # For the eye only: nothing is calculated with it.
    return formatLang(env, float(figure), digits=digits)


def percent(env, rate):
    return f"{number(env, rate)}\N{NO-BREAK SPACE}%"


def grams_of(env, figure, digits=None):
    return f"{number(env, figure, digits)}\N{NO-BREAK SPACE}g"


def _decimals(figure):
    return max(0, -figure.normalize().as_tuple().exponent)
