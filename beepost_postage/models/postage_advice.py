"""What would cost less, as sentences in the language of ``env``.

A change that ``tariff.advice.CHANGES`` gets has its words here.
"""

from odoo.tools.translate import LazyTranslate

from .postage_figures import euros

_lt = LazyTranslate(__name__)

ADVICE = {
    "both_sides": _lt("Printed on both sides: %(saving)s less."),
    "no_address_sheet": _lt(
        "Without an address sheet, where the document shows the address in the window:"
        " %(saving)s less."
    ),
    "black_and_white": _lt("In black and white: %(saving)s less."),
    "plain": _lt("As a plain letter, without tracking (suivi): %(saving)s less."),
}


# The same for all letters of a batch that it fits, and what was chosen by it.
ADVICE_FOR_ALL = {
    "both_sides": _lt("All letters on both sides: %(saving)s less."),
    "no_address_sheet": _lt(
        "No address sheets, where the documents show the address in the window:"
        " %(saving)s less."
    ),
    "black_and_white": _lt("All letters in black and white: %(saving)s less."),
    "plain": _lt(
        "Tracked letters as plain ones (not registered ones): %(saving)s less."
    ),
}
CHOSEN_FOR_ALL = {
    "both_sides": _lt("Chosen: all letters on both sides."),
    "no_address_sheet": _lt("Chosen: address sheets only where they are needed."),
    "black_and_white": _lt("Chosen: all letters in black and white."),
    "plain": _lt("Chosen: tracked letters as plain ones (not registered ones)."),
}


def advice_for_all(env, code, saving, currency=None):
    text = env._(ADVICE_FOR_ALL[code])
    return text % {"saving": euros(env, saving, currency)}


def chosen_for_all(env, code):
    return env._(CHOSEN_FOR_ALL[code])


def advice(env, code, saving, currency=None):
    """What would cost less, and by how much, as a sentence."""
    text = env._(ADVICE[code])
    return text % {"saving": euros(env, saving, currency)}


def price_instead(env, former, coming, currency=None):
    """What sharing envelopes saves, or costs.

    :param former: exact amount with tax, as ``coming``
    """
    figures = {
        "price": euros(env, coming, currency),
        "former": euros(env, former, currency),
        "saved": euros(env, abs(former - coming), currency),
    }
    if coming <= former:
        return env._(
            "%(price)s instead of %(former)s, tax included: %(saved)s are saved.",
            **figures,
        )
    return env._(
        "%(price)s instead of %(former)s, tax included: together they cost"
        " %(saved)s more.",
        **figures,
    )


def without_maybe_sheets(env):
    """Beside amounts that would be higher with address sheets nobody knows of yet."""
    return env._("Address sheets that may be needed are not in these amounts.")
