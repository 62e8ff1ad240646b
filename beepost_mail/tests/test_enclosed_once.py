"""What several letters of one envelope enclose is in it once, and in each alone."""

import base64
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError

from ..gateway import port
from .common import LOST, ScriptedGateway, a4_pdf
from .composing import ComposeCase
from .enclosing import EnclosingCase
from .lots import LotCase

TERMS = ["Terms 1", "Terms 2", "Terms 3"]


class TestPrintedOnce(EnclosingCase):
    def test_behind_the_last_that_encloses_it(self):
        letters = self._letters_to(*[self.customer] * 3)
        self._enclose(letters[:2], "Terms.pdf", self.terms)
        self._enclose(letters[1], "Own.pdf", a4_pdf("Own"), sequence=15)
        carrier = self._together(letters)
        self._send()
        lines = carrier.document_ids
        self.assertEqual(len(lines), 6, "each has its own still")
        self.assertEqual(
            self._pages(carrier),
            ["sheet", "Facture 1", "Facture 1", "Own 1", *TERMS, "Facture 1"],
        )
        self.assertEqual(lines.mapped("pages"), [1, 3, 1, 1, 3, 1])
        self.assertEqual(lines[1].printed_with_id, lines[4])
        self.assertFalse((lines - lines[1]).printed_with_id)
        sheets = 2 if carrier.duplex else 3
        self.assertEqual(lines.mapped("sheets"), [1, 0, 1, 1, sheets, 1])
        self.assertEqual(carrier.sheets, sum(lines.mapped("sheets")) + 1)
        self.assertEqual(lines[1].sha256, lines[4].sha256)
        self.assertTrue(lines[1].sha256)

    def test_what_the_form_says(self):
        letters = self._letters_with_terms(2)
        self._enclose(letters[0], "Own.pdf", a4_pdf("Own"))
        self.assertFalse(any(letters.mapped("prints_once")))
        carrier = self._together(letters)
        lines = carrier.with_user(self.accountant).document_ids
        name = lines[3].name
        words = [
            *(False, f"Printed with {name}", False, False),
            "Printed once for 2 documents",
        ]
        for _when in ("while it waits", "once it left"):
            self.assertTrue(carrier.prints_once)
            self.assertEqual(lines.mapped("printed_once"), words)
            self._send()
        self.assertEqual(carrier.state, "accepted")
        carrier.sudo()._remove_image(12)
        carrier.invalidate_recordset()
        self.assertFalse(lines[4].sudo().attachment_id)
        self.assertEqual(lines.mapped("printed_once"), words, "evidence stays")

    def test_a_broken_one_refuses_each_letter_by_itself(self):
        """Nobody is lost, and each says what to mend."""
        letters = self._letters_to(*[self.customer] * 3)
        self._enclose(letters, "Terms.pdf", b"%PDF-1.4 and then nothing")
        good = self._letters_to(self.other)
        with self.assertRaisesRegex(UserError, "they leave on their own"):
            self._together(letters)
        gateway = self._send()
        self.assertEqual(letters.mapped("state"), ["rejected"] * 3)
        self.assertEqual(good.state, "accepted")
        for letter in letters:
            self.assertIn("Terms.pdf", letter.error)
            letter.document_ids[1].action_remove_and_retry()
        self._send(gateway)
        self.assertEqual(letters.mapped("state"), ["accepted"] * 3)
        self.assertEqual(set(gateway.counts().values()), {1})
        self.assertEqual(len(gateway.arrived), 4)

    def test_a_network_that_is_gone_and_an_answer_that_is_lost(self):
        carrier = self._together(self._letters_with_terms())
        down = port.Unavailable("down")
        gateway = ScriptedGateway([down, LOST], idempotency=False)
        self._send(gateway)
        papers = self._documents(carrier)
        self.assertEqual(papers.count("Terms"), 1)
        self.account.sudo().retry_at = False
        self._send(gateway)
        self.assertEqual(carrier.state, "sending")
        with freeze_time(carrier.deadline + timedelta(hours=1)):
            self._send(gateway)
        self.assertEqual(carrier.state, "accepted")
        self.assertEqual(gateway.counts(), {carrier.client_reference: 1})
        self.assertEqual(self._documents(carrier), papers)

    def test_every_chatter_knows(self):
        text = "Enclosures that are the same for several are printed once."
        letters = self._letters_with_terms(2)
        moves = self._moves(letters)[::2]
        self._together(letters)
        for record in (*letters, *moves):
            self.assertIn(text, self._bodies(record))
            self.assertNotIn("Terms.pdf", self._bodies(record))
        for letter in self._grouped(2):
            self.assertNotIn(text, self._bodies(letter))

    def test_the_content_decides(self):
        letters = self._letters_to(*[self.customer] * 4)
        for number, letter in enumerate(letters[:2]):
            self._enclose(letter, "Terms.pdf", a4_pdf(f"Version {number}"))
        for number, letter in enumerate(letters[2:]):
            self._enclose(letter, f"Another {number}.pdf", self.terms)
        carrier = self._together(letters)
        self._send()
        self.assertEqual(
            self._documents(carrier),
            ["sheet", "Facture", "Version 0", "Facture", "Version 1"]
            + ["Facture", "Terms"],
        )

    def test_documents_are_never_the_same(self):
        """Not even byte for byte; nor is a legal PDF that is enclosed with another."""
        letters = self._letters_to(*[self.customer] * 2)
        legal = letters[0].document_ids.sudo().attachment_id
        letters[1].document_ids.sudo().attachment_id.raw = legal.raw
        self._enclose(letters, "Invoice.pdf", b"")
        enclosed = letters.document_ids.filtered(lambda line: line.kind == "enclosure")
        enclosed.sudo().attachment_id = legal
        carrier = self._together(letters)
        self.assertFalse(carrier.prints_once)
        self._send()
        self.assertEqual(self._pages(carrier), ["sheet"] + ["Facture 1"] * 4)

    def test_two_copies_that_one_letter_wants(self):
        letters = self._letters_to(*[self.customer] * 2)
        for _copy in range(2):
            self._enclose(letters[0], "Form.pdf", a4_pdf("Form"))
        self._enclose(letters[1], "Form.pdf", a4_pdf("Form"))
        self._together(letters)
        self._send()
        self.assertEqual(self._pages(letters[0]).count("Form 1"), 2)

    def test_room_for_more(self):
        """Two of 20 sheets fill an envelope; of these 19 are the same."""
        letters = self._letters_to(*[self.customer] * 4, pages=1, duplex=True)
        self._enclose(letters, "Book.pdf", a4_pdf("Book", pages=40))
        self.assertEqual(self._together(letters), letters[0])
        self.assertEqual(letters[1:].grouped_into_id, letters[0])
        self._send()
        self.assertEqual(letters[0].state, "accepted")
        self.assertEqual(letters[0].sheets, 1 + 4 + 20)

    def test_by_itself_in_the_afternoon(self):
        self.company.write(
            {"beepost_grouping": "automatic", "beepost_grouping_hour": 17}
        )
        with freeze_time(datetime(2026, 11, 25, 9)):
            letters = self._letters_with_terms(3)
        with freeze_time(datetime(2026, 11, 25, 16)):
            self._send()
        self.assertEqual(letters[0].state, "accepted")
        self.assertEqual(self._documents(letters[0]), ["sheet", "Facture", "Terms"])

    def test_what_the_dialog_says_is_what_is_prepared(self):
        for duplex in (True, False):
            options = {"duplex": duplex, "address_sheet": "always"}
            # The same letters, to somebody else: they leave apart.
            apart = self._letters_with_terms(4, self.other, **options)
            letters = self._letters_with_terms(4, **options)
            letters._count_if_needed()
            groups = letters._find_groups()
            saving = self.env["beepost.mailing"]._get_group_saving(groups)
            self._together(letters)
            self._send()
            for when, left in (("before", apart), ("after", letters[0])):
                with self.subTest(when, duplex=duplex):
                    self.assertEqual(set(left.mapped("state")), {"accepted"})
                    expected = {
                        "letters": len(left),
                        "sheets": sum(left.mapped("sheets")),
                        "weight_mg": sum(left.mapped("weight_mg")),
                    }
                    self.assertEqual(saving[when], expected)
            self.assertEqual(
                self._pages(letters[0]), ["sheet"] + ["Facture 1"] * 4 + TERMS
            )
            texts = " ".join(saving["sentences"])
            self.assertIn("printed once in each envelope; copies left out: 3", texts)

    def test_taken_out_of_a_refused_envelope(self):
        """No other copy takes its place; each letter that it held goes without."""
        letters = self._letters_with_terms(3)
        self._together(letters)
        self._send()
        letters[0].state = "rejected"
        line = letters[0].document_ids[3]
        line.with_user(self.accountant).sudo(False).action_remove_and_retry()
        self._send()
        self.assertEqual(self._pages(letters[0]), ["sheet"] + ["Facture 1"] * 3)

    def test_sent_again(self):
        """Its documents have one letter then; what they enclose lies in it once."""
        letters = self._letters_to(*[self.customer] * 3)
        # Two papers of one record, and one of another.
        for letter, partner in zip(
            letters, self.customer + self.other + self.customer, strict=True
        ):
            letter.document_ids.write(
                {"res_model": "res.partner", "res_id": partner.id}
            )
        self._enclose(letters, "Terms.pdf", self.terms)
        self.assertEqual(self._together(letters), letters[0])
        self.assertEqual(len(letters[0].document_ids), 6)
        self._send()
        pages = ["sheet", *["Facture 1"] * 3, *TERMS]
        self.assertEqual(self._pages(letters[0]), pages)
        successor = letters[0]._make_successors(self.accountant)
        self.assertFalse(successor.document_ids.home_id)
        self._send()
        self.assertEqual(self._pages(successor), pages)


class TestEachHasItsOwnAgain(EnclosingCase):
    def _assert_alone(self, letters):
        for letter in letters:
            self.assertEqual(letter.state, "accepted")
            self.assertEqual(self._pages(letter), ["sheet", "Facture 1", *TERMS])
            self.assertFalse(letter.prints_once)
            self.assertFalse(letter.document_ids.printed_with_id)

    def _prepare(self):
        with patch.object(
            type(self.env["beepost.outbox"]),
            "_write_claim",
            lambda self, account, worker: self.env["beepost.mailing"],
        ):
            self._send()

    def test_taken_apart(self):
        for prepared in (False, True):
            letters = self._letters_with_terms()
            self._together(letters)
            if prepared:
                self._prepare()
                self.assertEqual(letters[0].state, "queued")
            letters[0].action_separate()
            self._send()
            with self.subTest(prepared=prepared):
                self._assert_alone(letters)

    def test_together_twice_apart_and_again(self):
        oldest = self._letters_with_terms(1)
        letters = self._letters_with_terms(2)
        self.assertEqual(self._together(letters), letters[0])
        self._prepare()
        self.assertTrue(letters[0].prints_once)
        everyone = oldest + letters
        self.assertEqual(self._together(everyone), oldest)
        self._prepare()
        self.assertEqual(self._documents(oldest), ["sheet", "Facture", "Terms"])
        self.assertEqual(len(oldest.document_ids._repeated()), 2)
        oldest.action_separate()
        self.assertFalse(any(everyone.mapped("prints_once")))
        self.assertEqual(self._together(letters), letters[0])
        self._send()
        self._assert_alone(oldest)
        self.assertEqual(
            self._pages(letters[0]), ["sheet", "Facture 1", "Facture 1", *TERMS]
        )

    def test_a_document_is_withdrawn(self):
        """Whichever it is, the others have the terms once, and it has its own."""
        for prepared in (False, True):
            for position in range(3):
                letters = self._letters_with_terms()
                move = self._moves(letters)[2 * position]
                self._together(letters)
                if prepared:
                    self._prepare()
                move.button_draft()
                self._send()
                with self.subTest(position=position, prepared=prepared):
                    self.assertEqual(letters[0].state, "accepted")
                    self.assertEqual(
                        self._pages(letters[0]), ["sheet", *["Facture 1"] * 2, *TERMS]
                    )
                    out = move.beepost_document_ids
                    self.assertEqual(out.mapped("kind"), ["document", "enclosure"])
                    self.assertEqual(out.mailing_id.state, "cancelled")
                    self.assertFalse(any(out.mapped("printed_once")))

    def test_one_that_cannot_be_prepared(self):
        letters = self._letters_with_terms()
        self._together(letters)
        letters[0].document_ids[2].sudo().attachment_id.raw = b"?"
        gateway = self._send()
        self._send(gateway)
        self.assertEqual(letters.mapped("state"), ["accepted", "rejected", "accepted"])
        self._assert_alone(letters[0] + letters[2])


class TestLotsWithTerms(EnclosingCase, LotCase):
    def setUp(self):
        super().setUp()
        self.lots = [self._lot(self._invoices(2)) for _lot in range(2)]
        letters = [lot.sudo().mailing_ids.sorted("id") for lot in self.lots]
        self.letters = letters[0] + letters[1]
        self._enclose(self.letters, "Terms.pdf", self.terms)

    def _assert_goes_on(self, cancelled, carrier):
        """Two letters go on in ``carrier``, each with its terms."""
        self.assertEqual(self._together(self.letters), self.letters[0])
        self._prepare_all()
        self.assertEqual(len(self.letters.document_ids._repeated()), 3)
        cancelled.action_cancel()
        self._send()
        self.assertEqual(carrier.state, "accepted")
        self.assertEqual(
            carrier.document_ids.mapped("kind"), ["document", "enclosure"] * 2
        )
        pages = self._pages(carrier)
        self.assertEqual((pages[-3:], len(pages)), (TERMS, 1 + 2 + 3))

    def test_lot_of_the_envelope_is_cancelled(self):
        self._assert_goes_on(self.lots[0], self.letters[2])

    def test_lot_in_the_envelope_is_cancelled(self):
        """The copy that was printed was one of these."""
        self._assert_goes_on(self.lots[1], self.letters[0])


class TestTermsOfTheCompany(EnclosingCase, ComposeCase):
    def test_from_two_dialogs(self):
        """Each makes a file of its own of the same terms."""
        terms = self.env["beepost.terms"].create(
            {"name": "Terms", "file": base64.b64encode(self.terms)}
        )
        letters = self.env["beepost.mailing"].sudo()
        for _dialog in range(2):
            letters += ComposeCase._send(
                self, self._payments(), self.accountant, terms_ids=terms.ids
            )
        self.assertEqual(
            letters.document_ids.mapped("kind"), ["document", "enclosure"] * 2
        )
        files = letters.document_ids.filtered(
            lambda line: line.kind == "enclosure"
        ).attachment_id
        self.assertEqual(len(files), 2)
        carrier = self._together(letters)
        EnclosingCase._send(self)
        self.assertEqual(carrier.state, "accepted")
        pages = self._pages(carrier)
        self.assertEqual((pages[-3:], len(pages)), (TERMS, 1 + 2 + 3))
