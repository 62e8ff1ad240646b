"""A letter to many is a lot: paused, resumed and cancelled while letters are made."""

from ..models.beepost_free_letter_make import SLICE
from .common import ScriptedGateway
from .free_letters import FreeLetterCase


class TestFreeLetterLot(FreeLetterCase):
    def _half_made(self, count=25):
        """:return: letter and its lot, with the first slice made"""
        letter = self._write_letter(*self._customers(count))
        letter._send()
        with self._small_pdfs():
            letter._make_slice(letter.addressee_ids.sudo()[:SLICE])
        self.assertEqual(letter.made_count, SLICE)
        return letter, letter.sudo().lot_id.with_user(self.accountant)

    def _make(self):
        with self._small_pdfs() as calls:
            self._run_cron(self.cron)
        return sum(calls)

    def _send_all(self):
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        return len(gateway.arrived)

    def _wakes(self):
        return self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )

    def test_making_stops_with_a_pause_and_goes_on(self):
        letter, lot = self._half_made()
        lot.action_pause()
        self.assertEqual((self._make(), self._send_all()), (0, 0))
        self.assertEqual((letter.state, letter.made_count), ("making", 20))
        self.assertEqual((lot.state, lot.waiting_count), ("paused", 25))
        before = self._wakes()
        lot.action_resume()
        self.assertEqual(self._wakes(), before + 1)
        self.assertEqual((self._make(), self._send_all()), (5, 25))
        self.assertEqual((letter.state, lot.state), ("sent", "done"))

    def test_cancelling_drops_what_is_still_to_be_made(self):
        letter, lot = self._half_made()
        lot.action_cancel()
        self.assertEqual((self._make(), self._send_all()), (0, 0))
        out = letter.addressee_ids.filtered(lambda row: row.state == "out")
        self.assertEqual((letter.state, len(out)), ("sent", 5))
        self.assertIn("lot was cancelled", out[0].error)
        self.assertEqual(
            (lot.cancelled_count, lot.waiting_count, lot.missing_count), (25, 0, 0)
        )
        self.assertTrue(lot.closed_at)

    def test_cancelled_before_any_was_made(self):
        letter = self._write_letter(*self._customers(3))
        letter._send()
        lot = letter.sudo().lot_id
        lot.with_user(self.accountant).action_cancel()
        self.assertEqual(letter.state, "draft", "it can be corrected and sent")
        self.assertEqual((lot.cancelled_count, lot.waiting_count), (3, 0))
        self.assertEqual((self._make(), self._send_all()), (0, 0))
        self.assertTrue(lot.closed_at, "a draft keeps no lot open")
        with self._small_pdfs():
            self._send(letter)
        self.assertNotEqual(letter.sudo().lot_id, lot)
        self.assertEqual(self._send_all(), 3)

    def test_a_run_that_broke_off_while_its_lot_was_cancelled(self):
        """Its rows were locked at that moment, and no letter came of them."""
        letter, lot = self._half_made()
        lot.sudo().state = "cancelled"
        lot.mailing_ids.sudo()._cancel_with_lot()
        self.assertEqual(lot.waiting_count, 5)
        self._send_all()
        self.assertEqual((lot.waiting_count, lot.cancelled_count), (0, 25))
        self.assertEqual(letter.state, "sent")
        self._send_all()
        self.assertTrue(lot.closed_at)

    def test_the_missing_ones_come_into_a_lot_that_goes_on(self):
        for end in ("cancelled", "done"):
            letter, lot = self._half_made()
            if end == "cancelled":
                lot.action_cancel()
            else:
                letter.action_stop()
                self._send_all()
            self.assertEqual(lot.state, end)
            with self.subTest(end=end):
                letter.action_retry()
                again = letter.sudo().lot_id
                self.assertEqual(self._make(), 5)
                self.assertNotEqual(again, lot.sudo())
                self.assertEqual((again.expected, again.letter_count), (5, 5))
                self.assertEqual(self._send_all(), 5)
                self.assertEqual(again.state, "done")

    def test_the_missing_ones_come_into_the_lot_that_still_runs(self):
        letter, lot = self._half_made()
        letter.action_stop()
        self.assertEqual((lot.cancelled_count, lot.missing_count), (5, 0))
        letter.action_retry()
        self.assertEqual(letter.sudo().lot_id, lot.sudo())
        self.assertEqual((lot.cancelled_count, lot.waiting_count), (0, 25))
        self.assertEqual(self._make(), 5)
        self.assertEqual(self._send_all(), 25)

    def test_one_that_is_missing_of_a_cancelled_lot(self):
        letter, lot = self._half_made(SLICE + 1)
        lot.action_cancel()
        with self._small_pdfs():
            letter.action_retry()
        row = letter.addressee_ids[-1]
        self.assertEqual(row.state, "made", "at once")
        self.assertNotEqual(row.mailing_id.lot_id, lot)
        self.assertEqual(self._send_all(), 1)

    def test_one_that_is_missing_of_a_paused_lot(self):
        letter, lot = self._half_made(SLICE + 1)
        letter.action_stop()
        lot.action_pause()
        letter.action_retry()
        self.assertEqual(letter.addressee_ids[-1].state, "todo")
        lot.action_resume()
        self.assertEqual(self._make(), 1)

    def test_the_practice_account_goes_while_the_lot_is_paused(self):
        """It is not posted for real because another account is the usual one now."""
        letter = self._write_letter(*self._customers(2))
        letter._send()
        lot = letter.sudo().lot_id.with_user(self.accountant)
        lot.action_pause()
        self._create_real_account()
        self.account.active = False
        lot.action_resume()
        self.assertFalse(self._make())
        for row in letter.addressee_ids:
            self.assertEqual(row.state, "failed")
            self.assertIn("“Practice” cannot be used", row.error)
        self.assertEqual(letter.state, "draft")

    def test_the_lot_leads_to_the_list_of_those_without_a_letter(self):
        partners = self._customers(3)
        letter = self._write_letter(*partners)
        with self._small_pdfs(broken=[partners[1]]):
            self._send(letter)
        lot = letter.sudo().lot_id
        self.assertEqual(lot.missing_count, 1)
        self.assertIn("We are moving", lot.with_user(self.accountant).missing_list)
        stranger = self._create_user("stranger", "account.group_account_invoice")
        self.assertFalse(lot.with_user(stranger).missing_list)
