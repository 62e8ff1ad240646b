"""How many envelopes documents fill, in the dialogs that send many."""

import base64

from odoo.tests import Form

from .common import a4_pdf
from .composing import CRON, ComposeCase
from .sending import BatchCase

ALONE = "no two of them"


class TestCompose(ComposeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Autre destinataire")

    def _said_and_done(self, records, **values):
        """:return: (envelopes that the dialog tells, envelopes that really leave)"""
        wizard = self._compose(records, self.accountant, together=True, **values)
        said, words = wizard.envelope_count, wizard.together_words
        filled = "one envelope" if said == 1 else f"{said} envelopes"
        self.assertIn(f"{len(records)} documents in {filled}", words)
        self.assertEqual(ALONE in words, said == len(records))
        with self._printing():
            wizard.action_send()
            self._run_cron(self.env.ref(CRON))
        for _run in range(2):
            self._run_outbox()
        letters = self._letters(records).filtered(lambda m: m.state == "accepted")
        return said, len(letters)

    def test_envelopes_that_leave(self):
        payments = self._payments(5, [self.customer, self.other])
        self.assertEqual(self._said_and_done(payments), (2, 2))

    def test_registered_only_where_it_is_asked_for(self):
        service = self.env.ref("beepost_mail.service_registered")
        self.customer.beepost_service_id = service
        partners = [self.customer, self.other]
        self.assertEqual(self._said_and_done(self._payments(4, partners)), (3, 3))
        chosen = {"own_options": False, "service_id": service.id}
        payments = self._payments(4, partners)
        self.assertEqual(self._said_and_done(payments, **chosen), (2, 2))

    def test_what_must_not_lie_together(self):
        self.env["beepost.confidentiality"].create(
            {"model_id": self.env["ir.model"]._get_id("account.payment")}
        )
        files = self.env["ir.attachment"]
        for payment in self._payments(2):
            files += self._file("receipt.pdf", a4_pdf(), payment)
        files += self._file("usual.pdf", a4_pdf(), self.customer)
        self.assertEqual(self._said_and_done(files), (2, 2))

    def test_at_the_address_that_was_chosen(self):
        """Two customers of one house, whose invoices go to one address."""
        parent = self._create_customer("Groupe")
        one, two = (
            self._create_customer(name, parent_id=parent.id, is_company=False)
            for name in ("Un", "Deux")
        )
        self._create_customer(
            "Comptabilité", parent_id=parent.id, is_company=False, type="invoice"
        )
        payments = self._payments(2, [one, two])
        self.assertEqual(self._said_and_done(payments), (2, 2))
        payments = self._payments(2, [one, two])
        self.assertEqual(self._said_and_done(payments, address_kind="invoice"), (1, 1))

    def test_the_screen_offers_it(self):
        payments = self._payments(3, [self.customer, self.customer, self.other])
        with Form(self._compose(payments)) as form:
            self.assertIn("2 of the 3 documents go to the same", form.together_words)
            self.assertIn("they fill a single one.", form.together_words)
            form.together = True
            self.assertIn("3 documents in 2 envelopes.", form.together_words)
        self.assertFalse(self._compose(payments[0]).together_words)

    def test_terms_are_chosen_on_the_screen(self):
        """What a person chooses is a record without a number until it is saved."""
        terms = self.env["beepost.terms"].create(
            {"name": "CGV", "file": base64.b64encode(a4_pdf("terms"))}
        )
        with Form(self._compose(self._payments(2))) as form:
            form.terms_ids.add(terms)
            form.together = True
            self.assertIn("2 documents in one envelope.", form.together_words)


class TestBatchWords(BatchCase):
    def test_the_screen_offers_it(self):
        other = self._create_customer("Autre destinataire")
        moves = self._invoices(3, partners=[self.customer, other])
        action = moves.action_beepost_send()
        with Form(self.env["beepost.send"].with_context(**action["context"])) as form:
            self.assertIn("2 of the 3 documents go to the same", form.together_words)
            form.together = True
            self.assertIn("3 documents in 2 envelopes.", form.together_words)

    def test_waiting_beside(self):
        self._post(self._invoices(1))
        other = self._create_customer("Autre destinataire")
        moves = self._invoices(2, partners=[self.customer, other])
        words = self._wizard(moves, self.accountant).together_words
        self.assertIn("waits already for the addressee of one of these", words)
        self.assertIn("Together they fill one envelope instead of 2.", words)
        self.company.beepost_grouping = "automatic"
        self.assertFalse(self._wizard(moves, self.accountant).together_words)
