"""What one envelope for each addressee saves, in the dialogs that send many.

The figures are what the letters really cost afterwards.
"""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo import Command

from odoo.addons.beepost_mail.letter.workshop import Workshop
from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.composing import ComposeCase

from ..models.postage_words import euros
from .test_batch_price import BatchPriceCase

BESIDE, OFFER = "letter waits already", "go to the same address"
MAYBE = (
    "needed: at most 2 instead of 4.",
    "sheets that may be needed are not in these amounts.",
)


class TogetherCase(BatchPriceCase, ComposeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Autre destinataire")
        cls.third = cls._create_customer("Seule de son adresse")

    def _cost(self, letters):
        """What these cost once they left: the prices that they bear, added up."""
        for _run in range(3):
            self._run_outbox()
        letters = (letters | letters.grouped_into_id).sudo()
        self.assertLessEqual(set(letters.mapped("state")), {"accepted", "cancelled"})
        quotes = [one.quote for one in letters if one.state == "accepted"]
        return sum((Decimal(quote["total"]) for quote in quotes), Decimal(0))

    def _of(self, records):
        """All letters that were made of these, also those that others took in."""
        lines = self._lines(records)
        return lines.mailing_id | lines.home_id

    def _says(self, words, former, coming):
        saved = euros(self.env, former - coming)
        self.assertIn(f"{euros(self.env, coming)} instead of", words)
        self.assertIn(f"instead of {euros(self.env, former)},", words)
        self.assertIn(f"{saved} are saved", words)


class TestInvoices(TogetherCase):
    def _moves(self, *pages):
        partners = [self.customer, self.other]
        return self._invoices_of(*pages or (1, 2, 3, 5, 1), partners=partners)

    def test_the_saving_is_what_the_letters_cost_less(self):
        apart = self._wizard(self._moves(), address_sheet="always")
        offered = apart.together_words
        apart.action_send()
        former = self._cost(self._of(apart.move_ids))
        moves = self._moves()
        wizard = self._wizard(moves, together=True, address_sheet="always")
        total = Decimal(self._euros(wizard)["total"])
        words = wizard.together_words
        wizard.action_send()
        coming = self._cost(self._of(moves))
        self.assertEqual(total, coming)
        self.assertGreater(former, coming)
        self.assertIn("5 documents in 2 envelopes.", words)
        self._says(words, former, coming)
        self.assertIn("All 5 documents go to the same address", offered)
        self._says(offered, former, coming)

    def test_sheets(self):
        moves = self._moves()
        self.assertIn(
            # 1 + 2 + 1 and 1 + 3 sheets of documents, with an address sheet each
            "Sheets: 10 instead of 13.",
            self._wizard(moves, address_sheet="always").together_words,
        )
        self.assertIn(
            "Sheets: 8, as many as apart.\n"
            "Address sheets, where they turn out to be needed: at most 2 instead of 5.",
            self._wizard(moves, address_sheet="auto").together_words,
        )
        said = [
            "sheets that may be needed are not in these amounts"
            in self._wizard(moves, address_sheet=choice).together_words
            for choice in ("always", "never", "auto")
        ]
        self.assertEqual(said, [False, False, True])

    def test_letters_that_stay_alone_are_not_in_the_figures(self):
        moves = self._invoices_of(
            1, 1, 30, partners=[self.customer, self.customer, self.third]
        )
        words = self._wizard(moves).together_words
        self.assertIn("2 of the 3 documents", words)
        self.assertIn(
            "For the 2 in shared envelopes:\nSheets: 2, as many as apart.", words
        )
        # Two sheets in one envelope, and in two.
        self._says(words, Decimal("2.388"), Decimal("1.248"))

    def test_nobody_is_advised_to_pay_more(self):
        """Two of up to 35 g are 2.28 €, one of up to 100 g is 2.33 €."""
        moves = self._invoices_of(5, 5)
        self.assertFalse(self._wizard(moves).together_words)
        wizard = self._wizard(moves, together=True)
        more = f"together they cost {euros(self.env, Decimal('0.05'))} more"
        self.assertIn(more, wizard.together_words)

    def test_what_nobody_knows_is_no_figure(self):
        moves = self._invoices_of(1, 0, 1, 1, partners=[self.customer, self.other])
        wizard = self._wizard(moves, together=True)
        words = wizard.together_words
        self.assertIn("4 documents in 2 envelopes", words)
        self.assertIn("Not in these figures: 2 documents", words)
        self.assertEqual(
            (wizard.price["no_pdf"], wizard.price["beside_unknown"]), (1, 1)
        )
        self.assertEqual(sum(self._euros(wizard)["letters"].values()), 1)
        self.assertIn("share an envelope with one of those: 1", self._text(wizard))
        wizard = self._wizard(self._invoices_of(0, 0), together=True)
        self.assertIn("known once the PDFs are there", wizard.together_words)
        self.assertNotIn("€", wizard.together_words)

    def test_no_price_no_euros(self):
        moves = self._moves()
        self._service("letter").postage_product_ids = False
        words = self._wizard(moves, together=True).together_words
        self.assertNotIn("€", words)
        self.assertIn("Not in the amount: 5 documents", words)
        self.account.tariff_id = False
        words = self._wizard(moves, together=True).together_words
        self.assertNotIn("€", words)
        self.assertNotIn("Not in the amount", words)

    def test_offered_only_where_it_does_not_happen_by_itself(self):
        moves = self._moves()
        self.assertIn(OFFER, self._wizard(moves).together_words)
        self.company.beepost_grouping = "automatic"
        wizard = self._wizard(moves)
        self.assertFalse(wizard.together_words)
        self.assertEqual(wizard.envelope_count, 5)

    def test_the_price_of_a_quantity_may_be_lost(self):
        """Three letters are cheaper each than two: the one that stays alone pays for
        the envelope that the others share."""
        step = self.env.ref("beepost_postage.line_beepost_lettre_verte_metropole_35")
        step.grid_id.action_draft()
        step.copy({"min_quantity": 3, "discount": 35.0})
        step.grid_id.action_announce()
        costs = []
        for together in (False, True):
            moves = self._invoices_of(
                1, 1, 1, partners=[self.customer] * 2 + [self.third]
            )
            values = {"address_sheet": "always", "together": together}
            wizard = self._wizard(moves, **values)
            words = wizard.together_words
            wizard.action_send()
            costs.append(self._cost(self._of(moves)))
        # Three times 0.99 and six sheets; twice 1.14 and five.
        self.assertEqual(costs, [Decimal("3.294"), Decimal("2.55")])
        saved = euros(self.env, costs[0] - costs[1])
        self.assertIn(f"{saved} are saved", words)

    def test_a_change_for_all_counts(self):
        moves = self._moves()
        words = [
            self._wizard(moves, duplex=False, changes=changes).together_words
            for changes in ("", "both_sides")
        ]
        self.assertIn("Sheets: 12, as many as apart.", words[0])
        self.assertIn("Sheets: 8, as many as apart.", words[1])


class TestAnyDocument(TogetherCase):
    def _files(self, *pages):
        partners = [self.customer, self.other]
        payments = self._payments(len(pages), partners)
        files = self.env["ir.attachment"]
        for number, (payment, count) in enumerate(zip(payments, pages, strict=True)):
            files += self._file(f"{number}.pdf", a4_pdf(f"{number}", count), payment)
        return files

    def _dialog_of(self, records, **values):
        values = {"own_options": False, "address_sheet": "always", **values}
        return self._compose(records, self.accountant, **values)

    def test_files_whose_pages_are_known(self):
        terms = self.env["beepost.terms"].create(
            {"name": "CGV", "file": self._base64(a4_pdf("terms", 2))}
        )
        costs = []
        for together in (False, True):
            files = self._files(1, 2, 3, 5)
            wizard = self._dialog_of(files, together=together, terms_ids=terms.ids)
            self.assertEqual(wizard.envelope_count, 2 if together else 4)
            words = wizard.together_words
            with self._printing():
                wizard.action_send()
                self._run_cron(self.env.ref("beepost_mail.cron_make"))
            costs.append(self._cost(self._of(files)))
        self.assertIn("4 documents in 2 envelopes.", words)
        self._says(words, *costs)
        self.assertFalse(self.printed)

    def _base64(self, content):
        return self.env["ir.attachment"].create({"name": "x", "raw": content}).datas

    def test_reports_are_not_made_for_a_figure(self):
        payments = self._payments(5, [self.customer, self.other])
        for together, said in ((True, "5 documents in 2 envelopes"), (False, OFFER)):
            with self._printing(), patch.object(Workshop, "count") as count:
                wizard = self._dialog_of(payments, together=together)
                words = wizard.together_words
            self.assertIn(said, words)
            self.assertIn("known once the PDFs are there", words)
            self.assertNotIn("€", words)
            self.assertNotIn("Sheets", words)
            self.assertFalse(self.printed or count.called)

    def test_nothing_is_told_of_files_of_others(self):
        private = self._file("salaries.pdf", a4_pdf(pages=9))
        files = self._files(1, 1, 1)
        # As the browser asks for words, before anything is saved.
        wizard = self.env["beepost.compose"].with_user(self.accountant)
        values = {"res_model": files._name, "res_ids": files.ids, "together": True}
        words = wizard.new(values).together_words
        self.assertIn("€", words)
        values["upload_ids"] = [Command.link(private.id)]
        words = wizard.new(values).together_words
        self.assertIn("known once the PDFs are there", words)
        self.assertNotIn("€", words)

    def test_a_file_that_is_no_pdf_yet(self):
        files = self._files(1, 1, 1)
        files[0].write({"raw": b"words", "mimetype": "text/plain", "name": "x.txt"})
        words = self._dialog_of(files, together=True).together_words
        self.assertIn("known once the PDFs are there", words)
        self.assertNotIn("€", words)


class TestBeside(TogetherCase):
    def _world(self):
        """Letters that wait, and invoices to be sent: two of them to the customer."""
        self.company.beepost_address_sheet = "always"
        waiting = self._letter(pages=3) | self._letter(pages=1)
        for partner, pages in ((self.other, 2), (self.third, 1)):
            move = self._create_invoice(partner, a4_pdf(pages=pages))
            waiting |= self._post(move)
        moves = self._invoices_of(
            1, 2, 1, 4, partners=[self.customer, self.other, self.customer]
        )
        return waiting, moves[:3]

    def _beside(self, moves, **values):
        words = self._wizard(moves, **values).together_words or ""
        return BESIDE in words

    def test_the_saving_is_what_the_letters_cost_less(self):
        waiting, moves = self._world()
        self._wizard(moves, address_sheet="always").action_send()
        former = self._cost(waiting | self._of(moves))
        waiting, moves = self._world()
        wizard = self._wizard(moves, address_sheet="always")
        words = wizard.together_words
        self.assertIn("for the addressees of 3 of these documents", words)
        self.assertIn("they fill 2 envelopes instead of 6", words)
        wizard.action_send()
        letters = waiting | self._of(moves)
        self.env["beepost.group"].with_user(self.accountant).create(
            {"mailing_ids": [Command.set(letters.ids)]}
        ).action_put_together()
        self.assertEqual(len(letters.filtered("grouped_ids")), 2)
        coming = self._cost(letters)
        # The letter beside which nothing is sent costs the same both times.
        saved = euros(self.env, former - coming)
        beside = words[words.index(BESIDE) :]
        self.assertIn(f"{saved} are saved", beside)
        self.assertGreater(former, coming)

    def test_as_put_together_fills_them(self):
        """Where the envelope of those that wait is full, the others share one too."""
        waiting = self._letter(pages=40, address_sheet="always")
        moves = self._invoices_of(40, 40, 40)
        words = self._wizard(moves, address_sheet="always").together_words
        self.assertIn("addressees of 3 of these documents", words)
        self.assertIn("they fill 2 envelopes instead of 4", words)
        self._post(*moves, address_sheet="always")
        letters = waiting | self._of(moves)
        letters._count_if_needed()
        groups = letters._find_groups()
        self.assertEqual([len(group) for group in groups], [2, 2])
        saving = self.env["beepost.mailing"]._get_group_saving(groups)
        self._says(
            words[words.index(BESIDE) :],
            saving["before"]["total"],
            saving["after"]["total"],
        )

    def test_only_what_could_share_the_envelope(self):
        waiting = self._letter(address_sheet="never")
        moves = self._invoices_of(1, 1, partners=[self.customer, self.other])
        self.assertTrue(self._beside(moves))
        for values in (
            {"color": True},
            {"duplex": False},
            {"planned_on": date(2026, 12, 10)},
            {"service_id": self._service("registered").id},
            {"together": True},
        ):
            with self.subTest(values):
                self.assertFalse(self._beside(moves, **values))
        for values in (
            {"in_doubt": True},
            {"state": "accepted"},
            {"grouping": "lot"},
            {"confidentiality": "personal"},
            {"is_copy": True},
            {"recipient": "ELSEWHERE"},
        ):
            former = {name: waiting[name] for name in values}
            waiting.write(values)
            with self.subTest(values):
                self.assertFalse(self._beside(moves))
            waiting.write(former)
        self.assertTrue(self._beside(moves))
        self.company.beepost_grouping = "automatic"
        self.assertFalse(self._beside(moves), "it happens by itself")

    def test_on_the_same_planned_day(self):
        day = date(2026, 12, 10)
        moment = self.account._planned_moment(day)
        self._letter(address_sheet="never", planned_at=moment)
        moves = self._invoices_of(1, 1, partners=[self.customer, self.other])
        self.assertFalse(self._beside(moves))
        self.assertTrue(self._beside(moves, planned_on=day))

    def test_only_letters_that_one_may_read(self):
        waiting = self._letter(address_sheet="never")
        moves = self._invoices_of(1, 1, partners=[self.customer, self.other])
        self.env["ir.rule"].create(
            {
                "name": "not for accountants",
                "model_id": self.env["ir.model"]._get_id("account.move"),
                "domain_force": [("id", "!=", waiting.document_ids.res_id)],
            }
        )
        self.assertFalse(self._beside(moves))

    def test_in_the_dialog_for_any_document(self):
        self._letter(address_sheet="always")
        payments = self._payments(2, [self.customer, self.other])
        values = {"own_options": False, "address_sheet": "always"}
        words = self._compose(payments, self.accountant, **values).together_words
        self.assertIn("addressee of one of these documents", words)
        self.assertIn("known once the PDFs are there", words)
        self.assertNotIn("€", words)
        level = self.env["beepost.confidentiality"].create(
            {"model_id": self.env["ir.model"]._get_id("account.payment")}
        )
        self.assertEqual(level.level, "personal")
        wizard = self._compose(payments, self.accountant, **values)
        self.assertFalse(wizard.together_words)


class TestTwoDialogs(TogetherCase):
    """The dialog that sends many, and *Put letters together* for the same letters."""

    def _amounts(self, former, coming):
        saved, former, coming = (
            euros(self.env, Decimal(amount))
            for amount in (Decimal(former) - Decimal(coming), former, coming)
        )
        return f"{coming} instead of {former}, tax included: {saved} are saved."

    def _put_together_words(self, letters):
        wizard = self.env["beepost.group"].with_user(self.accountant)
        wizard = wizard.create({"mailing_ids": [Command.set(letters.ids)]})
        return wizard.summary.unescape()

    def _both(self, address_sheet):
        """:return: what each says of four letters to two addressees"""
        moves = self._invoices_of(1, 2, 1, 5, partners=[self.customer, self.other])
        options = {"address_sheet": address_sheet}
        asked = self._wizard(moves, together=True, **options).together_words
        self._wizard(moves, **options).action_send()
        return asked, self._put_together_words(self._of(moves))

    def test_sheets_that_may_be_needed_are_in_neither(self):
        # Envelopes at 1.14, and 6 sheets at 0.054.
        amounts = self._amounts("4.884", "2.604")
        for choice in ("auto", "never"):
            asked, chosen = self._both(choice)
            self.assertIn("Sheets: 6, as many as apart.", asked)
            self.assertIn("become 2: 6 sheets, as many as apart,", chosen)
            for words in (asked, chosen):
                self.assertIn(amounts, words)
                for sentence in MAYBE:
                    self.assertEqual(sentence in words, choice == "auto", words)

    def test_sheets_that_were_chosen_are_in_both(self):
        asked, chosen = self._both("always")
        self.assertIn("Sheets: 8 instead of 10.", asked)
        self.assertIn("become 2: 8 sheets instead of 10,", chosen)
        for words in (asked, chosen):
            self.assertIn(self._amounts("5.1", "2.712"), words)
            for sentence in MAYBE:
                self.assertNotIn(sentence, words)

    def _beside_and_chosen(self, has_sheet):
        """:return: what each says of a letter that was prepared and one that was not"""
        waiting = self._letter(address_sheet="auto")
        made = {"pdf_id": self._file("letter.pdf", a4_pdf()).id, "state": "ready"}
        waiting.write({**made, "has_address_sheet": has_sheet})
        moves = self._invoices_of(1, 1, partners=[self.customer, self.other])
        wizard = self._wizard(moves, address_sheet="auto")
        words = wizard.together_words
        wizard.action_send()
        chosen = self._put_together_words(waiting | self._of(moves))
        return words[words.index(BESIDE) :], chosen

    def test_a_sheet_that_was_made_is_in_both(self):
        for words in self._beside_and_chosen(has_sheet=True):
            self.assertIn(self._amounts("2.442", "1.302"), words)
            self.assertIn("at most 0 instead of 1.", words)
            self.assertIn(MAYBE[1], words)

    def test_a_sheet_that_was_not_needed_is_in_neither(self):
        for words in self._beside_and_chosen(has_sheet=False):
            self.assertIn(self._amounts("2.388", "1.248"), words)
            self.assertIn("at most 0 instead of 1.", words)
            self.assertIn(MAYBE[1], words)


class TestGrowth(TogetherCase):
    def test_queries_do_not_grow(self):
        partners = [self._create_customer(f"Client {n}") for n in range(24)]
        self._world(partners[:2])
        few = self._world(partners[2:6])
        many = self._world(partners[6:])
        counts = [
            [self._asked(records) for records in (moves, payments)]
            for moves, payments in (few, few, many)
        ][1:]
        for small, great in zip(*counts, strict=True):
            self.assertLessEqual(great, small + 2, counts)

    def _world(self, partners):
        for partner in partners:
            move = self._create_invoice(partner, a4_pdf())
            self._post(move, address_sheet="never")
        moves = self._invoices_of(*[1] * 2 * len(partners), partners=partners)
        payments = self._payments(2 * len(partners), partners)
        pdfs = moves.invoice_pdf_report_id | self.env["ir.attachment"].search(
            [("res_field", "=", "invoice_pdf_report_file")]
        )
        self.env["beepost.page.count"]._count(pdfs, 600)
        return moves, payments

    def _asked(self, records):
        if records._name == "account.move":
            wizard = self._wizard(records)
        else:
            values = {"own_options": False, "address_sheet": "never"}
            wizard = self._compose(records, self.accountant, **values)

        def read():
            self.assertIn(OFFER, wizard.together_words)
            self.assertIn(BESIDE, wizard.together_words)

        return self._queries(read)
