import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError

from .statements import HEADER, POSTAGE, PRODUCTION, StatementCase, right


class TestStatementImport(StatementCase):
    """A provider's file: all of it or nothing, and the same lines never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls._create_statement()

    def _lines(self, letter):
        return (
            f"{letter.client_reference};;{POSTAGE};1,14;0;27/11/2026",
            f"{letter.client_reference};;{PRODUCTION};0,09;20 %;27/11/2026",
        )

    def test_a_csv_file(self):
        letter = self._sent()
        wizard = self._wizard(self.statement, *self._lines(letter))
        self.assertFalse(wizard.faults)
        self.assertEqual(wizard.row_count, 2)
        self.assertEqual(
            {c.name: c.role for c in wizard.column_ids},
            {
                "Votre référence": "client_reference",
                "Référence": "provider_reference",
                "Libellé": "label",
                "Montant HT": "amount",
                "TVA": "tax_rate",
                "Date": "billed_on",
            },
        )
        self.assertEqual(wizard.column_ids[3].sample, "1,14")
        wizard.action_import()
        self.assertEqual(self.statement.state, "compared")
        self.assertFalse(self._row(self.statement, letter).reason)
        self.assertEqual(
            self.statement.line_ids.mapped("exact_amount"), ["1.1400", "0.0900"]
        )

    def test_an_xlsx_file(self):
        letter = self._sent()
        book = openpyxl.Workbook()
        book.active.append(HEADER.split(";"))
        book.active.append([letter.client_reference, None, "Affranchissement", 1.14, 0,
                            "2026-11-27"])  # fmt: skip
        buffer = io.BytesIO()
        book.save(buffer)
        wizard = self._wizard(self.statement)
        wizard.file = base64.b64encode(buffer.getvalue())
        wizard.action_import()
        self.assertEqual(self.statement.line_ids.exact_amount, "1.1400")

    def test_the_same_file_and_the_same_bill_add_nothing(self):
        letter = self._sent()
        for _time in range(2):
            self._wizard(self.statement, *self._lines(letter)).action_import()
        self._fetched(*right(letter), statement=self.statement)
        # By the other reference as well.
        theirs = [
            line.replace(f"{letter.client_reference};", f";{letter.provider_reference}")
            for line in self._lines(letter)
        ]
        self._wizard(self.statement, *theirs).action_import()
        self.assertEqual(len(self.statement.line_ids), 2)

    def test_a_wrong_file_changes_nothing(self):
        letter = self._sent()
        wizard = self._wizard(
            self.statement,
            *self._lines(letter),
            f"{letter.client_reference};;x;abc;0;27/11/2026",
            ";;Total;1,23;0;27/11/2026",
            f"{letter.client_reference};;x;1;0;01/12/2026",
            f"{letter.client_reference};;x;=1+1;0;27/11/2026",
        )
        # A formula is found first: the table itself is refused.
        self.assertIn("Row 7, column “Montant HT”: a formula", wizard.faults)
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()
        wizard = self._wizard(
            self.statement,
            *self._lines(letter),
            f"{letter.client_reference};;x;abc;0;27/11/2026",
            ";;Total;1,23;0;27/11/2026",
            f"{letter.client_reference};;x;1;0;01/12/2026",
        )
        for words in (
            "Row 4, column “Montant HT”: “abc” is no amount",
            "Row 5: no reference. If it is a total, remove the row",
            "Row 6, column “Date”: 2026-12-01 is not between 2026-11-01 and 2026-11-30",
        ):
            self.assertIn(words, wizard.faults)
        with self.assertRaisesRegex(UserError, "Row 4, column"):
            wizard.action_import()
        self.assertFalse(self.statement.line_ids)
        self.assertEqual(self.statement.state, "draft")
        self.assertFalse(self.account.sudo().statement_columns)

    def test_no_table_at_all(self):
        wizard = self._wizard(self.statement)
        self.assertIn("no rows below its header", wizard.faults)
        wizard.file = base64.b64encode(b"%PDF-1.7\x00")
        self.assertIn("neither a CSV nor an XLSX", wizard.faults)
        wizard.file = False
        with self.assertRaisesRegex(UserError, "Choose a file"):
            wizard.action_import()

    def test_columns_are_said_once_and_remembered(self):
        letter = self._sent()
        odd = "Alpha;Beta;Gamma;Delta;Epsilon"
        line = f"{letter.client_reference};Affranchissement;1,14;0;27/11/2026"
        wizard = self._wizard(self.statement, line, header=odd)
        self.assertIn("Say which column holds our reference", wizard.faults)
        self.assertIn("Say which column holds this: Amount without tax", wizard.faults)
        roles = ("client_reference", "label", "amount", "tax_rate", "billed_on")
        for column, role in zip(wizard.column_ids, roles, strict=True):
            column.role = role
        self.assertFalse(wizard.faults)
        wizard.column_ids[1].role = "amount"
        self.assertIn("Two columns are said to hold this: Amount", wizard.faults)
        wizard.column_ids[1].role = "label"
        wizard.action_import()
        again = self._wizard(self.statement, line, header=odd)
        self.assertEqual(tuple(again.column_ids.mapped("role")), roles)
        # Another kind of file is read by its names.
        named = self._wizard(self.statement, *self._lines(letter))
        self.assertFalse(named.faults)

    def test_who_may(self):
        letter = self._sent()
        with self.assertRaises(AccessError):
            self._wizard(self.statement, *self._lines(letter), user=self.accountant)
        wizard = self._wizard(self.statement, *self._lines(letter))
        other = self._create_user("manager_2", "beepost_mail.group_manager")
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_import()
        self.statement.action_compare()
        self.statement.action_done()
        with self.assertRaisesRegex(UserError, "not possible"):
            wizard.action_import()
