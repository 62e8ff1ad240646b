"""A price on the screen: what it is first, how it is made when somebody asks."""

from markupsafe import Markup

from odoo import fields

from . import postage_words as words
from .price_batch import sum_of

SHOWN = 10
_WARNING = Markup('<div class="text-warning-emphasis">%s</div>')


def of_estimate(env, price):
    """
    :param price: as ``beepost.estimate`` makes it
    """
    if not price["quote"]:
        return _unpriced(price["holds"], price["reason"], price["outcome"])
    currency = env["res.currency"].browse(price["currency_id"])
    sheet = env["beepost.estimate"]._address_sheet_sentence(price)
    quote = price["quote"]
    return Markup("%s%s%s%s%s%s") % (
        _amount(env, quote, currency),
        _line(deposit(env, quote)),
        _line(sheet) if sheet else "",
        _line(price["together"]) if price["together"] else "",
        Markup().join(_WARNING % warning for warning in price["warnings"])
        + (practice(env) if price["is_practice"] else ""),
        explanation(env, price["lines"]),
    )


def _unpriced(holds, first, second):
    """What keeps a letter back is shown as an error, what does not as a warning."""
    css = "text-danger" if holds else "text-warning-emphasis"
    return Markup('<div class="%s"><strong>%s</strong> %s</div>') % (css, first, second)


def _amount(env, quote, currency):
    return Markup('<div><strong class="fs-4">%s</strong> %s</div>') % (
        words.euros(env, quote["total"], currency),
        env._(
            "with VAT, %(untaxed)s without",
            untaxed=words.euros(env, quote["untaxed"], currency),
        ),
    )


def of_batch(env, batch):
    """
    :param batch: ``price_batch.Batch``
    :return: Markup; empty where no account prices its letters
    """
    gross, net = batch.totals()
    lines = []
    for currency, prices in gross.items():
        lines.append(
            Markup('<div><strong class="fs-4">%s</strong> %s</div>')
            % (
                words.euros(env, sum_of(prices), currency),
                _for_letters(
                    env,
                    sum(prices.values()),
                    words.euros(env, sum_of(net[currency]), currency),
                ),
            )
        )
        lines.append(_prices(env, prices, currency))
    if days := batch.days():
        if len(days) == 1:
            lines.append(_line(_deposit(env, days[0])))
        else:
            lines.append(
                _line(
                    env._(
                        "Deposits at La Poste from %(first)s to %(last)s.",
                        first=words.format_date(env, days[0]),
                        last=words.format_date(env, days[-1]),
                    )
                )
            )
    lines += [_line(text) for text in _batch_words(env, batch)]
    for (holds, reason), count in batch.unpriced(env).most_common(SHOWN):
        if holds:
            text = env._(
                "Letters that would wait for a price, as the settings of the company"
                " say: %(count)s.",
                count=count,
            )
        else:
            text = env._(
                "Letters that leave unpriced, and get their price once there is one:"
                " %(count)s.",
                count=count,
            )
        lines.append(_unpriced(holds, text, reason))
    return Markup().join(lines)


def of_alike(env, batch):
    """
    :param batch: ``price_batch.Batch`` of letters of which one was printed
    """
    return _line(
        env._(
            "If each letter has as many pages as the one that is shown; each with"
            " its own destination, service and options:"
        )
    ) + of_batch(env, batch)


def _for_letters(env, count, untaxed):
    if count == 1:
        return env._("with VAT, %(untaxed)s without, for one letter", untaxed=untaxed)
    return env._(
        "with VAT, %(untaxed)s without, for %(count)s letters",
        untaxed=untaxed,
        count=count,
    )


def _prices(env, prices, currency):
    """How many letters of each price, the most frequent first."""
    items = [
        Markup("<li>%s</li>")
        % env._(
            "%(count)s at %(price)s",
            count=count,
            price=words.euros(env, price, currency),
        )
        for price, count in prices.most_common(SHOWN)
    ]
    if (more := len(prices) - SHOWN) > 0:
        items.append(
            Markup("<li>%s</li>")
            % env._(
                "%(count)s at %(prices)s other prices",
                count=sum(prices.values())
                - sum(count for _price, count in prices.most_common(SHOWN)),
                prices=more,
            )
        )
    return Markup("<ul>%s</ul>") % Markup().join(items)


def _batch_words(env, batch):
    for currency, amount in (batch.with_address_sheets() or {}).items():
        yield env._(
            "Should each letter that may need an address sheet get one: %(total)s.",
            total=words.euros(env, amount, currency),
        )
    for count, text in (
        (
            batch.no_pdf,
            env._(
                "Documents not priced yet, since their PDF does not exist yet: %s.",
                batch.no_pdf,
            ),
        ),
        (
            batch.not_counted,
            env._(
                "Documents not priced yet, since their pages were not counted yet: %s.",
                batch.not_counted,
            ),
        ),
        (
            batch.beside_unknown,
            env._(
                "Documents not priced yet, since they share an envelope with one of"
                " those: %s.",
                batch.beside_unknown,
            ),
        ),
        (
            batch.refused,
            env._(
                "Letters not priced, since their address or PDF cannot be posted: %s.",
                batch.refused,
            ),
        ),
        (
            batch.no_tariff and batch.letters,
            env._(
                "Letters not priced, since their account has no tariff: %s.",
                batch.no_tariff,
            ),
        ),
        (
            batch.near_count(),
            env._(
                "Letters so near to a weight step that the post may find another price:"
                " %s.",
                batch.near_count(),
            ),
        ),
    ):
        if count:
            yield text
    if any(case.account.gateway == "sandbox" for case, _choice in batch.letters):
        yield env._("Practice letters are among them: nothing is billed for those.")


def _deposit(env, day):
    return env._("Deposit at La Poste on %(day)s.", day=words.format_date(env, day))


def deposit(env, quote):
    return _deposit(env, fields.Date.to_date(quote["day"]))


def practice(env):
    return _line(env._("Practice: nothing is billed."))


def explanation(env, lines):
    return Markup("<details><summary>%s</summary>%s</details>") % (
        env._("How this price is made"),
        listed(lines),
    )


def listed(lines):
    """:return: Markup, or False where there is no line"""
    items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
    return Markup('<ul class="mb-0">%s</ul>') % items if items else False


def _line(text):
    return Markup("<div>%s</div>") % text
