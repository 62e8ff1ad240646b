"""*Send* on one invoice: what the dialog offers, warns of, and makes of it."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import BeepostCommon, ScriptedGateway, a4_pdf

SEND = "odoo.addons.beepost_mail.models.account_move_send"


class SendCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.env.user + cls.accountant).lang = "en_US"
        cls.customer.email = "client@example.com"
        cls.customer.invoice_sending_method = "beepost"

    def _dialog(self, move, user=None, methods=None):
        Wizard = self.env["account.move.send.wizard"].with_user(user or self.env.user)
        wizard = Wizard.with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})
        if methods is not None:
            wizard.sending_methods = methods
        return wizard

    def _upload(self, name="cgv.pdf", raw=None, user=None, mimetype="application/pdf"):
        """A file dropped on the dialog, and how the dialog describes it."""
        attachment = (
            self.env["ir.attachment"]
            .with_user(user or self.env.user)
            .create(
                {
                    "name": name,
                    "raw": raw or a4_pdf(name),
                    "mimetype": mimetype,
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )
        return attachment.sudo(), {
            "id": attachment.id,
            "name": name,
            "mimetype": mimetype,
            "placeholder": False,
            "manual": True,
        }

    def _invoice_of(self, day, partner=None):
        move = self.init_invoice(
            "out_invoice",
            partner=partner or self.customer,
            invoice_date=day,
            amounts=[100.0],
            company=self.company,
            post=True,
        )
        self._attach_legal_pdf(move)
        return move

    def _letters(self, moves):
        return moves.sudo().beepost_document_ids.mailing_id

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))


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

    def test_preview_before_there_is_a_pdf(self):
        dialog = self._dialog(self._create_invoice(pdf=False))
        self.assertIn("once the PDF", dialog.beepost_estimate)

    def test_preview_says_why_not(self):
        dialog = self._dialog(self._create_invoice(pdf=b"%PDF-1.4 broken"))
        self.assertIn("damaged", dialog.beepost_estimate)


class TestAlerts(SendCase):
    def _alert(self, move, key):
        return (self._dialog(move).alerts or {}).get(key)

    def test_nothing_to_say(self):
        alerts = self._dialog(self._create_invoice()).alerts or {}
        ours = {key for key in alerts if key.startswith("beepost")}
        self.assertEqual(ours, {"beepost_practice"}, "an account that posts nothing")

    def test_bad_address_blocks_and_links(self):
        bad = self._create_customer(
            "Sans code", zip=False, invoice_sending_method="beepost"
        )
        move = self._create_invoice(bad)
        alert = self._alert(move, "beepost_address")
        self.assertEqual(alert["level"], "danger")
        self.assertIn("postcode is missing", alert["message"])
        self.assertEqual(
            (alert["action"]["res_model"], alert["action"]["res_id"]),
            ("res.partner", bad.id),
        )
        with self.assertRaisesRegex(UserError, "postcode is missing"):
            self._dialog(move).action_send_and_print()
        self.assertFalse(self._letters(move))
        dialog = self._dialog(move, methods=["email"])
        self.assertNotIn("beepost_address", dialog.alerts or {})
        bad.zip = "69002"
        self._dialog(move).action_send_and_print()
        self.assertTrue(self._letters(move))

    def test_already_posted(self):
        move = self._create_invoice()
        letter = self._post(move)
        self.assertFalse(self._alert(move, "beepost_posted"), "it waits")
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        alert = self._alert(move, "beepost_posted")
        self.assertEqual(alert["level"], "warning")
        self.assertIn(letter.provider_reference, alert["message"])
        self.assertEqual(alert["action"]["res_id"], letter.id)
        self._dialog(move).action_send_and_print()
        self.assertEqual(len(self._letters(move)), 2, "on purpose, a second letter")

    def test_waiting_letter_is_not_doubled_unseen(self):
        """The first letter leaves in a moment: a second one is announced as such."""
        move = self._create_invoice()
        self._dialog(move).action_send_and_print()
        self.assertTrue(self._alert(move, "beepost_waiting"))

    def test_electronic_invoice(self):
        self.company.beepost_einvoice_from = date(2026, 9, 1)
        for day, expected in ((date(2026, 8, 31), False), (date(2026, 9, 1), True)):
            move = self._invoice_of(day)
            dialog = self._dialog(move)
            with self.subTest(day=day):
                alert = (dialog.alerts or {}).get("beepost_electronic")
                self.assertEqual(bool(alert), expected)
                self.assertEqual(dialog.beepost_is_copy, expected)
                if alert:
                    self.assertEqual(alert["level"], "warning", "it never blocks")
                dialog.action_send_and_print()
                self.assertEqual(self._letters(move).is_copy, expected)

    def test_public_body_at_any_date(self):
        self.customer.beepost_public_body = True
        alert = self._alert(self._create_invoice(), "beepost_electronic")
        self.assertIn("copy", alert["message"])

    def test_consumers_and_abroad_are_not_touched(self):
        self.company.beepost_einvoice_from = date(2019, 1, 1)
        consumer = self._create_customer(
            "Jean Petit", is_company=False, invoice_sending_method="beepost"
        )
        abroad = self._create_customer(
            "Müller GmbH",
            zip="10115",
            city="Berlin",
            country_id=self.env.ref("base.de").id,
            invoice_sending_method="beepost",
        )
        for partner in (consumer, abroad, self.customer):
            move = self._invoice_of(date(2028, 1, 1), partner)
            expected = partner == self.customer
            alert = self._alert(move, "beepost_electronic")
            self.assertEqual(bool(alert), expected, partner.name)


class TestEnclosures(SendCase):
    def _send_with(self, move, *described, user=None, methods=None):
        dialog = self._dialog(move, user=user, methods=methods)
        dialog.mail_attachments_widget = [*dialog.mail_attachments_widget, *described]
        dialog.action_send_and_print()
        return self._letters(move)

    def test_goes_second_in_the_envelope(self):
        move = self._create_invoice()
        first, about_first = self._upload("a.pdf", a4_pdf("A", pages=2))
        second, about_second = self._upload("b.pdf", a4_pdf("B"))
        letter = self._send_with(move, about_first, about_second)
        lines = letter.document_ids
        self.assertEqual(
            lines.sudo().attachment_id, move.invoice_pdf_report_id + first + second
        )
        self.assertEqual(lines.mapped("kind"), ["document", "enclosure", "enclosure"])
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(lines.mapped("pages"), [1, 2, 1])
        self.assertEqual(letter.sheets, 3 + letter.has_address_sheet)
        self.assertFalse(letter.is_legal_pdf)
        self.assertTrue(all(lines.mapped("sha256")))

    def test_uploaded_file_is_kept_with_the_letter(self):
        file, about = self._upload()
        letter = self._send_with(self._create_invoice(), about)
        file.write({"create_date": "2020-01-01", "write_date": "2020-01-01"})
        self.env["mail.compose.message"]._gc_lost_attachments()
        self.assertTrue(file.exists())
        self.assertEqual(
            (file.res_model, file.res_id),
            ("beepost.mailing.document", letter.document_ids[1].id),
        )

    def test_accountants_own_upload(self):
        file, about = self._upload(user=self.accountant)
        move = self._create_invoice()
        letter = self._send_with(move, about, user=self.accountant)
        self.assertIn(file, letter.document_ids.sudo().attachment_id)
        self.assertEqual(letter.user_id, self.accountant)

    def test_not_a_pdf_is_marked_and_refused(self):
        move = self._create_invoice()
        file, about = self._upload("photo.png", b"\x89PNG...", mimetype="image/png")
        dialog = self._dialog(move)
        dialog.mail_attachments_widget = [*dialog.mail_attachments_widget, about]
        self.assertIn("PDF", dialog.attachments_not_supported[str(file.id)])
        self.assertIn("photo.png", dialog.beepost_estimate + str(about))
        dialog.action_send_and_print()
        self._run_outbox()
        letter = self._letters(move)
        self.assertEqual(letter.state, "rejected")
        self.assertIn("photo.png", letter.error)
        self.assertIn("photo.png", self._bodies(move))

    def test_disguised_file_is_refused(self):
        _file, about = self._upload("disguised.pdf", b"<html>hello</html>")
        letter = self._send_with(self._create_invoice(), about)
        self._run_outbox()
        self.assertEqual(letter.state, "rejected")
        self.assertIn("disguised.pdf", letter.error)

    def test_template_files_are_not_enclosed_and_it_says_so(self):
        template = self.env.ref("account.email_template_edi_invoice")
        static, _about = self._upload("conditions.pdf")
        template.attachment_ids = static
        move = self._create_invoice()
        dialog = self._dialog(move, methods=["beepost", "email"])
        self.assertIn(str(static.id), dialog.attachments_not_supported)
        legal = str(move.invoice_pdf_report_id.id)
        self.assertNotIn(legal, dialog.attachments_not_supported)
        dialog.action_send_and_print()
        self.assertEqual(self._letters(move).document_ids.mapped("kind"), ["document"])

    def test_taken_off_again(self):
        _file, about = self._upload()
        letter = self._send_with(self._create_invoice(), {**about, "skip": True})
        self.assertEqual(len(letter.document_ids), 1)

    def test_gone_file_is_named(self):
        file, about = self._upload("gone.pdf")
        file.unlink()
        move = self._create_invoice()
        letter = self._send_with(move, about)
        self.assertEqual(len(letter.document_ids), 1)
        self.assertIn("gone.pdf", self._bodies(move))

    def test_nonsense_ids(self):
        move = self._create_invoice()
        for nonsense in ("²", "-1", "x", None, "1e3", [1]):
            about = {"id": nonsense, "name": "n", "manual": True}
            with self.subTest(nonsense=nonsense):
                enclosures, _left_out = self.env[
                    "account.move.send"
                ]._beepost_enclosures(
                    move, {"mail_attachments_widget": [about]}, self.env.user
                )
                self.assertFalse(enclosures)


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
            *(self._create_invoice() for _ in range(3))
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
