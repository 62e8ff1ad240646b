"""A provider's statement as a table becomes bill lines, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import Finding, Refusal

from ..tabular import cell
from ..tabular.raw import fault
from ..tabular.table import MAX_FAULTS, Row, Table, plain
from .money import rounded

# What a column may hold, and how providers call it.
ROLES = {
    "client_reference": (
        *("votre reference", "reference client", "client_reference"),
        *("client reference", "your reference", "notre reference", "uuid"),
    ),
    "provider_reference": (
        *("reference beepost", "reference", "provider_reference", "numero de pli"),
        *("provider reference", "n° pli", "pli", "reference prestataire"),
    ),
    "label": ("libelle", "label", "designation", "description", "prestation"),
    "amount": (
        *("montant ht", "montant", "amount", "prix ht", "total ht", "prix"),
        *("amount without tax", "net"),
    ),
    "tax_rate": ("tva", "taux tva", "taux de tva", "tax_rate", "vat", "tva %", "taux"),
    "billed_on": ("date", "date de facturation", "billed_on", "jour", "date facture"),
}
REFERENCES = ("client_reference", "provider_reference")
NEEDED = ("label", "amount", "tax_rate", "billed_on")
EXEMPT = ("exonere", "exoneree", "exempt", "exempte", "sans tva")
DIGITS = 7  # before the decimal comma: no letter costs more

# Every code that reading a statement can give, beside those of reading a table.
FINDING_CODES = {
    "bill.no_reference_column": (),
    "bill.no_column": ("role",),
    "bill.role_twice": ("role",),
    "bill.column_gone": ("column",),
    "bill.column_shared": ("column",),
    "bill.no_reference": ("row",),
    "bill.empty": ("row", "column"),
    "bill.no_amount": ("row", "column", "value"),
    "bill.decimals": ("row", "column", "value"),
    "bill.no_rate": ("row", "column", "value"),
    "bill.no_day": ("row", "column", "value"),
    "bill.outside": ("row", "column", "value", "since", "until"),
}


@dataclass(frozen=True)
class BillRow:
    """:param amount: EUR without tax, up to 4 decimals; negative for a credit
    :param tax_rate: percent
    :param billed_on: a Paris day
    """

    client_reference: str
    provider_reference: str
    label: str
    amount: Decimal
    tax_rate: Decimal
    billed_on: date


def guess(columns: Iterable[str]) -> dict[str, str]:
    """:return: {role: column} where a column has a name that says what it holds"""
    names = {plain(column): column for column in columns}
    found = {}
    for role, known in ROLES.items():
        column = next((names[name] for name in known if name in names), None)
        if column and column not in found.values():
            found[role] = column
    return found


def bill_rows(
    table: Table, mapping: Mapping[str, str], since: date, until: date
) -> tuple[BillRow, ...]:
    """
    :param mapping: {role: column}; one of ``REFERENCES`` and all of ``NEEDED``
    :param since: first day of the statement, ``until`` its last
    :raises Refusal: every fault, up to ``MAX_FAULTS``
    """
    columns, found = _columns(table, mapping)
    if found:
        raise Refusal(found)
    made = []
    for row in table.rows:
        made.append(_bill_row(row, columns, since, until, found))
        if len(found) >= MAX_FAULTS:
            break
    if found:
        raise Refusal(found[:MAX_FAULTS])
    return tuple(made)


def _columns(table, mapping) -> tuple[dict[str, str], list[Finding]]:
    columns, found = {}, []
    for role, name in mapping.items():
        column = table.column(name)
        if column is None:
            found.append(fault("bill.column_gone", column=name))
        elif column in columns.values():
            found.append(fault("bill.column_shared", column=name))
        else:
            columns[role] = column
    if not any(role in mapping for role in REFERENCES):
        found.append(fault("bill.no_reference_column"))
    missing = [role for role in NEEDED if role not in mapping]
    return columns, found + [fault("bill.no_column", role=role) for role in missing]


def _bill_row(row: Row, columns, since, until, found) -> BillRow:
    def text(role):
        return row.cells[columns[role]] if role in columns else ""

    def read(role, make, code):
        where = {"row": row.number, "column": columns[role]}
        if not text(role):
            found.append(fault("bill.empty", **where))
            return None
        try:
            return make(text(role))
        except ValueError:
            found.append(fault(code, **where, value=text(role)[:40]))
            return None

    if not any(text(role) for role in REFERENCES):
        found.append(fault("bill.no_reference", row=row.number))
    amount = read("amount", lambda said: cell.amount(said, DIGITS), "bill.no_amount")
    if amount is not None and amount != rounded(amount):
        read("amount", _refuse, "bill.decimals")
    billed_on = read("billed_on", cell.day, "bill.no_day")
    if billed_on and not since <= billed_on <= until:
        found.append(
            fault(
                "bill.outside",
                row=row.number,
                column=columns["billed_on"],
                value=billed_on.isoformat(),
                since=since.isoformat(),
                until=until.isoformat(),
            )
        )
    return BillRow(
        text("client_reference"),
        text("provider_reference"),
        read("label", str, ""),
        amount,
        read("tax_rate", rate, "bill.no_rate"),
        billed_on,
    )


def _refuse(_text):
    raise ValueError


def rate(text: str) -> Decimal:
    """VAT in percent: ``20``, ``20 %``, ``exonéré``; a spreadsheet keeps 20 % as 0.2,
    and there is no VAT below 1 %.

    :raises ValueError: it is none
    """
    if plain(text) in EXEMPT:
        return Decimal(0)
    number = cell.amount(text)
    if 0 < number < 1 and "%" not in text:
        number *= 100
    if not 0 <= number < 100:
        raise ValueError(f"{text!r} is no rate of VAT")
    return number.normalize() if number else Decimal(0)
