"""The prices that README.rst explains are explained just so by the running code.

Where this fails because the words have changed: the message is the section as it has to
be, from the first marker to the last line.
"""

import re
import textwrap
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_postage.models import postage_words
from odoo.addons.beepost_postage.tests.common import PostageCase

README = Path(__file__).parents[2] / "README.rst"
LANGUAGES = {"en_US": "en", "fr_FR": "fr"}
HEADS = {
    ("plain", "en"): "A plain letter of three pages to Lyon:",
    ("plain", "fr"): "Une lettre simple de trois pages pour Lyon :",
    ("registered", "en"): "A registered letter with AR, two pages in colour, to Lyon:",
    ("registered", "fr"): "Un recommandé avec AR, deux pages en couleur, pour Lyon :",
}
MARKER = re.compile(r"^\.\. price: (\w+), (\w+)$", re.MULTILINE)


@tagged("standard", "post_install", "-at_install")
class TestPricesOfReadme(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGUAGES:
            cls.env["res.lang"]._activate_lang(lang)

    def test_the_readme_says_what_the_code_says(self):
        letters = {
            "plain": self._priced(pages=3),
            "registered": self._registered(),
        }
        blocks = {
            (kind, short): self._explained(letter, lang)
            for kind, letter in letters.items()
            for lang, short in LANGUAGES.items()
        }
        self.assertTrue(all(len(lines) > 10 for lines in blocks.values()))
        wanted = "\n".join(_block(key, lines) for key, lines in blocks.items())
        self.assertEqual(_told(README.read_text(encoding="utf-8")), blocks, wanted)

    def _registered(self):
        move = self._create_invoice(pdf=a4_pdf(pages=2))
        service = self._service("registered_ar")
        letter = self._post(move, service_id=service.id, color=True)
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        return letter

    def _explained(self, letter, lang):
        env = letter.with_context(lang=lang).env
        return [_plain(line) for line in postage_words.explain(env, letter.quote)]


def _plain(text):
    """No-break spaces are for the screen, and lines are broken where they are full."""
    return re.sub(r"\s+", " ", text).strip()


def _block(key, lines):
    kind, lang = key
    items = [
        textwrap.fill(line, 88, initial_indent="* ", subsequent_indent="  ")
        for line in lines
    ]
    return "\n".join([f".. price: {kind}, {lang}", "", HEADS[key], "", *items, ""])


def _told(readme):
    """:return: {(kind, language): sentences}"""
    parts = MARKER.split(readme)
    found = {}
    for kind, lang, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        head = HEADS[kind, lang]
        assert head in text, head
        items = text.partition(head)[2].strip("\n").split("\n\n")[0]
        found[kind, lang] = [
            _plain(line) for line in re.split(r"^\* ", items, flags=re.M)
        ]
        assert found[kind, lang].pop(0) == ""
    return found
