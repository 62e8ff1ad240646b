"""Days as sentences and letters word them, the one place that does.

Babel leaves the first of a month a bare figure in French, where everybody writes and
reads “1er”: “mardi 1er décembre 2026”.
"""

import re

from odoo.tools import format_date, format_datetime
from odoo.tools.misc import get_lang

# Alone, and before a word: no part of “01/12/2026”, of a year or of a time.
_FIRST = re.compile(r"\b1(?=\s[^\W\d])")


def day_words(env, day, form="full", lang=None):
    """A day with its month in letters.

    :param day: date
    :param form: ``full`` has the day of the week, ``long`` has not
    :param lang: code of a language; None: the reader's
    """
    return _first(env, format_date(env, day, lang, form), lang)


def moment_words(env, moment, form, tz):
    """A moment with its month in letters.

    :param moment: naive datetime in UTC
    :param form: pattern of CLDR, as ``d MMM y, HH:mm``
    :param tz: name of the time zone whose clock is meant
    """
    return _first(env, format_datetime(env, moment, tz=tz, dt_format=form))


def _first(env, words, lang=None):
    french = get_lang(env, lang).code.startswith("fr")
    return _FIRST.sub("1er", words, count=1) if french else words
