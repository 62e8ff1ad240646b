"""A planned letter leaves at its moment, not before, and never later than the next
ordinary run."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tools import mute_logger

from ..gateway import port
from ..models.beepost_mailing_planned import read_moment
from .common import LOST, BeepostCommon, ScriptedGateway
from .plans import plan_of_outbox
from .sending import SendCase

NOW = datetime(2026, 11, 24, 9)
LATER = datetime(2026, 12, 30, 4)


class PlannedCase(BeepostCommon):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOW))
        self.cron = self.account.sudo().cron_id

    def _triggers(self):
        return (
            self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.cron.id)])
        )

    def _run_at(self, moment, gateway=None):
        with freeze_time(moment), self._gateway(gateway or ScriptedGateway()) as used:
            self._run_outbox()
        return used


class TestPlanned(PlannedCase):
    def test_waits_for_its_moment(self):
        self._triggers().unlink()
        letter = self._post(self._create_invoice(), planned_at=str(LATER))
        self.assertEqual(letter.planned_at, LATER)
        self.assertEqual(self._triggers().mapped("call_at"), [LATER])
        for early in (NOW, LATER - timedelta(seconds=1)):
            gateway = self._run_at(early)
            self.assertFalse(gateway.requests)
            self.assertEqual(letter.state, "draft", "nor is it prepared")
        gateway = self._run_at(LATER)
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(gateway.counts(), {letter.client_reference: 1})

    def test_lost_triggers(self):
        letter = self._post(self._create_invoice(), planned_at=LATER)
        self._triggers().unlink()
        self._run_at(LATER + timedelta(minutes=9))
        self.assertEqual(letter.state, "accepted")

    def test_planned_after_it_was_prepared(self):
        letter = self._post(self._create_invoice())
        self._run_at(NOW, ScriptedGateway([port.Unavailable("503")]))
        self.assertEqual(letter.state, "queued")
        self.account.sudo().retry_at = False
        letter.sudo().planned_at = LATER
        self.assertFalse(self._run_at(NOW).requests)
        self.assertEqual(letter.state, "queued")
        self._run_at(LATER)
        self.assertEqual(letter.state, "accepted")

    def test_others_do_not_wait_behind_it(self):
        planned = self._post(
            *self._create_invoices(*[self.customer] * 3), planned_at=LATER
        )
        prompt = self._post(self._create_invoice())
        gateway = self._run_at(NOW, ScriptedGateway(max_request_letters=1))
        self.assertEqual(list(gateway.counts()), [prompt.client_reference])
        self.assertEqual(set(planned.mapped("state")), {"draft"})

    def test_moment_that_has_passed_is_now(self):
        self._triggers().unlink()
        letter = self._post(self._create_invoice(), planned_at=NOW)
        self.assertEqual(self._triggers().mapped("call_at"), [NOW])
        self._run_at(NOW)
        self.assertEqual(letter.state, "accepted")

    def test_one_trigger_a_moment(self):
        moves = self._create_invoices(*[self.customer] * 4)
        self._triggers().unlink()
        self.env["account.move"].union(*moves)._beepost_post(
            {
                move: {"planned_at": moment}
                for move, moment in zip(moves, (LATER, LATER, NOW, False), strict=True)
            },
            self.env.user,
        )
        self.assertEqual(sorted(self._triggers().mapped("call_at")), [NOW, LATER])

    def test_recovery_looks_past_the_plan(self):
        """Lost on the way, then planned anew by a restored table: asked at once."""
        letter = self._post(self._create_invoice())
        gateway = ScriptedGateway([LOST], idempotency=False)
        self._run_at(NOW, gateway)
        self.assertEqual(letter.state, "sending")
        letter.sudo().planned_at = LATER
        self._run_at(NOW + timedelta(hours=1), gateway)
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(gateway.counts(), {letter.client_reference: 1})

    def test_restored_database_asks_and_then_keeps_the_plan(self):
        letter = self._post(self._create_invoice(), planned_at=LATER)
        self.account.sudo().incarnation = "another/life"
        gateway = self._run_at(NOW)
        self.assertEqual(gateway.asked, [[letter.client_reference]])
        self.assertEqual((letter.state, letter.sudo().in_doubt), ("draft", False))
        self._run_at(LATER)
        self.assertEqual(letter.state, "accepted")

    def test_planned_long_ago_is_no_older_than_its_first_submission(self):
        """Else each answer lost on the day would be a case for a person."""
        lost_before = port.OutcomeUnknown("cut before it arrived")
        letter = self._post(self._create_invoice(), planned_at=LATER)
        restored = self._post(self._create_invoice(), planned_at=LATER)
        gateway = ScriptedGateway([lost_before, "accept"])
        self._run_at(LATER, gateway)
        restored.sudo().in_doubt = True
        self._run_at(LATER + timedelta(hours=1), gateway)
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(restored.state, "unknown", "it may have left before")

    def test_refused_letter_keeps_its_plan(self):
        bad = self._create_customer("Sans ville", city=False)
        letter = self._post(self._create_invoice(bad), planned_at=LATER)
        self.assertEqual(letter.state, "rejected")
        bad.city = "Lyon"
        self._triggers().unlink()
        letter.action_retry()
        self.assertEqual(self._triggers().mapped("call_at"), [LATER])
        self.assertFalse(self._run_at(NOW).requests)
        self._run_at(LATER)
        self.assertEqual(letter.state, "accepted")

    def test_the_document_says_when(self):
        self.env.user.lang = "en_US"
        move, prompt = self._create_invoice(), self._create_invoice()
        self._post(move, planned_at=datetime(2027, 1, 4, 4))
        self._post(prompt)
        self.assertRegex(
            move.message_ids[0].body, "it leaves on .*27,? 0?5:00", "Paris time"
        )
        self.assertIn("with the next run", prompt.message_ids[0].body)

    def test_index_of_the_outbox_still_serves(self):
        letter = self._post(self._create_invoice(), planned_at=LATER)
        plan = plan_of_outbox(letter)
        self.assertIn("beepost_mailing_outbox_idx", plan)

    def test_queries_of_a_run_do_not_grow(self):
        def run():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._run_at(NOW)
            return self.cr.sql_log_count - before

        run()
        few = run()
        self._post(*self._create_invoices(*[self.customer] * 5), planned_at=LATER)
        self.assertLessEqual(run(), few)


class TestOptions(SendCase):
    def test_waits_in_json_for_the_pdf(self):
        move = self._create_invoice(pdf=False)
        move.sending_data = {
            "author_user_id": self.env.user.id,
            "author_partner_id": self.env.user.partner_id.id,
            "beepost_only": True,
            "beepost_options": {"planned_at": "2099-01-05 04:00:00"},
        }
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()
        letter = self._letters(move)
        self.assertEqual(letter.planned_at, datetime(2099, 1, 5, 4))

    def test_every_way_to_write_a_moment(self):
        for value in (
            "2027-01-04 04:00:00",
            "2027-01-04T04:00:00",
            "2027-01-04T05:00:00.123456+01:00",
            datetime(2027, 1, 4, 4, 0, 0, 99),
        ):
            self.assertEqual(read_moment(value), datetime(2027, 1, 4, 4), value)
        for nothing in (None, False, ""):
            self.assertIs(read_moment(nothing), False)
        with self.assertRaises(ValueError):
            read_moment("tomorrow")

    @mute_logger("odoo.addons.beepost_mail.models.account_move_send")
    def test_nonsense_stops_no_batch(self):
        move, good = self._create_invoice(), self._create_invoice()
        self.env["account.move.send"]._beepost_make_letters(
            {
                one: {"sending_methods": {"beepost"}, "beepost_options": options}
                for one, options in ((move, {"planned_at": "soon"}), (good, {}))
            }
        )
        self.assertFalse(self._letters(move))
        self.assertTrue(self._letters(good))
        self.assertIn("Not sent by post", self._bodies(move))
