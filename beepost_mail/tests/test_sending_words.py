"""What the dialogs say of one letter, of some, and of many."""

import re

from odoo.tests import TransactionCase, tagged

from ..models.beepost_alerts import short_list
from ..models.language_words import language_words
from .composing import ComposeCase
from .free_letters import FreeLetterCase
from .sending import BatchCase, SendCase


def paragraphs(html):
    return re.findall("<p>(.*?)</p>", html)


class TestSummaryOfDocuments(ComposeCase):
    def test_one_some_and_all(self):
        for total, sendable, expected in (
            (1, 1, "The document will be sent by post."),
            (3, 3, "3 documents will be sent by post."),
            (3, 1, "One of 3 documents will be sent by post."),
            (3, 2, "2 of 3 documents will be sent by post."),
            (1, 0, "No document will be sent by post."),
            (3, 0, "No document will be sent by post."),
        ):
            payments = self._payments(total)
            payments[sendable:].partner_id = False
            with self.subTest(total=total, sendable=sendable):
                wizard = self._compose(payments)
                self.assertEqual(paragraphs(wizard.summary), [expected])

    def test_one_that_was_posted(self):
        payments = self._payments(2)
        self._send(payments[0])
        self.assertEqual(
            paragraphs(self._compose(payments).summary),
            [
                "One of 2 documents will be sent by post.",
                "One document is left out: it was posted already.",
            ],
        )
        wizard = self._compose(payments, skip_posted=False)
        message = wizard.alerts["beepost_posted"]["message"]
        self.assertRegex(message, "^One of these documents was posted already: ")

    def test_one_address_of_many(self):
        nowhere = self._create_customer("Nowhere", city=False)
        payments = self._payments(2, [self.customer, nowhere])
        message = self._compose(payments).alerts["beepost_address"]["message"]
        self.assertRegex(message, "^One address cannot be printed in the window; that")


class TestSummaryOfInvoices(BatchCase):
    def test_what_is_told_once_they_are_sent(self):
        for count, words in (
            (1, "The document is being sent in the background."),
            (2, "2 documents are being sent in the background."),
        ):
            action = self._wizard(self._invoices(count)).action_send()
            self.assertIn(words, action["params"]["message"])


class TestAlertsOfMany(SendCase):
    def _alerts(self, moves):
        return self.env["beepost.alerts"]._get(moves)

    def test_on_their_way_out(self):
        moves = self._create_invoice() + self._create_invoice()
        self._post(moves[0])
        for chosen, words in (
            (moves[0], f"A letter is on its way out already ({moves[0].name})"),
            (moves, f"Letters are on their way out already for: {moves[0].name}."),
        ):
            message = self._alerts(chosen)["beepost_waiting"]["message"]
            self.assertIn(words, message)

    def test_electronic_invoices(self):
        self.customer.beepost_public_body = True
        moves = self._create_invoice() + self._create_invoice()
        one = self._alerts(moves[0])["beepost_electronic"]["message"]
        self.assertIn("Odoo notes this letter", one)
        many = self._alerts(moves)["beepost_electronic"]["message"]
        self.assertNotIn("this letter", many)
        self.assertIn("Odoo notes their letters", many)

    def test_no_bracket_within_a_bracket(self):
        self.assertEqual(short_list(self.env, list("abcde")), "a, b, c, d, e")
        self.assertEqual(
            short_list(self.env, list("abcdefg")), "a, b, c, d, e and 2 more"
        )


class TestPaper(SendCase):
    def test_pages_and_sheets_of_one_and_of_many(self):
        measured = type("Measure", (), {"envelope": "C5", "weight_mg": 1000})
        for pages, sheets, expected in (
            (1, 1, "1 page on 1 sheet, envelope"),
            (2, 1, "2 pages on 1 sheet, envelope"),
            (2, 2, "2 pages on 2 sheets, envelope"),
        ):
            measured.sheets = sheets
            words = self.env["beepost.estimate"]._paper_words(pages, measured)
            self.assertIn(expected, words)


class TestFreeLetterWords(FreeLetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "fr_FR"):
            cls.env["res.lang"]._activate_lang(lang)
        cls._in_english(cls.accountant)
        cls.nowhere = cls._create_customer("Nowhere", city=False)

    def _dialog(self, letter, lang="en_US"):
        Dialog = self.env["beepost.free.letter.send"].with_context(lang=lang)
        return Dialog.create({"letter_id": letter.id})

    def test_addressees(self):
        some = self._customers(3)
        for partners, expected in (
            (some[0], "The addressee gets a letter."),
            (some, "3 addressees get a letter."),
            (some[0] + self.nowhere, "One of 2 addressees gets a letter."),
            (some + self.nowhere, "3 of 4 addressees get a letter."),
            (self.nowhere, "No addressee gets a letter."),
        ):
            letter = self._write_letter(*partners)
            with self.subTest(expected=expected):
                self.assertEqual(paragraphs(self._dialog(letter).summary)[0], expected)

    def test_languages(self):
        some = self._customers(3)
        some[0].lang = "en_US"
        some[1:].lang = "fr_FR"
        letter = self._write_letter(*some)
        letter.update_field_translations("body", {"fr_FR": "<p>Nous déménageons</p>"})
        letter.update_field_translations("subject", {"fr_FR": "Nous déménageons"})
        for lang, english, french in (
            ("en_US", "1 in English", "2 in French"),
            ("fr_FR", "anglais", "français"),
        ):
            said = paragraphs(self._dialog(letter, lang).summary)[1]
            self.assertIn(english, said)
            self.assertIn(french, said)
            self.assertNotIn("/", said)

    def test_what_is_told_once_they_are_made(self):
        for partners, words in (
            (self.customer, "The letter is being made."),
            (self._customers(2), "2 letters are being made."),
        ):
            action = self._dialog(self._write_letter(*partners)).action_send()
            self.assertIn(words, action["params"]["message"])


@tagged("post_install", "-at_install")
class TestLanguages(TransactionCase):
    def test_names(self):
        self.env["res.lang"]._activate_lang("en_US")
        reader = self.env(context={"lang": "en_US"})
        self.assertEqual(
            language_words(reader, ["fr_FR", "en_US"]),
            {"fr_FR": "French", "en_US": "English"},
        )
        self.assertEqual(
            language_words(reader, ["fr_FR", "fr_CH", "de_DE"]),
            {
                "fr_FR": "French (France)",
                "fr_CH": "French (Switzerland)",
                "de_DE": "German",
            },
        )

    def test_a_language_of_odoo_alone(self):
        self.env["res.lang"].create(
            {"name": "Klingon", "code": "x1_XX", "url_code": "x1", "active": True}
        )
        self.assertEqual(language_words(self.env, ["x1_XX"]), {"x1_XX": "Klingon"})
