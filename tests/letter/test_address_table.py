"""Real shapes of addresses, each with the lines or the findings that were worked out by
hand from the norm and from the destination's own format."""

import csv
from dataclasses import fields
from pathlib import Path

import pytest

from beepost_mail.letter.address import Parts, compose
from beepost_mail.letter.finding import Refusal

DATA = Path(__file__).parent / "data"
TABLES = ("addresses_france.csv", "addresses_abroad.csv")


def read(name):
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter=";", quoting=csv.QUOTE_NONE))


ROWS = [
    pytest.param(row, id=f"{name[10:-4]}-{number}")
    for name in TABLES
    for number, row in enumerate(read(name), 2)
]


@pytest.mark.parametrize("row", ROWS)
def test_lines_and_findings(row):
    parts = Parts(**{field.name: row[field.name] for field in fields(Parts)})
    try:
        address = compose(parts)
        lines, findings = list(address.lines), address.findings
    except Refusal as refusal:
        lines, findings = [], refusal.findings
    expected = row["lines"].split(" | ") if row["lines"] else []
    assert lines == expected
    assert sorted(f.code for f in findings) == sorted(row["codes"].split())


def test_table_is_wide_enough():
    rows = [row.values[0] for row in ROWS]
    assert len(rows) >= 200
    assert len({row["country"].upper() for row in rows if row["lines"]}) >= 60
    assert sum(not row["lines"] for row in rows) >= 30
