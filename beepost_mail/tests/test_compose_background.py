"""Many documents at once: made in the background, each once, none for the others."""

import base64
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..models.beepost_postable import name_of
from .common import ScriptedGateway, a4_pdf
from .composing import CRON, ComposeCase, CustomCase

LINE = "odoo.addons.beepost_mail.models.beepost_lot_line"


class BackgroundCase(ComposeCase):
    def _run(self):
        self._run_cron(self.env.ref(CRON))

    def _order(self, records, user=None, **values):
        self._compose(records, user, **values).action_send()
        return self._lot()


class TestBackground(BackgroundCase):
    def test_lot(self):
        payments = self._payments(12)
        wizard = self._compose(payments, self.accountant)
        with self._printing():
            answer = wizard.action_send()
            self.assertFalse(self.printed, "nothing is rendered while one waits")
            self.assertFalse(self._letters(payments))
            lot = self._lot()
            self.assertEqual((lot.expected, lot.waiting_count), (12, 12))
            self.assertEqual((lot.missing_count, lot.progress), (0, 0))
            self._run()
        self.assertIn("12", answer["params"]["message"])
        letters = self._letters(payments)
        self.assertEqual(len(letters), 12)
        self.assertEqual(len(self.printed), 12)
        self.assertEqual(letters.lot_id, lot)
        self.assertEqual(letters.user_id, self.accountant)
        self.assertEqual({one[2] for one in self.printed}, {self.accountant.id})
        self.assertEqual(lot.line_ids.mailing_id, letters)
        self.assertEqual((lot.letter_count, lot.missing_count), (12, 0))
        self._run_outbox()
        self.assertEqual((lot.accepted_count, lot.progress), (12, 100))
        with self._printing():
            self._run()
        self.assertEqual(len(self._letters(payments)), 12)

    def test_one_failing_report(self):
        payments = self._payments(5)
        bad, worse = payments[1], payments[3]
        errors = {bad: UserError("Ink is out."), worse: ZeroDivisionError("ours")}
        lot = self._order(payments, self.accountant)
        with self._printing(errors), mute_logger(LINE):
            self._run()
        self.assertEqual(len(self._letters(payments)), 3)
        self.assertEqual(
            (lot.letter_count, lot.missing_count, lot.waiting_count), (3, 2, 3)
        )
        self.assertIn("Ink is out.", self._bodies(bad))
        self.assertIn("server's log", self._bodies(worse).replace("&#39;", "'"))
        self.assertNotIn("ours", self._bodies(worse))
        for payment in bad + worse:
            self.assertEqual(payment.activity_ids.user_id, self.accountant)
        self.assertFalse((payments - bad - worse).activity_ids)
        self.assertEqual(
            lot.with_user(self.accountant).failed_line_ids.mapped("name"),
            [name_of(bad), name_of(worse)],
        )
        with self._printing():
            lot.with_user(self.accountant).action_make_again()
            self._run()
        self.assertEqual(len(self._letters(payments)), 5)
        self.assertEqual((lot.missing_count, lot.failed_line_ids.ids), (0, []))

    def test_reasons_are_the_senders(self):
        """Managers count what failed; the reason may quote the document."""
        lot = self._order(self._payments(2), self.accountant)
        with self._printing({lot.line_ids[0]: None}), mute_logger(LINE):
            lot.line_ids[0].sudo().write({"res_id": 10**9})
            self._run()
        seen = lot.with_user(self.manager)
        self.assertEqual(seen.missing_count, 1)
        self.assertFalse(seen.failed_line_ids)

    def test_document_that_is_gone_or_hidden(self):
        payments = self._payments(3)
        lot = self._order(payments, self.accountant)
        gone, hidden, kept = payments
        self.env["ir.rule"].create(
            {
                "name": "not for accountants",
                "model_id": self.env["ir.model"]._get_id("account.payment"),
                "groups": self.env.ref("account.group_account_invoice").ids,
                "domain_force": [("id", "!=", hidden.id)],
            }
        )
        gone.unlink()
        with self._printing():
            self._run()
        self.assertEqual([one[1] for one in self.printed], [kept.id])
        reasons = lot.line_ids.mapped("reason")
        self.assertEqual(reasons[0], "The document is gone.")
        self.assertTrue(reasons[1])
        self.assertFalse(reasons[2])

    def test_options_and_address_of_the_lot(self):
        service = self.env.ref("beepost_mail.service_registered")
        picky = self._create_customer("Difficile", beepost_color="yes")
        depot = self._create_customer(
            "Dépôt", type="delivery", is_company=False, parent_id=picky.id
        )
        payments = self._payments(2, [self.customer, picky])
        lot = self._order(
            payments,
            own_options=False,
            service_id=service.id,
            color=False,
            duplex=False,
            address_sheet="always",
            address_kind="delivery",
        )
        self.assertEqual(lot.options["service_id"], service.id)
        with self._printing():
            self._run()
        letters = self._letters(payments)
        self.assertEqual(letters.partner_id, self.customer + depot)
        for letter in letters:
            self.assertEqual(
                (letter.service_id, letter.color, letter.duplex, letter.address_sheet),
                (service, False, False, "always"),
            )

    def test_each_as_it_prefers(self):
        picky = self._create_customer("Difficile", beepost_color="yes")
        payments = self._payments(2, [self.customer, picky])
        self._order(payments)
        with self._printing():
            self._run()
        self.assertEqual(self._letters(payments).mapped("color"), [False, True])

    def test_one_envelope_for_each_addressee(self):
        other = self._create_customer("Autre destinataire")
        payments = self._payments(5, [self.customer, other])
        lot = self._order(payments, together=True)
        self._run_outbox()
        with self._printing():
            self._run()
        letters = self._letters(payments)
        self.assertEqual(letters.mapped("grouping"), ["lot"] * 5)
        self._run_outbox()
        carriers = self._letters(payments)
        self.assertEqual(carriers.mapped("state"), ["accepted"] * 2)
        self.assertEqual(sorted(len(m.document_ids) for m in carriers), [2, 3])
        self.assertEqual((lot.accepted_count, lot.grouped_count), (2, 3))
        self.assertEqual(lot.state, "done")

    def test_registered_in_one_envelope(self):
        service = self.env.ref("beepost_mail.service_registered")
        self.customer.beepost_service_id = service
        for values, envelopes in (
            ({}, 2),  # each as it prefers: nobody asked for one proof of two letters
            ({"own_options": False, "service_id": service.id}, 1),
        ):
            payments = self._payments(2)
            self._order(payments, together=True, **values)
            with self._printing():
                self._run()
            self._run_outbox()
            letters = self._letters(payments)
            self.assertEqual(letters.service_id, service)
            self.assertEqual(len(letters), envelopes)

    def test_enclosures_serve_all(self):
        """Converted once, and kept as long as the lot."""
        payments = self._payments(3)
        upload = self._file("flyer.pdf", a4_pdf("flyer"))
        lot = self._order(payments, upload_ids=upload.ids)
        upload.unlink()
        with self._printing():
            self._run()
        lines = self._lines(payments)
        files = lines.filtered(lambda line: line.kind == "enclosure").attachment_id
        self.assertEqual(len(files), 1)
        self.assertEqual((files.res_model, files.res_id), (lot._name, lot.id))
        self.assertTrue(lot.with_user(self.manager).has_access("read"))
        self.assertFalse(files.with_user(self.manager).has_access("read"))
        self._run_outbox()
        self.assertEqual(lot.accepted_count, 3)
        letters = self._letters(payments)
        letters[:2]._remove_image(12)
        self.assertTrue(files.exists())
        letters[2]._remove_image(12)
        self.assertFalse(files.exists(), "with the last of its letters")

    def test_two_companies(self):
        """A lot for each; what is chosen for one is not taken for the other."""
        second = self._create_second_company()
        payments = self._payments(2)
        others = self._payments_of(second)
        wizard = self._compose((payments + others).with_context(**self._both(second)))
        self.assertEqual(wizard.sendable_count, 3)
        with self._printing():
            wizard.action_send()
            self._run()
        self.assertEqual(self._letters(payments).company_id, self.company)
        letter = self._letters(others)
        self.assertEqual(letter.company_id, second)
        self.assertEqual(letter.account_id.company_id, second)
        self.assertEqual(self.printed[-1][3], second, "rendered in its own company")
        wizard = self._compose(
            (payments + others).with_context(**self._both(second)),
            skip_posted=False,
            account_id=self.account.id,
        )
        with self.assertRaisesRegex(UserError, "cannot be used for documents of"):
            wizard.action_send()

    def test_terms_of_another_company(self):
        second = self._create_second_company()
        terms = self.env["beepost.terms"].create(
            {
                "name": "Terms of one",
                "company_id": self.company.id,
                "file": base64.b64encode(a4_pdf("Terms")),
            }
        )
        records = self._payments(1) + self._payments_of(second)
        records = records.with_context(**self._both(second))
        with self.assertRaisesRegex(UserError, "Terms of one.*documents of Second"):
            self._compose(records, terms_ids=terms.ids).action_send()
        self._compose(records[0], terms_ids=terms.ids)._check_choice(self.company)
        terms.company_id = False
        self._compose(records, terms_ids=terms.ids).action_send()

    def _create_second_company(self):
        second = self.setup_other_company(name="Second")["company"]
        second.partner_id.write({"street": "1 rue A", "zip": "75001", "city": "Paris"})
        self.env["beepost.account"].create({"name": "Two", "company_id": second.id})
        self.env.user.company_ids += second
        return second

    def _both(self, second):
        return {"allowed_company_ids": [self.company.id, second.id]}

    def _payments_of(self, company):
        journal = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        return self._payments(journal_id=journal.id, company_id=company.id)


class TestChoiceGone(BackgroundCase):
    """What was chosen is gone before the letters are made: nothing takes its place."""

    def _assert_not_made(self, lot, name):
        with self._printing():
            self._run()
        self.assertEqual(lot.line_ids.mapped("state"), ["failed"] * 2)
        self.assertIn(f"“{name}” cannot be used", lot.line_ids[0].reason)

    def test_practice_account(self):
        lot = self._order(self._payments(2))
        self._create_real_account()
        self.account.active = False
        self._assert_not_made(lot, "Practice")

    def test_registered_service(self):
        service = self.env["beepost.service"].search([("registered", "=", True)])[0]
        lot = self._order(self._payments(2), own_options=False, service_id=service.id)
        service.active = False
        self._assert_not_made(lot, service.name)


class TestPostedMeanwhile(BackgroundCase):
    """What waits in one lot is not posted a second time by another."""

    def test_waiting_in_another_lot(self):
        payments = self._payments(3)
        self._order(payments[:2])
        wizard = self._compose(payments)
        self.assertEqual(wizard.sendable_count, 1)
        self.assertIn("2 are left out: posted already", wizard.summary)
        wizard.skip_posted = False
        self.assertEqual(wizard.sendable_count, 3)
        message = wizard.alerts["beepost_posted"]["message"]
        self.assertIn("2 of these documents were posted already", message)
        one = self._compose(payments[0], skip_posted=False)
        alert = one.alerts["beepost_posted"]
        self.assertIn("on its way out already", alert["message"])
        self.assertNotIn("action", alert, "no letter can be shown yet")

    def test_cancelled_lot_keeps_nothing(self):
        payments = self._payments(2)
        self._order(payments, self.accountant).with_user(
            self.accountant
        ).action_cancel()
        self.assertEqual(self._compose(payments).sendable_count, 2)

    def _two_orders(self, payments):
        """Two people pressed at once: neither dialog could see the other's lot."""
        first = self._order(payments)
        second = self._order(payments, skip_posted=False)
        second.options = {**second.options, "skip_posted": True}
        return first, second

    def test_two_lots_at_once(self):
        payments = self._payments(2)
        first, second = self._two_orders(payments)
        with self._printing():
            self._run()
        self.assertEqual(self._letters(payments).lot_id, first)
        self.assertEqual(len(self._letters(payments)), 2)
        self.assertEqual(second.line_ids.mapped("state"), ["failed"] * 2)
        self.assertIn("posted meanwhile", second.line_ids[0].reason)

    def test_the_faster_one_fails(self):
        payments = self._payments(2)
        first, second = self._two_orders(payments)
        first.line_ids[0].res_id = 10**9
        with self._printing():
            self._run()
        self.assertEqual(len(self._letters(payments)), 2)
        self.assertEqual(second.line_ids.mapped("state"), ["made", "failed"])

    def test_made_again(self):
        payments = self._payments(2)
        bad = payments[1]
        lot = self._order(payments)
        with self._printing({bad: UserError("Ink is out.")}):
            self._run()
        self._send(bad)
        lot.action_make_again()
        with self._printing():
            self._run()
        self.assertEqual(len(self._letters(bad)), 1)
        self.assertIn("posted meanwhile", lot.failed_line_ids.reason)

    def test_a_lot_that_was_over_goes_on(self):
        bad, other = self._payments(2)
        lot = self._order(bad + other, self.accountant)
        with self._printing({bad: UserError("Ink is out.")}):
            self._run()
        self._run_outbox()
        self.assertEqual((lot.state, bool(lot.closed_at)), ("done", True))
        lot.with_user(self.accountant).action_make_again()
        self.assertEqual((lot.state, lot.closed_at), ("running", False))
        with self._printing():
            self._run()
        self._run_outbox()
        self.assertEqual((lot.state, lot.accepted_count), ("done", 2))
        lot.with_user(self.accountant).action_make_again()
        self.assertEqual(lot.state, "done", "there is nothing to make")

    def test_restored_before_all_letters_were_made(self):
        """They may have left in the other life, under references unknown here."""
        payments = self._payments(2)
        lot = self._order(payments, self.accountant)
        self.account.sudo().incarnation = "another/life"
        with self._printing():
            self._run()
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
            self.assertFalse(gateway.arrived)
            self.assertEqual(lot.state, "paused")
            self.assertIn("This database was restored", self._bodies(lot))
            lot.with_user(self.accountant).action_resume()
            self._run_outbox()
        self.assertEqual(len(gateway.arrived), 2)

    def test_what_is_sent_after_a_restore_leaves(self):
        """Only lots that were there before are in doubt, whoever notices it first."""
        before = self._order(self._payments(2), self.accountant)
        self.account.sudo().incarnation = "another/life"
        after = self._order(self._payments(2), self.accountant)
        self.assertEqual((before.state, after.state), ("paused", "running"))
        with self._printing():
            self._run()
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual((before.state, after.state), ("paused", "done"))
        self.assertEqual(
            set(gateway.counts()), set(after.mailing_ids.mapped("client_reference"))
        )

    def test_as_asked_for(self):
        payments = self._payments(2)
        self._order(payments)
        self._order(payments, skip_posted=False)
        with self._printing():
            self._run()
        self.assertEqual(len(self._letters(payments)), 4)


class TestCancelled(BackgroundCase):
    def test_while_its_letters_are_being_made(self):
        """What was locked at that moment, and was not made, is dropped by the run."""
        payments = self._payments(3)
        lot = self._order(payments, self.accountant)
        Line = type(lot.line_ids)
        with patch.object(
            Line, "try_lock_for_update", lambda lines, **options: lines.browse()
        ):
            lot.with_user(self.accountant).action_cancel()
        self.assertEqual((lot.state, lot.waiting_count), ("cancelled", 3))
        with self._printing():
            self._run()
        self.assertEqual(lot.line_ids.mapped("state"), ["dropped"] * 3)
        self.assertEqual((lot.dropped, lot.waiting_count), (3, 0))
        self.assertFalse(self.printed)
        self._run_outbox()
        self.assertTrue(lot.closed_at)
        self.assertIn("This lot was cancelled", self._bodies(lot))

    def test_between_two_slices(self):
        payments = self._payments(12)
        lot = self._order(payments, self.accountant)
        Line = type(lot.line_ids)
        make = Line._make_in_time

        def cancelled_meanwhile(lines):
            done = make(lines[:4])
            lines.lot_id.state = "cancelled"  # elsewhere: these lines are locked
            return done

        with self._printing(), patch.object(Line, "_make_in_time", cancelled_meanwhile):
            self._run()
        self.assertEqual(len(self._letters(payments)), 4)
        self.assertEqual((lot.dropped, lot.waiting_count), (8, 4))
        self._run_outbox()
        self.assertEqual((lot.cancelled_count, lot.waiting_count), (12, 0))
        self.assertTrue(lot.closed_at)


class TestKilled(BackgroundCase):
    def test_a_report_that_kills_the_server(self):
        """It is tried alone the next time, and not for ever; the others go."""
        payments = self._payments(3)
        lot = self._order(payments)
        deadly = payments[1]
        Line = type(self.env["beepost.lot.line"])
        make = Line._make_in_time

        def dying(lines):
            if deadly.id in lines.mapped("res_id") and lines[0].attempts <= 3:
                return lines.browse()  # as if the process had ended here
            return make(lines)

        with self._printing(), patch.object(Line, "_make_in_time", dying):
            self._run()
        states = {line.res_id: line.state for line in lot.line_ids}
        self.assertEqual(states.pop(deadly.id), "failed")
        self.assertEqual(set(states.values()), {"made"})
        self.assertIn("broke off each time", self._bodies(deadly))
        self.assertEqual(len(self._letters(payments)), 2)

    def test_letter_and_line_are_one(self):
        """Where the line cannot be written there is no letter either."""
        payments = self._payments(2)
        lot = self._order(payments)
        Line = type(self.env["beepost.lot.line"])
        write, broken = Line.write, []

        def failing(line, vals):
            if vals.get("state") == "made" and not broken:
                broken.append(line)
                raise ZeroDivisionError("between the two")
            return write(line, vals)

        with self._printing(), mute_logger(LINE):
            with patch.object(Line, "write", failing):
                self._run()
        self.assertTrue(broken)
        self.assertEqual(len(self._letters(payments)), 2)
        self.assertEqual(lot.line_ids.mapped("state"), ["made", "made"])

    def test_concurrent_change_is_tried_again(self):
        lot = self._order(self._payments(2))
        error = psycopg2.errors.SerializationFailure()
        line = lot.line_ids[0]
        Line = type(line)

        def failing(lines, envelopes, user):
            raise error

        with self._printing(), patch.object(Line, "_post", failing):
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                lot.line_ids.sudo()._make()
        self.assertEqual(lot.line_ids.mapped("state"), ["waiting", "waiting"])

    def test_time_is_spent(self):
        payments = self._payments(4)
        lot = self._order(payments)
        path = "odoo.addons.beepost_mail.models.beepost_lot_line.PREPARE_SECONDS"
        Line, slices = type(lot.line_ids), []
        post = Line._post

        def counting(lines, envelopes, user):
            slices.append(len(envelopes))
            return post(lines, envelopes, user)

        with self._printing(), patch(path, -1), patch.object(Line, "_post", counting):
            self._run()
        self.assertEqual(slices, [1, 1, 1, 1])
        self.assertEqual(lot.line_ids.mapped("attempts"), [1, 1, 1, 1])
        self.assertEqual(len(self._letters(payments)), 4)


class TestBadInput(BackgroundCase):
    """One clear message each; the other letters go."""

    def test_table(self):
        nobody = self._payments(partner_id=False)
        nowhere = self._payments(1, [self._create_customer("Sans ville", city=False)])
        foreign = self._foreign_payment()
        for name, bad, words, made in (
            ("no addressee", nobody, "names nobody to send it to", 1),
            ("no account", foreign, "Foreign, which has no BeePOST account", 1),
            ("no address", nowhere, None, 2),
        ):
            with self.subTest(name):
                good = self._payments()
                wizard = self._compose(bad + good)
                self.assertEqual(wizard.sendable_count, made)
                if words:
                    self.assertEqual(wizard.summary.count("<li>"), 1)
                    self.assertIn(words, wizard.summary)
                with self._printing():
                    wizard.action_send()
                    self._run()
                self.assertEqual(len(self._letters(good)), 1)
                self.assertEqual(self._letters(good).state, "draft")
        refused = self._letters(nowhere)
        self.assertEqual(refused.state, "rejected")
        self.assertIn("city", refused.error)

    def _foreign_payment(self):
        foreign = self.setup_other_company(name="Foreign")["company"]
        self.env.user.company_ids += foreign
        journal = self.env["account.journal"].search(
            [("company_id", "=", foreign.id), ("type", "=", "bank")], limit=1
        )
        payment = self._payments(journal_id=journal.id, company_id=foreign.id)
        self.env = self.env(
            context={"allowed_company_ids": [self.company.id, foreign.id]}
        )
        return payment.with_env(self.env)

    def test_without_a_report(self):
        """A model that prints nothing: a file will do."""
        journals = self.env["account.journal"].search([("id", ">", 0)], limit=2)
        wizard = self._compose(journals)
        self.assertFalse(wizard.sendable_count)
        self.assertIn("no paper to post", wizard.summary)
        self.assertIn("<li>", wizard.summary)
        with self.assertRaisesRegex(UserError, "None of these documents"):
            wizard.action_send()

    def test_report_not_meant_for_some(self):
        payments = self._payments(3)
        self.receipt.domain = repr([("id", "!=", payments[0].id)])
        wizard = self._compose(payments)
        self.assertEqual(wizard.sendable_count, 2)
        self.assertIn("is nothing that report", wizard.summary)

    def test_nothing_chosen(self):
        wizard = self._compose(self._payments(2), line_ids=[])
        self.assertFalse(wizard.line_ids)
        self.assertIn("no paper to post", wizard.summary)

    def test_enclosure_that_lies(self):
        payments = self._payments(2)
        lying = self._file("terms.pdf", b"<html>no PDF</html>")
        wizard = self._compose(payments, upload_ids=[Command.link(lying.id)])
        with self.assertRaisesRegex(UserError, "terms.pdf.*a PDF.*a web page"):
            wizard.action_send()
        self.assertFalse(self.env["beepost.lot"].search([]))
        wizard = self._compose(payments)
        with self._printing():
            wizard.action_send()
            self._run()
        self.assertEqual(len(self._letters(payments)), 2)


class TestGrowthOfTheRun(BackgroundCase):
    def test_queries_of_ordering(self):
        def order(count):
            self._compose(payments[:count]).action_send()

        payments = self._payments(60)
        order(2)
        few, many = self._queries(order, 10), self._queries(order, 60)
        self.assertLess((many - few) / 50, 1.5, f"{few} for 10, {many} for 60")

    def test_queries_of_making(self):
        def make(count):
            payments = self._payments(count)
            lot = self._order(payments)
            with self._printing():
                return self._queries(lot.line_ids.sudo()._make)

        make(2)
        few, many = make(10), make(40)
        self.assertLess((many - few) / 30, 25, f"{few} for 10, {many} for 40")


class TestFiveThousand(CustomCase):
    def test_five_thousand_records(self):
        """One sentence, one lot, nothing rendered while somebody waits."""
        partners = [self._create_customer(f"Client {n}") for n in range(50)]
        partners[0].city = False
        records = self._custom_records(*(partners * 100))
        self._custom_records()  # warms

        def open_and_send():
            wizard = self._compose(records, self.accountant)
            self.assertEqual(wizard.sendable_count, 5000)
            self.assertIn(">5000 documents will be", wizard.summary)
            self.assertNotIn("<li>", wizard.summary)
            alert = wizard.alerts["beepost_address"]["message"]
            self.assertIn("100 addresses cannot be printed", alert)
            wizard.action_send()

        with self._printing():
            queries = self._queries(open_and_send)
        self.assertLess(queries, 300)
        self.assertFalse(self.printed)
        lot = self._lot()
        self.assertEqual((lot.expected, lot.waiting_count), (5000, 5000))

    def test_what_is_gone_is_not_counted(self):
        records = self._custom_records(self.customer, self.customer)
        wizard = self._compose(records)
        wizard.res_ids = records.ids + list(range(10**8, 10**8 + 4998))
        self.assertIn(">2 documents will be", wizard.summary)
