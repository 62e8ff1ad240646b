"""What has not left of a lot is cancelled, its letters yet to be made too."""

from odoo.exceptions import UserError

from .common import ScriptedGateway
from .lots import LotCase


class TestCancel(LotCase):
    def test_what_has_not_left(self):
        moves = self._invoices(4)
        lot = self._lot(moves)
        letters = lot.mailing_ids.sorted("id")
        for letter, state in zip(
            letters.sudo(), ("draft", "ready", "queued", "accepted"), strict=True
        ):
            letter.state = state
        lot.action_cancel()
        self.assertEqual(lot.state, "cancelled")
        self.assertEqual(
            letters.mapped("state"), ["cancelled", "cancelled", "cancelled", "accepted"]
        )
        self.assertEqual((lot.cancelled_count, lot.accepted_count), (3, 1))
        self.assertEqual((lot.waiting_count, lot.progress), (0, 100.0))
        self.assertIn("Its lot was cancelled", self._bodies(moves[0]))
        self.assertIn(self.accountant.name, self._bodies(lot))
        self.assertFalse(self._send().requests)

    def test_paused_lot(self):
        lot = self._lot(self._invoices(2))
        lot.action_pause()
        lot.action_cancel()
        self.assertEqual(self._states(lot), ["cancelled"] * 2)

    def test_nothing_is_rendered_and_posted_afterwards(self):
        moves = self._invoices(3, pdf=False)
        other = self._invoices(1, pdf=False)
        lot, unharmed = self._lot(moves), self._lot(other)
        self.assertEqual(lot.waiting_count, 3)
        lot.action_cancel()
        self.assertFalse(any(moves.mapped("sending_data")))
        self.assertTrue(other.sending_data)
        self._render()
        self.assertFalse(any(moves.mapped("invoice_pdf_report_id")))
        self.assertFalse(self._letters(moves))
        self.assertTrue(self._letters(other))
        self.assertEqual(
            (lot.cancelled_count, lot.missing_count, lot.waiting_count), (3, 0, 0)
        )
        self.assertEqual(lot.progress, 100.0)
        self.assertIn("lot was cancelled", self._bodies(moves[0]))
        self.assertEqual(unharmed.state, "running")

    def test_documents_can_be_sent_again(self):
        ordered = self._invoices(1, pdf=False)
        moves = ordered + self._invoices(1)
        self._lot(moves).action_cancel()
        again = self._lot(moves)
        self._render_good(ordered)
        self._send()
        self.assertEqual(self._states(again), ["accepted"] * 2)

    def test_letter_that_was_being_made_is_cancelled_too(self):
        """Core had the invoice in hand and could not be told: its letter comes into a
        cancelled lot."""
        moves = self._invoices(2)
        lot = self._lot(moves)
        lot.action_cancel()
        late = self._post(self._create_invoice(), lot_id=lot.id)
        gateway = self._send()
        self.assertFalse(gateway.requests)
        self.assertEqual(late.state, "cancelled")
        self.assertIn("Its lot was cancelled", self._bodies(late))

    def test_letters_in_doubt_are_asked_about_first(self):
        partners = self.customer, self._create_customer("Autre destinataire")
        lot = self._lot(self._invoices(2, partners=partners))
        arrived, unheard = lot.mailing_ids.sorted("id")
        gateway = ScriptedGateway(idempotency=False)

        class Arrived:
            client_reference = arrived.client_reference

        gateway.arrived.append(Arrived)
        lot.sudo().mailing_ids.in_doubt = True
        lot.action_cancel()
        self.assertEqual(self._states(lot), ["draft", "draft"])
        self._send(gateway)
        self.assertEqual((arrived + unheard).mapped("state"), ["accepted", "cancelled"])
        self.assertFalse(gateway.requests)

    def test_refused_letters_stay_to_be_seen(self):
        bad = self._create_customer("Sans ville", city=False)
        lot = self._lot(self._invoices(2, partners=[self.customer, bad]))
        refused = lot.mailing_ids.filtered(lambda m: m.state == "rejected")
        lot.action_cancel()
        self.assertEqual(self._states(lot), ["cancelled", "rejected"])
        bad.city = "Lyon"
        for name in ("action_retry", "action_correct_address"):
            with self.assertRaisesRegex(UserError, "whose lot was cancelled"):
                getattr(refused, name)()
        refused.action_cancel()
        self.assertEqual(refused.state, "cancelled")

    def test_queries_do_not_grow_with_the_letters(self):
        def cancel(count):
            lot = self._lot(self._invoices(count) + self._invoices(count, pdf=False))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lot.action_cancel()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cancel(2)
        few, many = cancel(4), cancel(24)
        self.assertLessEqual((many - few) / 20, 1, f"{few} for 4, {many} for 24")
