"""Files that travel in the same envelope."""

from odoo.exceptions import AccessError, UserError

from .common import a4_pdf
from .sending import SendCase


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


class TestTakeOut(SendCase):
    """A letter refused for an enclosure leaves without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.env.user + cls.manager).lang = "en_US"

    def _refused(self):
        move = self._create_invoice()
        good, about_good = self._upload("cgv.pdf", user=self.accountant)
        bad, about_bad = self._upload(
            "photo.png", b"\x89PNG...", self.accountant, "image/png"
        )
        dialog = self._dialog(move, user=self.accountant)
        dialog.mail_attachments_widget = [
            *dialog.mail_attachments_widget,
            about_good,
            about_bad,
        ]
        dialog.action_send_and_print()
        self._run_outbox()
        letter = self._letters(move)
        self.assertEqual(letter.state, "rejected")
        return move, letter, good, bad

    def _line(self, letter, name, user=None):
        line = letter.document_ids.filtered(lambda line: line.name == name)
        return line.with_user(user or self.accountant)

    def test_it_leaves_without(self):
        move, letter, good, bad = self._refused()
        former = letter.client_reference
        self._line(letter, "photo.png").action_remove_and_retry()
        self.assertEqual(letter.state, "draft")
        self.assertNotEqual(letter.client_reference, former)
        self.assertFalse(bad.exists())
        self.assertTrue(good.exists())
        self.assertIn("photo.png", move.message_ids[0].body)
        self.assertIn(self.accountant.name, self._bodies(letter))
        self.assertNotIn("photo.png", self._bodies(letter), "managers read this")
        self.assertFalse(letter.activity_ids)
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.document_ids.mapped("kind"), ["document", "enclosure"])

    def test_the_document_itself_stays(self):
        move, letter, *_files = self._refused()
        with self.assertRaisesRegex(UserError, "Cancel the letter"):
            self._line(letter, move.name).action_remove_and_retry()
        self.assertEqual(letter.state, "rejected")

    def test_only_from_a_refused_letter(self):
        _move, letter, *_files = self._refused()
        line = self._line(letter, "cgv.pdf")
        for state in dict(letter._fields["state"].selection):
            if state == "rejected":
                continue
            letter.sudo().state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                line.action_remove_and_retry()
        self.assertEqual(len(letter.document_ids), 3)

    def test_only_for_whom_may_read_the_documents(self):
        _move, letter, *_files = self._refused()
        for user in (self.manager, self._create_user("clerk", "base.group_user")):
            line = self._line(letter, "photo.png", user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.action_remove_and_retry()
        self.assertEqual(len(letter.document_ids), 3)

    def test_file_of_another_record_is_left_alone(self):
        """It was enclosed, not uploaded for this letter."""
        _move, letter, *_files = self._refused()
        shared = self.env["ir.attachment"].create(
            {
                "name": "broken.pdf",
                "raw": b"<html>",
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        line = self._line(letter, "photo.png")
        line.sudo().write({"name": shared.name, "attachment_id": shared.id})
        self._line(letter, "broken.pdf").action_remove_and_retry()
        self.assertTrue(shared.exists())
