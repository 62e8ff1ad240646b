"""*Send* on one invoice: where post is offered, options, previews, alerts."""

from odoo.exceptions import UserError
from odoo.tests import Form

from .common import a4_pdf
from .sending import SendCase


class TestOffered(SendCase):
    def _methods(self, move):
        return set(self._dialog(move).sending_method_checkboxes)

    def test_where_an_account_exists(self):
        move = self._create_invoice()
        self.assertIn("beepost", self._methods(move))
        self.account.active = False
        self.assertNotIn("beepost", self._methods(move))

    def test_not_through_another_companys_account(self):
        other = self.setup_other_company(name="Autre")["company"]
        self.account.sudo().company_id = other
        self.company.sudo().beepost_account_id = self.account
        move = self._create_invoice()
        self.assertNotIn("beepost", self._methods(move))

    def test_stopped_account_is_offered_with_a_word(self):
        self.account.sudo()._stop("Mot de passe refusé.")
        dialog = self._dialog(self._create_invoice())
        self.assertIn("beepost", dialog.sending_method_checkboxes)
        alert = dialog.alerts["beepost_account"]
        self.assertEqual(alert["level"], "warning")
        self.assertIn("Mot de passe refusé.", alert["message"])

    def test_second_kind_of_post_is_hidden(self):
        move = self._create_invoice()
        send = self.env["account.move.send"]
        self.assertNotIn("snailmail", self._methods(move))
        self.account.active = False
        known = dict(
            self.env["res.partner"]._fields["invoice_sending_method"].selection
        )
        if "snailmail" in known:
            self.assertIn("snailmail", self._methods(move))
        self.assertTrue(send._is_applicable_to_company("snailmail", self.company))

    def test_preferred_way_is_ticked(self):
        dialog = self._dialog(self._create_invoice())
        self.assertTrue(dialog.sending_method_checkboxes["beepost"]["checked"])
        self.assertTrue(dialog.beepost_selected)
        self.customer.invoice_sending_method = "email"
        dialog = self._dialog(self._create_invoice())
        self.assertFalse(dialog.beepost_selected)

    def test_commercial_partners_preference_counts(self):
        contact = self.env["res.partner"].create(
            {"name": "Service achats", "parent_id": self.customer.id, "type": "invoice"}
        )
        contact.invoice_sending_method = "email"
        self.customer.invoice_sending_method = "beepost"
        dialog = self._dialog(self._create_invoice(contact))
        self.assertTrue(dialog.beepost_selected)

    def test_vendor_bill_has_no_letter(self):
        bill = self.init_invoice(
            "in_invoice", partner=self.customer, amounts=[1.0], company=self.company
        )
        send = self.env["account.move.send"]
        self.assertFalse(send._is_applicable_to_move("beepost", bill))
        refund = self._create_invoice(move_type="out_refund")
        self.assertTrue(send._is_applicable_to_move("beepost", refund))


class TestDialog(SendCase):
    def test_options_of_the_company(self):
        self.company.write(
            {
                "beepost_color": True,
                "beepost_duplex": False,
                "beepost_address_sheet": "always",
                "beepost_service_id": self.env.ref("beepost_mail.service_tracked").id,
            }
        )
        dialog = self._dialog(self._create_invoice())
        self.assertEqual(
            (
                dialog.beepost_color,
                dialog.beepost_duplex,
                dialog.beepost_address_sheet,
                dialog.beepost_service_id.code,
                dialog.beepost_account_id,
            ),
            (True, False, "always", "lettre_suivie", self.account),
        )

    def test_options_of_the_customer_come_first(self):
        self.company.write({"beepost_color": True, "beepost_duplex": True})
        self.customer.write(
            {
                "beepost_color": "no",
                "beepost_duplex": "no",
                "beepost_service_id": self.env.ref(
                    "beepost_mail.service_registered"
                ).id,
            }
        )
        contact = self.env["res.partner"].create(
            {"name": "Compta", "parent_id": self.customer.id, "type": "invoice"}
        )
        dialog = self._dialog(self._create_invoice(contact))
        self.assertFalse(dialog.beepost_color)
        self.assertFalse(dialog.beepost_duplex)
        self.assertEqual(dialog.beepost_service_id.code, "recommande")

    def test_chosen_options_reach_the_letter(self):
        move = self._create_invoice()
        with Form(
            self.env["account.move.send.wizard"].with_context(
                active_model="account.move", active_ids=move.ids
            )
        ) as form:
            form.beepost_color = True
            form.beepost_duplex = False
            form.beepost_address_sheet = "always"
            form.beepost_is_copy = True
            form.beepost_service_id = self.env.ref("beepost_mail.service_registered_ar")
        form.record.action_send_and_print()
        letter = self._letters(move)
        self.assertEqual(
            (
                letter.color,
                letter.duplex,
                letter.address_sheet,
                letter.is_copy,
                letter.service_id.code,
            ),
            (True, False, "always", True, "recommande_ar"),
        )
        self.assertEqual(letter.user_id, self.env.user)
        self.assertEqual(letter.account_id, self.account)
        self.assertEqual(
            letter.document_ids.sudo().attachment_id, move.invoice_pdf_report_id
        )

    def test_remote_client_may_give_some_options_only(self):
        self.company.write({"beepost_duplex": True, "beepost_address_sheet": "always"})
        move = self._create_invoice()
        self.env["account.move.send.wizard"].create(
            {
                "move_id": move.id,
                "sending_method_checkboxes": {"beepost": {"checked": True}},
                "beepost_color": True,
            }
        ).action_send_and_print()
        letter = self._letters(move)
        self.assertEqual(
            (letter.color, letter.duplex, letter.address_sheet, letter.service_id.code),
            (True, True, "always", "lettre"),
        )

    def test_new_letter_replaces_a_refused_one(self):
        """Else somebody would retry the refused one as well: posted twice."""
        move = self._create_invoice()
        refused = self._post(move)
        refused.sudo()._refuse({refused: []})
        self.assertTrue(refused.activity_ids)
        self._dialog(move).action_send_and_print()
        new = self._letters(move) - refused
        self.assertEqual(refused.state, "cancelled")
        self.assertFalse(refused.activity_ids)
        self.assertEqual(new.origin_id, refused)
        self.assertEqual(refused.replaced_by_ids, new)
        with self.assertRaises(UserError):
            refused.action_retry()

    def test_second_account_can_be_chosen(self):
        second = self.account.copy({"name": "Second"})
        move = self._create_invoice()
        dialog = self._dialog(move)
        self.assertEqual(dialog.beepost_account_count, 2)
        dialog.beepost_account_id = second
        dialog.action_send_and_print()
        self.assertEqual(self._letters(move).account_id, second)

    def test_preview_of_the_window(self):
        self.customer.street2 = "Bâtiment C"
        dialog = self._dialog(self._create_invoice())
        lines = dialog.beepost_address.splitlines()
        self.assertEqual(lines[-1], "69002 LYON")
        self.assertEqual(len(lines), 4)
        bad = self._create_customer("Sans ville", city=False)
        self.assertFalse(self._dialog(self._create_invoice(bad)).beepost_address)

    def test_preview_of_the_paper(self):
        move = self._create_invoice(pdf=a4_pdf(pages=7))
        dialog = self._dialog(move)
        self.assertIn("7 pages", dialog.beepost_estimate)
        self.assertIn("4 sheets", dialog.beepost_estimate)
        self.assertIn("C6/5", dialog.beepost_estimate)
        dialog.beepost_duplex = False
        self.assertIn("7 sheets", dialog.beepost_estimate)
        self.assertIn("C5", dialog.beepost_estimate)
        _file, data = self._upload(raw=a4_pdf(pages=3))
        dialog.mail_attachments_widget = [*dialog.mail_attachments_widget, data]
        self.assertIn("10 pages", dialog.beepost_estimate)

    def test_preview_with_the_chosen_accounts_envelopes(self):
        second = self.account.copy(
            {"name": "Second", "profile_id": self.account.profile_id.copy().id}
        )
        second.profile_id.envelope_ids[0].unlink()
        dialog = self._dialog(self._create_invoice())
        self.assertIn("C6/5", dialog.beepost_estimate)
        dialog.beepost_account_id = second
        self.assertNotIn("C6/5", dialog.beepost_estimate)

    def test_preview_before_there_is_a_pdf(self):
        dialog = self._dialog(self._create_invoice(pdf=False))
        self.assertIn("once the PDF", dialog.beepost_estimate)
        self.assertNotIn("Press", dialog.beepost_estimate, "it has no preview")

    def test_preview_says_why_not(self):
        dialog = self._dialog(self._create_invoice(pdf=b"%PDF-1.4 broken"))
        self.assertIn("damaged", dialog.beepost_estimate)
