"""Languages as a sentence names them: “in French”, « en français ».

Odoo's own names are written twice, “French / Français”, and with a country.
"""

from babel import Locale, UnknownLocaleError

from odoo.tools.misc import babel_locale_parse, get_lang


def language_words(env, codes):
    """
    :param codes: of ``res.lang``
    :return: {code: name in the reader's language}; the country stands with it where two
        of them are of one language
    """
    reader = babel_locale_parse(get_lang(env).code)
    locales = {code: _locale(code) for code in codes}
    short = {
        code: locale and locale.get_language_name(reader)
        for code, locale in locales.items()
    }
    words = {}
    for code, name in short.items():
        if name and list(short.values()).count(name) > 1:
            name = locales[code].get_display_name(reader)
        words[code] = name or env["res.lang"]._get_data(code=code).name or code
    return words


def _locale(code):
    """None: a language of Odoo alone, which keeps Odoo's name."""
    try:
        return Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return None
