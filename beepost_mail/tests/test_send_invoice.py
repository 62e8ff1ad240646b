"""What becomes of a press on *Send*, and what our failure may not harm."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .sending import SendCase

SEND = "odoo.addons.beepost_mail.models.account_move_send"


class TestSending(SendCase):
    def test_email_and_post_together(self):
        move = self._create_invoice()
        dialog = self._dialog(move, methods=["beepost", "email"])
        self.assertTrue(dialog.beepost_selected)
        dialog.action_send_and_print()
        self.assertEqual(len(self._letters(move)), 1)
        mails = move.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(mails.partner_ids, self.customer)
        self.assertTrue(mails.attachment_ids)

    def test_email_alone_makes_no_letter(self):
        move = self._create_invoice()
        self._dialog(move, methods=["email"]).action_send_and_print()
        self.assertFalse(self._letters(move))

    def test_letter_bears_the_legal_pdf_that_was_just_made(self):
        move = self._create_invoice(pdf=False)
        self.assertFalse(move.invoice_pdf_report_id)
        self._dialog(move).action_send_and_print()
        letter = self._letters(move)
        self.assertEqual(
            letter.document_ids.sudo().attachment_id, move.invoice_pdf_report_id
        )
        self.assertTrue(move.invoice_pdf_report_id)

    def test_proforma_is_never_posted(self):
        move = self._create_invoice(pdf=False)

        def fail(self, invoice, invoice_data):
            invoice_data["error"] = {"error_title": "No final PDF"}

        with patch.object(
            type(self.env["account.move.send"]),
            "_hook_invoice_document_before_pdf_report_render",
            fail,
        ):
            attachments = self.env["account.move.send"]._generate_and_send_invoices(
                move,
                sending_methods={"beepost"},
                allow_fallback_pdf=True,
            )
        self.assertTrue(attachments, "the proforma exists")
        self.assertFalse(move.invoice_pdf_report_id)
        self.assertFalse(self._letters(move))
        self.assertIn("proforma is never posted", self._bodies(move))

    def _send_all(self, moves):
        self.env["account.move.send"]._generate_and_send_invoices(moves)

    @mute_logger(SEND)
    def test_our_failure_harms_no_invoice(self):
        """Whatever breaks on our side, PDFs and e-mails of the batch stay."""
        Move, Mailing = (
            type(self.env["account.move"]),
            type(self.env["beepost.mailing"]),
        )
        Send = type(self.env["account.move.send"])

        def broken(*args, **kwargs):
            raise ZeroDivisionError("ours")

        for cls, name in (
            (Move, "_beepost_post"),
            (Move, "_prepare_beepost_mailing_vals"),
            (Mailing, "_snapshot_addresses"),
            (Mailing, "_log_to_documents"),
            (Send, "_beepost_enclosures"),
            (Send, "_beepost_post"),
        ):
            with self.subTest(name=name):
                moves = self.env["account.move"].union(
                    *(self._create_invoice(pdf=False) for _ in range(3))
                )
                with patch.object(cls, name, broken):
                    self._send_all(moves)
                for move in moves:
                    self.assertTrue(move.invoice_pdf_report_id)
                    self.assertFalse(self._letters(move))
                    self.assertIn("Not sent by post", self._bodies(move))
                    self.assertFalse(move.sending_data)

    @mute_logger(SEND)
    def test_database_error_harms_no_invoice(self):
        """A failed statement spoils a transaction unless it is contained."""
        Mailing = type(self.env["beepost.mailing"])

        def broken(letters):
            letters.env.cr.execute("SELECT 1 FROM no_such_table")

        move = self._create_invoice(pdf=False)
        with (
            patch.object(Mailing, "_snapshot_addresses", broken),
            mute_logger("odoo.sql_db"),
        ):
            self._send_all(move)
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertIn("Not sent by post", self._bodies(move))

    @mute_logger(SEND)
    def test_one_bad_invoice_keeps_no_letter_from_the_others(self):
        moves = self.env["account.move"].union(
            *self._create_invoices(*[self.customer] * 3)
        )
        prepare = type(moves)._prepare_beepost_mailing_vals

        def broken(move, options, user):
            if move.id == moves[1].id:
                raise ZeroDivisionError("this one")
            return prepare(move, options, user)

        with patch.object(type(moves), "_prepare_beepost_mailing_vals", broken):
            self._send_all(moves)
        self.assertEqual([len(self._letters(move)) for move in moves], [1, 0, 1])
        self.assertIn("Not sent by post", self._bodies(moves[1]))
        self.assertNotIn("Not sent by post", self._bodies(moves[0]))

    def test_pressed_twice(self):
        move = self._create_invoice()
        dialog = self._dialog(move)
        dialog.action_send_and_print()
        with self.assertRaises(UserError):
            dialog.action_send_and_print()
        self.assertEqual(len(self._letters(move)), 1)
        self._dialog(move).action_send_and_print()
        self.assertEqual(len(self._letters(move)), 2, "a new dialog is a new wish")

    def test_two_people_at_once(self):
        """The dialogs were open side by side: neither warned of the other's letter."""
        move = self._create_invoice()
        mine, theirs = self._dialog(move), self._dialog(move, user=self.accountant)
        mine.action_send_and_print()
        with self.assertRaisesRegex(UserError, self.env.user.name):
            theirs.action_send_and_print()
        self.assertEqual(len(self._letters(move)), 1)
        theirs.sending_methods = ["email"]
        theirs.action_send_and_print()

    def test_form_remembers_what_it_knew(self):
        first = self._create_invoice()
        letter = self._post(first)
        form = Form(
            self.env["account.move.send.wizard"].with_context(
                active_model="account.move", active_ids=first.ids
            )
        )
        self.assertEqual(form.beepost_known_letter, letter.id)
        later = self._post(first)
        dialog = form.save()
        self.assertLess(dialog.beepost_known_letter, later.id)
        with self.assertRaises(UserError):
            dialog.action_send_and_print()

    def test_bad_address_in_a_batch_is_refused_not_lost(self):
        bad = self._create_customer(
            "Sans rue", street=False, invoice_sending_method="beepost"
        )
        moves = self._create_invoice() + self._create_invoice(bad)
        self._send_all(moves)
        self.assertEqual(moves.mapped("beepost_state"), ["waiting", "rejected"])
        self.assertTrue(self._letters(moves[1]).activity_ids)

    def test_no_network_while_the_user_waits(self):
        def forbidden(account):
            raise AssertionError("the provider was called")

        move = self._create_invoice()
        with patch.object(
            type(self.env["beepost.account"]), "_open_gateway", forbidden
        ):
            self._dialog(move).action_send_and_print()
        self.assertEqual(self._letters(move).state, "draft")
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.account.sudo().cron_id.id)]
        )
        self.assertTrue(triggers, "the outbox is woken at once")

    def test_core_batch_dialog_marks_copies(self):
        """Preference "post" through core's own batch: the same care as in ours."""
        self.customer.beepost_public_body = True
        moves = self._create_invoice() + self._create_invoice()
        dialog = (
            self.env["account.move.send.batch.wizard"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({})
        )
        self.assertEqual(dialog.summary_data["beepost"]["count"], 2)
        self.assertIn("beepost_electronic", dialog.alerts)
        dialog.action_send_and_print()
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()
        letters = self._letters(moves)
        self.assertEqual(len(letters), 2)
        self.assertEqual(letters.mapped("is_copy"), [True, True])
        self.assertEqual(letters.user_id, self.env.user, "not the scheduler")

    def test_core_batch_dialog_counts_bad_addresses(self):
        bad = self._create_customer(
            "Sans ville", city=False, invoice_sending_method="beepost"
        )
        moves = self._create_invoice() + self._create_invoice(bad)
        dialog = (
            self.env["account.move.send.batch.wizard"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({})
        )
        self.assertIn("1", dialog.summary_data["beepost"]["extra"])
        self.assertEqual(dialog.alerts["beepost_address"]["level"], "warning")

    def test_is_move_sent_is_not_about_the_post(self):
        move = self._create_invoice(pdf=False)
        self._dialog(move, methods=[]).action_send_and_print()
        self.assertTrue(move.is_move_sent)
        self.assertFalse(move.beepost_state)
