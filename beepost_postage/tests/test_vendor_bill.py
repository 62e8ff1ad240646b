import re
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .statements import POSTAGE, PRODUCTION, StatementCase, cost, right


class TestVendorBill(StatementCase):
    """The vendor bill of a statement, in a French company's books."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create(
            {"name": "LOGIDOC-Solutions", "is_company": True}
        )
        cls.account.write(
            {
                "vendor_id": cls.vendor.id,
                "gateway": "http",
                "url": "https://bee.example.com",
            }
        )
        cls.booker = cls._create_user("booker", "account.group_account_invoice")
        cls.booker.group_ids += cls.env.ref("beepost_mail.group_manager")
        cls.booker.lang = "en_US"

    def _compared(self, *letters):
        costs = [one for letter in letters for one in right(letter)]
        return self._as_booker(self._fetched(*costs))

    def _as_booker(self, statement):
        return statement.with_user(self.booker).with_context(lang="en_US")

    def _plain(self, html):
        """With decimal points, whatever the formats of this database's English."""
        text = (html or "").replace("&nbsp;", "\N{NO-BREAK SPACE}")
        return re.sub(r"(\d),(\d)", r"\1.\2", text)

    def test_postage_and_service_on_lines_of_their_own(self):
        statement = self._compared(self._sent(), self._sent())
        statement.action_make_bill()
        bill = statement.bill_id
        self.assertEqual((bill.state, bill.move_type), ("draft", "in_invoice"))
        self.assertEqual(bill.partner_id, self.vendor)
        self.assertEqual(bill.ref, statement.name)
        self.assertEqual(bill.invoice_date, statement.date_to)
        postage, service = bill.invoice_line_ids
        self.assertIn("affranchissement", postage.name)
        self.assertEqual(postage.account_id.code, "626000")
        self.assertEqual(service.account_id.code, "626000")
        self.assertEqual((postage.price_subtotal, service.price_subtotal), (2.28, 0.18))
        self.assertFalse(postage.tax_ids)
        self.assertEqual(service.tax_ids.amount, 20)
        self.assertEqual(service.tax_ids.tax_scope, "service")
        self.assertFalse(service.tax_ids.price_include)
        self.assertEqual(len(service.tax_ids.invoice_repartition_line_ids), 2)
        self.assertEqual(bill.amount_total, 2.5)
        self.assertTrue(statement.is_bill_right)
        self.assertIn(statement.name, bill.message_ids[0].body)
        self.assertEqual(bill.with_user(self.booker).beepost_statement_count, 1)

    def test_rounded_to_the_cent_once_and_said(self):
        letter = self._sent()
        statement = self._as_booker(
            self._fetched(
                cost(letter, POSTAGE, "1.1450"),
                cost(letter, PRODUCTION, "0.0450", "20"),
                cost(letter, PRODUCTION, "0.0451", "20"),
            )
        )
        statement.action_make_bill()
        bill = statement.bill_id
        # 1.1450 up to 1.15, 0.0901 once and not twice.
        self.assertEqual(bill.invoice_line_ids.mapped("price_subtotal"), [1.15, 0.09])
        said = self._plain(bill.message_ids[0].body)
        self.assertIn("come to 1.24", said)
        self.assertIn("comes to 1.2351", said)
        self.assertTrue(statement.is_bill_right, "half a cent of each line is rounding")

    def test_the_account_that_was_set(self):
        other = self.env["account.account"].create(
            {"name": "Affranchissement", "code": "626100", "account_type": "expense"}
        )
        self.company.beepost_expense_account_id = other
        statement = self._compared(self._sent())
        statement.action_make_bill()
        self.assertEqual(statement.bill_id.invoice_line_ids.account_id, other)

    def test_the_default_account_of_other_charts(self):
        company = self.company
        self.assertEqual(company._beepost_account_like("626").code, "626000")
        self.assertEqual(company._beepost_account_like("7085").code, "708500")
        self.assertEqual(company._beepost_account_like("467").code, "467000")
        self.assertEqual(company._beepost_account_like("6260001").code, False)
        company._beepost_account_like("626").active = False
        with self.assertRaisesRegex(UserError, "begins with 626"):
            company._beepost_expense_account()

    def test_taxes_by_rate(self):
        company = self.company
        self.assertFalse(company._beepost_purchase_tax(Decimal(0)))
        self.assertEqual(company._beepost_purchase_tax(Decimal("8.5")).amount, 8.5)
        with self.assertRaisesRegex(UserError, "no purchase tax of 13"):
            company._beepost_purchase_tax(Decimal(13))

    def test_what_is_missing_is_said(self):
        letter = self._sent()
        statement = self._compared(letter)
        self.account.vendor_id = False
        with self.assertRaisesRegex(UserError, "does not say who bills"):
            statement.action_make_bill()
        empty = self._create_statement(
            user=self.booker, date_from="2026-10-01", date_to="2026-10-31"
        )
        with self.assertRaisesRegex(UserError, "not possible"):
            empty.action_make_bill()
        empty.action_compare()
        with self.assertRaisesRegex(UserError, "Nothing is billed"):
            empty.action_make_bill()

    def test_practice_is_not_paid_for(self):
        practice = self.env["beepost.account"].create(
            {
                "name": "Practice again",
                "company_id": self.company.id,
                "vendor_id": self.vendor.id,
            }
        )
        statement = self._create_statement(account_id=practice.id, user=self.booker)
        self._fetched(*right(self._sent()), statement=statement)
        with self.assertRaisesRegex(UserError, "practice account"):
            statement.action_make_bill()

    def test_one_bill_only_and_lines_stay_beside_it(self):
        statement = self._compared(self._sent())
        statement.action_make_bill()
        for action in ("make_bill", "remove_lines"):
            with self.assertRaisesRegex(UserError, "has a vendor bill"):
                getattr(statement, f"action_{action}")()
        with self.assertRaisesRegex(UserError, "has a vendor bill"):
            self._fetched(statement=statement)
        statement.bill_id.unlink()
        self.assertFalse(statement.bill_id)
        statement.action_make_bill()

    def test_whoever_does_not_invoice_makes_no_bill(self):
        statement = self._compared(self._sent())
        with self.assertRaises(AccessError):
            statement.with_user(self.manager).action_make_bill()
        self.assertFalse(statement.bill_id)

    def test_a_credit_becomes_a_refund(self):
        letter = self._sent()
        statement = self._as_booker(self._fetched(cost(letter, POSTAGE, "-1.14")))
        statement.action_make_bill()
        self.assertEqual(statement.bill_id.move_type, "in_refund")
        self.assertEqual(statement.bill_id.amount_total, 1.14)
        self.assertTrue(statement.is_bill_right)

    def _entered(self, *amounts, partner=None, **values):
        """A bill that somebody entered: (amount, rate in percent)."""
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": (partner or self.vendor).id,
                "invoice_date": "2026-11-30",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": amount,
                            "tax_ids": [
                                Command.set(
                                    self.company._beepost_purchase_tax(
                                        Decimal(rate)
                                    ).ids
                                )
                            ],
                        }
                    )
                    for amount, rate in amounts
                ],
                **values,
            }
        )

    def test_a_bill_that_was_entered_is_checked(self):
        statement = self._compared(*(self._sent() for _n in range(3)))
        statement.bill_id = self._entered((3.42, 0), (0.27, 20))
        self.assertTrue(statement.is_bill_right)
        self.assertFalse(statement.bill_remarks)
        statement.bill_id = self._entered((4.42, 0), (0.27, 20))
        self.assertFalse(statement.is_bill_right)
        for words in (
            "VAT of 0 %: the bill has 4.42\N{NO-BREAK SPACE}€ without tax, the"
            " statement 3.42\N{NO-BREAK SPACE}€",
            "With tax the bill comes to 4.74\N{NO-BREAK SPACE}€, the statement to"
            " 3.74\N{NO-BREAK SPACE}€: 1.00\N{NO-BREAK SPACE}€ too much",
        ):
            self.assertIn(words, self._plain(statement.bill_remarks))
        statement.bill_id = self._entered((3.69, 0))
        remarks = self._plain(statement.bill_remarks)
        self.assertIn("VAT of 20 %: the bill has 0.00", remarks)
        self.assertIn("too little", statement.bill_remarks)

    def test_what_rounding_makes_is_said_and_right(self):
        letter = self._sent(pages=3)  # 3 sheets of 0.045
        statement = self._as_booker(
            self._fetched(
                cost(letter, POSTAGE, "1.14"), cost(letter, PRODUCTION, "0.135", "20")
            )
        )
        statement.bill_id = self._entered((1.14, 0), (0.14, 20))
        self.assertTrue(statement.is_bill_right)
        remarks = self._plain(statement.bill_remarks)
        self.assertIn("VAT of 20 %: the bill has 0.14", remarks)
        self.assertIn("the statement 0.135", remarks)
        self.assertNotIn("VAT of 0 %", remarks)
        statement.bill_id = self._entered((1.14, 0), (0.12, 20))
        self.assertFalse(statement.is_bill_right)

    def test_a_cent_of_each_line_is_not_right(self):
        """However many lines a bill has, it is right to a few cents."""
        statement = self._compared(self._sent(), self._sent())
        # 2.28 of postage, 0.18 of service
        for amounts, right_ in (
            (((1.14, 0), (1.14, 0), (0.18, 20)), True),
            (((1.15, 0), (1.14, 0), (0.18, 20)), True),
            (((1.15, 0), (1.15, 0), (0.18, 20)), False),
            (((2.29, 0), (0.18, 20)), False),
            ((*[(0.1, 0)] * 22, (0.12, 0), (0.18, 20)), True),
            ((*[(0.1, 0)] * 22, (0.14, 0), (0.18, 20)), False),
        ):
            statement.bill_id = self._entered(*amounts)
            self.assertEqual(statement.is_bill_right, right_, amounts)
            exact = sum(amount for amount, _rate in amounts)
            self.assertEqual(bool(statement.bill_remarks), abs(exact - 2.46) > 0.001)

    def test_only_a_vendor_bill(self):
        statement = self._compared(self._sent())
        for move_type in ("out_invoice", "entry"):
            with self.assertRaisesRegex(ValidationError, "vendor bill"):
                statement.bill_id = self.env["account.move"].create(
                    {"move_type": move_type, "partner_id": self.customer.id}
                )

    def test_nobody_reads_a_bill_by_a_statement(self):
        statement = self._compared(self._sent())
        bill = self._entered((77.0, 0))
        own = statement.with_user(self.manager)
        with self.assertRaises(AccessError):
            own.bill_id = bill
        with self.assertRaises(AccessError):
            self._create_statement(user=self.manager, bill_id=bill.id)
        with self.assertRaises(AccessError):
            self.env["beepost.postage.statement"].with_user(self.manager).with_context(
                default_bill_id=bill.id
            ).create({"account_id": self.account.id})
        self.assertFalse(statement.bill_id)
        statement.bill_id = bill
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("77.00", self._plain(statement.bill_remarks))
        self.assertNotIn("77", self._plain(own.bill_remarks))
        self.assertIn("rights in accounting", own.bill_remarks)
        self.assertFalse(own.is_bill_right)
        # It may be taken off without being read.
        own.bill_id = False
        self.assertFalse(own.bill_remarks)

    def test_a_bill_of_somebody_else_or_in_other_money(self):
        statement = self._compared(self._sent())
        statement.bill_id = self._entered((1.14, 0), (0.09, 20), partner=self.customer)
        self.assertIn("the account's vendor is LOGIDOC", statement.bill_remarks)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        statement.bill_id = self._entered((1.14, 0), currency_id=dollar.id)
        self.assertIn("in USD", statement.bill_remarks)
        bill = self._entered((1.14, 0), (0.09, 20))
        bill.button_cancel()
        statement.bill_id = bill
        self.assertIn("cancelled", statement.bill_remarks)
