"""CSV and XLSX files as people bring them: exact text, or faults that name a cell."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_postage.tabular import cell, workbook
from odoo.addons.beepost_postage.tabular.raw import Limits
from odoo.addons.beepost_postage.tabular.table import (
    FINDING_CODES,
    MAX_FAULTS,
    letters,
    read,
)


def xlsx(*rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def faults(content, limits=None):
    """[(code, row, column)], each with exactly the params that its code has."""
    with pytest.raises(Refusal) as refused:
        read(content, *([limits] if limits else []))
    found = refused.value.findings
    for one in found:
        assert set(one.params) == set(FINDING_CODES[one.code]), one
    return [(f.code, f.params.get("row"), f.params.get("column")) for f in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_as_spreadsheets_write_it(encoding, delimiter, end):
    lines = ["Référence|Montant HT", 'A-1|"1,14"', "", "  B-2 |2.33|"]
    content = end.join(line.replace("|", delimiter) for line in lines)
    table = read(content.encode(encoding))
    assert table.columns == ("Référence", "Montant HT")
    assert [(row.number, list(row.cells.values())) for row in table.rows] == [
        (2, ["A-1", "1,14"]),
        (4, ["B-2", "2.33"]),
    ]


def test_a_line_break_in_a_cell_counts_as_one_row():
    table = read(b'a;b\n"one\ntwo";1\n\nx;2\n')
    assert [row.number for row in table.rows] == [2, 4]


def test_columns_are_found_whatever_their_case_and_accents():
    table = read("Référence  client;Montant\nx;1\n".encode())
    assert table.column("reference CLIENT") == "Référence  client"
    assert table.column("other") is None


def test_xlsx_gives_the_decimals_that_are_shown():
    # 1.14 and 0.1 + 0.2 are no binary fractions: what is stored is near to them only.
    rows = (["Ref", "Amount", "Day"], ["A", 1.14, date(2026, 11, 25)])
    more = ([7, 0.1 + 0.2, datetime(2026, 11, 25, 17, 30)], ["B", 1e-4, None])
    table = read(xlsx(*rows, *more))
    assert [tuple(row.cells.values()) for row in table.rows] == [
        ("A", "1.14", "2026-11-25"),
        ("7", "0.3", "2026-11-25"),
        ("B", "0.0001", ""),
    ]


def test_xlsx_numbers_as_excel_stores_them():
    content = xlsx(["Amount"], [1.5])
    assert read(_edited(content, b"<v>1.5</v>", b"<v>1.1399999999999999</v>")).rows[
        0
    ].cells == {"Amount": "1.14"}


def _edited(content, old, new, part="xl/worksheets/sheet1.xml"):
    """The workbook with something else in one of its parts."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new)
            made.writestr(name, data)
    return target.getvalue()


def test_formulas_are_refused_where_they_stand():
    assert faults(xlsx(["a", "b"], [1, "=1+1"], ["=A2", 2])) == [
        ("table.formula", 2, "b"),
        ("table.formula", 3, "a"),
    ]
    assert faults(b"a;b\n1;=1+1\n@x;-cmd\n") == [
        ("table.formula", 2, "b"),
        ("table.formula", 3, "a"),
        ("table.formula", 3, "b"),
    ]


@pytest.mark.parametrize("number", ["-1,14", "+1", "- 3", "-,5"])
def test_a_signed_number_is_no_formula(number):
    assert read(f"a\n{number}\n".encode()).rows[0].cells == {"a": number}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("table.empty", None, None)),
        (b"\n\n", ("table.empty", None, None)),
        (b"a;b\n", ("table.empty", None, None)),
        (b"\x00\x01\x02", ("table.not_a_table", None, None)),
        (b"%PDF-1.4\n\x00", ("table.not_a_table", None, None)),
        (b"a;b\n\x81\x8d;1\n", ("table.encoding", None, None)),
        (b"PK\x03\x04nothing", ("table.not_a_table", None, None)),
        (b'a;b\n"x;1\n', ("table.quotes", 2, None)),
        (b"a;;c\n1;2;3\n", ("table.no_column_name", 1, "B")),
        ("Réf;ref\n1;2\n".encode(), ("table.column_twice", 1, "ref")),
        (b"a;b\n1;2;3\n", ("table.beside", 2, "C")),
        (b"a;b\n1;" + b"x" * 3000 + b"\n", ("table.too_long", 2, "b")),
        (xlsx(["a"], ["#N/A"]), ("table.error_value", 2, "a")),
    ],
)
def test_what_is_wrong_is_named(content, expected):
    assert faults(content) == [expected]


def test_bounds():
    small = Limits(max_bytes=10_000, max_rows=2, max_columns=3)
    assert faults(b"a\n" * 6000, small)[0][0] == "table.too_large"
    assert faults(b"a\n1\n2\n3\n", small) == [("table.too_many_rows", None, None)]
    wide = ("table.too_many_columns", None, None)
    assert faults(b"a;b;c;d\n1\n", small) == [wide]
    assert faults(xlsx(["a"], [1, 2, 3, 4]), small) == [wide]
    assert len(read(b"a\n1\n2\n", small).rows) == 2


def test_a_file_that_swells_is_stopped():
    row = b"<row>" + b" " * 1_000_000 + b"</row>"
    bomb = _edited(xlsx(["a"], ["x"]), b"</sheetData>", row * 5 + b"</sheetData>")
    limits = Limits(max_bytes=len(bomb))
    assert faults(bomb, limits) == [("table.too_large", None, None)]


def test_entities_are_not_followed():
    content = _edited(
        xlsx(["a"], ["x"]),
        b"<worksheet",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet',
    )
    content = _edited(
        content, b'<c r="A2"', b'<c r="A2" t="str"><v>&e;</v></c><c r="B2"'
    )
    try:
        texts = str(read(content).rows)
    except Refusal:
        return
    assert "root:" not in texts


def test_no_more_faults_than_anybody_reads():
    assert len(faults(b"a\n" + b"=1\n" * 500)) == MAX_FAULTS


def test_zip_of_something_else():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("readme.txt", "x")
    assert faults(buffer.getvalue()) == [("table.not_a_table", None, None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,14", "1.14"),
        ("1.14", "1.14"),
        ("-0,0450", "-0.0450"),
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567,8", "1234567.8"),
        ("1,234", "1.234"),
        ("20 %", "20"),
        ("12 EUR", "12"),
        ("\u22121,5", "-1.5"),
    ],
)
def test_amounts(text, value):
    assert cell.amount(text) == Decimal(value)
    assert str(cell.amount(text)) == value


@pytest.mark.parametrize(
    "text", ["", "x", "1,2,3", "1.2.3", "1e5", "NaN", "1,,2", ",", "9" * 13, "1-", "٣"]
)
def test_no_amounts(text):
    with pytest.raises(ValueError):
        cell.amount(text)


@given(st.decimals(min_value=-99999, max_value=99999, places=4))
def test_amounts_come_back_as_they_were(number):
    french = str(number).replace(".", ",")
    assert cell.amount(french) == number
    assert cell.amount(workbook.plain_number(number)) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        ("2026-11-25T10:00:00Z", date(2026, 11, 25)),
        ("25/11/2026", date(2026, 11, 25)),
        ("5.1.2027", date(2027, 1, 5)),
    ],
)
def test_days(text, value):
    assert cell.day(text) == value


@pytest.mark.parametrize("text", ["", "31/02/2026", "25/11/26", "11-25", "tomorrow"])
def test_no_days(text):
    with pytest.raises(ValueError):
        cell.day(text)


def test_whole_numbers():
    assert cell.whole("1 000") == 1000
    with pytest.raises(ValueError):
        cell.whole("1,5")


def test_letters_of_columns():
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
