"""The sentence that a person reads for each finding.

Rooms and provider name codes and figures; this is the one place that knows words.
Each sentence says what is the matter and, where a person can mend it, how.
"""

import logging

from odoo.tools.misc import formatLang
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
        "The address of your own company %(company)s cannot be printed: complete it in"
        " the company's settings."
    ),
    # -- the documents -----------------------------------------------------------
    "pages.no_document": _lt("The letter holds no document."),
    "pages.empty": _lt("The file “%(document)s” is empty: attach it again."),
    "pages.not_pdf": _lt(
        "“%(document)s” is not a PDF (it looks like %(looks_like)s): only PDF files can"
        " be posted."
    ),
    "pages.too_many_bytes": _lt(
        "“%(document)s” has %(size_mb)s MB, at most %(max_mb)s MB can be posted: make"
        " its pictures smaller."
    ),
    "pages.too_many_pages": _lt(
        "“%(document)s” has %(pages)s pages, at most %(max_pages)s can be posted."
    ),
    "pages.too_many_sheets": _lt(
        "The letter has %(sheets)s sheets, at most %(max_sheets)s fit in an envelope:"
        " print on both sides, or send fewer documents."
    ),
    "envelope.too_many_sheets": _lt(
        "The letter has %(sheets)s sheets, at most %(max)s fit in an envelope: print on"
        " both sides, or send fewer documents."
    ),
    "pages.too_heavy": _lt(
        "“%(document)s” takes too much time or memory to check (limit: %(limit)s):"
        " print it to a new PDF and attach that one."
    ),
    "pages.encrypted": _lt(
        "“%(document)s” is protected by a password: attach it without one."
    ),
    "pages.printing_forbidden": _lt(
        "The author of “%(document)s” forbids printing it: ask for a file that may be"
        " printed."
    ),
    "pages.xfa": _lt(
        "“%(document)s” is a dynamic form that only Adobe's program shows: print it"
        " to a new PDF and attach that one."
    ),
    "pages.unreadable": _lt(
        "“%(document)s” is damaged and cannot be opened: make it again."
    ),
    "pages.incomplete": _lt(
        "“%(document)s” announces %(declared)s pages and has %(pages)s: the file is cut"
        " off, make it again."
    ),
    "pages.damaged": _lt(
        "Page %(page)s of “%(document)s” is damaged: make the document again."
    ),
    "pages.size_unusable": _lt(
        "Page %(page)s of “%(document)s” measures %(width_mm)s × %(height_mm)s mm and"
        " cannot be brought to A4."
    ),
    "pages.font_missing": _lt(
        "Page %(page)s of “%(document)s” uses font %(font)s, which is not in the file:"
        " make the PDF with its fonts embedded."
    ),
    "pages.margin_ink": _lt(
        "Page %(page)s of “%(document)s” prints in the white margin (from"
        " %(left_mm)s, %(top_mm)s to %(right_mm)s, %(bottom_mm)s mm) and cannot be"
        " shrunk enough: move it inwards."
    ),
    "pages.reserved_ink": _lt(
        "Page %(page)s of “%(document)s” prints where the machine puts its marks (from"
        " %(left_mm)s, %(top_mm)s to %(right_mm)s, %(bottom_mm)s mm): leave that zone"
        " white."
    ),
    "pages.blank_document": _lt("“%(document)s” has only blank pages."),
    "pages.address_sheet_needed": _lt(
        "An address sheet is needed (%(reason)s), and you chose never to add one:"
        " choose “Only if needed”."
    ),
    "pages.repair_failed": _lt(
        "The PDF needs a repair that does not hold (page %(page)s): make it again."
    ),
    "pages.font_not_embedded": _lt(
        "Page %(page)s of “%(document)s” uses font %(font)s, which is not in the file:"
        " it may look a little different on paper."
    ),
    "pages.comments": _lt(
        "Page %(page)s of “%(document)s” has %(count)s comments; %(printed)s of them"
        " are printed."
    ),
    "pages.form": _lt(
        "“%(document)s” is a form with %(fields)s fields: it is printed as filled in"
        " now."
    ),
    "pages.javascript": _lt("“%(document)s” contains a program, which does not run."),
    "pages.script_removed": _lt("A program in “%(document)s” was removed."),
    "pages.blank_page": _lt("Page %(page)s of “%(document)s” is blank."),
    "pages.signature_broken": _lt(
        "The electronic signature of “%(document)s” does not hold on the repaired copy;"
        " the original is unchanged."
    ),
    "pages.decrypted": _lt("The protection of “%(document)s” was taken off."),
    "pages.rebuilt": _lt(
        "The structure of “%(document)s” was damaged and was rebuilt."
    ),
    "pages.rotated": _lt(
        "Page %(page)s of “%(document)s” was turned by %(degrees)s degrees."
    ),
    "pages.scaled": _lt(
        "Page %(page)s of “%(document)s” (%(width_mm)s × %(height_mm)s mm) was scaled"
        " to A4 (%(percent)s %%)."
    ),
    "pages.shrunk": _lt(
        "Page %(page)s of “%(document)s” was shrunk to %(percent)s %% to leave the"
        " margins white."
    ),
    "pages.cropped": _lt("Page %(page)s of “%(document)s” is printed as cropped."),
    "pages.user_unit": _lt(
        "Page %(page)s of “%(document)s” counts in units of %(unit)s points and was"
        " brought to its real size."
    ),
    "pages.flattened": _lt("The fields of “%(document)s” were printed into its pages."),
    "pages.joined": _lt("%(documents)s documents were joined."),
    "pages.blank_back": _lt(
        "A blank back was put after page %(page)s of “%(document)s”, so that what"
        " follows starts on a front."
    ),
    "pages.address_sheet": _lt("An address sheet was put in front: %(reason)s."),
    # -- the window ----------------------------------------------------------------
    "window.empty": _lt("The first page shows nothing in the address window."),
    "window.differs": _lt(
        "Line %(line)s in the window shows “%(shown)s” instead of “%(expected)s”."
    ),
    "window.outside": _lt(
        "A part of the address lies outside the window (from %(left_mm)s, %(top_mm)s to"
        " %(right_mm)s, %(bottom_mm)s mm)."
    ),
    "window.foreign_ink": _lt(
        "Something else than the address is printed in the white zone around the window"
        " (from %(left_mm)s, %(top_mm)s to %(right_mm)s, %(bottom_mm)s mm)."
    ),
    "window.too_small": _lt(
        "The address in the window is too small to be read (from %(left_mm)s,"
        " %(top_mm)s to %(right_mm)s, %(bottom_mm)s mm)."
    ),
    "window.too_faint": _lt(
        "The address in the window is too pale to be read (from %(left_mm)s, %(top_mm)s"
        " to %(right_mm)s, %(bottom_mm)s mm)."
    ),
    "window.not_upright": _lt(
        "The address in the window does not stand upright (from %(left_mm)s, %(top_mm)s"
        " to %(right_mm)s, %(bottom_mm)s mm)."
    ),
    "window.line_too_wide": _lt(
        "Line %(line)s of the address is %(width_mm)s mm wide, the window %(max_mm)s"
        " mm: shorten it."
    ),
    "window.no_room": _lt(
        "The window has no room for the %(lines)s lines of the %(part)s: enlarge the"
        " window in the profile, or remove a line."
    ),
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
    "document.lies": _lt(
        "“%(name)s” is named as if it were %(claimed)s, but it is %(kind)s: nobody can"
        " tell what was to be posted. Save it anew, then send again."
    ),
    "document.unprintable_kind": _lt(
        "“%(name)s” is %(kind)s, which cannot be printed: save it as PDF."
    ),
    "document.empty": _lt("“%(name)s” is empty: choose another file."),
    "document.image_too_large": _lt(
        "The image “%(name)s” has %(megapixels)s million pixels, at most"
        " %(max_megapixels)s can be printed: make it smaller."
    ),
    "document.image_broken": _lt(
        "The image “%(name)s” is damaged, or has too many pages: save it as PDF."
    ),
    "document.office_missing": _lt(
        "“%(name)s” is %(kind)s; LibreOffice, which could print it, is not installed"
        " on the server. Save it as PDF."
    ),
    "document.office_network": _lt(
        "“%(name)s” cannot be printed on this server: it does not let LibreOffice run"
        " without a network, and office files are never opened with one. Save it as"
        " PDF, or ask your administrator to allow “unshare --net”."
    ),
    "document.office_failed": _lt(
        "LibreOffice could not make a PDF of “%(name)s”: save it as PDF yourself."
    ),
    "document.office_slow": _lt(
        "LibreOffice did not make a PDF of “%(name)s” within %(seconds)s seconds: save"
        " it as PDF yourself."
    ),
    # -- the provider --------------------------------------------------------------
    "provider.refused": _lt("BeePOST refused this letter: %(message)s (%(code)s)."),
}


_KINDS = {
    "pdf": _lt("a PDF"),
    "image": _lt("an image"),
    "word": _lt("a Word document"),
    "sheet": _lt("a spreadsheet"),
    "slides": _lt("a presentation"),
    "html": _lt("a web page"),
    "zip": _lt("a ZIP archive"),
    "unknown": _lt("a file of an unknown kind"),
}
# Figures that are words themselves: {param: {value: word}}.
WORDS = {
    "reason": {
        "window": _lt("the first page does not show the address in the window"),
        "always": _lt("you asked for one"),
        "envelope": _lt("the large envelope needs one"),
    },
    "part": {"recipient": _lt("addressee"), "sender": _lt("sender")},
    "limit": {
        "time": _lt("time"),
        "memory": _lt("memory"),
        "size": _lt("size"),
        "content": _lt("content"),
        "crash": _lt("the checking program broke off"),
    },
    "document": {"": _lt("the letter's file")},
    "looks_like": {
        "unknown": _lt("something else"),
        "html": _lt("a web page"),
        "zip": _lt("a ZIP archive"),
        "office": _lt("an office document"),
    },
    "kind": _KINDS,
    "claimed": _KINDS,
    "field": {
        "company": _lt("company"),
        "person": _lt("name"),
        "street": _lt("street"),
        "street2": _lt("street 2"),
        "zip": _lt("postcode"),
        "city": _lt("city"),
        "state": _lt("state"),
    },
}


def sentence(env, finding):
    """``finding`` in the language of ``env``; never raises, whatever the code."""
    figures = {key: _word(env, key, value) for key, value in finding.params.items()}
    text = SENTENCES.get(finding.code)
    if text is not None:
        try:
            sentence_of_code = env._(text)
            return sentence_of_code % figures
        except (KeyError, ValueError, TypeError):
            _logger.exception("The sentence of %s lacks figures", finding.code)
    return env._(
        "Something else was found: %(code)s (%(figures)s).",
        code=finding.code,
        figures=", ".join(f"{key}: {value}" for key, value in figures.items()),
    )


def _word(env, key, value):
    if key == "country":
        country = env["res.country"].sudo().search([("code", "=", value)], limit=1)
        return country.name or value
    if isinstance(value, float):
        return formatLang(env, value, digits=1)
    word = WORDS.get(key, {}).get(value)
    return env._(word) if word else value
