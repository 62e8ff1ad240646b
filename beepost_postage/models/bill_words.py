"""What a person reads of a provider's bill: what is wrong in the file, and why a letter
was billed otherwise than expected."""

from dataclasses import replace

from odoo import fields
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from . import table_words

_lt = LazyTranslate(__name__)

ROLES = {
    "client_reference": _lt("Our reference"),
    "provider_reference": _lt("BeePOST reference"),
    "label": _lt("Label"),
    "amount": _lt("Amount without tax"),
    "tax_rate": _lt("VAT rate"),
    "billed_on": _lt("Date"),
}

FAULTS = {
    "bill.no_reference_column": _lt(
        "Say which column holds our reference, or BeePOST's."
    ),
    "bill.no_column": _lt("Say which column holds this: %(role)s."),
    "bill.role_twice": _lt("Two columns are said to hold this: %(role)s."),
    "bill.column_gone": _lt("The file has no column “%(column)s”."),
    "bill.column_shared": _lt("Column “%(column)s” is chosen for two things."),
    "bill.no_reference": _lt(
        "Row %(row)s: no reference. If it is a total, remove the row."
    ),
    "bill.empty": _lt("Row %(row)s, column “%(column)s”: nothing in it."),
    "bill.no_amount": _lt(
        "Row %(row)s, column “%(column)s”: “%(value)s” is no amount."
    ),
    "bill.decimals": _lt(
        "Row %(row)s, column “%(column)s”: “%(value)s” has more than four decimals."
    ),
    "bill.no_rate": _lt(
        "Row %(row)s, column “%(column)s”: “%(value)s” is no rate of VAT in percent."
    ),
    "bill.no_day": _lt(
        "Row %(row)s, column “%(column)s”: “%(value)s” is no day, as 25/11/2026 or"
        " 2026-11-25 is one."
    ),
    "bill.outside": _lt(
        "Row %(row)s, column “%(column)s”: %(value)s is not between %(since)s and"
        " %(until)s, the period of the statement."
    ),
}

# Labels of a selection: Odoo translates them there.
SHORT = {
    "unknown": "Not in our books",
    "practice": "Practice letter",
    "other_account": "Letter of another account",
    "stopped": "Cancelled or refused before production",
    "not_sent": "Has not left",
    "unpriced": "Left without a price",
    "not_billed": "Not billed (yet)",
    "twice": "Billed twice",
    "part_not_billed": "A part is not billed",
    "not_expected": "A part that was not expected",
    "grid": "Priced by another day's grid",
    "step": "Another weight step",
    "step_sheets": "Another step of sheets",
    "quantity": "Price for many not given",
    "color": "As if in colour",
    "black": "As if in black and white",
    "simplex": "As if printed on one side",
    "address_sheet": "With an address sheet more",
    "no_address_sheet": "Without the address sheet",
    "service": "Another service",
    "tax_included": "Tax counted in",
    "vat": "Another VAT",
    "rounding": "Rounding",
    "other": "Not explained",
}

REASONS = {
    "unknown": _lt(
        "No letter bears this reference. Ask BeePOST who sent it; a letter that was"
        " refused and sent again has a new reference."
    ),
    "practice": _lt("A practice letter: nothing of it was printed or posted."),
    "other_account": _lt("The letter left through account %(account)s, not this one."),
    "stopped": _lt("The letter is “%(state)s”: nothing of it was to be produced."),
    "not_sent": _lt("By our books the letter has not left: it is “%(state)s”."),
    "unpriced": _lt("The letter left without a price: there is nothing to compare."),
    "not_billed": _lt("Not billed, or not yet: it may come with the next statement."),
    "twice": _lt("The same is billed twice."),
    "part_not_billed": _lt("Nothing is billed of this part: %(group)s."),
    "not_expected": _lt("Nothing was expected of this part: %(group)s."),
    "grid": _lt(
        "The amount is that of grid “%(grid)s”, for deposit on %(day)s for instance."
    ),
    "step": _lt(
        "The amount is that of the step up to %(step)s g; we weighed %(grams)s g."
    ),
    "step_sheets": _lt(
        "The amount is that of the step up to %(step)s sheets; we count %(sheets)s."
    ),
    "quantity": _lt(
        "The amount is that of a single letter; %(quantity)s were sent together."
    ),
    "color": _lt("The amount is that of a letter in colour; ours is not."),
    "black": _lt("The amount is that of a letter in black and white; ours has colour."),
    "simplex": _lt(
        "The amount is that of printing on one side only, on %(sheets)s sheets."
    ),
    "address_sheet": _lt("The amount is that of one sheet more: an address sheet."),
    "no_address_sheet": _lt("The amount is that of the letter without address sheet."),
    "service": _lt("The amount is that of another service: %(service)s."),
    "tax_included": _lt("The amount is the expected one with its tax."),
    "vat": _lt("VAT of %(billed)s %% is billed; expected: %(expected)s %%."),
    "rounding": _lt("Rounded to the cent: half a cent at most."),
    "other": _lt("No price of ours gives this amount: ask BeePOST."),
}
TWICE_IN = _lt("The same is billed in statement %(statement)s already.")

GROUP_NAMES = {"postage": _lt("postage"), "production": _lt("printing and insertion")}


def explain(env, reasons):
    """Sentences in the language of ``env``.

    :param reasons: list of {"code", "params"}
    """
    return " ".join(_sentence(env, one["code"], one["params"]) for one in reasons)


def _sentence(env, code, params):
    said = dict(params)
    if "day" in said:
        said["day"] = format_date(env, fields.Date.to_date(said["day"]))
    if "group" in said:
        group = GROUP_NAMES[said["group"]]
        said["group"] = env._(group)
    if "state" in said:
        states = env["beepost.mailing"]._fields["state"]._description_selection(env)
        said["state"] = dict(states).get(said["state"], said["state"])
    elsewhere = code == "twice" and said["statement"]
    text = env._(TWICE_IN if elsewhere else REASONS[code])
    return text % said


def fault(env, finding):
    """What is wrong in a file, as a sentence."""
    params = dict(finding.params)
    if "role" in params:
        role = ROLES[params["role"]]
        params["role"] = env._(role)
    return table_words.fault(env, replace(finding, params=params), FAULTS)
