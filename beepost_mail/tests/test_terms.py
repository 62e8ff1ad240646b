"""Terms and conditions: what may be kept to go into every envelope."""

import base64
import io

from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from reportlab.lib.units import mm
from reportlab.pdfgen import canvas

from odoo.exceptions import UserError, ValidationError

from .common import a4_pdf
from .composing import ComposeCase


def sized_pdf(width_mm, height_mm, line="terms"):
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(width_mm * mm, height_mm * mm), invariant=1)
    page.drawString(72, 200, line)
    page.save()
    return out.getvalue()


def locked_pdf(user="secret", print_=True):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a4_pdf("terms"))))
    allowed = UserAccessPermissions.all()
    if not print_:
        allowed &= ~UserAccessPermissions.PRINT
        allowed &= ~UserAccessPermissions.PRINT_TO_REPRESENTATION
    writer.encrypt(user, "owner", permissions_flag=allowed, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class TestTerms(ComposeCase):
    """Terms are checked when they are saved, not when the letters are made."""

    def _terms(self, content, **values):
        return self.env["beepost.terms"].create(
            {"name": "CGV", "file": base64.b64encode(content), **values}
        )

    def test_must_be_a_pdf(self):
        with self.assertRaisesRegex(UserError, "“CGV” is not a PDF"):
            self._terms(b"hello")

    def test_what_no_letter_could_enclose(self):
        long = a4_pdf("terms", pages=90)
        table = {
            "damaged and cannot be opened": a4_pdf("terms")[:300],
            "“CGV” is protected by a password": locked_pdf(),
            "forbids printing": locked_pdf(user="", print_=False),
            "Page 1 of “CGV” measures 841": sized_pdf(841, 1189),
            "“CGV” has only blank pages": sized_pdf(210, 297, line=""),
            "pages, at most 90 can be posted": long,
        }
        for words, content in table.items():
            with self.subTest(words), self.assertRaises(ValidationError) as refused:
                self._terms(content)
            with self.subTest(words):
                self.assertIn(words, str(refused.exception))
        self.assertFalse(self.env["beepost.terms"].search([]))

    def test_as_the_account_of_their_company_posts(self):
        stated = {"max_letter_bytes": 10**6, "max_pages": 10, "max_sheets": 2}
        self.account.write({"limits_at": "2026-01-01 00:00:00", **stated})
        self.assertTrue(self._terms(a4_pdf("terms", pages=2)))
        with self.assertRaisesRegex(ValidationError, "at most 2 fit in an envelope"):
            self._terms(a4_pdf("terms", pages=4))
        self.account.max_letter_bytes = 100
        with self.assertRaisesRegex(ValidationError, "“CGV” has .* MB, at most"):
            self._terms(a4_pdf("terms"))
        self.account.active = False
        self.assertTrue(self._terms(a4_pdf("terms", pages=4)), "no account yet")

    def test_what_a_letter_mends_is_taken(self):
        terms = self._terms(sized_pdf(148, 210), file_name="cgv.pdf")
        file = terms._files()[terms]
        self.assertEqual(file.raw, sized_pdf(148, 210), "kept as it was chosen")

    def test_saved_before(self):
        """They stay, and may be renamed; only another file is looked at."""
        terms = self._terms(a4_pdf("terms"))
        terms._files()[terms].raw = a4_pdf("terms")[:300]
        terms.invalidate_recordset()
        terms.write({"name": "Old", "active": False})
        with self.assertRaisesRegex(ValidationError, "“Old” is damaged"):
            terms.file = base64.b64encode(a4_pdf("terms")[:400])
