"""The sentence that a person reads for each finding.

Rooms and provider name codes and figures; this is the one place that knows words.
Each sentence says what is the matter and, where a person can mend it, how.
"""

import logging

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

SENTENCES = {
    # -- the address -----------------------------------------------------------
    "address.name_missing": _lt("The addressee has no name: enter one."),
    "address.street_missing": _lt("The street is missing: enter it in the address."),
    "address.zip_missing": _lt("The postcode is missing: enter it in the address."),
    "address.city_missing": _lt("The city is missing: enter it in the address."),
    "address.country_missing": _lt("The country is missing: choose it in the address."),
    "address.country_unknown": _lt(
        "“%(country)s” is not a country that post goes to: choose another one."
    ),
    "address.zip_invalid": _lt(
        "“%(zip)s” is not a postcode of %(country)s: correct it."
    ),
    "address.zip_conflict": _lt(
        "The postcode %(zip)s and the city “%(city)s” name two different postcodes:"
        " keep one."
    ),
    "address.line_too_long": _lt(
        "Line %(line)s has %(length)s characters, %(max)s fit: shorten “%(text)s”."
    ),
    "address.too_many_lines": _lt(
        "The address has %(lines)s lines, %(max)s fit: join or remove some."
    ),
    "address.unprintable": _lt(
        "Line %(line)s (“%(text)s”) has characters that cannot be printed:"
        " %(characters)s. Write them in Latin letters."
    ),
    "address.not_latin": _lt(
        "Line %(line)s (“%(text)s”) must be in Latin letters for La Poste to read it:"
        " %(characters)s."
    ),
    "address.street2_doubt": _lt(
        "“%(text)s” was put on line %(line)s: check that it belongs there."
    ),
    "address.zip_doubtful": _lt(
        "“%(zip)s” does not look like a postcode of %(country)s (an example:"
        " %(example)s): check it."
    ),
    "address.zip_unexpected": _lt(
        "%(country)s has no postcodes: “%(zip)s” is printed all the same."
    ),
    "address.state_missing": _lt(
        "Addresses in %(country)s usually name the state or province."
    ),
    "address.local_script": _lt(
        "Line %(line)s is in the local script (“%(text)s”): the last line names the"
        " country in French."
    ),
    "address.abbreviated": _lt(
        "Line %(line)s was too long: “%(word)s” is printed as “%(short)s”."
    ),
    "address.lines_joined": _lt("Two lines were joined on line %(line)s: “%(text)s”."),
    "address.reordered": _lt("“%(first)s” is printed before “%(second)s”."),
    "address.zip_repeated": _lt(
        "The postcode %(zip)s stood in the city “%(city)s” too: it is printed once."
    ),
    "address.invisible_removed": _lt(
        "Invisible characters were removed from field %(field)s (%(codes)s)."
    ),
    "sender.incomplete": _lt(
        "The address of your own company %(company)s cannot be printed (%(why)s):"
        " complete it in the company's settings."
    ),
    # -- the documents -----------------------------------------------------------
    "document.missing": _lt(
        "The file of “%(name)s” is gone: make the document's PDF again, then send"
        " again."
    ),
    "document.damaged": _lt(
        "The stored PDF of “%(name)s” is not the one that was checked: try again, and"
        " tell your administrator if it happens twice."
    ),
    "document.unexpected": _lt(
        "This letter could not be prepared, for a reason that your administrator finds"
        " in the server's log. Nothing was sent."
    ),
    # -- the provider --------------------------------------------------------------
    "provider.refused": _lt("BeePOST refused this letter: %(message)s (%(code)s)."),
}


def sentence(env, finding):
    """``finding`` in the language of ``env``; never raises, whatever the code."""
    text = SENTENCES.get(finding.code)
    if text is not None:
        try:
            return env._(text) % dict(finding.params)
        except (KeyError, ValueError, TypeError):
            _logger.exception("The sentence of %s lacks figures", finding.code)
    figures = ", ".join(f"{key}: {value}" for key, value in finding.params.items())
    return env._(
        "Something else was found: %(code)s (%(figures)s).",
        code=finding.code,
        figures=figures,
    )
