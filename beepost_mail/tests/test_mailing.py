"""Try again, cancel, delete: each in the states where it makes sense."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..gateway import port
from .common import ScriptedGateway, a4_pdf
from .letters import CancellingGateway, MailingCase


class TestRetry(MailingCase):
    def test_only_the_selected(self):
        moves = self._create_invoices(*[self.customer] * 3)
        letters = self._refused(*moves)
        spent = letters[1].client_reference
        others = (letters[0] + letters[2]).mapped("client_reference")
        letters[1].with_user(self.accountant).action_retry()
        self.assertEqual(letters.mapped("state"), ["rejected", "draft", "rejected"])
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["rejected", "accepted", "rejected"])
        self.assertEqual(list(gateway.counts()), [letters[1].client_reference])
        self.assertNotEqual(letters[1].client_reference, spent)
        self.assertIn(spent, self._bodies(letters[1]), "the former one stays on record")
        self.assertEqual((letters[0] + letters[2]).mapped("client_reference"), others)
        self.assertEqual(
            [move.beepost_state for move in moves],
            ["rejected", "practice", "rejected"],
        )

    def test_nothing_of_the_former_acceptance_stays(self):
        """BeePOST took it first, and refused it afterwards."""
        letter = self._accepted(self._create_invoice())
        former = letter.provider_reference
        self.assertTrue(former and letter.accepted_at and letter.first_sent_at)
        letter.sudo()._refuse({letter: []})
        letter.with_user(self.accountant).action_retry()
        self.assertFalse(
            letter.provider_reference or letter.accepted_at or letter.first_sent_at
        )
        self.assertIn(former, self._bodies(letter), "on record")

    def test_takes_the_address_of_today(self):
        letter = self._refused(self._create_invoice())
        self.assertNotIn("15 RUE", letter.sudo().recipient)
        self.customer.street = "15 rue Neuve"
        letter.action_retry()
        self.assertIn("15 RUE NEUVE", letter.sudo().recipient)
        self.assertFalse(letter.sudo().pdf_id, "a sheet with the old address is gone")
        self._run_outbox()
        self.assertIn("15 RUE NEUVE", letter.address)

    def test_still_bad_stays_refused_and_is_still_to_do(self):
        partner = self._create_customer("Sans code postal", zip=False)
        letter = self._post(self._create_invoice(partner), user=self.accountant)
        self.assertEqual(letter.state, "rejected")
        self.assertEqual(len(letter.activity_ids), 1)
        letter.with_user(self.accountant).action_retry()
        self.assertEqual(letter.state, "rejected")
        self.assertEqual(len(letter.activity_ids), 1, "the author still has to act")
        self.assertEqual(letter.activity_ids.user_id, self.accountant)
        partner.zip = "69002"
        letter.with_user(self.accountant).action_retry()
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.activity_ids)

    def test_several_at_once_or_none(self):
        letters = self._refused(self._create_invoice(), self._create_invoice())
        accepted = self._accepted(self._create_invoice())
        with self.assertRaisesRegex(UserError, accepted.name):
            (letters + accepted).action_retry()
        self.assertEqual(set(letters.mapped("state")), {"rejected"})
        letters.action_retry()
        self.assertEqual(set(letters.mapped("state")), {"draft"})

    def test_on_hold_keeps_its_reference(self):
        letter = self._post(self._create_invoice())
        reference = letter.client_reference
        with patch.object(
            type(letter), "_before_queue", lambda self: dict.fromkeys(self, "too dear")
        ):
            self._run_outbox()
        self.assertEqual((letter.state, letter.hold_reason), ("ready", "too dear"))
        letter.action_retry()
        self.assertEqual(letter.client_reference, reference, "it never left")
        self.assertFalse(letter.hold_reason)
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_held_at_the_last_moment(self):
        """Between its preparation and its departure a letter may have waited long."""
        held, other = (self._post(self._create_invoice()) for _ in range(2))
        with patch.object(
            type(held),
            "_before_hand_over",
            lambda self: dict.fromkeys(self & held, "a new price list"),
        ):
            self._run_outbox()
        self.assertEqual((held.state, held.hold_reason), ("ready", "a new price list"))
        self.assertEqual(other.state, "accepted")
        self.assertFalse(held.attempts)
        held.action_retry()
        self._run_outbox()
        self.assertEqual(held.state, "accepted")

    def test_snapshot_of_the_postcode(self):
        letter = self._post(self._create_invoice())
        self.assertEqual(letter.sudo().zip_code, letter.partner_id.zip)

    def test_old_files_do_not_pile_up(self):
        letter = self._refused(self._create_invoice())
        mine = [
            ("res_model", "=", "beepost.mailing.document"),
            ("res_id", "in", letter.document_ids.ids),
        ]
        Attachment = self.env["ir.attachment"].sudo()
        self.assertEqual(Attachment.search_count(mine), 1)
        letter.action_retry()
        self.assertFalse(Attachment.search_count(mine))
        self._run_outbox()
        self.assertEqual(Attachment.search_count(mine), 1)

    def test_the_invoice_changed_meanwhile(self):
        """A refused letter never posts the PDF of an invoice that was reset."""
        move = self._create_invoice()
        letter = self._refused(move)
        move.button_draft()
        with self.assertRaises(UserError):
            letter.action_retry()
        move.action_post()
        self._attach_legal_pdf(move, a4_pdf("corrected"))
        with self.assertRaises(UserError):
            letter.action_retry()
        self.assertEqual(letter.state, "cancelled")


class TestCancel(MailingCase):
    def test_waiting_letters(self):
        for state in ("draft", "ready", "queued", "rejected"):
            move = self._create_invoice()
            letter = self._post(move, user=self.accountant)
            letter.sudo().state = state
            with self.subTest(state=state):
                letter.with_user(self.accountant).action_cancel()
                self.assertEqual(letter.state, "cancelled")
                self.assertEqual(move.beepost_state, "cancelled")
                self.assertIn(self.accountant.name, self._bodies(move))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_too_late(self):
        for state in ("sending", "cancelled", "unknown"):
            letter = self._post(self._create_invoice())
            letter.sudo().state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                letter.action_cancel()
            self.assertEqual(letter.state, state)

    def test_refused_letter_is_no_more_to_do(self):
        letter = self._refused(self._create_invoice())
        self.assertTrue(letter.activity_ids)
        letter.action_cancel()
        self.assertFalse(letter.activity_ids)

    def test_at_provider_is_the_managers(self):
        letter = self._accepted(self._create_invoice())
        gateway = CancellingGateway([letter.client_reference])
        with self._gateway(gateway):
            with self.assertRaises(AccessError):
                letter.with_user(self.accountant).action_cancel()
            self.assertFalse(gateway.cancelled)
            letter.with_user(self.manager).action_cancel()
        self.assertEqual(gateway.cancelled, [letter.client_reference])
        self.assertEqual(letter.state, "cancelled")
        self.assertIn(self.manager.name, self._bodies(letter))

    def test_provider_refuses(self):
        move = self._create_invoice()
        letter = self._accepted(move)
        with self._gateway(CancellingGateway()):
            with self.assertRaisesRegex(UserError, "Production has begun"):
                letter.with_user(self.manager).action_cancel()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(move.beepost_state, "practice")

    def test_provider_does_not_answer(self):
        letter = self._accepted(self._create_invoice())
        for error in (
            port.Unavailable("503"),
            port.OutcomeUnknown("cut"),
            port.Credentials("401"),
            port.BadAnswer("?"),
        ):
            with (
                self.subTest(error=error),
                self._gateway(CancellingGateway(error=error)),
            ):
                with self.assertRaises(UserError):
                    letter.with_user(self.manager).action_cancel()
                self.assertEqual(letter.state, "accepted")

    def test_what_was_cancelled_stays_cancelled(self):
        """The second refusal must not undo what Odoo knows of the first letter."""
        first, second = self._accepted(self._create_invoice(), self._create_invoice())
        for error in (None, port.Unavailable("503")):
            first.sudo().state = "accepted"
            gateway = CancellingGateway([first.client_reference], error)
            with self.subTest(error=error), self._gateway(gateway):
                answer = (first + second).with_user(self.manager).action_cancel()
                self.assertEqual(gateway.cancelled, [first.client_reference])
                self.assertEqual(first.state, "cancelled")
                self.assertEqual(second.state, "accepted")
                self.assertIn(second.name, str(answer), "and he is told which is not")

    def test_real_practice_provider(self):
        move = self._create_invoice()
        letter = self._post(move)
        self._run_outbox()
        with self.enter_registry_test_mode():
            letter.with_user(self.manager).action_cancel()
        self.assertEqual(letter.state, "cancelled")
        late = self._post(self._create_invoice())
        self._run_outbox()
        self.account.action_push_sandbox_clock()
        with self.enter_registry_test_mode(), self.assertRaises(UserError):
            late.with_user(self.manager).action_cancel()
        self.assertEqual(late.state, "accepted")

    def test_asked_about_after_a_restore(self):
        """Nobody knows whether it left in the other life: it cannot be called off."""
        letter = self._post(self._create_invoice())
        letter.sudo().write({"state": "queued", "in_doubt": True})
        with self.assertRaises(UserError):
            letter.action_cancel()
        self.assertTrue(letter.sudo().in_doubt)
        self.assertEqual(letter.state, "queued")


class TestUnlink(MailingCase):
    def test_evidence_is_kept(self):
        for state in ("sending", "accepted", "unknown"):
            letter = self._accepted(self._create_invoice())
            letter.sudo().state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                letter.sudo().unlink()

    def test_what_never_left_leaves_nothing_behind(self):
        letter = self._post(self._create_invoice(), user=self.accountant)
        with self._gateway(ScriptedGateway([port.Unavailable("503")])):
            self._run_outbox()
        self.assertEqual(letter.state, "queued")
        letter._message_log(body="Asked BeePOST by telephone")
        pdf, documents = letter.sudo().pdf_id, letter.document_ids
        messages = letter.message_ids
        source = documents.sudo().attachment_id
        self.assertTrue(pdf and documents and messages and source)
        letter.sudo().unlink()
        self.assertFalse(pdf.exists())
        self.assertFalse(documents.exists())
        self.assertFalse(messages.exists())
        self.assertTrue(source.exists(), "the invoice keeps its PDF")

    def test_its_document_stays_with_it(self):
        """Reset to draft, an invoice could be deleted otherwise."""
        move = self._create_invoice()
        letter = self._accepted(move)
        letter.sudo().is_practice = False
        move.button_draft()
        for values in (
            {"state": "accepted"},
            {"state": "sending"},
            {"state": "unknown"},
            {"state": "queued", "in_doubt": True},
        ):
            letter.sudo().write({"in_doubt": False, **values})
            with self.subTest(values), self.assertRaisesRegex(UserError, "Cancel it"):
                (move + self._create_invoice(pdf=False)).with_context(
                    force_delete=True
                ).unlink()
        move.button_cancel()
        self.assertEqual(move.state, "cancel")

    def test_documents_of_practice_and_of_what_never_left_are_free(self):
        practice, refused = self._create_invoice(), self._create_invoice()
        self.assertTrue(self._accepted(practice).is_practice)
        self._refused(refused).sudo().is_practice = False
        (practice + refused).button_draft()
        (practice + refused).with_context(force_delete=True).unlink()
        self.assertFalse((practice + refused).exists())

    def test_refused_letters_can_be_deleted(self):
        """The error's own words: only what has not left can be deleted."""
        letter = self._refused(self._create_invoice())
        letter.sudo().unlink()
        self.assertFalse(letter.exists())
