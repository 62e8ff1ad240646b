"""Chatter and activities: the author learns what became of the letter."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools.translate import code_translations

from ..letter.finding import ERROR, Finding
from .common import ScriptedGateway
from .letters import MailingCase, refusing


class TestPeopleAreTold(MailingCase):
    def test_chatter_of_the_document_follows_the_letter(self):
        move = self._create_invoice()
        letter = self._post(move, user=self.accountant)
        self.assertIn("Letter created", self._bodies(move))
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertIn(letter.provider_reference, self._bodies(move))
        # The letter's own fields say the same.
        self.assertEqual(letter.state, "accepted")
        self.assertTrue(letter.accepted_at)
        self.assertFalse(letter.sudo().message_ids)

    def test_what_went_otherwise_stands_in_both(self):
        move = self._create_invoice()
        letter = self._refused(move)
        letter.with_user(self.accountant).action_retry()
        letter.with_user(self.accountant).action_cancel()
        doubtful_move = self._create_invoice()
        doubtful = self._in_doubt(doubtful_move)
        self.assertIn("Sent again by", self._bodies(letter))
        for records, words in (
            ((move, letter), "was not sent"),
            ((move, letter), "Letter cancelled"),
            ((doubtful_move, doubtful), "Nobody can tell"),
        ):
            for record in records:
                self.assertIn(words, self._bodies(record), record)

    def test_refused_from_the_start_is_not_called_created(self):
        partner = self._create_customer("Sans rue", street=False)
        move = self._create_invoice(partner)
        self._post(move)
        self.assertNotIn("Letter created", self._bodies(move))
        self.assertIn("not sent", self._bodies(move))

    def test_refusal_reaches_the_author(self):
        letter = self._refused(self._create_invoice(), user=self.accountant)
        self.assertEqual(letter.activity_ids.user_id, self.accountant)
        self.assertIn(letter.name, letter.activity_ids.summary)
        mine = (
            self.env["mail.activity"]
            .with_user(self.accountant)
            .search([("res_model", "=", "beepost.mailing")])
        )
        self.assertEqual(mine, letter.activity_ids)
        letter.with_user(self.accountant).action_retry()
        self.assertFalse(letter.activity_ids)

    def test_in_the_authors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        words = {
            "Letter not sent: %(name)s": "Pli non envoyé : %(name)s",
            "Was letter %(name)s received?": "Le pli %(name)s est-il arrivé ?",
        }
        real = code_translations.get_python_translations

        def translations(module, lang):
            if (module, lang) == ("beepost_mail", "fr_FR"):
                return words
            return real(module, lang)

        with patch.object(code_translations, "get_python_translations", translations):
            refused = self._refused(self._create_invoice())
            doubtful = self._in_doubt(self._create_invoice())
        self.assertTrue(refused.activity_ids.summary.startswith("Pli non envoyé"))
        self.assertTrue(doubtful.activity_ids.summary.startswith("Le pli"))

    def test_each_author_his_own(self):
        colleague = self._create_user("colleague", "account.group_account_invoice")
        mine = self._post(self._create_invoice(), user=self.accountant)
        theirs = self._post(self._create_invoice(), user=colleague)
        with self._gateway(refusing()):
            self._run_outbox()
        self.assertEqual(mine.activity_ids.user_id, self.accountant)
        self.assertEqual(theirs.activity_ids.user_id, colleague)

    def test_author_who_left(self):
        """An archived author, or one without rights now, stops no queue."""
        letters = self._post(
            self._create_invoice(), self._create_invoice(), user=self.accountant
        )
        self.accountant.active = False
        with self._gateway(refusing()):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"rejected"})

        letter = self._post(self._create_invoice(), user=self.manager)
        self.manager.group_ids = self.env.ref("base.group_user")
        with self._gateway(refusing()):
            self._run_outbox()
        self.assertEqual(letter.state, "rejected")

    def test_hooks_hear_of_each_letter_once(self):
        heard = []

        @contextmanager
        def listening():
            cls = type(self.env["beepost.mailing"])
            with (
                patch.object(
                    cls,
                    "_after_accepted",
                    lambda s: heard.extend(("accepted", i) for i in s.ids),
                ),
                patch.object(
                    cls,
                    "_after_rejected",
                    lambda s: heard.extend(("rejected", i) for i in s.ids),
                ),
            ):
                yield

        with listening():
            good = self._accepted(self._create_invoice(), self._create_invoice())
            bad = self._refused(self._create_invoice(), self._create_invoice())
            doubtful = self._in_doubt(self._create_invoice())
            doubtful.with_user(self.manager).action_did_arrive()
        self.assertEqual(
            sorted(heard),
            sorted(
                [("accepted", i) for i in (good + doubtful).ids]
                + [("rejected", i) for i in bad.ids]
            ),
        )

    def test_reasons_are_escaped(self):
        letter = self._post(self._create_invoice())
        letter.sudo()._refuse(
            {
                letter: [
                    Finding(
                        "provider.refused",
                        ERROR,
                        {
                            "code": "x",
                            "message": "<script>alert(1)</script>",
                            "field": "",
                            "page": 0,
                        },
                    )
                ]
            }
        )
        self.assertIn("&lt;script&gt;", letter.error)
        self.assertNotIn("<script>", letter.error)
        move = self.env["account.move"].browse(letter.document_ids.res_id)
        self.assertNotIn("<script>", self._bodies(move))
