"""Tables that a spreadsheet may open, and an archive whose hashes are right."""

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime

import pytest

from odoo.addons.beepost_tracking.export.archive import SUMS, Archive, safe_name
from odoo.addons.beepost_tracking.export.table import Table, cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_formulas_are_text(start):
    assert cell(f"{start}cmd|'/c calc'!A0") == f"'{start}cmd|'/c calc'!A0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (False, ""),
        (None, ""),
        (True, "yes"),
        (0, "0"),
        (-5, "-5"),
        ("1=1", "1=1"),
        ("'=1", "'=1"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 11), "2026-11-24T11:00:00Z"),
    ],
)
def test_cells(value, text):
    assert cell(value) == text


def test_a_table_reads_back():
    table = Table(("a", "b"))
    table.add({"a": 'é;"\n', "b": "=1+1"})
    content = table.content().read()
    table.close()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["a", "b"], ['é;"\n', "'=1+1"]]
    with pytest.raises(KeyError):
        Table(("a",)).add({})


def test_an_archive_lists_its_hashes():
    target = io.BytesIO()
    with Archive(target, datetime(2026, 11, 24)) as archive:
        archive.add("letters/a.pdf", b"%PDF" * 1000)
        archive.add("README.txt", "é".encode())
    with zipfile.ZipFile(target) as found:
        sums = found.read(SUMS).decode().splitlines()
        listed = dict(reversed(line.split("  ", 1)) for line in sums)
        assert set(listed) == set(found.namelist()) - {SUMS} and len(listed) == 2
        for name, value in listed.items():
            assert hashlib.sha256(found.read(name)).hexdigest() == value


@pytest.mark.parametrize("name", ["a.pdf", "../a", "b/../../a", "/etc/a"])
def test_no_name_twice_or_outside(name):
    with Archive(io.BytesIO(), datetime(2026, 11, 24)) as archive:
        archive.add("a.pdf", b"")
        with pytest.raises(ValueError, match="not a name"):
            archive.add(name, b"")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("PR-1.pdf", "PR-1.pdf"),
        ("../../x", "_.._x"),
        ("à payer?.pdf", "à_payer_.pdf"),
        ("", "_"),
        ("..", "_"),
    ],
)
def test_safe_names(name, safe):
    assert safe_name(name) == safe
