"""The French of an addon is complete, loads, and keeps what it must keep.

After a change of words, bring ``i18n/`` up to date (``msgmerge`` is in gettext)::

    setup/odoo -d NAME -u ADDON --stop-after-init
    setup/odoo i18n export -d NAME ADDON
    cd ADDON/i18n
    msgmerge --update --backup=none fr.po ADDON.pot
    msgattrib --no-obsolete -o fr.po fr.po

then translate what is empty or marked ``fuzzy`` in ``fr.po``, and tidy it up with
``oca-checks-po --fix fr.po``. A database that has French already takes the new words
with ``-u ADDON --i18n-overwrite``.
"""

import re
from collections import Counter

import polib

from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

# What mail and its companions give every thread depends on the addons installed.
THREAD_FIELD = re.compile(
    r"__(message|has_message|website_message|rating|activity|my_activity)(_|$)"
)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[%a-z]|</?[a-z][^>]*>")
# Of a tag, what is read aloud is translated with it.
LABEL = re.compile(r' aria-label="[^"]*"')
# An ordinary space where French typography has one that does not break.
BREAKING = re.compile(r" [:;?!»]| %%|«(?!\u00a0)")
# What no piece of a view begins with. French has a no-break space before some of it,
# and Odoo strips a piece of its spaces.
PUNCTUATION = re.compile(r"\s*[,;:.!?)»]")
# Letters that only a French sentence has.
FRENCH = re.compile(r"[àâçèéêëîïôùûœ«»]", re.IGNORECASE)


def kept(text):
    """Placeholders and tags of ``text``, which its translation has as well."""
    return Counter(PLACEHOLDER.findall(LABEL.sub("", text)))


class Translation:
    """For a ``TransactionCase``: what holds for the French of any addon of ours."""

    MODULE: str
    # The same in French: no translation, as Odoo exports it.
    SAME: frozenset[str]
    # The French that English keeps.
    FRENCH_TERMS: tuple[str, ...] = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = polib.pofile(file_path(f"{cls.MODULE}/i18n/{cls.MODULE}.pot"))
        cls.french = polib.pofile(file_path(f"{cls.MODULE}/i18n/fr.po"))

    def _export(self, lang=None):
        """:return: {term: translations in the database, of all its places}"""
        terms = {}
        for row in TranslationModuleReader(self.env.cr, [self.MODULE], lang):
            _module, _type, _name, place, source, value, _comments = row
            if not THREAD_FIELD.search(str(place)):
                terms.setdefault(source, []).append(value)
        return terms

    def _terms_of(self, file):
        return {
            entry.msgid
            for entry in file
            if not all(THREAD_FIELD.search(place) for place, _ in entry.occurrences)
        }

    def test_files_have_the_terms_of_the_addon(self):
        terms = set(self._export())
        for file in (self.template, self.french):
            known = {entry.msgid for entry in file}
            self.assertFalse(terms - known, "missing: see the top of this test")
            stale = self._terms_of(file) - terms
            self.assertFalse(stale, "stale: see the top of this test")

    def test_every_term_is_translated(self):
        untranslated = {entry.msgid for entry in self.french.untranslated_entries()}
        self.assertEqual(untranslated, self.SAME)
        self.assertFalse([entry.msgid for entry in self.french.fuzzy_entries()])
        self.assertFalse([entry.msgid for entry in self.french.obsolete_entries()])

    def test_french_reaches_the_database(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        addon = self.env["ir.module.module"].search([("name", "=", self.MODULE)])
        addon._update_translations("fr_FR")
        english = {
            term for term, values in self._export("fr_FR").items() if not all(values)
        }
        self.assertFalse(english - self.SAME)

    def test_placeholders_and_tags_are_kept(self):
        for entry in self.french.translated_entries():
            self.assertEqual(kept(entry.msgid), kept(entry.msgstr))

    def test_french_typography(self):
        for entry in self.french:
            text = re.sub(r"<[^>]*>", "", entry.msgstr)
            self.assertNotRegex(text, BREAKING)
            self.assertNotRegex(text, '[’“”"]', "one apostrophe, one kind of quotes")

    def test_no_piece_of_a_view_begins_with_punctuation(self):
        rows = TranslationModuleReader(self.env.cr, [self.MODULE])
        terms = [term for _, kind, _, _, term, *_ in rows if kind == "model_terms"]
        self.assertTrue(terms)
        self.assertFalse([term for term in terms if PUNCTUATION.match(term)])

    def test_sources_are_english(self):
        for entry in self.template:
            text = entry.msgid
            for term in self.FRENCH_TERMS:
                text = text.replace(term, "")
            self.assertNotRegex(text, FRENCH)
