"""Letters that enclose something beside their document, and what their PDFs show."""

import io

from pypdf import PdfReader

from .common import a4_pdf
from .grouping import GroupingCase


def enclose(letters, name, content, sequence=20):
    """A file of its own for each letter, as an upload is."""
    env = letters.sudo().env
    for letter in letters:
        document = letter.document_ids[0]
        env["beepost.mailing.document"].create(
            {
                "mailing_id": letter.id,
                "sequence": sequence,
                "name": name,
                "kind": "enclosure",
                "res_model": document.res_model,
                "res_id": document.res_id,
                "attachment_id": env["ir.attachment"]
                .create({"name": name, "raw": content})
                .id,
            }
        )
    letters.invalidate_recordset(["document_ids"])
    letters._keep_enclosures()


class EnclosingCase(GroupingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user + cls.accountant)
        cls.terms = a4_pdf("Terms", pages=3)

    _enclose = staticmethod(enclose)

    def _letters_with_terms(self, count=3, partner=None, **options):
        letters = self._letters_to(*[partner or self.customer] * count, **options)
        self._enclose(letters, "Terms.pdf", self.terms)
        return letters

    def _pages(self, letter):
        """Of the PDF as posted, blank backs aside; ``sheet`` is the address sheet."""
        reader = PdfReader(io.BytesIO(letter.sudo().pdf_id.raw))
        self.assertEqual(len(reader.pages), letter.pages)
        texts = [page.extract_text().strip() for page in reader.pages]
        first = ["sheet"] if letter.has_address_sheet else []
        return first + [text for text in texts[len(first) :] if text]

    def _documents(self, letter):
        """As ``_pages`` without numbers, each document once."""
        names = [page.rsplit(" ", 1)[0] for page in self._pages(letter)]
        return [
            one for place, one in enumerate(names) if names[place - 1 : place] != [one]
        ]
