"""A provider's statement as a table: exact rows, or every fault with row and column."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_postage.tabular.table import read
from odoo.addons.beepost_postage.tariff import bill_rows as room

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)
HEADER = "Votre référence;Référence;Libellé;Montant HT;TVA;Date"
GOOD = "A-1;P-1;Affranchissement;1,14;0;26/11/2026"


def rows(*lines, mapping=None, header=HEADER):
    table = read("\n".join([header, *lines]).encode())
    mapping = room.guess(table.columns) if mapping is None else mapping
    return room.bill_rows(table, mapping, SINCE, UNTIL)


def faults(*lines, **how):
    with pytest.raises(Refusal) as refused:
        rows(*lines, **how)
    for found in refused.value.findings:
        assert set(found.params) == set(room.FINDING_CODES[found.code]), found
    return [
        (f.code, f.params.get("row"), f.params.get("column"))
        for f in refused.value.findings
    ]


def test_a_statement():
    assert rows(GOOD, ";P-2;Impression;0,0450;20 %;2026-11-01") == (
        room.BillRow(
            "A-1", "P-1", "Affranchissement", Decimal("1.14"), Decimal(0),
            date(2026, 11, 26),
        ),
        room.BillRow(
            "", "P-2", "Impression", Decimal("0.0450"), Decimal(20), SINCE
        ),
    )  # fmt: skip


def test_columns_are_guessed_by_their_names():
    assert room.guess(HEADER.split(";")) == {
        "client_reference": "Votre référence",
        "provider_reference": "Référence",
        "label": "Libellé",
        "amount": "Montant HT",
        "tax_rate": "TVA",
        "billed_on": "Date",
    }
    assert room.guess(["Zeta"]) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (";;Total;9,99;0;26/11/2026", ("bill.no_reference", 2, None)),
        ("A;;x;abc;0;26/11/2026", ("bill.no_amount", 2, "Montant HT")),
        ("A;;x;;0;26/11/2026", ("bill.empty", 2, "Montant HT")),
        ("A;;x;1,14285;0;26/11/2026", ("bill.decimals", 2, "Montant HT")),
        ("A;;x;12345678;0;26/11/2026", ("bill.no_amount", 2, "Montant HT")),
        ("A;;;1,14;0;26/11/2026", ("bill.empty", 2, "Libellé")),
        ("A;;x;1,14;;26/11/2026", ("bill.empty", 2, "TVA")),
        ("A;;x;1,14;vingt;26/11/2026", ("bill.no_rate", 2, "TVA")),
        ("A;;x;1,14;120;26/11/2026", ("bill.no_rate", 2, "TVA")),
        ("A;;x;1,14;0;31/11/2026", ("bill.no_day", 2, "Date")),
        ("A;;x;1,14;0;", ("bill.empty", 2, "Date")),
        ("A;;x;1,14;0;01/12/2026", ("bill.outside", 2, "Date")),
        ("A;;x;1,14;0;2026-10-31", ("bill.outside", 2, "Date")),
    ],
)
def test_what_is_wrong_is_named(line, expected):
    assert faults(line, GOOD) == [expected]


def test_all_faults_at_once():
    assert faults(";;x;abc;vingt;hier") == [
        ("bill.no_reference", 2, None),
        ("bill.no_amount", 2, "Montant HT"),
        ("bill.no_day", 2, "Date"),
        ("bill.no_rate", 2, "TVA"),
    ]


def test_columns_that_are_missing():
    assert faults(GOOD, mapping={}) == [
        ("bill.no_reference_column", None, None),
        *[("bill.no_column", None, None)] * 4,
    ]
    mapping = {**room.guess(HEADER.split(";")), "label": "Gone"}
    assert faults(GOOD, mapping=mapping) == [("bill.column_gone", None, "Gone")]
    mapping["label"] = "TVA"
    assert ("bill.column_shared", None, "TVA") in faults(GOOD, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", "20"),
        ("20,00 %", "20"),
        ("0.2", "20"),
        ("5,5", "5.5"),
        ("0", "0"),
        ("0,00", "0"),
        ("Exonéré", "0"),
        ("0,9 %", "0.9"),
    ],
)
def test_rates(text, value):
    assert room.rate(text) == Decimal(value)
    assert f"{room.rate(text):f}" == value
