"""A lot as its author sees it."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import Form

from .lots import LotCase


class TestLotRecord(LotCase):
    def test_who_when_how_many(self):
        ordered = self._invoices(1, pdf=False)
        lot = self._lot(self._invoices(2) + ordered)
        self.assertEqual(lot.user_id, self.accountant)
        self.assertEqual((lot.state, lot.expected), ("running", 3))
        self.assertEqual((lot.letter_count, lot.waiting_count), (2, 3))
        self.assertEqual(lot.progress, 0)
        self._render_good(ordered)
        self._send()
        lot.invalidate_recordset()
        self.assertEqual((lot.accepted_count, lot.progress), (3, 100.0))

    def test_when_planned_letters_leave(self):
        with freeze_time(datetime(2026, 11, 24, 11)):
            lot = self._lot(self._invoices(2), planned_on="2027-01-04")
            usual = self._lot(self._invoices(1))
            self.assertEqual(lot.leaves_at, datetime(2026, 12, 31, 4))
            self.assertFalse(usual.leaves_at)
            lot.mailing_ids[0]._plan(date(2026, 12, 2))
            self.assertEqual(lot.leaves_at, datetime(2026, 12, 1, 4))

    def test_refused_letters_with_their_reasons(self):
        bad = self._create_customer("Sans ville", city=False)
        lot = self._lot(self._invoices(2, partners=[self.customer, bad]))
        self.assertEqual(lot.failed_ids.partner_id, bad)
        self.assertIn("<li>", lot.failed_ids.error)
        seen = lot.with_user(self.manager).failed_ids
        self.assertEqual(seen, lot.failed_ids)
        self.assertIn("Only those", seen.with_user(self.manager).error)

    def test_form_opens_for_author_and_manager(self):
        bad = self._create_customer("Sans ville", city=False)
        moves = self._invoices(2, partners=[self.customer, bad])
        moves += self._invoices(1, pdf=False)
        lot = self._lot(moves)
        moves[2].button_draft()
        for user in (self.accountant, self.manager):
            form = Form(lot.with_user(user))
            self.assertEqual(form.refused_count, 1)
            self.assertEqual(form.missing_count, 1)
        self.assertIn(f"/odoo/account.move/{moves[2].id}", lot.missing_list)
        self.assertFalse(lot.with_user(self.manager).missing_list)

    def test_a_letter_says_that_its_lot_is_paused(self):
        lot = self._lot(self._invoices(1))
        lot.action_pause()
        letter = lot.mailing_ids.with_user(self.colleague)
        self.assertEqual(letter.lot_state, "paused", "whoever may read the letter")

    def test_new_lot_makes_no_noise(self):
        lot = self._lot(self._invoices(1))
        self.assertFalse(lot.sudo().message_ids)
        self.assertFalse(lot.sudo().message_follower_ids)
