"""Each way a submission can end, and what the letter says afterwards."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError

from ..gateway import port
from ..letter.workshop import Workshop
from .common import LOST, BeepostCommon, ScriptedGateway, receipt


class TestOutbox(BeepostCommon):
    def test_practice_account_accepts(self):
        move = self._create_invoice()
        letter = self._post(move)
        self.assertEqual(letter.state, "draft")
        self.assertEqual(move.beepost_state, "waiting")
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertTrue(letter.provider_reference)
        self.assertEqual(move.beepost_state, "practice")
        kept = self.env["beepost.sandbox.letter"].search([])
        self.assertEqual(kept.mapped("client_reference"), [letter.client_reference])

    def test_nothing_to_do(self):
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_many_letters_travel_in_few_requests(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 7))
        with self._gateway(ScriptedGateway(max_request_letters=3)) as gateway:
            self._run_outbox()
        self.assertEqual([len(request) for request in gateway.requests], [3, 3, 1])
        self.assertEqual(set(letters.mapped("state")), {"accepted"})
        self.assertEqual(set(gateway.counts().values()), {1})

    def test_requests_are_cut_by_bytes(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 3))
        with self._gateway(ScriptedGateway(max_request_bytes=1)) as gateway:
            self._run_outbox()
        self.assertEqual([len(request) for request in gateway.requests], [1, 1, 1])
        self.assertEqual(set(letters.mapped("state")), {"accepted"})

    def test_unavailable_waits_and_grows(self):
        letter = self._post(self._create_invoice())
        down = port.Unavailable("503", retry_after=600)
        with self._gateway(ScriptedGateway([down])) as gateway:
            before = fields.Datetime.now()
            self._run_outbox()
            self.assertEqual(letter.state, "queued")
            self.assertFalse(letter.worker)
            self.assertGreaterEqual(
                self.account.retry_at, before + timedelta(seconds=600)
            )
            self._run_outbox()
            self.assertEqual(len(gateway.requests), 1, "it waits before it tries again")
            with freeze_time(self.account.retry_at + timedelta(seconds=1)):
                self._run_outbox()
            self.assertEqual(len(gateway.requests), 2)
        self.assertEqual(self.account.failures, 2)
        with (
            self._gateway(ScriptedGateway()),
            freeze_time(self.account.retry_at + timedelta(seconds=1)),
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertFalse(self.account.failures)

    def test_credentials_stop_the_account(self):
        letter = self._post(self._create_invoice())
        with self._gateway(ScriptedGateway([port.Credentials("401")])) as gateway:
            self._run_outbox()
            self._run_outbox()
        self.assertEqual(len(gateway.requests), 1)
        self.assertEqual(letter.state, "queued", "nothing is lost")
        self.assertEqual(self.account.state, "stopped")
        self.assertIn("password", self.account.stop_reason)
        self.assertTrue(self.account.activity_ids)
        with self._gateway(ScriptedGateway()):
            self.account.action_resume()
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertFalse(self.account.activity_ids)

    def test_nonsense_stops_the_account_and_is_kept(self):
        letter = self._post(self._create_invoice())
        nonsense = port.BadAnswer("not JSON", detail="200 <html>")
        with self._gateway(ScriptedGateway([nonsense])):
            self._run_outbox()
        self.assertEqual(letter.state, "sending", "it may have arrived")
        self.assertEqual(self.account.state, "stopped")
        self.assertIn("<html>", self.account.last_answer)

    def test_lost_answer_is_looked_up_not_sent_again(self):
        letter = self._post(self._create_invoice())
        with self._gateway(ScriptedGateway([LOST], idempotency=False)) as gateway:
            self._run_outbox()
            self.assertEqual(letter.state, "sending")
            self._run_outbox()
            self.assertFalse(gateway.asked, "not before the processing limit")
            with freeze_time(letter.deadline + timedelta(hours=1)):
                self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(len(gateway.requests), 1)
        self.assertEqual(gateway.counts()[letter.client_reference], 1)

    def test_never_heard_of_is_sent_again(self):
        letter = self._post(self._create_invoice())
        lost_before = port.OutcomeUnknown("cut before it arrived")
        with self._gateway(
            ScriptedGateway([lost_before, "accept"], idempotency=False)
        ) as gateway:
            self._run_outbox()
            with freeze_time(letter.deadline + timedelta(hours=1)):
                self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(gateway.counts()[letter.client_reference], 1)

    def test_never_heard_of_too_long_ago_is_in_doubt(self):
        letter = self._post(self._create_invoice())
        lost_before = port.OutcomeUnknown("cut before it arrived")
        with self._gateway(ScriptedGateway([lost_before, "accept"])) as gateway:
            self._run_outbox()
            with freeze_time(letter.create_date + timedelta(days=31)):
                self._run_outbox()
        self.assertEqual(letter.state, "unknown")
        self.assertFalse(gateway.arrived)

    def test_no_lookup_is_in_doubt_and_a_person_decides(self):
        letter = self._post(self._create_invoice())
        with self._gateway(
            ScriptedGateway([LOST], idempotency=False, lookup=False)
        ) as gateway:
            self._run_outbox()
            for _run in range(3):
                with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
                    self._run_outbox()
            self.assertEqual(letter.state, "unknown")
            self.assertEqual(gateway.counts()[letter.client_reference], 1)
            self.assertTrue(letter.activity_ids)
        letter.with_user(self.manager).action_did_arrive()
        self.assertEqual(letter.state, "accepted")

    def test_no_lookup_but_recognised_repeats_are_sent_again(self):
        letter = self._post(self._create_invoice())
        with self._gateway(ScriptedGateway([LOST, "accept"], lookup=False)) as gateway:
            self._run_outbox()
            with freeze_time(letter.deadline + timedelta(hours=1)):
                self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(gateway.requests[0], gateway.requests[1], "the same reference")

    def test_one_bad_letter_does_not_keep_the_others(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 3))
        bad = letters[1].client_reference

        def picky(sent):
            if any(letter.client_reference == bad for letter in sent):
                raise port.Refused("the request is wrong", code="request.invalid")
            gateway.arrived += sent
            return tuple(receipt(letter) for letter in sent)

        with self._gateway(ScriptedGateway([picky])) as gateway:
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["accepted", "rejected", "accepted"])
        self.assertEqual(self.account.state, "running")

    def test_rejection_names_its_reason(self):
        move = self._create_invoice()
        letter = self._post(move, user=self.accountant)
        reason = port.Reason("recipient.unknown_city", "Ville inconnue", "recipient[5]")
        with self._gateway(
            ScriptedGateway([lambda sent: tuple(receipt(m, reason) for m in sent)])
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "rejected")
        self.assertIn("Ville inconnue", letter.error)
        self.assertEqual(
            letter.error_codes, ["provider.refused:recipient.unknown_city"]
        )
        self.assertEqual(letter.activity_ids.user_id, self.accountant)
        self.assertEqual(move.beepost_state, "rejected")
        self.assertIn("Ville inconnue", move.message_ids[0].body)

    def test_reference_that_bears_another_letter_is_in_doubt(self):
        letter = self._post(self._create_invoice())
        reused = port.Reason(port.REFERENCE_REUSED, "came before with another PDF")
        with self._gateway(
            ScriptedGateway([lambda sent: tuple(receipt(m, reused) for m in sent)])
        ):
            self._run_outbox()
        self.assertEqual(letter.state, "unknown")

    def test_left_out_of_the_answer_is_looked_up(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 2))

        def half(sent):
            gateway.arrived += sent
            return (receipt(sent[0]),)

        with self._gateway(ScriptedGateway([half])) as gateway:
            self._run_outbox()
            self.assertEqual(letters.mapped("state"), ["accepted", "sending"])
            with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
                self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["accepted", "accepted"])
        self.assertEqual(set(gateway.counts().values()), {1})

    def test_other_bytes_are_never_sent(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 2))
        with self._gateway(ScriptedGateway()) as gateway:
            account = self.account.sudo()
            with self.enter_registry_test_mode(), Workshop() as workshop:
                account._refresh_limits(gateway)
                account.env["beepost.outbox"]._prepare(account, workshop)
            letters[0].sudo().pdf_id.raw = b"%PDF-1.4 something else"
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["rejected", "accepted"])
        self.assertEqual(len(gateway.arrived), 1)

    def test_restored_database_asks_before_it_sends(self):
        other = self._create_customer("Autre destinataire")
        sent, unsent = self._post(self._create_invoice(), self._create_invoice(other))
        with self._gateway(ScriptedGateway(idempotency=False)) as gateway:
            gateway.arrived.append(_stub(sent))
            self.account.sudo().incarnation = "another/life"
            self._run_outbox()
        self.assertEqual(sent.state, "accepted")
        self.assertEqual(unsent.state, "accepted")
        self.assertEqual(set(gateway.counts().values()), {1})

    def test_restored_database_knows_no_shared_envelope(self):
        """The younger one may lie in the older one's envelope, under its reference."""
        other = self._create_customer("Autre destinataire")
        partners = [self.customer, other, self.customer]
        moves = [self._create_invoice(partner) for partner in partners]
        older, elsewhere, younger = self._post(*moves)
        with self._gateway(ScriptedGateway()) as gateway:
            gateway.arrived.append(_stub(older))
            self.account.sudo().incarnation = "another/life"
            self._run_outbox()
            self.assertEqual(older.state, "accepted")
            self.assertEqual(elsewhere.state, "accepted")
            self.assertEqual(younger.state, "unknown")
            self.assertIn(older.client_reference, self._bodies(younger))
            younger.with_user(self.manager).action_never_arrived()
            self._run_outbox()
        self.assertEqual(younger.state, "accepted", "a person knew better")
        self.assertEqual(set(gateway.counts().values()), {1})

    def test_restored_database_without_lookup_knows_no_shared_envelope(self):
        """The provider recognises the older one, and never heard of the younger."""
        older, younger = self._post(self._create_invoice(), self._create_invoice())
        with self._gateway(ScriptedGateway(lookup=False)) as gateway:
            self.account.sudo().incarnation = "another/life"
            self._run_outbox()
            self._run_outbox()
        self.assertEqual((older.state, younger.state), ("accepted", "unknown"))
        self.assertEqual(list(gateway.counts()), [older.client_reference])

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))

    def test_duplicated_database_stops(self):
        letter = self._post(self._create_invoice())
        account = self.account.sudo()
        account.incarnation = f"{account._current_incarnation()}-of-the-original"
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests, "the original may send it too")
        self.assertEqual(self.account.state, "stopped")
        self.assertEqual(letter.state, "draft")

    def test_practice_is_never_taken_for_posted(self):
        move = self._create_invoice()
        self._post(move)
        self._run_outbox()
        self.assertEqual(move.beepost_state, "practice")
        self.assertTrue(move._beepost_posted_letters())
        with self.assertRaises(UserError):
            self.account.write({"gateway": "http", "url": "https://bee.example.com"})
        self.company.beepost_account_id = self._create_real_account()
        self.assertFalse(move._beepost_posted_letters(), "nothing was posted")

    def test_restored_database_without_lookup_posts_nothing(self):
        letters = self._post(*self._create_invoices(*[self.customer] * 2))
        with self._gateway(ScriptedGateway(idempotency=False, lookup=False)) as gateway:
            self.account.sudo().incarnation = "another/life"
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"unknown"})
        self.assertFalse(gateway.requests)

    def test_author_is_told_once(self):
        self._post(*self._create_invoices(*[self.customer] * 3), user=self.accountant)
        notices = self.env["bus.bus"].sudo().search([], order="id desc", limit=1)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        new = self.env["bus.bus"].sudo().search([("id", ">", notices.id)])
        told = [m for m in new.mapped("message") if "simple_notification" in m]
        self.assertEqual(len(told), 1)


def _stub(letter):
    class Arrived:
        client_reference = letter.client_reference

    return Arrived
