"""A price on the screen: what it is first, how it is made when somebody asks."""

from markupsafe import Markup

from . import postage_words as words

_WARNING = Markup('<div class="text-warning-emphasis">%s</div>')


def of_estimate(env, price):
    """
    :param price: as ``beepost.estimate`` makes it
    """
    if not price["quote"]:
        return Markup('<div class="text-danger"><strong>%s</strong> %s</div>') % (
            price["reason"],
            env._("The letter would wait until it has one."),
        )
    currency = env["res.currency"].browse(price["currency_id"])
    sheet = env["beepost.estimate"]._address_sheet_sentence(price)
    quote = price["quote"]
    return Markup("%s%s%s%s%s") % (
        _amount(env, quote, currency),
        _line(deposit(env, quote)),
        _line(sheet) if sheet else "",
        Markup().join(_WARNING % warning for warning in price["warnings"])
        + (practice(env) if price["is_practice"] else ""),
        explanation(env, price["lines"]),
    )


def _amount(env, quote, currency):
    return Markup('<div><strong class="fs-4">%s</strong> %s</div>') % (
        words.euros(env, quote["total"], currency),
        env._(
            "with VAT, %(untaxed)s without",
            untaxed=words.euros(env, quote["untaxed"], currency),
        ),
    )


def deposit(env, quote):
    return env._("Deposit at La Poste on %(day)s.", day=words.day(env, quote))


def practice(env):
    return _line(env._("Practice: nothing is billed."))


def explanation(env, lines):
    items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
    return Markup("<details><summary>%s</summary><ol>%s</ol></details>") % (
        env._("How this price is made"),
        items,
    )


def _line(text):
    return Markup("<div>%s</div>") % text
