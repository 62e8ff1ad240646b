"""What a person reads of a price: why there is none, and how it is made.

The calculation names codes and figures; here are the words, in the language of ``env``.
Each line of an explanation can be checked with pencil and paper.
"""

from decimal import Decimal

from odoo import fields
from odoo.tools.misc import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.beepost_mail.letter import envelope as paper
from odoo.addons.beepost_mail.letter.finding import Finding
from odoo.addons.beepost_mail.letter.profile import A4_AREA_MM2

from ..tariff.grid import DISBURSEMENT
from ..tariff.money import HUNDRED, exact, rounded, total
from ..tariff.step import TEN_GRAMS_MG

_lt = LazyTranslate(__name__)

REASONS = {
    "price.no_zone": _lt(
        "No price: no postage zone holds %(country)s %(zip)s. An administrator adds it"
        " to a zone."
    ),
    "price.no_grid": _lt(
        "No price: tariff “%(tariff)s” has no grid in force on %(day)s, the day of"
        " deposit. An administrator publishes one."
    ),
    "price.no_product": _lt(
        "No price: on %(day)s tariff “%(tariff)s” does not say what “%(service)s” costs"
        " in zone %(zone)s. Choose another service, or ask an administrator to complete"
        " the grid."
    ),
    "price.ambiguous": _lt(
        "No price: “%(service)s” is posted as %(products)s, which all have a price in"
        " zone %(zone)s. An administrator keeps one of them on the service."
    ),
    "price.no_step": _lt(
        "No price: %(grams)s g are more than “%(service)s” carries in zone %(zone)s"
        " (%(max)s g). Print on both sides, take an enclosure out, or choose another"
        " service."
    ),
    "price.no_sheet_step": _lt(
        "No price: %(sheets)s sheets are more than “%(service)s” carries in zone"
        " %(zone)s (%(max)s). Print on both sides, take an enclosure out, or choose"
        " another service."
    ),
    "price.no_public": _lt(
        "No price: the contract counts from the public price of %(product)s at"
        " %(grams)s g, and tariff “%(tariff)s” has none on %(day)s. An administrator"
        " publishes it."
    ),
    "price.no_option": _lt(
        "No price: grid “%(grid)s” does not say what this costs: %(option)s. An"
        " administrator makes a new version that does."
    ),
    "price.ambiguous_option": _lt(
        "No price: grid “%(grid)s” has two prices for the same: %(option)s. An"
        " administrator keeps one."
    ),
    "price.no_supplement": _lt(
        "No price: above %(max)s g zone %(zone)s pays an air supplement, and the grid"
        " has none (%(grams)s g). An administrator completes it."
    ),
    "price.zero": _lt(
        "No price: by grid “%(grid)s” this letter would cost 0.00, which no letter"
        " does. An administrator corrects the grid."
    ),
    "price.near_step": _lt(
        "%(grams)s g is very near to the step at %(step)s g: on the scales of the post"
        " it may fall on the other side of it."
    ),
    "price.no_country": _lt("No price: the address has no country."),
    "price.no_service_product": _lt(
        "No price: service “%(service)s” has no postal product. An administrator says"
        " what it is posted as."
    ),
}


def reason(env, finding):
    """Why there is no price, or a warning, as a sentence."""
    figures = dict(finding.params)
    if "day" in figures:
        figures["day"] = format_date(env, fields.Date.to_date(figures["day"]))
    if "zone" in figures:
        figures["zone"] = zone_name(env, figures["zone"])
    if "option" in figures:
        figures["option"] = option_name(env, figures["option"])
    text = env._(REASONS[finding.code])
    return text % figures


def reasons(env, refusal):
    return " ".join(reason(env, finding) for finding in refusal.findings)


def zone_name(env, code):
    Zone = env["beepost.postage.zone"].sudo()
    return Zone.search([("code", "=", code)], limit=1).name or code


def option_name(env, kind):
    selection = env["beepost.postage.option"]._fields["kind"]
    return dict(selection._description_selection(env)).get(kind, kind)


def product_name(env, code):
    Product = env["beepost.postage.product"].sudo().with_context(active_test=False)
    return Product.search([("code", "=", code)], limit=1).name or code


def euros(env, amount, currency=None):
    """An exact amount with its currency: as many decimals as it has, two at least.

    :param amount: ``Decimal``, or its text
    """
    digits = max(2, _decimals(Decimal(amount)))
    symbol = (currency or env.ref("base.EUR")).symbol
    return f"{number(env, amount, digits)}\N{NO-BREAK SPACE}{symbol}"


def grams(env, milligrams):
    """A weight with all its decimals: 20.3688 g is 20.369 g here, to the milligram."""
    return _grams(env, Decimal(milligrams) / 1000, 3)


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


def _grams(env, figure, digits=None):
    return f"{number(env, figure, digits)}\N{NO-BREAK SPACE}g"


def _decimals(figure):
    return max(0, -figure.normalize().as_tuple().exponent)


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
        day=_day(env, quote),
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
        "sheet": _grams(env, sheet),
        "gsm": gsm,
        "exactly": _grams(env, exactly),
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
    figures = {"day": _day(env, quote), "grid": quote["grid"]}
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
    product = product_name(env, quote["product"])
    if quote["max_sheets"]:
        yield env._(
            "Step: %(product)s, up to %(max)s sheets, that number included.",
            product=product,
            max=quote["max_sheets"],
        )
    else:
        yield env._(
            "Step: %(product)s, up to %(max)s g, that weight included.",
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
            "grid": quote["public_grid"],
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


def _day(env, quote):
    return format_date(env, fields.Date.to_date(quote["day"]))


def _sum(env, counts):
    return _added(list(counts), lambda count: number(env, count))


def _added(parts, show):
    """``1 + 2 = 3``, or the figure alone."""
    result = show(sum(parts))
    if len(parts) < 2:
        return result
    return f"{' + '.join(map(show, parts))} = {result}"
