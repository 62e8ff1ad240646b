"""What a person reads of a price: how it is made, and what would cost less.

Each line of an explanation can be checked with pencil and paper. The words for what has
no price are in ``postage_reasons``, the look of figures in ``postage_figures``.
"""

from decimal import Decimal

from odoo import fields
from odoo.tools.misc import format_date

from odoo.addons.beepost_mail.letter import envelope as paper
from odoo.addons.beepost_mail.letter.finding import Finding
from odoo.addons.beepost_mail.letter.profile import A4_AREA_MM2

from ..tariff.grid import DISBURSEMENT
from ..tariff.money import HUNDRED, exact, rounded, total
from ..tariff.step import TEN_GRAMS_MG
from .postage_advice import (
    advice,
    advice_for_all,
    chosen_for_all,
    price_instead,
    without_maybe_sheets,
)
from .postage_figures import euros, grams, grams_of, number, percent
from .postage_reasons import (
    REASONS,
    option_name,
    product_name,
    reason,
    reasons,
    zone_name,
)

__all__ = [
    "REASONS",
    "advice",
    "advice_for_all",
    "chosen_for_all",
    "day",
    "euros",
    "explain",
    "format_date",
    "grams",
    "number",
    "option_name",
    "percent",
    "price_instead",
    "product_name",
    "reason",
    "reasons",
    "short",
    "step",
    "warnings",
    "without_maybe_sheets",
    "zone_name",
]

# ----------------------------------------------------------------------
# How a price is made
# ----------------------------------------------------------------------


def short(env, quote, currency=None):
    """A price in one line, for dialogs and lists of messages.

    :param quote: as ``beepost_mailing.as_json`` makes it
    """
    return env._(
        "%(total)s (%(untaxed)s without VAT): %(service)s, envelope %(envelope)s,"
        " %(grams)s, deposit on %(day)s.",
        total=euros(env, quote["total"], currency),
        untaxed=euros(env, quote["untaxed"], currency),
        service=quote["service"],
        envelope=quote["envelope"],
        grams=grams(env, quote["weight_mg"]),
        day=day(env, quote),
    )


def explain(env, quote, currency=None):
    """A price from the pages to the total, to be done again with pencil and paper.

    :param quote: as ``beepost_mailing.as_json`` makes it
    :return: list of plain sentences in the language of ``env``
    """

    def money(amount):
        return euros(env, amount, currency)

    return [
        *_paper(env, quote),
        *_place_in_grid(env, quote),
        *_step_price(env, quote, money),
        *(
            env._(
                "%(option)s: %(count)s × %(price)s = %(amount)s.",
                option=option_name(env, charge["kind"]),
                count=charge["quantity"],
                price=money(charge["price"]),
                amount=money(charge["amount"]),
            )
            for charge in quote["charges"]
            if charge["kind"] != "step"
        ),
        *_totals(env, quote, money),
        *warnings(env, quote),
    ]


def warnings(env, quote):
    """:return: list of sentences, most often empty"""
    return [reason(env, Finding.from_dict(w)) for w in quote["warnings"]]


def _paper(env, quote):
    """Pages, sheets, envelope, grams."""
    pages = quote["document_pages"] or [quote["pages"]]
    yield env._("Pages: %(pages)s.", pages=_sum(env, pages))
    each = [paper.sheets(pages, quote["duplex"]) for pages in quote["document_pages"]]
    if quote["address_sheet"]:
        each.append(1)
    texts = {
        (True, False): env._("Sheets, printed on both sides: %(sheets)s."),
        (False, False): env._("Sheets, printed on one side: %(sheets)s."),
        (True, True): env._(
            "Sheets, printed on both sides, the address sheet being the last figure:"
            " %(sheets)s."
        ),
        (False, True): env._(
            "Sheets, printed on one side, the address sheet being the last figure:"
            " %(sheets)s."
        ),
    }
    if sum(each) == quote["sheets"]:
        text = texts[bool(quote["duplex"]), bool(quote["address_sheet"])]
        yield text % {"sheets": _sum(env, each)}
    else:
        yield env._("Sheets: %(sheets)s.", sheets=quote["sheets"])
    yield from _weight(env, quote)


def _weight(env, quote):
    gsm, envelope_mg = quote["paper_gsm"], quote["envelope_mg"]
    if not gsm:
        yield env._(
            "Weight in envelope %(envelope)s: %(grams)s.",
            envelope=quote["envelope"],
            grams=grams(env, quote["weight_mg"]),
        )
        return
    paper_mg = paper.paper_mg(quote["sheets"], gsm)
    sheet = Decimal(A4_AREA_MM2 * gsm) / 1_000_000
    exactly = sheet * quote["sheets"]
    figures = {
        "count": quote["sheets"],
        "sheet": grams_of(env, sheet),
        "gsm": gsm,
        "exactly": grams_of(env, exactly),
        "paper": grams(env, paper_mg),
    }
    if exactly * 1000 == paper_mg:
        yield env._(
            "Paper: %(count)s × %(sheet)s (A4 of %(gsm)s g/m²) = %(paper)s.", **figures
        )
    else:
        yield env._(
            "Paper: %(count)s × %(sheet)s (A4 of %(gsm)s g/m²) = %(exactly)s, rounded"
            " up to %(paper)s.",
            **figures,
        )
    parts = [paper_mg, envelope_mg]
    if rest := quote["weight_mg"] - sum(parts):
        parts.append(rest)  # what is inserted besides
    yield env._(
        "Weight, with envelope %(envelope)s: %(sum)s.",
        envelope=quote["envelope"],
        sum=_added(parts, lambda mg: grams(env, mg)),
    )


def _place_in_grid(env, quote):
    """Day, zone and step."""
    figures = {"day": day(env, quote), "grid": grid_name(env, quote, "grid")}
    if quote["confirmed"]:
        yield env._(
            "Deposit at La Poste on %(day)s: grid “%(grid)s” is in force.", **figures
        )
    else:
        yield env._(
            "Deposit at La Poste on %(day)s: grid “%(grid)s” is in force; nobody has"
            " confirmed its prices.",
            **figures,
        )
    zone = zone_name(env, quote["zone"])
    where = " ".join(filter(None, (quote["country"], quote["zip"])))
    zone = f"{zone} ({where})" if where else zone
    if quote["priced_as"] == quote["zone"]:
        yield env._("Zone: %(zone)s.", zone=zone)
    else:
        yield env._(
            "Zone: %(zone)s, priced like %(other)s.",
            zone=zone,
            other=zone_name(env, quote["priced_as"]),
        )
    yield env._("Step: %(step)s, this maximum included.", step=step(env, quote))


def step(env, quote):
    """Product and maximum of the step that a price is from."""
    product = product_name(env, quote["product"])
    if quote["max_sheets"]:
        return env._(
            "%(product)s, up to %(max)s sheets",
            product=product,
            max=quote["max_sheets"],
        )
    return env._(
        "%(product)s, up to %(max)s g",
        product=product,
        max=number(env, quote["max_grams"]),
    )


def _step_price(env, quote, money):
    charge = next(c for c in quote["charges"] if c["kind"] == "step")
    per_kg, per_10g = exact(quote["per_kg"]), exact(quote["per_10g"])
    base = exact(quote["line_price"])
    if quote["public_price"] is not None:
        public, discount = exact(quote["public_price"]), exact(quote["discount"])
        less = public * (HUNDRED - discount) / HUNDRED
        base = rounded(less, exact(quote["round_to"]))
        figures = {
            "grams": number(env, quote["public_grams"]),
            "grid": grid_name(env, quote, "public_grid"),
            "public": money(public),
            "discount": percent(env, discount),
            "less": money(less),
            "price": money(base),
        }
        if less == base:
            yield env._(
                "Public price at %(grams)s g (grid “%(grid)s”): %(public)s less"
                " %(discount)s = %(price)s.",
                **figures,
            )
        else:
            yield env._(
                "Public price at %(grams)s g (grid “%(grid)s”): %(public)s less"
                " %(discount)s = %(less)s, rounded to %(price)s.",
                **figures,
            )
    elif base or not (per_kg or per_10g):
        yield env._("Price of the step: %(price)s.", price=money(base))
    if per_kg:
        yield env._(
            "For the weight: %(grams)s at %(price)s a kilogram.",
            grams=grams(env, quote["weight_mg"]),
            price=money(per_kg),
        )
    if per_10g:
        yield env._(
            "For the weight: %(count)s started 10 g × %(price)s.",
            count=-(-quote["weight_mg"] // TEN_GRAMS_MG),
            price=money(per_10g),
        )
    if per_kg or per_10g:
        yield env._("Step and weight: %(price)s.", price=money(charge["amount"]))


def _totals(env, quote, money):
    amounts = [exact(charge["amount"]) for charge in quote["charges"]]
    yield env._("Total without VAT: %(sum)s.", sum=_added(amounts, money))
    bases = {}
    for charge in quote["charges"]:
        bases.setdefault(exact(charge["tax_rate"]), []).append(charge)
    for rate, charges in sorted(bases.items()):
        base = total(exact(charge["amount"]) for charge in charges)
        if rate:
            tax = rounded(base * rate / HUNDRED)
            yield env._(
                "VAT: %(rate)s of %(base)s = %(tax)s.",
                rate=percent(env, rate),
                base=money(base),
                tax=money(tax),
            )
        elif any(charge["tax"] == DISBURSEMENT for charge in charges):
            yield env._("Exempt from VAT, or débours: %(base)s.", base=money(base))
        else:
            yield env._("Exempt from VAT: %(base)s.", base=money(base))
    yield env._(
        "Total with VAT: %(sum)s.",
        sum=_added([exact(quote["untaxed"]), exact(quote["taxes"])], money),
    )


def day(env, quote):
    return format_date(env, fields.Date.to_date(quote["day"]))


def _sum(env, counts):
    return _added(list(counts), lambda count: number(env, count))


def _added(parts, show):
    """``1 + 2 = 3``, or the figure alone."""
    result = show(sum(parts))
    if len(parts) < 2:
        return result
    return f"{' + '.join(map(show, parts))} = {result}"


def grid_name(env, quote, which):
    """As the reader's language calls the grid; where it is gone, as it was called when
    the letter was priced.

    :param which: ``grid`` or ``public_grid``
    """
    key = quote.get(f"{which}_key")
    grid = env["beepost.postage.grid"].sudo().browse(key or ()).exists()
    return grid._name_in_words() if grid else quote[which]
