"""What a person reads of a grid's faults and doubts, of a file that was brought, and of
days without a price.

The rooms name codes and figures; here are the words, in the language of ``env``.
"""

from odoo import fields
from odoo.tools.misc import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.beepost_mail.models.beepost_alerts import short_list

from . import postage_words
from .table_words import fault

_lt = LazyTranslate(__name__)

GRID = {
    "grid.empty": _lt("The grid has no step: enter or import its prices."),
    "grid.duplicate_step": _lt("%(what)s is there twice: keep one of the two."),
    "grid.mixed_units": _lt(
        "%(product)s, %(zone)s, is counted by weight in one step and by sheets in"
        " another: choose one of them."
    ),
    "grid.zero_price": _lt(
        "%(what)s comes to 0.00, and nothing is posted for that: enter its price."
    ),
    "grid.falling_price": _lt(
        "%(what)s costs %(price)s, less than the step before it (%(before_step)s, at"
        " %(before)s): correct one of the two."
    ),
    "grid.no_public": _lt(
        "%(what)s counts from the public price at %(grams)s g, and there is none on"
        " %(day)s: publish the public grid first, or correct the step."
    ),
    "grid.ambiguous_option": _lt(
        "%(option)s is priced twice for the same letters and days: keep one of the two."
    ),
    "grid.public_ends": _lt(
        "From %(day)s on the public prices that discounts count from are missing:"
        " letters deposited then have no price."
    ),
    "grid.zero_option": _lt("%(option)s costs nothing: is that so?"),
    "grid.missing_product": _lt(
        "%(product)s, %(zone)s: the former grid has prices and this one has none."
    ),
    "grid.missing_step": _lt("%(what)s: the former grid has this step, this one not."),
    "grid.missing_option": _lt(
        "%(option)s%(where)s: the former grid has a price and this one has none."
    ),
    "grid.no_wanted_option": _lt(
        "“%(service)s” wants “%(option)s”, which has no price with %(product)s,"
        " %(zone)s: such letters would have no price."
    ),
    "grid.no_colour": _lt(
        "Printing has a price and colour has none: letters in colour would have no"
        " price."
    ),
    "grid.no_supplement": _lt(
        "%(zone)s pays an air supplement above %(grams)s g, and there is none: heavier"
        " letters would have no price."
    ),
    "grid.jump": _lt("%(what)s: %(before)s so far, %(price)s now (%(percent)s %%)."),
    "grid.option_jump": _lt(
        "%(option)s%(where)s: %(before)s so far, %(price)s now (%(percent)s %%)."
    ),
}

IMPORT = {
    "import.missing_column": _lt(
        "No column has the %(field)s: name one in the list of columns below."
    ),
    "import.two_columns": _lt(
        "Two columns have the %(field)s (%(columns)s): choose one in the list of"
        " columns below."
    ),
    "import.unknown_column": _lt(
        "Cell %(cell)s: column “%(column)s” is not read. Say in the list of columns"
        " below if it is one of the prices'."
    ),
    "import.tax_unsaid": _lt(
        "No column says how prices are taxed: postage is taken as exempt, printing and"
        " insertion as bearing VAT."
    ),
    "import.no_valid_from": _lt(
        "Nothing says from when on these prices hold: enter the day above."
    ),
    "import.missing": _lt("%(at)s: empty. A value is needed here."),
    "import.not_number": _lt("%(at)s: “%(value)s” is no number."),
    "import.thousands": _lt(
        "%(at)s: “%(value)s” has a sign between thousands, which may be read in two"
        " ways. Write 1234.56 or 1234,56."
    ),
    "import.separators": _lt(
        "%(at)s: “%(value)s” has more than one decimal sign. Write 1234.56 or 1234,56."
    ),
    "import.currency": _lt(
        "%(at)s: “%(value)s” is in another currency than the tariff (%(currency)s)."
    ),
    "import.negative": _lt("%(at)s: “%(value)s” is negative."),
    "import.zero": _lt("%(at)s: 0. Nothing is posted for nothing: enter a value."),
    "import.decimals": _lt("%(at)s: “%(value)s” has more than %(max)s decimals."),
    "import.not_whole": _lt("%(at)s: “%(value)s” is no whole number."),
    "import.too_great": _lt("%(at)s: “%(value)s” is too great: less than %(max)s."),
    "import.date": _lt(
        "%(at)s: “%(value)s” is no day. Write 2027-01-31 or 31/01/2027."
    ),
    "import.dates_order": _lt(
        "%(at)s: “%(value)s” comes before the first day, %(first)s."
    ),
    "import.mixed": _lt(
        "%(at)s: “%(value)s” is something else than cell %(first)s says. A grid has one"
        " of it: import the others as grids of their own."
    ),
    "import.dates_differ": _lt(
        "%(at)s: %(value)s, and you entered %(first)s above. Leave it empty above, or"
        " correct the file."
    ),
    "import.unknown_product": _lt(
        "%(at)s: “%(value)s” is no postal product known here. Correct it, or create the"
        " product first."
    ),
    "import.unknown_zone": _lt(
        "%(at)s: “%(value)s” is no postage zone known here. Correct it, or create the"
        " zone first."
    ),
    "import.unknown_kind": _lt(
        "%(at)s: “%(value)s” is neither “step” nor an option that is known here."
    ),
    "import.unknown_tax": _lt(
        "%(at)s: “%(value)s” is none of exempt, standard (with VAT) and debours."
    ),
    "import.unknown_pricing": _lt(
        "%(at)s: “%(value)s” is neither fixed nor below_public."
    ),
    "import.unknown_rounding": _lt("%(at)s: “%(value)s” is neither 0.01 nor 0.0001."),
    "import.two_maxima": _lt(
        "%(at)s: a step ends at grams or at sheets. Empty one of the two cells."
    ),
    "import.no_maximum": _lt(
        "%(at)s: where does this step end? Enter grams or sheets."
    ),
    "import.two_prices": _lt(
        "%(at)s: a step has its own price or a discount on the public one. Empty one of"
        " the two."
    ),
    "import.discount": _lt(
        "%(at)s: a discount of %(value)s is not between %(low)s and %(high)s %%, as the"
        " tariff says. Correct one of them."
    ),
    "import.not_for_step": _lt(
        "%(at)s: “%(value)s” belongs to options, and this row is a step. Empty the cell"
        " or correct the kind."
    ),
    "import.not_for_option": _lt(
        "%(at)s: “%(value)s” belongs to steps, and this row is an option. Empty the"
        " cell or correct the kind."
    ),
    "import.overlap": _lt(
        "The grid would begin on %(day)s, when %(grid)s is in force for the same"
        " products and does not give way. Correct the days, or say in “Replaces”"
        " that it is a new version of that one."
    ),
    "import.lies": _lt(
        "“%(name)s” is not what its name says. Save it anew as CSV or XLSX."
    ),
    "import.kind": _lt(
        "“%(name)s” is of a kind that is not read. Save it as CSV or XLSX, without"
        " password and macros."
    ),
}

GAP = {
    "nothing": _lt("No grid is in force: letters have no price."),
    "public": _lt(
        "From %(day)s on there are no public prices for %(what)s, which the discounts"
        " count from."
    ),
    "own": _lt("From %(day)s on there is no price for %(what)s."),
}


def sentence(env, finding):
    """A finding of a grid or of an import as a sentence.

    :param finding: with a code ``grid.*``, ``import.*`` or ``table.*``
    """
    if finding.code.startswith("table."):
        return fault(env, finding)
    if finding.code == "import.refused":
        return finding.params["reason"]  # said by Odoo, in words
    text = env._({**GRID, **IMPORT}[finding.code])
    figures = _figures(env, finding.params)
    said = text % figures
    if finding.code in GRID and "at" in figures:
        return env._("%(where)s: %(what)s", where=figures["at"], what=said)
    return said


def _figures(env, params):
    figures = {name: _figure(env, name, value) for name, value in params.items()}
    if "step" in params:
        step = step_name(env, params["step"], params["unit"])
        figures["what"] = f"{figures['product']}, {figures['zone']}, {step}"
    if "before_step" in params:
        figures["before_step"] = step_name(env, params["before_step"], params["unit"])
    figures["where"] = f", {figures['zone']}" if params.get("zone") else ""
    if "cell" in params:
        figures["at"] = place(env, params)
    return figures


def place(env, params):
    """Where in a file."""
    return env._(
        "Row %(row)s, column “%(column)s” (%(cell)s)",
        row=params.get("row", 1),
        column=params["column"],
        cell=params["cell"],
    )


def _figure(env, name, value):
    say = {
        "product": postage_words.product_name,
        "zone": lambda env, code: code and postage_words.zone_name(env, code),
        "option": postage_words.option_name,
        "field": column_name,
        "price": postage_words.euros,
        "before": postage_words.euros,
        "percent": percent,
        "day": _day,
        "first": _day,
    }.get(name)
    return say(env, value) if say else value


def _day(env, text):
    """A day as people write it; a cell stays as it is."""
    is_day = len(text) == 10 and text[4] == text[7] == "-"
    return format_date(env, fields.Date.to_date(text)) if is_day else text


def step_name(env, end, unit):
    if unit == "sheets":
        return env._("up to %(sheets)s sheets", sheets=end)
    return env._("up to %(grams)s g", grams=end)


def percent(env, number):
    """Signed, to a tenth."""
    text = formatLang(env, float(number), digits=1)
    return text if text.startswith("-") else f"+{text}"


def column_name(env, name):
    selection = env["beepost.postage.import.column"]._fields["field"]
    return dict(selection._description_selection(env)).get(name, name)


def gap_words(env, gap):
    """From when on what has no price; ``gap`` is of ``tariff.cover``."""
    if gap.nothing:
        nothing = GAP["nothing"]
        return env._(nothing)
    codes = {product for product, _zone in gap.products}
    Product = env["beepost.postage.product"].sudo().with_context(active_test=False)
    names = Product.search([("code", "in", list(codes))]).mapped("name")
    names += [postage_words.option_name(env, option) for option in gap.options]
    listed = short_list(env, list(dict.fromkeys(names)), shown=4)
    text = GAP["public" if gap.public else "own"]
    text = env._(text)
    return text % {"day": format_date(env, gap.day), "what": listed}
