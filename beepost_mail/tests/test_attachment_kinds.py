"""*Send by post* for files: by what they are, not by their name."""

import io
from unittest import skipUnless
from unittest.mock import patch

from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..letter import office
from .common import a4_pdf
from .composing import CRON, ComposeCase


def picture(kind="PNG", size=(300, 200)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


class TestFiles(ComposeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payment = cls._payments()

    def test_in_the_menu(self):
        Actions = self.env["ir.actions.actions"].with_user(self.accountant)
        ours = self.env.ref("beepost_mail.action_compose_files").id
        offered = Actions.get_bindings("ir.attachment")["action"]
        self.assertIn(ours, [entry["id"] for entry in offered])
        clerk = self._create_user("clerk", "base.group_user")
        bindings = Actions.with_user(clerk).get_bindings("ir.attachment")
        offered = bindings.get("action", [])
        self.assertNotIn(ours, [entry["id"] for entry in offered])

    def test_goes_to_the_addressee_of_its_record(self):
        file = self._file("plan.pdf", a4_pdf("plan"), self.payment)
        wizard = self._compose(file, self.accountant)
        self.assertEqual(wizard.partner_id, self.customer)
        self.assertTrue(wizard.is_file)
        wizard.action_send()
        letter = self._letters(file)
        line = self._lines(file)
        self.assertEqual((line.name, line.kind), ("plan.pdf", "document"))
        self.assertEqual(line.attachment_id.raw, file.raw, "a PDF goes as it is")
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertIn(letter.provider_reference, self._bodies(self.payment))

    def test_follows_the_rights_of_its_record(self):
        file = self._file("plan.pdf", a4_pdf("plan"), self.payment)
        letter = self._send(file, self.accountant)
        self.assertTrue(letter.with_user(self.accountant)._readable_content())
        clerk = self._create_user("clerk", "beepost_mail.group_user")
        self.assertFalse(letter.with_user(clerk)._readable_content())
        with self.assertRaises(AccessError):
            letter.with_user(clerk).read(["name"])
        Mailing = self.env["beepost.mailing"]
        mine = Mailing.with_user(self.accountant).search([("id", "=", letter.id)])
        self.assertEqual(mine, letter)
        self.assertFalse(Mailing.with_user(clerk).search([("id", "=", letter.id)]))

    def test_as_confidential_as_its_record(self):
        loose = self._file("loose.pdf", a4_pdf("plan"))
        hanging = self._file("plan.pdf", a4_pdf("plan"), self.payment)
        gone = self._file("gone.pdf", a4_pdf("plan"), self.payment)
        letters = self.env["beepost.mailing"].sudo()
        for file in (loose, hanging, gone):
            letters += self._send(file, partner_id=self.customer.id)
        self.assertEqual(letters.mapped("confidentiality"), ["usual"] * 3)
        Rule = self.env["beepost.confidentiality"]
        Rule.create(
            {
                "model_id": self.env["ir.model"]._get_id("account.payment"),
                "level": "personal",
            }
        )
        gone.unlink()
        letters.modified(["document_ids"])
        self.assertEqual(
            letters.mapped("confidentiality"), ["usual", "personal", "secret"]
        )
        fresh = self._send(self._file("new.pdf", a4_pdf(), self.payment))
        self.assertEqual(fresh.confidentiality, "personal")
        Rule.create(
            {
                "model_id": self.env["ir.model"]._get_id("ir.attachment"),
                "level": "secret",
            }
        )
        letters.modified(["document_ids"])
        self.assertEqual(letters.mapped("confidentiality"), ["secret"] * 3)

    def test_file_of_an_invoice_is_not_the_invoice(self):
        """Its letter is not the invoice's, and a new PDF does not withdraw it."""
        move = self._create_invoice()
        file = self._file("plan.pdf", a4_pdf("plan"), move)
        letter = self._send(file)
        self.assertFalse(move.beepost_state)
        move.button_draft()
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertIn(letter.provider_reference, self._bodies(move))

    def test_erased_with_the_letter(self):
        file = self._file("Madame Dupont.pdf", a4_pdf("plan"), self.payment)
        letter = self._send(file)
        self._run_outbox()
        letter._erase_personal_data()
        self.assertNotIn("Dupont", str(letter.read() + letter.document_ids.read()))
        self.assertFalse(letter.lot_id.line_ids)

    def test_loose_file_asks_for_an_addressee(self):
        file = self._file("plan.pdf", a4_pdf("plan"), user=self.accountant)
        wizard = self._compose(file, self.accountant)
        self.assertFalse(wizard.sendable_count)
        with Form(wizard) as form:
            form.partner_id = self.customer
            self.assertEqual(form.sendable_count, 1)
        form.record.action_send()
        self.assertEqual(self._letters(file).partner_id, self.customer)

    def test_images_become_pages(self):
        for kind in ("PNG", "JPEG", "GIF", "BMP"):
            with self.subTest(kind):
                file = self._file(f"photo.{kind.lower()}", picture(kind), self.payment)
                letter = self._send(file)
                self._run_outbox()
                self.assertEqual(letter.state, "accepted")
                self.assertEqual(letter.document_ids.pages, 1)

    def test_office_files(self):
        content = b"{\\rtf1 Bonjour}"
        file = self._file("courrier.rtf", content, self.payment)
        with patch.object(office, "program", lambda: None):
            with self.assertRaisesRegex(UserError, "Word document; LibreOffice.*PDF"):
                self._send(file)
        made = []

        def convert(name, given, kind, max_bytes):
            made.append((name, given, kind))
            return a4_pdf("Bonjour")

        with patch.object(office, "as_pdf", convert):
            letter = self._send(file)
        self.assertEqual(made, [("courrier.rtf", content, "word")])
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    @skipUnless(office.program(), "LibreOffice is not on this server")
    def test_office_file_by_libreoffice(self):
        line = rb"{\rtf1\ansi\paperw11906\paperh16838 Page un\page Page deux}"
        letter = self._send(self._file("courrier.rtf", line, self.payment))
        self._run_outbox()
        self.assertEqual(letter.state, "accepted", letter.hold_reason)
        self.assertEqual(letter.document_ids.pages, 2)

    def test_one_message_each(self):
        """The others go."""
        table = {
            "lie.pdf": (picture(), "named as if it were a PDF, but it is an image"),
            "page.html": (b"<html>", "is a web page, which cannot be printed"),
            "data.bin": (b"\0\1\2", "a file of an unknown kind"),
            "cut.png": (picture()[:80], "is damaged"),
        }
        files = self.env["ir.attachment"].union(
            *(
                self._file(name, content, self.payment)
                for name, (content, _words) in table.items()
            ),
            self._file("good.pdf", a4_pdf(), self.payment),
        )
        self._compose(files).action_send()
        self._run_cron(self.env.ref(CRON))
        lot = self._lot()
        reasons = {line.name: line.reason for line in lot.line_ids}
        for name, (_content, words) in table.items():
            with self.subTest(name):
                self.assertIn(words, reasons[name])
                self.assertIn(name, reasons[name])
        self.assertEqual(self._letters(files).mapped("name"), ["good.pdf"])
        self.assertEqual((lot.missing_count, lot.letter_count), (4, 1))
        self.assertEqual(self._bodies(self.payment).count("Not sent by post"), 4)

    def test_files_in_the_dialog_of_a_record(self):
        """An image alone, without any report, is the document itself."""
        photo = self._file("photo.jpg", picture("JPEG"), self.payment)
        wizard = self._compose(
            self.payment, line_ids=[Command.create({"attachment_id": photo.id})]
        )
        wizard.action_send()
        line = self._lines(self.payment)
        self.assertEqual((line.name, line.kind), ("photo.jpg", "document"))
        self._run_outbox()
        self.assertEqual(line.mailing_id.state, "accepted")
