from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .statements import POSTAGE, PRODUCTION, StatementCase, cost, right


class ReinvoiceCase(StatementCase):
    """Real letters of a French company, charged to their customers."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.company.beepost_reinvoice = "charge"
        cls.sale_tax = cls.company.account_sale_tax_id
        cls._in_english(cls.accountant)

    def _real(self, partner=None, **options):
        """A letter that left and is no practice."""
        move = self._create_invoice(partner=partner)
        letter = self._post(move, **options)
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        letter.is_practice = False
        return letter

    def _draft(self, *amounts, partner=None, **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "company_id": self.company.id,
                "invoice_date": "2026-11-28",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Supply of {amount}",
                            "price_unit": amount,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for amount, taxes in amounts or ((100.0, self.sale_tax),)
                ],
                **values,
            }
        )
        return move.with_user(self.accountant)

    def _postage(self, move):
        return move.invoice_line_ids.filtered("is_beepost_postage")

    def _records(self, letters):
        return self.env["beepost.postage.reinvoice"].search(
            [("mailing_id", "in", letters.ids)]
        )


class TestReinvoice(ReinvoiceCase):
    def test_off_by_default(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.beepost_reinvoice, "no")
        self.company.beepost_reinvoice = "no"
        self._real()
        move = self._draft()
        self.assertEqual(move.beepost_to_charge_count, 0)
        with self.assertRaisesRegex(UserError, "not invoiced to customers"):
            move.action_beepost_add_postage()

    def test_at_cost_with_the_tax_of_the_main_supply(self):
        letters = self._real() + self._real()
        low = self.env["account.tax"].search(
            [
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 5.5),
                ("company_id", "=", self.company.id),
            ],
            limit=1,
        )
        move = self._draft((20.0, self.sale_tax), (300.0, low))
        self.assertEqual(move.beepost_to_charge_count, 2)
        move.action_beepost_add_postage()
        line = self._postage(move)
        self.assertEqual(line.account_id.code, "708500")
        self.assertEqual(line.tax_ids, low)
        self.assertEqual(line.price_subtotal, 2.46)
        self.assertIn("2 letters", line.name)
        for letter in letters:
            self.assertIn(letter.name, line.name)
        self.assertEqual(move.beepost_to_charge_count, 0)
        self.assertTrue(all(letters.mapped("is_reinvoiced")))
        self.assertEqual(self._records(letters).mapped("exact_amount"), ["1.23"] * 2)
        self.assertEqual(set(self._records(letters).mapped("margin")), {0.0})

    def test_with_a_margin_rounded_once(self):
        self.company.beepost_reinvoice_margin = 7.5
        letters = self._real() + self._real() + self._real()
        move = self._draft()
        move.action_beepost_add_postage()
        # 3 × 1.23 × 1.075 = 3.96675
        self.assertEqual(self._postage(move).price_subtotal, 3.97)
        record = self._records(letters)[0]
        self.assertEqual((record.exact_cost, record.exact_amount), ("1.23", "1.3223"))
        letter = letters[0].with_user(self.manager)
        self.assertAlmostEqual(letter.reinvoice_margin, 0.0923)
        self.assertAlmostEqual(letter.reinvoiced_amount, 1.3223)

    def test_at_a_fixed_price(self):
        self.company.write(
            {"beepost_reinvoice_price": 1.5, "beepost_reinvoice_by": "fixed"}
        )
        letters = self._real() + self._real()
        move = self._draft()
        move.action_beepost_add_postage()
        self.assertEqual(self._postage(move).price_subtotal, 3.0)
        self.assertAlmostEqual(sum(self._records(letters).mapped("margin")), 0.54)

    def test_settings_make_sense(self):
        with self.assertRaisesRegex(ValidationError, "not negative"):
            self.company.beepost_reinvoice_margin = -1
        self.company.beepost_reinvoice_margin = 0
        with self.assertRaisesRegex(ValidationError, "above zero"):
            self.company.beepost_reinvoice_by = "fixed"

    def test_the_account_that_was_set(self):
        account = self.env["account.account"].create(
            {"name": "Ports", "code": "708510", "account_type": "income"}
        )
        self.company.beepost_charge_account_id = account
        self._real()
        move = self._draft()
        move.action_beepost_add_postage()
        self.assertEqual(self._postage(move).account_id, account)

    def test_never_twice_for_one_letter(self):
        letter = self._real()
        self._draft().action_beepost_add_postage()
        with self.assertRaisesRegex(UserError, "no postage to add"):
            self._draft().action_beepost_add_postage()
        line = self._records(letter).move_line_id
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"):  # noqa: B017
            with self.cr.savepoint():
                self.env["beepost.postage.reinvoice"].create(
                    {
                        "mailing_id": letter.id,
                        "move_line_id": line.id,
                        "mode": "charge",
                        "exact_cost": "1",
                        "exact_amount": "1",
                    }
                )
                self.env.flush_all()

    def test_neither_reminders_nor_practice_nor_what_has_not_left(self):
        reminders = self.env["beepost.service"].create(
            {
                "name": "Relance",
                "code": "relance",
                "is_dunning": True,
                "postage_product_ids": [
                    Command.link(
                        self.env.ref("beepost_postage.product_lettre_verte").id
                    )
                ],
            }
        )
        by_service = self._real()
        by_service.service_id = reminders
        by_mark = self._real()
        by_mark.with_user(self.accountant).action_mark_dunning()
        by_choice = self._real(marked_dunning=True)
        by_document = self._real()
        by_document.document_ids.res_model = "credit.control.communication"
        self._priced()  # practice
        cancelled = self._real()
        cancelled.state = "cancelled"
        stranger = self._real(partner=self._create_customer("Another"))
        for letter in by_service + by_mark + by_choice + by_document:
            self.assertTrue(letter.is_dunning)
        move = self._draft()
        self.assertFalse(move._beepost_chargeable())
        with self.assertRaisesRegex(UserError, "never charged"):
            move.action_beepost_add_postage()
        self.assertFalse(stranger.is_reinvoiced)
        # The service may change its mind; the letter stays a reminder.
        reminders.is_dunning = False
        self.assertTrue(by_service.is_dunning)
        by_mark.with_user(self.accountant).action_unmark_dunning()
        self.assertEqual(move._beepost_chargeable(), by_mark.with_user(self.accountant))

    def test_only_from_the_day_on_which_it_was_switched_on(self):
        self.assertEqual(self.company.beepost_reinvoice_since, date(2026, 11, 25))
        former, same_day = self._real(), self._real()
        former.accepted_at = "2026-11-24 22:59:59"  # before midnight in Paris
        same_day.accepted_at = "2026-11-24 23:00:00"
        move = self._draft()
        self.assertEqual(move._beepost_chargeable().ids, same_day.ids)
        self.company.beepost_reinvoice_since = "2026-11-01"
        self.assertEqual(move._beepost_chargeable().ids, (former + same_day).ids)
        with self.assertRaisesRegex(ValidationError, "from which day"):
            self.company.beepost_reinvoice_since = False
        self.company.beepost_reinvoice = "no"
        self.assertFalse(self.company.beepost_reinvoice_since)

    def test_only_what_is_a_customer_s_matter(self):
        letter = self._real()
        move = self._draft()
        self.assertEqual(move._beepost_chargeable().ids, letter.ids)
        bought = self._draft(move_type="in_invoice")
        letter.document_ids.res_id = bought.id
        self.assertFalse(move._beepost_chargeable())
        letter.document_ids.write(
            {"res_model": "res.partner", "res_id": self.customer.id}
        )
        self.assertFalse(move._beepost_chargeable())
        letter.with_user(self.accountant).action_mark_customer()
        self.assertEqual(move._beepost_chargeable().ids, letter.ids)
        letter.with_user(self.accountant).action_unmark_customer()
        self.assertFalse(move._beepost_chargeable())

    def test_what_is_charged_becomes_no_reminder(self):
        letter = self._real()
        self._draft().action_beepost_add_postage()
        with self.assertRaisesRegex(UserError, "stands on invoice"):
            letter.action_mark_dunning()

    def test_a_posted_invoice_is_never_touched(self):
        self._real()
        move = self._draft()
        move.action_post()
        self.assertEqual(move.beepost_to_charge_count, 0)
        with self.assertRaisesRegex(UserError, "draft customer invoices only"):
            move.action_beepost_add_postage()
        self.assertFalse(self._postage(move))
        for move_type in ("out_refund", "in_invoice"):
            other = self._draft(move_type=move_type)
            with self.assertRaisesRegex(UserError, "draft customer invoices only"):
                other.action_beepost_add_postage()

    def test_a_line_taken_off_sets_its_letters_free(self):
        letter = self._real()
        move = self._draft()
        move.action_beepost_add_postage()
        self._postage(move).unlink()
        self.assertFalse(letter.is_reinvoiced)
        move.action_beepost_add_postage()
        self.assertTrue(letter.is_reinvoiced)
        move.unlink()
        self.assertFalse(letter.is_reinvoiced)

    def test_a_cancelled_invoice_sets_them_free_and_charges_them_never_again(self):
        letter = self._real()
        first, second = self._draft(), self._draft()
        first.action_beepost_add_postage()
        first.button_cancel()
        self.assertFalse(letter.is_reinvoiced)
        second.action_beepost_add_postage()
        self.assertEqual(
            self._records(letter).move_id, second.sudo(False).with_env(self.env)
        )
        first.button_draft()
        self.assertFalse(self._postage(first))
        self.assertEqual(len(first.invoice_line_ids), 1)
        # One that was posted and is taken up again keeps its postage.
        second.action_post()
        second.sudo().button_draft()
        self.assertTrue(self._postage(second))

    def test_a_copy_charges_nothing_and_a_credit_note_gives_back(self):
        self._real()
        move = self._draft()
        move.action_beepost_add_postage()
        move.action_post()
        copy = move.sudo().copy()
        self.assertFalse(self._postage(copy))
        self.assertEqual(copy.amount_untaxed, 100.0)
        self.assertEqual(copy.amount_total, 120.0)
        refund = move.sudo()._reverse_moves()
        self.assertEqual(refund.amount_untaxed, move.amount_untaxed)

    def test_a_credit_note_and_a_new_invoice(self):
        letter = self._real()
        move = self._draft()
        move.action_beepost_add_postage()
        move.action_post()
        part = move.sudo()._reverse_moves()
        self._postage(part).price_unit = 0.5
        part.action_post()
        self.assertTrue(letter.is_reinvoiced, "a part of it was given back")
        part.button_draft()
        part.unlink()
        refund = move.sudo()._reverse_moves(cancel=True)
        self.assertEqual(refund.state, "posted")
        self.assertFalse(letter.is_reinvoiced)
        self.assertFalse(letter.search([("is_reinvoiced", "=", True)]) & letter)
        again = self._draft()
        again.action_beepost_add_postage()
        self.assertTrue(letter.is_reinvoiced)
        records = self._records(letter)
        self.assertEqual(len(records), 2)
        self.assertEqual(letter.reinvoiced_amount, 1.23)
        self.assertEqual(
            letter.action_open_reinvoice()["res_id"], again.id, "the one that stands"
        )
        with self.assertRaisesRegex(UserError, "charges it by now"):
            refund.button_draft()
        self._postage(again).unlink()
        refund.button_draft()
        self.assertTrue(letter.is_reinvoiced)

    def test_without_a_main_supply_or_in_other_money(self):
        self._real()
        move = self._draft()
        move.invoice_line_ids.unlink()
        with self.assertRaisesRegex(UserError, "Enter what you invoice first"):
            move.action_beepost_add_postage()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        other = self._draft(currency_id=dollar.id)
        with self.assertRaisesRegex(UserError, "in EUR, this invoice in USD"):
            other.action_beepost_add_postage()

    def test_letters_to_a_contact_of_the_customer(self):
        child = self._create_customer("Comptabilité", parent_id=self.customer.id)
        child.is_company = False
        letter = self._real(partner=child)
        move = self._draft()
        move.action_beepost_add_postage()
        self.assertTrue(letter.is_reinvoiced)

    def test_who_may(self):
        self._real()
        move = self._draft()
        for user in (self.manager, self._create_user("clerk", "base.group_user")):
            with self.assertRaises(AccessError):
                move.with_user(user).action_beepost_add_postage()
        self.assertFalse(self._postage(move))


class TestDebours(ReinvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.beepost_reinvoice = "debours"
        cls.customer.write(
            {"beepost_mandate": True, "beepost_mandate_date": "2026-11-01"}
        )

    def test_at_cost_without_tax_and_with_its_proof(self):
        self.company.beepost_reinvoice_margin = 50  # not for these
        letter = self._real()
        move = self._draft()
        with self.assertRaisesRegex(UserError, "not billed yet"):
            move.action_beepost_add_postage()
        statement = self._fetched(
            cost(letter, POSTAGE, "1.19"), cost(letter, PRODUCTION, "0.10", "20")
        )
        move.invalidate_recordset()
        move.action_beepost_add_postage()
        line = self._postage(move)
        self.assertEqual(line.account_id.code, "467000")
        self.assertFalse(line.tax_ids)
        # What was billed, with its tax, and not what was expected.
        self.assertEqual(line.price_subtotal, 1.31)
        self.assertIn(letter.provider_reference, line.name)
        self.assertIn(statement.name, line.name)
        record = self._records(letter)
        self.assertEqual(record.exact_amount, record.exact_cost)
        self.assertEqual((record.mode, record.margin), ("debours", 0))
        self.assertIn(statement.name, record.proof)

    def test_only_under_a_mandate_and_from_its_day_on(self):
        letter = self._real()
        self._fetched(*right(letter))
        self.customer.beepost_mandate_date = date(2026, 11, 27)
        move = self._draft()
        self.assertFalse(move._beepost_chargeable(), "it left the day before")
        self.customer.beepost_mandate_date = letter.priced_for
        self.assertEqual(len(move._beepost_chargeable()), 1)
        self.customer.beepost_mandate = False
        self.assertFalse(move._beepost_chargeable())

    def test_nothing_paid_is_nothing_to_pass_on(self):
        credited, paid = self._real(), self._real()
        self._fetched(
            cost(credited, POSTAGE, "1.14"),
            cost(credited, POSTAGE, "-1.14"),
            *right(paid),
        )
        move = self._draft()
        self.assertEqual(move._beepost_chargeable().ids, paid.ids)
        move.action_beepost_add_postage()
        self.assertEqual(len(self._postage(move)), 1)
        with self.assertRaisesRegex(UserError, "nothing was paid"):
            self._draft().action_beepost_add_postage()

    def test_a_deleted_statement_is_no_proof(self):
        letter = self._real()
        statement = self._fetched(*right(letter))
        statement.unlink()
        move = self._draft()
        self.assertFalse(move._beepost_chargeable())
        with self.assertRaisesRegex(UserError, "not billed yet"):
            move.action_beepost_add_postage()
        self.assertFalse(self._postage(move))

    def test_a_mandate_has_a_day(self):
        with self.assertRaisesRegex(ValidationError, "from which day on"):
            self.customer.beepost_mandate_date = False

    def test_a_mandate_given_to_one_company_is_not_another_s(self):
        other = self.setup_other_company(name="Autre")["company"]
        self.assertFalse(self.customer.with_company(other).beepost_mandate)

    def test_a_reminder_is_never_passed_on(self):
        letter = self._real()
        self._fetched(*right(letter))
        letter.action_mark_dunning()
        self.assertFalse(self._draft()._beepost_chargeable())
