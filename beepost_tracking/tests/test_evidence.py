"""The evidence file: what is in it, who may make it, and what it says is missing."""

import base64
import hashlib
import io
import re

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase

from odoo.addons.beepost_mail.tests.common import a4_pdf

from .common import NOON
from .proofs import PaperGateway, ProofCase, picture


class EvidenceCase(ProofCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("report.url", False)

    def _make(self, letter, user=None):
        """The file, read back: (``PdfReader``, text of all pages, attachment)."""
        action = letter.with_user(user or self.accountant).action_make_evidence()
        number = re.fullmatch(r"/web/content/(\d+)\?download=true", action["url"])[1]
        attachment = self.env["ir.attachment"].sudo().browse(int(number))
        reader = PdfReader(io.BytesIO(attachment.raw))
        return reader, _text(reader), attachment


def _text(reader):
    """Words of all pages; a hash that was wrapped is one word again as well."""
    text = "\n".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text) + re.sub(r"\s+", "", text)


class TestEvidence(EvidenceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._registered()

    def test_enclosure_that_is_printed_once(self):
        letter = self._registered()
        first = letter.sudo().document_ids[0]
        first.pages = 2
        values = {"kind": "enclosure", "name": "Terms", "pages": 7}
        kept = first.copy({**values, "sequence": 40})
        first.copy({**values, "sequence": 20}).printed_with_id = kept
        letter.invalidate_recordset(["document_ids"])
        _reader, text, _attachment = self._make(letter)
        self.assertIn(f"Printed with {first.name}", text)
        self.assertIn("Printed once for 2 documents", text)
        pages = [row["pages"] for row in letter.sudo()._evidence_documents()]
        self.assertEqual(pages, [2, "", 7])

    def test_everything_is_in_it(self):
        gateway = PaperGateway()
        gateway.tell(self.letter, "received", "posted", tracking_number="2C00000000017")
        self._pull(gateway)
        proofs = self._kept(self.letter, "deposit", "content", ar_scan=picture())
        reader, text, attachment = self._make(self.letter)
        letter = self.letter
        for words in (
            letter.provider_reference,
            letter.client_reference,
            "2C00000000017",
            letter.sha256,
            *proofs.mapped("sha256"),
            *letter.sudo().recipient.splitlines(),
            *letter.sudo().sender.splitlines(),
            "registered, with acknowledgement of receipt",
            "Handed to La Poste",
            "24 Nov 2026, 13:00",  # Paris
            "Annex 1",
            "Annex 3",
            "The deposit of this letter is proved by annex 2",
            "Its content is proved by annex 3",
        ):
            self.assertIn(words, text)
        files = {name: data[0] for name, data in reader.attachments.items()}
        self.assertEqual(
            {hashlib.sha256(data).hexdigest() for data in files.values()},
            {letter.sha256, *proofs.mapped("sha256")},
        )
        self.assertEqual(
            list(files), ["01-letter.pdf", "02-deposit.pdf", "03-content.pdf"]
        )
        for name in files:
            self.assertIn(name, text)
        sha256 = hashlib.sha256(attachment.raw).hexdigest()
        self.assertIn(sha256, self._bodies(letter))
        self.assertEqual(attachment.res_model, "beepost.mailing.document")
        self.assertNotIn("no longer the one", text)

    def test_what_is_missing_and_why(self):
        self._told(self.letter, "received", "posted", "delivered")
        gateway = PaperGateway()
        gateway.paper(self.letter, "deposit", b"<html>")
        self._announce(self.letter, "deposit", gateway=gateway)
        self._fetch(gateway)
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("What is missing, and why", text)
        self.assertIn("neither a PDF nor an image", text)
        self.assertEqual(
            text.count("Not yet received: BeePOST has not announced it."), 3
        )
        self.assertNotIn("The deposit of this letter is proved", text)

    def test_before_the_deposit(self):
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("La Poste has not taken charge of the letter yet", text)
        self.assertIn("nobody told that it was delivered", text)

    def test_a_plain_letter_says_that_it_has_no_proofs(self):
        self.letter.service_id = self.env.ref("beepost_mail.service_letter")
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("not tracked", text)
        self.assertIn("it is not registered", text)

    def test_the_image_is_gone(self):
        sha256 = self.letter.sha256
        self.letter.pdf_id = False
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("The image of the letter is no longer kept", text)
        self.assertIn(sha256, text)

    def test_one_for_each_letter(self):
        first = self._make(self.letter)[2]
        hashes = [hashlib.sha256(first.raw).hexdigest()]
        self._told(self.letter, "posted")
        second = self._make(self.letter)[2]
        hashes.append(hashlib.sha256(second.raw).hexdigest())
        self.assertFalse(first.exists())
        for sha256 in hashes:
            self.assertIn(sha256, self._bodies(self.letter))
        letter = self.letter.with_user(self.accountant)
        self.assertEqual(base64.b64decode(letter.evidence), second.raw)
        self.assertEqual(letter.evidence_name, second.name)
        self.assertFalse(self.letter.with_user(self.manager).evidence)
        self.assertFalse(self.letter.with_user(self.manager).evidence_name)

    def test_it_outlives_the_image_and_ends_with_the_proofs(self):
        whole = self._make(self.letter)[2]
        self.letter.sudo()._remove_image(12)
        later = self._make(self.letter)[2]
        last = self._make(self.letter)[2]
        self.assertTrue(whole.exists() and last.exists())
        self.assertFalse(later.exists())
        shown = self.letter.with_user(self.accountant).evidence
        self.assertEqual(base64.b64decode(shown), whole.raw, "it has the posted PDF")
        self.letter.sudo()._erase_personal_data()
        self.assertFalse((whole + last).exists())
        self.env.invalidate_all()
        self.assertFalse(self.letter.with_user(self.accountant).evidence)

    def test_a_stored_file_that_was_changed(self):
        self.letter.pdf_id.raw = a4_pdf("forged")
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("no longer the one that was posted", text)
        self.assertNotIn("byte for byte, the file with SHA-256", text)

    def test_a_bad_proof_prevents_nothing(self):
        proofs = self._kept(self.letter, "deposit", "content")
        bad = b"%PDF-1.7 broken after it was kept"
        proofs[0].attachment_id.raw = bad
        reader, text, _attachment = self._make(self.letter)
        self.assertIn("cannot be opened and is not shown", text)
        self.assertIn("The file of annex 2 is no longer the one", text)
        self.assertNotIn("The deposit of this letter is proved", text)
        self.assertIn("Its content is proved by annex 3", text)
        self.assertEqual(reader.attachments["02-deposit.pdf"], [bad])

    def test_contradictions_are_told(self):
        self._told(self.letter, "posted", "delivered", "undeliverable", reason="npai")
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("cannot all be true", text)
        self.assertIn("NPAI", text)

    def test_practice_proves_nothing(self):
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("Practice letter: nothing was printed or posted", text)

    def test_words_from_outside_are_words(self):
        self.customer.name = "A <B> & Fils"
        letter = self._registered()
        self._told(letter, "posted", label="<b>Déposé</b> & co")
        _reader, text, _attachment = self._make(letter)
        self.assertIn("<b>Déposé</b> & co", text)
        self.assertIn("A <B> & FILS", text.upper())

    def test_not_gone_yet(self):
        letter = self._post(self._create_invoice(), user=self.accountant)
        with self.assertRaises(UserError) as caught:
            letter.with_user(self.accountant).action_make_evidence()
        self.assertIn("has not left", str(caught.exception))

    def test_french_letters_are_made_by_french_readers(self):
        """Dates follow the reader's language; the words do with their translation."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self._told(self.letter, "posted")
        self._told(self.letter, "delivered", start=NOON.replace(month=12, day=1))
        self.accountant.lang = "fr_FR"
        _reader, text, _attachment = self._make(self.letter)
        self.assertIn("24 nov. 2026, 12:00", text)
        self.assertIn("1er déc. 2026, 12:00", text)


class TestEvidenceRights(EvidenceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.setup_other_company(name="Autre")["company"]
        cls.admin = cls._create_user("admin", "beepost_mail.group_admin")
        cls.employee = cls._create_user("employee", "base.group_user")
        cls.sender = cls._create_user("sender", "beepost_mail.group_user")
        cls.accountant_b = cls._create_user(
            "accountant_b", "account.group_account_invoice", cls.company_b
        )
        cls.manager_b = cls._create_user(
            "manager_b", "beepost_mail.group_manager", cls.company_b
        )

        cls.letter = cls._registered()

    def _outsiders(self):
        return (
            self.manager,
            self.admin,
            self.sender,
            self.employee,
            self.accountant_b,
            self.manager_b,
        )

    def test_who_may_make_it(self):
        for user in self._outsiders():
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env.invalidate_all()
                call_kw(
                    self.env["beepost.mailing"].with_user(user),
                    "action_make_evidence",
                    [self.letter.ids],
                    {},
                )

    def test_the_summary_alone_is_guarded_too(self):
        Report = self.env["ir.actions.report"]
        report = "beepost_tracking.report_evidence"
        html, _kind = Report.with_user(self.accountant)._render_qweb_html(
            report, self.letter.ids
        )
        self.assertIn(self.letter.sha256, html.decode())
        for user in self._outsiders():
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env.invalidate_all()
                Report.with_user(user)._render_qweb_html(report, self.letter.ids)

    def test_who_may_read_it(self):
        _reader, _text, attachment = self._make(self.letter)
        self.assertTrue(attachment.with_user(self.accountant).raw)
        for user in self._outsiders():
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env.invalidate_all()
                attachment.with_user(user).read(["raw"])

    def test_a_manager_reads_no_content_in_the_chatter(self):
        self._make(self.letter)
        body = self._bodies(self.letter.with_user(self.manager))
        self.assertIn("Evidence file made by", body)
        self.assertNotIn(self.letter.sudo().recipient.splitlines()[-1], body)


class TestPracticeJourney(EvidenceCase, HttpCase):
    """The practice provider from acceptance to the acknowledgement of receipt."""

    def test_a_registered_letter_with_ar(self):
        move = self._create_invoice()
        letter = self._post(move, user=self.accountant)
        letter.service_id = self.registered
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.account.sandbox_shift = 24 * 21
        self._run_cron(self.env.ref("beepost_tracking.ir_cron_pull").sudo())
        self.assertEqual(letter.status, "delivered")
        self._run_cron(self.env.ref("beepost_tracking.ir_cron_proofs").sudo())
        proofs = self._proofs(letter)
        self.assertEqual(
            proofs.mapped("kind"), ["deposit", "content", "delivery", "ar_scan"]
        )
        self.assertEqual(set(proofs.mapped("state")), {"fetched"})
        self.assertIn("acknowledgement of receipt", self._bodies(move))
        reader, text, _attachment = self._make(letter)
        self.assertEqual(len(reader.attachments), 5)
        for words in ("Preuve de dépôt", "Avis de réception", letter.tracking_number):
            self.assertIn(words, text)
        self.assertNotIn("What is missing", text)

    def test_a_letter_that_came_back(self):
        self.customer.name = "GARAGE TEST NPAI"
        letter = self._post(self._create_invoice(), user=self.accountant)
        letter.service_id = self.registered
        self._run_outbox()
        self.account.sandbox_shift = 24 * 21
        self._run_cron(self.env.ref("beepost_tracking.ir_cron_pull").sudo())
        self._run_cron(self.env.ref("beepost_tracking.ir_cron_proofs").sudo())
        self.assertEqual(
            self._proofs(letter).mapped("kind"), ["deposit", "content", "return_scan"]
        )
        _reader, text, _attachment = self._make(letter)
        self.assertIn("There is none: nobody told that it was delivered.", text)
