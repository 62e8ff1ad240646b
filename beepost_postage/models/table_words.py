"""What a person reads of a file that cannot be taken: row and column first."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FAULTS = {
    "table.too_large": _lt(
        "The file has %(bytes)s bytes, more than the %(max)s that are read. Split it."
    ),
    "table.not_a_table": _lt(
        "This is neither a CSV nor an XLSX file, or it is damaged or protected by a"
        " password. Save it anew as XLSX or CSV."
    ),
    "table.encoding": _lt(
        "The characters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX."
    ),
    "table.quotes": _lt("Row %(row)s: its quotation marks do not match."),
    "table.empty": _lt("The file has no rows below its header."),
    "table.too_many_rows": _lt(
        "The file has more than %(max)s rows. Split it, and import one part after the"
        " other."
    ),
    "table.too_many_columns": _lt("The file has more than %(max)s columns."),
    "table.no_column_name": _lt(
        "Row %(row)s, column %(column)s: the header has no name for this column."
    ),
    "table.column_twice": _lt(
        "Row %(row)s, column “%(column)s”: another column has this name already."
    ),
    "table.too_long": _lt(
        "Row %(row)s, column “%(column)s”: longer than %(max)s characters."
    ),
    "table.formula": _lt(
        "Row %(row)s, column “%(column)s”: a formula. Copy the values only (paste"
        " special) and import again."
    ),
    "table.error_value": _lt(
        "Row %(row)s, column “%(column)s”: an error of the spreadsheet (%(value)s)."
    ),
    "table.beside": _lt(
        "Row %(row)s, column %(column)s: there is a value, and no column name above it."
    ),
}


def fault(env, finding, words=None):
    """A fault as a sentence, in the language of ``env``.

    :param words: {code: sentence} of further faults than those of reading a file
    """
    text = env._({**FAULTS, **(words or {})}[finding.code])
    return text % finding.params
