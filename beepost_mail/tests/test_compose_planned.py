"""Documents of any kind on a chosen day, and in lots that are cancelled or paused."""

from contextlib import contextmanager
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError

from .composing import CRON, ComposeCase

NOW = datetime(2026, 11, 24, 11)
DAY, LEAVES = date(2027, 1, 4), datetime(2026, 12, 31, 4)


class TestComposePlanned(ComposeCase):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOW))

    def _make(self):
        with self._printing():
            self._run_cron(self.env.ref(CRON))

    def test_chosen_day_reaches_one_and_many(self):
        for count in (1, 3):
            payments = self._payments(count)
            letters = self._send(payments, planned_on=DAY)
            with self.subTest(count=count):
                self.assertEqual(letters.mapped("planned_at"), [LEAVES] * count)

    def test_bad_day_makes_nothing(self):
        wizard = self._compose(self._payments(2), planned_on=date(2027, 1, 1))
        self.assertTrue(wizard.planned_wrong)
        with self.assertRaisesRegex(UserError, "no working day"):
            wizard.action_send()
        self.assertFalse(self._lot())

    def test_the_estimate_knows_the_day_and_stands_a_bad_one(self):
        wizard = self._compose(self._payments())
        with self._printing():
            wizard.action_preview()
        for day, planned_at in (
            (DAY, str(LEAVES)),
            (date(2027, 1, 1), False),
            (False, False),
        ):
            asked = []
            with self._estimating(asked):
                wizard.planned_on = day
                self.assertEqual(wizard.estimate, "asked")
            with self.subTest(day=day):
                self.assertEqual(asked, [(self.customer, 1, planned_at)])

    @contextmanager
    def _estimating(self, asked):
        def estimate(model, company, partner, attachments, options):
            asked.append((partner, len(attachments), options["planned_at"]))
            return {"sentence": "asked"}

        with patch.object(
            type(self.env["beepost.estimate"]), "_get_estimate", estimate
        ):
            yield

    def test_several_documents_are_estimated_by_the_one_shown(self):
        other = self._create_customer("Second")
        wizard = self._compose(self._payments(2, [other, self.customer]))
        with self._printing():
            wizard.action_preview()
        asked = []
        with self._estimating(asked):
            wizard.duplex = not wizard.duplex
            self.assertTrue(wizard.estimate)
        self.assertEqual(asked, [(wizard._records()[0].partner_id, 1, False)])

    def test_cancelled_before_the_letters_were_made(self):
        payments = self._payments(3)
        self._compose(payments).action_send()
        lot = self._lot()
        lot.action_cancel()
        self._make()
        self.assertFalse(self.printed or self._letters(payments))
        self.assertEqual(
            (lot.cancelled_count, lot.missing_count, lot.waiting_count), (3, 0, 0)
        )
        with self.assertRaisesRegex(UserError, "cancelled"):
            lot.action_make_again()
        self._run_outbox()
        self.assertIn("3 cancelled", lot.message_ids.filtered("partner_ids").body)

    def test_made_while_the_lot_is_paused(self):
        payments = self._payments(3)
        self._compose(payments).action_send()
        lot = self._lot()
        lot.action_pause()
        self._make()
        self._run_outbox()
        self.assertEqual(set(self._letters(payments).mapped("state")), {"draft"})
        self.assertEqual(lot.state, "paused")
        lot.action_resume()
        self._run_outbox()
        self.assertEqual(set(self._letters(payments).mapped("state")), {"accepted"})
        self.assertEqual(lot.state, "done")
