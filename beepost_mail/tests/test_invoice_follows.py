"""What the invoice shows of its letters, and what it does to them."""

from unittest.mock import patch

from .common import ScriptedGateway
from .letters import MailingCase

STATES = (
    "draft",
    "ready",
    "queued",
    "sending",
    "accepted",
    "rejected",
    "cancelled",
    "unknown",
)


class TestInvoiceFollows(MailingCase):
    def test_state_in_each_case(self):
        expected = {
            "draft": "waiting",
            "ready": "waiting",
            "queued": "waiting",
            "sending": "waiting",
            "accepted": "practice",
            "rejected": "rejected",
            "cancelled": "cancelled",
            "unknown": "unknown",
        }
        self.assertEqual(set(expected), set(STATES))
        move = self._create_invoice()
        self.assertFalse(move.beepost_state)
        letter = self._post(move)
        self.assertEqual(set(STATES), set(dict(letter._fields["state"].selection)))
        for state, of_move in expected.items():
            letter.sudo().state = state
            with self.subTest(state=state):
                self.assertEqual(move.beepost_state, of_move)
                found = self.env["account.move"].search(
                    [("beepost_state", "=", of_move), ("id", "=", move.id)]
                )
                self.assertEqual(found, move)

    def test_second_letter_is_the_one_that_counts(self):
        move = self._create_invoice()
        first = self._accepted(move)
        second = self._post(move)
        self.assertEqual(move.beepost_count, 2)
        self.assertEqual(move.beepost_state, "waiting")
        second.action_cancel()
        self.assertEqual(move.beepost_state, "practice", "the one that stands")
        self.assertEqual(first.state, "accepted")
        action = move.action_open_beepost_mailings()
        found = self.env["beepost.mailing"].search(action["domain"])
        self.assertEqual(found, first + second)

    def test_letter_that_speaks_for_the_invoice(self):
        move = self._create_invoice()
        self.assertFalse(move._beepost_standing_letter())
        first = self._accepted(move)
        second = self._post(move)
        self.assertEqual(move._beepost_standing_letter(), second)
        second.action_cancel()
        self.assertEqual(move._beepost_standing_letter(), first)
        first.sudo().state = "cancelled"
        self.assertEqual(move._beepost_standing_letter(), second, "the last of all")

    def test_state_is_that_letters(self):
        """Another addon may let another letter speak."""
        move = self._create_invoice()
        first = self._accepted(move)
        with patch.object(type(move), "_beepost_standing_letter", lambda move: first):
            self._post(move)
            self.assertEqual(move.beepost_state, "practice")

    def test_one_letter_opens_at_once(self):
        move = self._create_invoice()
        letter = self._post(move)
        action = move.action_open_beepost_mailings()
        self.assertEqual(action["res_id"], letter.id)
        opened = letter.action_open_document()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("account.move", move.id)
        )

    def test_copy_and_reversal_have_no_letters(self):
        move = self._create_invoice()
        self._accepted(move)
        copied = move.copy()
        reversal = move._reverse_moves()
        for other in copied + reversal:
            self.assertFalse(other.beepost_document_ids)
            self.assertFalse(other.beepost_state)
            self.assertFalse(other.beepost_count)

    def test_draft_stops_what_waits(self):
        for state in ("draft", "ready", "queued"):
            move = self._create_invoice()
            letter = self._post(move)
            letter.sudo().state = state
            with self.subTest(state=state):
                move.button_draft()
                self.assertEqual(letter.state, "cancelled")
                self.assertEqual(move.beepost_state, "cancelled")
                self.assertNotIn("has left already", self._bodies(move))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_draft_warns_of_what_left(self):
        for state in ("sending", "accepted", "unknown"):
            move = self._create_invoice()
            letter = self._accepted(move)
            letter.sudo().state = state
            with self.subTest(state=state):
                move.button_draft()
                self.assertEqual(letter.state, state)
                self.assertIn(letter.provider_reference, self._bodies(move))
                self.assertIn("has left already", self._bodies(move))

    def test_cancelled_invoice(self):
        move = self._create_invoice()
        letter = self._post(move)
        move.button_draft()
        move.button_cancel()
        self.assertEqual(letter.state, "cancelled")
        move = self._create_invoice()
        letter = self._post(move)
        move.button_cancel()
        self.assertEqual(letter.state, "cancelled")

    def test_at_work_just_now(self):
        """A letter that a worker holds cannot be stopped: the chatter says so."""
        move = self._create_invoice()
        letter = self._post(move)
        letter.sudo().state = "queued"
        with patch.object(
            type(letter), "try_lock_for_update", lambda self, **kw: self.browse()
        ):
            move.button_draft()
        self.assertEqual(letter.state, "queued")
        self.assertIn("has left already", self._bodies(move))
        self.assertIn(letter.client_reference, self._bodies(move))

    def test_after_a_restore_it_may_have_left(self):
        move = self._create_invoice()
        letter = self._post(move)
        letter.sudo().write({"state": "queued", "in_doubt": True})
        move.button_draft()
        self.assertIn("has left already", self._bodies(move))
        self.assertNotEqual(letter.state, "cancelled")

    def test_whoever_resets_need_not_manage_the_post(self):
        biller = self._create_user("biller", "account.group_account_manager")
        move = self._create_invoice()
        letter = self._post(move, user=self.accountant)
        move.with_user(biller).button_draft()
        self.assertEqual(letter.state, "cancelled")
        self.assertIn(biller.name, self._bodies(letter))
