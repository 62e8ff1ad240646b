"""Why there is no price, or a doubtful one, in the language of ``env``.

The calculation names codes and figures; here is the sentence of each code.
"""

from odoo import fields
from odoo.tools.misc import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.beepost_mail.models.wording import sentence

_lt = LazyTranslate(__name__)

# The postcode is a part of the address: these are kept with letters whose readers may
# not see it.
REASONS = {
    "price.no_tariff": _lt(
        "No price: account “%(account)s” has no tariff. An administrator chooses one."
    ),
    "price.no_zone": _lt(
        "No price: no postage zone holds this postcode of country %(country)s. An"
        " administrator adds it to a zone."
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
        "No price: grid “%(grid)s” comes to 0.00, which no letter costs. An"
        " administrator corrects the grid."
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
    if finding.code not in REASONS:
        return sentence(env, finding)  # no envelope is big enough, for instance
    figures = dict(finding.params)
    if "day" in figures:
        figures["day"] = format_date(env, fields.Date.to_date(figures["day"]))
    if "zone" in figures:
        figures["zone"] = zone_name(env, figures["zone"])
    if isinstance(figures.get("grams"), str):  # to the milligram
        figures["grams"] = formatLang(env, float(figures["grams"]), digits=3)
    if "product" in figures:
        figures["product"] = product_name(env, figures["product"])
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
