"""Letters of which nobody knows whether they arrived, and letters to mend."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import ScriptedGateway
from .letters import MailingCase


class TestDoubt(MailingCase):
    def test_it_arrived(self):
        move = self._create_invoice()
        letter = self._in_doubt(move)
        self.assertEqual(move.beepost_state, "unknown")
        self.assertTrue(letter.activity_ids)
        letter.with_user(self.manager).action_did_arrive()
        self.assertEqual(letter.state, "accepted")
        self.assertTrue(letter.accepted_at)
        self.assertFalse(letter.activity_ids, "decided: nothing left to do")
        self.assertIn(self.manager.name, self._bodies(letter))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    @mute_logger("odoo.addons.beepost_mail.models.beepost_mailing")
    def test_it_arrived_and_what_follows_fails(self):
        letter = self._in_doubt(self._create_invoice())

        def fail(*args, **kwargs):
            raise ZeroDivisionError

        cls = type(letter)
        for hook in ("_after_accepted", "_log_to_documents"):
            letter.sudo().state = "unknown"
            with self.subTest(hook=hook), patch.object(cls, hook, fail):
                letter.with_user(self.manager).action_did_arrive()
            self.assertEqual(letter.state, "accepted")

    def test_it_never_arrived(self):
        letter = self._in_doubt(self._create_invoice())
        reference = letter.client_reference
        letter.with_user(self.manager).action_never_arrived()
        self.assertEqual(letter.state, "queued")
        self.assertFalse(letter.activity_ids, "decided: nothing left to do")
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(gateway.counts(), {reference: 1})
        self.assertEqual(letter.state, "accepted")
        self.assertIn(self.manager.name, self._bodies(letter))

    def test_it_never_arrived_and_the_invoice_was_withdrawn(self):
        """The manager's word must not post an invoice that is no more."""
        move = self._create_invoice()
        letter = self._in_doubt(move)
        move.button_draft()
        self.assertEqual(letter.state, "unknown", "it may have left")
        letter.with_user(self.manager).action_never_arrived()
        self.assertEqual(letter.state, "cancelled")
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_never_by_itself(self):
        letter = self._in_doubt(self._create_invoice())
        with self._gateway(ScriptedGateway()) as gateway:
            for _run in range(3):
                self._run_outbox()
        self.assertFalse(gateway.requests)
        self.assertEqual(letter.state, "unknown")


class TestCorrectAddress(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad = cls._create_customer("Mauvaise adresse", zip="6900")
        cls.bad_letter = cls._post(cls._create_invoice(cls.bad), user=cls.accountant)
        assert cls.bad_letter.state == "rejected"

    def _wizard(self, user, **values):
        action = self.bad_letter.with_user(user).action_correct_address()
        return (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create(values)
        )

    def test_opens_with_the_address_and_the_reason(self):
        wizard = self._wizard(self.accountant)
        self.assertEqual(wizard.zip, "6900")
        self.assertEqual(wizard.name, self.bad.name)
        self.assertIn("6900", wizard.reason)
        self.assertIn("6900", wizard.problem)
        self.assertFalse(wizard.preview)
        wizard.zip = "69002"
        self.assertFalse(wizard.problem)
        self.assertIn("69002 LYON", wizard.preview)
        self.assertEqual(self.bad.zip, "6900", "nothing is written before the button")

    def test_corrects_and_sends_again(self):
        editor = self._create_user("editor", "account.group_account_invoice")
        editor.group_ids += self.env.ref("base.group_partner_manager")
        self._wizard(editor, zip="69002").action_correct()
        self.assertEqual(self.bad.zip, "69002")
        self.assertEqual(self.bad_letter.state, "draft")
        self._run_outbox()
        self.assertEqual(self.bad_letter.state, "accepted")
        self.assertIn("69002 LYON", self.bad_letter.address)

    def test_without_right_on_contacts(self):
        clerk = self._create_user("clerk", "beepost_mail.group_manager")
        self.assertFalse(self.bad.with_user(clerk).has_access("write"))
        reference = self.bad_letter.client_reference
        wizard = self._wizard(clerk, zip="69002")
        with self.assertRaises(AccessError) as caught:
            wizard.action_correct()
        self.assertIn("res.partner", str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(self.bad.zip, "6900")
        self.assertEqual(self.bad_letter.state, "rejected")
        self.assertEqual(self.bad_letter.client_reference, reference)
        self.assertTrue(self.bad_letter.activity_ids)

    def test_not_once_it_left(self):
        wizard = self._wizard(self.env.user, zip="69002")
        self.bad_letter.sudo().state = "accepted"
        with self.assertRaises(UserError):
            self.bad_letter.action_correct_address()
        with self.assertRaises(UserError):
            wizard.action_correct()
        self.env.invalidate_all()
        self.assertEqual(self.bad.zip, "6900", "a refused action changes nothing")

    def test_preview_is_what_will_be_printed(self):
        wizard = self._wizard(
            self.env.user, zip="69003", street="3 bis rue Édouard-Herriot", city="LYON"
        )
        preview = wizard.preview
        wizard.action_correct()
        self.assertEqual(self.bad_letter.address, preview)
