"""What must hold when something fails beside the submission itself."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..gateway import port
from ..hooks import uninstall_hook
from ..models import beepost_outbox, beepost_outbox_prepare
from .common import LOST, BeepostCommon, ScriptedGateway, receipt

LOGGERS = (
    "odoo.addons.beepost_mail.models.beepost_mailing",
    "odoo.addons.beepost_mail.models.beepost_outbox",
    "odoo.addons.beepost_mail.models.beepost_outbox_prepare",
)


def fail(*_args, **_kwargs):
    raise ValueError("a fault of another addon")


class TestInterrupted(BeepostCommon):
    def _later(self, **delta):
        return freeze_time(fields.Datetime.now() + timedelta(**delta))

    def test_letters_behind_the_failing_one_are_released(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 3))

        def break_down(sent):
            if len(sent) > 1:
                raise port.Refused("the request is wrong", code="request.invalid")
            if sent[0].client_reference == letters[0].client_reference:
                gateway.arrived += sent
                return (receipt(sent[0]),)
            raise port.OutcomeUnknown("cut")

        with self._gateway(ScriptedGateway([break_down])) as gateway:
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["accepted", "sending", "queued"])
        self.assertFalse(letters[2].worker)

    def test_time_to_ask_counts_from_the_end_of_the_call(self):
        letter = self._post(self._create_invoice())
        with freeze_time(fields.Datetime.now()) as clock:

            def slow_upload(sent):
                clock.tick(timedelta(hours=1))
                raise port.OutcomeUnknown("cut")

            with self._gateway(ScriptedGateway([slow_upload], processing_seconds=300)):
                self._run_outbox()
            self.assertGreater(
                letter.deadline, fields.Datetime.now() + timedelta(seconds=300)
            )

    def test_processing_time_counts_from_when_a_death_is_noticed(self):
        letter = self._post(self._create_invoice())
        gateway = ScriptedGateway(
            [port.OutcomeUnknown("cut"), "accept"],
            idempotency=False,
            processing_seconds=300,
        )
        with self._gateway(gateway):
            self._run_outbox()
            # As a killed worker leaves it, long after its upload began.
            overdue = fields.Datetime.now() - timedelta(seconds=1)
            letter.sudo().write({"worker": 4711, "deadline": overdue})
            self.account.sudo().retry_at = False
            self._run_outbox()
            self.assertFalse(gateway.asked, "it may still be at work on it")
            with self._later(seconds=301):
                self._run_outbox()
        self.assertEqual(len(gateway.asked), 1)
        self.assertEqual(letter.state, "accepted")

    def test_a_repeat_that_fails_stays_in_doubt(self):
        """No look-up: while it may have left it is neither called off nor repeated
        when the provider has forgotten it."""
        letter = self._post(self._create_invoice())
        script = [LOST, port.Unavailable("503"), "accept"]
        with self._gateway(ScriptedGateway(script, lookup=False)) as gateway:
            self._run_outbox()
            with self._later(hours=1):
                self._run_outbox()
            self.assertEqual(letter.state, "queued")
            self.assertTrue(letter.sudo().in_doubt)
            with self._later(days=31):
                self._run_outbox()
        self.assertEqual(letter.state, "unknown")
        self.assertEqual(gateway.counts()[letter.client_reference], 1)

    def test_a_repeat_that_is_answered_is_out_of_doubt(self):
        letter = self._post(self._create_invoice())
        script = [LOST, port.Unavailable("503"), "accept"]
        with self._gateway(ScriptedGateway(script, lookup=False)):
            self._run_outbox()
            for hours in (1, 2):
                with self._later(hours=hours):
                    self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertFalse(letter.sudo().in_doubt)

    def test_what_may_have_left_is_never_refused(self):
        """A refused letter may be sent again, under another reference."""
        letter = self._post(self._create_invoice())
        letter.sudo().in_doubt = True
        letter.document_ids.sudo().attachment_id = False
        with self._gateway(ScriptedGateway(lookup=False)):
            self._run_outbox()
        self.assertEqual(letter.state, "unknown")


class TestWithdrawn(BeepostCommon):
    def test_while_the_letter_was_locked(self):
        kept, withdrawn = (self._create_invoice() for _ in range(2))
        letters = self._post(kept, withdrawn)
        locked = patch.object(
            type(letters), "try_lock_for_update", lambda self, **kw: self.browse()
        )
        with locked:
            withdrawn.button_draft()
        self.assertEqual(set(letters.mapped("state")), {"draft"})
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["accepted", "cancelled"])
        self.assertEqual(list(gateway.counts()), [letters[0].client_reference])

    def test_never_arrived_without_a_pdf(self):
        """A letter that a restored database knows from before it was prepared."""
        letter = self._post(self._create_invoice())
        letter.sudo().in_doubt = True
        with self._gateway(ScriptedGateway(idempotency=False, lookup=False)) as gateway:
            self._run_outbox()
            self.assertEqual(letter.state, "unknown")
            letter.with_user(self.manager).action_never_arrived()
            self.assertEqual(letter.state, "draft")
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(gateway.counts(), {letter.client_reference: 1})


class TestFaultsOfOthers(BeepostCommon):
    """A fault in a hook or a message neither undoes an answer nor stops the queue."""

    def test_after_accepted(self):
        move = self._create_invoice()
        letter = self._post(move)
        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(type(letter), "_after_accepted", fail),
            mute_logger(*LOGGERS),
        ):
            self._run_outbox()
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(move.beepost_state, "practice")
        self.assertEqual(len(gateway.requests), 1)
        self.assertIn(letter.provider_reference, move.message_ids[0].body)

    def test_message(self):
        letter = self._post(self._create_invoice())
        with (
            self._gateway(ScriptedGateway()),
            patch.object(type(letter), "_tell_accepted", fail),
            mute_logger(*LOGGERS),
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_after_rejected(self):
        letter = self._post(self._create_invoice())
        reason = port.Reason("bad", "Motif")
        refuse = ScriptedGateway([lambda sent: tuple(receipt(m, reason) for m in sent)])
        with (
            self._gateway(refuse),
            patch.object(type(letter), "_after_rejected", fail),
            mute_logger(*LOGGERS),
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "rejected")
        self.assertTrue(letter.activity_ids)

    def test_concurrent_write_is_not_swallowed(self):
        letter = self._post(self._create_invoice())

        def too_late():
            raise psycopg2.errors.SerializationFailure()

        with self.assertRaises(psycopg2.errors.SerializationFailure):
            letter._follow_up(too_late)

    def test_before_queue(self):
        letter = self._post(self._create_invoice())
        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(type(letter), "_before_queue", fail),
            mute_logger(*LOGGERS),
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "ready", "nothing leaves unchecked")
        self.assertTrue(letter.hold_reason)
        self.assertFalse(gateway.requests)

    def test_prepare_submission(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 3))
        prepare = type(letters)._prepare_submission

        def fail_once(letter):
            return fail() if letter == letters[1] else prepare(letter)

        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(type(letters), "_prepare_submission", fail_once),
            mute_logger(*LOGGERS),
        ):
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["accepted", "rejected", "accepted"])
        self.assertEqual([len(request) for request in gateway.requests], [2])

    def test_no_empty_request(self):
        letter = self._post(self._create_invoice())
        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(type(letter), "_prepare_submission", fail),
            mute_logger(*LOGGERS),
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "rejected")
        self.assertFalse(gateway.requests)

    def test_slow_documents_end_the_slice(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 3))
        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(beepost_outbox_prepare, "PREPARE_SECONDS", -1),
        ):
            self._run_outbox()
        self.assertEqual([len(request) for request in gateway.requests], [1, 1, 1])
        self.assertEqual(set(letters.mapped("state")), {"accepted"})

    def test_one_request_is_cut_by_our_own_limit_too(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 2))
        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(beepost_outbox, "SLICE_BYTES", 1),
        ):
            self._run_outbox()
        self.assertEqual([len(request) for request in gateway.requests], [1, 1])
        self.assertEqual(set(letters.mapped("state")), {"accepted"})

    def test_messages_speak_the_authors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        move = self._create_invoice()
        self._post(move, user=self.accountant)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertIn("accepté", move.message_ids[0].body)


class TestAccountChanges(BeepostCommon):
    def _sending(self):
        letter = self._post(self._create_invoice())
        with self._gateway(ScriptedGateway([LOST])):
            self._run_outbox()
        self.assertEqual(letter.state, "sending")
        return letter

    def test_another_service_cannot_be_asked(self):
        letter = self._sending()
        self.account.write({"gateway": "sandbox", "name": "Same service, new name"})
        self.assertEqual(letter.state, "sending")
        self.account.identifier = "somebody-else@example.com"
        self.assertEqual(letter.state, "unknown")

    def test_archiving_forgets_no_letter(self):
        letter = self._post(self._create_invoice())
        with self.assertRaisesRegex(UserError, self.account.name):
            self.account.active = False
        letter.action_cancel()
        self.account.active = False
        self.assertFalse(self.account.sudo().cron_id.active)

    def test_token_of_another_worker_breaks_nothing_off(self):
        account = self.account.sudo()
        with (
            self.enter_registry_test_mode(),
            patch.object(
                type(self.env["beepost.token"]),
                "create",
                side_effect=psycopg2.errors.UniqueViolation(),
            ),
        ):
            account._keep_token("abc")


class TestUninstall(BeepostCommon):
    def test_leaves_nothing_behind(self):
        letter = self._post(self._create_invoice())
        self._run_outbox()
        letter._message_log(body="Asked BeePOST by telephone")
        pdf, messages = letter.sudo().pdf_id, letter.message_ids
        self.assertTrue(messages)
        cron = self.account.sudo().cron_id
        waiting = self._create_invoice(pdf=False)
        waiting.sending_data = {
            "author_user_id": self.env.uid,
            "author_partner_id": self.env.user.partner_id.id,
            "beepost_only": True,
        }
        other = self.env["res.company"].create({"name": "Other"})
        self.customer.with_company(other).invoice_sending_method = "beepost"
        uninstall_hook(self.env(su=True))
        self.assertFalse(pdf.exists())
        self.assertFalse(messages.exists())
        self.assertFalse(cron.exists())
        self.assertFalse(waiting.sending_data, "core would send it by e-mail instead")
        self.assertFalse(self.customer.with_company(other).invoice_sending_method)
