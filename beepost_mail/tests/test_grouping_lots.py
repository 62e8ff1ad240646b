"""Envelopes shared by several lots: each lot is paused, cancelled and counted alone."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError

from .grouping import GroupingCase
from .letters import refusing
from .lots import LotCase


class TestGroupingLots(GroupingCase, LotCase):
    def setUp(self):
        super().setUp()
        self.first, self.second = self._lot_of(2), self._lot_of(2)

    def _lot_of(self, count):
        return self._lot(self._invoices(count))

    def _ids(self, lot):
        return lot.sudo().mailing_ids.sorted("id")

    def _merge(self):
        """All four in the envelope of the first lot's first letter."""
        letters = self._ids(self.first) + self._ids(self.second)
        self.assertEqual(self._together(letters), letters[0])
        return letters

    def _states_of(self, moves):
        return moves.mapped("beepost_state")

    # ------------------------------------------------------------------
    # Paused
    # ------------------------------------------------------------------

    def test_paused_letters_are_never_put_together(self):
        self.company.beepost_grouping = "proposed"
        letters = self._ids(self.first)[0] + self._ids(self.second)[0]
        self.assertEqual(letters.mapped("shares_envelope"), [True, True])
        self.second.action_pause()
        letters.invalidate_recordset(["shares_envelope"])
        self.assertEqual(letters.mapped("shares_envelope"), [True, False])
        with self.assertRaisesRegex(UserError, "No two of these"):
            self._together(letters)
        self.second.action_resume()
        self.assertEqual(self._together(letters), letters[0])

    def test_paused_letters_wait_for_company_no_more(self):
        self.company.beepost_grouping = "automatic"
        with freeze_time(datetime(2026, 11, 25, 9)):
            lots = self._lot_of(2), self._lot_of(1)
        lots[1].action_pause()
        with freeze_time(datetime(2026, 11, 25, 17)):
            self._send()
        self.assertEqual(self._states(lots[0]), ["accepted", "cancelled"])
        waiting = self._ids(lots[1])
        self.assertEqual((waiting.state, waiting.grouping), ("draft", "day"))

    def test_pause_keeps_the_whole_envelope(self):
        letters = self._merge()
        self.second.action_pause()
        self.assertEqual(letters[0].lot_state, "paused")
        Mailing = self.env["beepost.mailing"]
        self.assertIn(letters[0], Mailing.search([("lot_state", "=", "paused")]))
        self.assertFalse(self._send().requests)
        self.assertEqual(letters[0].state, "draft")
        self.assertEqual(self.second.waiting_count, 2)
        self.assertEqual(self.second.state, "paused")
        self.second.action_resume()
        self.assertEqual(letters[0].lot_state, "running")
        self._send()
        self.assertEqual(letters[0].state, "accepted")

    def test_claim_locks_all_lots_of_the_envelope(self):
        letters = self._merge()
        lots = self.first.sudo() | self.second.sudo()
        self.assertEqual(letters[0]._lots(), lots)
        share = self.env["beepost.outbox"]._share_lots
        account = self.account.sudo()
        self.assertEqual(share(account, letters[0]), letters[0])
        with (  # as if somebody were at work on the second lot
            patch.object(self.env.cr, "fetchall", lambda: [(self.first.id,)]),
            patch.object(type(account), "_trigger_send"),
        ):
            self.assertFalse(share(account, letters[0]))

    # ------------------------------------------------------------------
    # Gone
    # ------------------------------------------------------------------

    def test_counts_and_summary(self):
        self._merge()
        for lot in (self.first, self.second):
            self.assertEqual((lot.waiting_count, lot.progress), (2, 0))
        self._send()
        for lot, counts in ((self.first, (1, 1)), (self.second, (0, 2))):
            self.assertEqual((lot.accepted_count, lot.grouped_count), counts)
            self.assertEqual((lot.refused_count, lot.cancelled_count), (0, 0))
            self.assertEqual((lot.missing_count, lot.waiting_count), (0, 0))
            self.assertEqual((lot.progress, lot.state), (100.0, "done"))
            summary = lot.sudo().message_ids.filtered("partner_ids").body
            self.assertIn(f"{counts[1]} put into another envelope", summary)
            self.assertNotIn("cancelled", summary)

    def test_refused_with_its_envelope(self):
        carrier = self._merge()[0]
        self._send(refusing())
        self.assertEqual(carrier.state, "rejected")
        for lot in (self.first, self.second):
            self.assertEqual((lot.refused_count, lot.grouped_count), (2, 0))
            self.assertEqual(lot.failed_ids, carrier)
            summary = lot.sudo().message_ids.filtered("partner_ids").body
            self.assertIn("2 refused", summary)
            self.assertIn(f'data-oe-id="{carrier.id}"', summary)

    # ------------------------------------------------------------------
    # Cancelled
    # ------------------------------------------------------------------

    def test_cancelled_lot_in_the_envelope_of_another(self):
        letters = self._merge()
        moves = self._moves(letters)
        self._prepare_all()
        self.assertTrue(letters[0].pdf_id)
        self.second.action_cancel()
        self.assertEqual(self._moves(letters[0]), moves[:2])
        self.assertFalse(letters[0].pdf_id, "it holds the documents of the other lot")
        self.assertEqual(
            (self.second.cancelled_count, self.second.grouped_count), (2, 0)
        )
        gateway = self._send()
        self.assertEqual(len(gateway.counts()), 1)
        self.assertEqual(
            self._states_of(moves), ["practice", "practice", "cancelled", "cancelled"]
        )
        self.assertEqual((self.first.state, self.second.state), ("done", "cancelled"))

    def test_cancelled_lot_of_the_envelope(self):
        letters = self._merge()
        moves = self._moves(letters)
        self._prepare_all()
        self.first.action_cancel()
        self.assertEqual(self.first.cancelled_count, 2)
        self.assertEqual(
            letters.mapped("state"), ["cancelled", "cancelled", "draft", "cancelled"]
        )
        self.assertEqual(letters[3].grouped_into_id, letters[2])
        self.assertFalse(letters[2].grouped_into_id)
        self.assertEqual(self._moves(letters[2]), moves[2:])
        self.assertFalse(letters[2].document_ids[0].home_id)
        gateway = self._send()
        self.assertEqual(len(gateway.counts()), 1)
        self.assertEqual(
            self._states_of(moves), ["cancelled", "cancelled", "practice", "practice"]
        )
        self.assertEqual(
            (self.second.accepted_count, self.second.grouped_count), (1, 1)
        )
        self.assertIn("was cancelled: it leaves", self._bodies(moves[2]))

    def test_plan_stays_with_those_who_go_on(self):
        letters = self._merge()
        moment = datetime(2050, 1, 3, 5)
        letters[0].planned_at = moment
        self.first.action_cancel()
        self.assertEqual(letters[2].planned_at, moment)

    def test_both_lots_are_cancelled(self):
        letters = self._merge()
        moves = self._moves(letters)
        (self.first | self.second).action_cancel()
        self.assertEqual(letters.mapped("state"), ["cancelled"] * 4)
        self.assertFalse(self._send().requests)
        self.assertEqual(self._states_of(moves), ["cancelled"] * 4)

    def test_envelope_with_nothing_else_is_cancelled(self):
        letters = self._merge()
        for move in self._moves(letters)[:2]:
            move.button_draft()
        self.assertEqual(len(letters[0].document_ids), 2)
        self.second.action_cancel()
        self.assertEqual(letters[0].state, "cancelled")

    def test_at_work_just_now(self):
        """The outbox takes out later what was locked when the lot was cancelled."""
        letters = self._merge()
        Mailing = type(letters)
        nothing = letters.browse()
        with patch.object(
            Mailing, "try_lock_for_update", lambda records, **kwargs: nothing
        ):
            self.second.action_cancel()
        self.assertEqual(len(letters[0].document_ids), 4)
        self.assertFalse(self._send().requests, "not with documents of that lot")
        self.assertEqual(len(letters[0].document_ids), 2)
        self.assertEqual(letters[0].state, "draft")
        self.assertEqual(len(self._send().counts()), 1)
