import io
import zipfile
from datetime import date, datetime

import openpyxl

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .grids import HEADER, ROWS, GridCase, as_csv, as_xlsx


def changed(row, **cells):
    """``ROWS`` with other values in one row, numbered as a spreadsheet does."""
    rows = [list(r) for r in ROWS]
    for name, value in cells.items():
        rows[row - 2][HEADER.index(name)] = value
    return (HEADER, *rows)


def wider(row, **cells):
    """``ROWS`` with further columns, filled in one row."""
    rows = [list(r) + [""] * len(cells) for r in ROWS]
    for position, value in enumerate(cells.values(), len(HEADER)):
        rows[row - 2][position] = value
    return ((*HEADER, *cells), *rows)


def without(column):
    position = HEADER.index(column)
    return [row[:position] + row[position + 1 :] for row in (HEADER, *ROWS)]


def formula():
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    book.active["D3"] = "=D2*2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb():
    """A workbook of which one part unpacks to 60 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(HEADER, *ROWS))) as good:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
            for name in good.namelist():
                content = good.read(name)
                if name.startswith("xl/worksheets"):
                    content = content.replace(
                        b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"
                    )
                bad.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MANY = [HEADER, *([ROWS[0]] * 5001)]

# name → (rows or bytes, name of the file, code, row, column)
WRONG = {
    # -- the file ---------------------------------------------------------
    "empty": (b"", "a.csv", "table.empty", None, None),
    "header only": ((HEADER,), "a.csv", "table.empty", None, None),
    "no table": (b"\x00\x01\x02", "a.csv", "table.not_a_table", None, None),
    "a PDF": (b"%PDF-1.7", "a.csv", "import.lies", None, None),
    "a workbook called CSV": (
        as_xlsx(HEADER, *ROWS),
        "a.csv",
        "import.lies",
        None,
        None,
    ),
    "a CSV called XLSX": (as_csv(HEADER, *ROWS), "a.xlsx", "import.lies", None, None),
    "old XLS": (OLE, "a.xls", "import.kind", None, None),
    "encrypted XLSX": (OLE, "a.xlsx", "import.kind", None, None),
    "macros": (as_xlsx(HEADER, *ROWS), "a.xlsm", "import.kind", None, None),
    "a ZIP of something": (
        b"PK\x03\x04 nothing",
        "a.xlsx",
        "table.not_a_table",
        None,
        None,
    ),
    "bomb": (bomb(), "a.xlsx", "table.too_large", None, None),
    "too large": (b"a;b\n" * 600_000, "a.csv", "table.too_large", None, None),
    "too many rows": (MANY, "a.csv", "table.too_many_rows", None, None),
    "too many columns": (
        [[f"c{n}" for n in range(61)], ["1"] * 61],
        "a.csv",
        "table.too_many_columns",
        None,
        None,
    ),
    "open quotes": (b'product;zone\n"a;b', "a.csv", "table.quotes", "2", None),
    "formula in XLSX": (formula(), "a.xlsx", "table.formula", "3", "price"),
    "formula in CSV": (
        changed(3, price="=1+1"),
        "a.csv",
        "table.formula",
        "3",
        "price",
    ),
    "decimal comma between commas": (
        b"product,zone,grams,price\nlettre_verte,metropole,20,1,52\n",
        "a.csv",
        "table.beside",
        "2",
        "E",
    ),
    # -- columns ----------------------------------------------------------
    "no column for prices": (
        without("price"),
        "a.csv",
        "import.missing_column",
        None,
        None,
    ),
    "no column for zones": (
        without("zone"),
        "a.csv",
        "import.missing_column",
        None,
        None,
    ),
    "column twice": (
        ((*HEADER, "price"), *((*row, "1") for row in ROWS)),
        "a.csv",
        "table.column_twice",
        "1",
        "price",
    ),
    "two columns for one thing": (
        wider(2, prix="1.60"),
        "a.csv",
        "import.two_columns",
        None,
        None,
    ),
    # -- cells ------------------------------------------------------------
    "text for a price": (
        changed(3, price="gratis"),
        "a.csv",
        "import.not_number",
        "3",
        "price",
    ),
    "no price": (changed(4, price=""), "a.csv", "import.missing", "4", "price"),
    "negative": (changed(3, price="-3.20"), "a.csv", "import.negative", "3", "price"),
    "zero": (changed(2, price="0,00"), "a.csv", "import.zero", "2", "price"),
    "five decimals": (
        changed(2, price="1.60001"),
        "a.csv",
        "import.decimals",
        "2",
        "price",
    ),
    "five decimals in XLSX": (
        as_xlsx(HEADER, (*ROWS[0][:3], 1.60001, *ROWS[0][4:])),
        "a.xlsx",
        "import.decimals",
        "2",
        "price",
    ),
    "thousands": (
        changed(3, price="1 003,20"),
        "a.csv",
        "import.thousands",
        "3",
        "price",
    ),
    "two decimal signs": (
        changed(3, price="3.2,0"),
        "a.csv",
        "import.separators",
        "3",
        "price",
    ),
    "other currency": (
        changed(3, price="3.20 $"),
        "a.csv",
        "import.currency",
        "3",
        "price",
    ),
    "column of another currency": (
        wider(3, currency="CHF"),
        "a.csv",
        "import.currency",
        "3",
        "currency",
    ),
    "too great": (
        changed(3, price="3200000"),
        "a.csv",
        "import.too_great",
        "3",
        "price",
    ),
    "half a gram": (
        changed(3, max_grams="100,5"),
        "a.csv",
        "import.not_whole",
        "3",
        "max_grams",
    ),
    "no maximum": (
        changed(3, max_grams=""),
        "a.csv",
        "import.no_maximum",
        "3",
        "max_grams",
    ),
    "grams and sheets": (
        wider(3, max_sheets="5"),
        "a.csv",
        "import.two_maxima",
        "3",
        "max_sheets",
    ),
    "unknown product": (
        changed(4, product="pigeon"),
        "a.csv",
        "import.unknown_product",
        "4",
        "product",
    ),
    "unknown zone": (
        changed(4, zone="mars"),
        "a.csv",
        "import.unknown_zone",
        "4",
        "zone",
    ),
    "unknown kind": (
        wider(3, kind="gift"),
        "a.csv",
        "import.unknown_kind",
        "3",
        "kind",
    ),
    "unknown tax": (changed(3, tax="some"), "a.csv", "import.unknown_tax", "3", "tax"),
    "no date": (
        changed(2, valid_from="soon"),
        "a.csv",
        "import.date",
        "2",
        "valid_from",
    ),
    "the American way": (
        changed(2, valid_to="12/31/2027"),
        "a.csv",
        "import.date",
        "2",
        "valid_to",
    ),
    "ends before it begins": (
        changed(2, valid_to="2026-12-31"),
        "a.csv",
        "import.dates_order",
        "2",
        "valid_to",
    ),
    "mixed validity": (
        changed(4, valid_to="2027-03-31"),
        "a.csv",
        "import.mixed",
        "4",
        "valid_to",
    ),
    "a discount beside a price": (
        wider(3, discount="20"),
        "a.csv",
        "import.two_prices",
        "3",
        "price",
    ),
    "discount out of bounds": (
        (
            (*HEADER, "discount", "public_grams"),
            (*ROWS[0], "", ""),
            (*ROWS[1][:3], "", *ROWS[1][4:], "50", "20"),
        ),
        "a.csv",
        "import.discount",
        "3",
        "discount",
    ),
    "unknown pricing": (
        wider(3, pricing="haggling"),
        "a.csv",
        "import.unknown_pricing",
        "3",
        "pricing",
    ),
    "unknown rounding": (
        wider(2, round_to="0.05"),
        "a.csv",
        "import.unknown_rounding",
        "2",
        "round_to",
    ),
    "an envelope for a step": (
        wider(3, envelope="C4"),
        "a.csv",
        "import.not_for_step",
        "3",
        "envelope",
    ),
    "grams for an option": (
        wider(3, kind="tracking"),
        "a.csv",
        "import.not_for_option",
        "3",
        "max_grams",
    ),
    # -- the list ---------------------------------------------------------
    "duplicate": (
        changed(3, max_grams="20"),
        "a.csv",
        "grid.duplicate_step",
        "3",
        "max_grams",
    ),
    "falling price": (
        changed(3, price="1.59"),
        "a.csv",
        "grid.falling_price",
        "3",
        "price",
    ),
    "grams here and sheets there": (
        (
            (*HEADER, "max_sheets"),
            (*ROWS[0], ""),
            (*ROWS[1][:2], "", *ROWS[1][3:], "5"),
        ),
        "a.csv",
        "grid.mixed_units",
        "3",
        "max_grams",
    ),
    "discount on nothing": (
        (
            (*HEADER, "discount", "public_grams"),
            (*ROWS[0], "", ""),
            (*ROWS[1][:3], "", *ROWS[1][4:], "20", "20"),
        ),
        "a.csv",
        "grid.no_public",
        "3",
        "public_grams",
    ),
    "options that overlap": (
        (
            (*HEADER, "kind", "option_from", "option_to"),
            (*ROWS[0], "", "", ""),
            (*("", "", "", "1", "exempt"), *ROWS[0][5:], "ar_paper", "", "2027-03-01"),
            (*("", "", "", "2", "exempt"), *ROWS[0][5:], "ar_paper", "2027-03-01", ""),
        ),
        "a.csv",
        "grid.ambiguous_option",
        "4",
        "kind",
    ),
}


@tagged("post_install", "-at_install")
class TestImport(GridCase):
    """Prices come in all together, or not at all."""

    def test_what_is_wrong(self):
        """Nothing changes, and row and column are named in the words."""
        self.assertGreater(len(WRONG), 40)
        before = self._everything()
        for name, (content, filename, code, row, column) in WRONG.items():
            with self.subTest(name):
                if not isinstance(content, bytes):
                    content = as_csv(*content)
                wizard = self._wizard(content, filename)
                action = wizard.action_import()
                self.assertEqual(action["res_model"], wizard._name)
                faults = wizard.fault_ids.filtered(lambda fault: not fault.is_warning)
                self.assertEqual(wizard.fault_count, len(faults))
                found = faults.filtered(lambda fault, code=code: fault.code == code)
                self.assertTrue(found, faults.mapped("code"))
                fault = found[0]
                if row:
                    self.assertEqual((fault.row, fault.column or None), (row, column))
                    self.assertIn(f"Row {row}", fault.message)
                    self.assertIn(column or "", fault.message)
                self.assertEqual(self._everything(), before)

    def test_all_faults_at_once(self):
        rows = changed(2, price="-1", zone="mars")
        rows[3][0] = "pigeon"
        wizard = self._wizard(as_csv(*rows))
        wizard.action_check()
        self.assertEqual(
            wizard.fault_ids.filtered(lambda f: not f.is_warning).mapped("cell"),
            ["B2", "D2", "A4"],
        )

    def test_a_dry_run_changes_nothing(self):
        before = self._everything()
        wizard = self._wizard(as_csv(HEADER, *ROWS))
        wizard.action_check()
        self.assertEqual((wizard.fault_count, wizard.step_count), (0, 3))
        self.assertEqual(wizard.read_from, date(2027, 1, 1))
        self.assertEqual(wizard.read_to, date(2028, 1, 1))
        self.assertEqual(self._everything(), before)

    def test_a_draft_comes_of_it(self):
        grid = self._import(as_csv(HEADER, *ROWS), origin="Letter of 3 November")
        self.assertEqual((grid.state, grid.tariff_id), ("draft", self.list))
        self.assertEqual(grid.valid_from, date(2027, 1, 1))
        self.assertEqual(grid.valid_to, date(2028, 1, 1))
        self.assertEqual(grid.origin, "Letter of 3 November")
        self.assertEqual(
            grid.line_ids.mapped(lambda line: (line.max_grams, line.price)),
            [(20, 1.6), (100, 3.2), (20, 6.2)],
        )

    def test_many_spellings_of_the_same(self):
        french = (
            ("Produit", "Zone", "Jusqu'à (g)", "Prix HT (€)", "Taxe", "Valable du"),
            ("Lettre verte", "France", "20 g", "1,60 €", "Exonéré", "01/01/2027"),
        )
        numbers = ("lettre_verte", "FR", 20, 1.6, "exempt", datetime(2027, 1, 1))
        expected = None
        for content, name in (
            (as_csv(*french), "a.csv"),
            (as_csv(*french, encoding="utf-8-sig"), "a.csv"),
            (as_csv(*french, encoding="cp1252"), "a.csv"),
            (as_csv(*french, encoding="utf-16"), "a.txt"),
            (as_csv(*french, delimiter=","), "a.csv"),
            (as_csv(*french, delimiter="\t"), "a.tsv"),
            (as_xlsx(*french), "a.xlsx"),
            (as_xlsx(french[0], numbers), "a.XLSX"),
        ):
            with self.subTest(name, content=content[:20]):
                facts = self._facts(self._import(content, name, origin="x"))
                expected = expected or facts
                self.assertEqual(facts, expected)

    def test_options_come_in_the_same_file(self):
        header = ("kind", *HEADER, "above_grams")
        grid = self._import(
            as_csv(
                header,
                ("step", *ROWS[0], ""),
                (
                    "ar_paper",
                    "recommande_r1, recommande_r2",
                    "",
                    "",
                    "1.5",
                    *ROWS[0][4:],
                ),
                ("Supplément aérien", "", "om1", "", "0.05", *ROWS[0][4:], "100"),
            )
        )
        ar, supplement = grid.option_ids
        self.assertEqual((ar.kind, ar.price), ("ar_paper", 1.5))
        self.assertEqual(
            ar.product_ids.mapped("code"), ["recommande_r1", "recommande_r2"]
        )
        self.assertEqual((supplement.kind, supplement.above_grams), ("supplement", 100))
        self.assertEqual(supplement.zone_id.code, "om1")

    def test_a_person_says_what_a_column_is(self):
        rows = [("Quoi donc", *HEADER[1:]), *ROWS]
        wizard = self._wizard(as_csv(*rows))
        wizard.action_check()
        self.assertIn("import.missing_column", wizard.fault_ids.mapped("code"))
        column = wizard.column_ids[0]
        self.assertEqual((column.letter, column.sample), ("A", "lettre_verte"))
        self.assertFalse(column.field)
        column.field = "product"
        wizard.action_check()
        self.assertFalse(wizard.fault_count)
        self.assertEqual(wizard.action_import()["res_model"], "beepost.postage.grid")

    def test_days_that_the_file_does_not_say(self):
        rows = [row[:5] for row in (HEADER, *ROWS)]
        wizard = self._wizard(as_csv(*rows))
        wizard.action_check()
        self.assertIn("import.no_valid_from", wizard.fault_ids.mapped("code"))
        wizard.valid_from = "2027-02-01"
        wizard.action_check()
        self.assertFalse(wizard.fault_count)
        grid = self._import(as_csv(*rows), valid_from="2027-02-01")
        self.assertEqual((grid.valid_from, grid.valid_to), (date(2027, 2, 1), False))

    def test_days_that_another_grid_has(self):
        first = self._import(as_csv(HEADER, *ROWS))
        first.action_confirm()
        wizard = self._wizard(as_csv(HEADER, *ROWS))
        wizard.action_check()
        self.assertIn("import.overlap", wizard.fault_ids.mapped("code"))
        wizard.former_id = first
        wizard.action_check()
        self.assertFalse(wizard.fault_count)
        second = self._import(as_csv(HEADER, *ROWS), former_id=first.id)
        second.action_confirm()
        self.assertEqual((first.state, second.state), ("closed", "confirmed"))

    def test_doubts_are_shown_and_do_not_stop(self):
        first = self._import(as_csv(HEADER, *ROWS))
        first.action_confirm()
        rows = [
            [cell.replace("2027", "2028") for cell in row]
            for row in changed(2, price="1.90")[:-1]
        ]
        wizard = self._wizard(as_csv(*rows))
        wizard.action_check()
        doubts = wizard.fault_ids.filtered("is_warning")
        self.assertEqual(doubts.mapped("code"), ["grid.jump", "grid.missing_product"])
        self.assertIn("Row 2, column “price” (D2)", doubts[0].message)
        self.assertIn("+18.8 %", doubts[0].message)
        self.assertFalse(wizard.fault_count)

    def test_what_the_database_refuses_leaves_nothing(self):
        before = self._everything()

        def refuse(grid):
            raise ValidationError(grid.env._("No"))

        wizard = self._wizard(as_csv(HEADER, *ROWS))
        self.patch(
            type(self.env["beepost.postage.grid"]), "_check_duplicate_steps", refuse
        )
        action = wizard.action_import()
        self.assertEqual(action["res_model"], wizard._name)
        faults = wizard.fault_ids.filtered(lambda fault: not fault.is_warning)
        self.assertEqual(faults.mapped("message"), ["No"])
        self.assertEqual(self._everything(), before)

    def test_only_administrators(self):
        for user in (self.accountant, self.manager):
            with self.assertRaises(AccessError):
                self._wizard(as_csv(HEADER, *ROWS), user=user)
        wizard = self._wizard(as_csv(HEADER, *ROWS), user=self.administrator)
        self.assertEqual(wizard.action_import()["res_model"], "beepost.postage.grid")
        other = self._create_user("other", "beepost_mail.group_admin")
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["filename"])
