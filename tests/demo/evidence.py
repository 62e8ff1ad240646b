"""What can be known from outside about each demo invoice, gathered in one place."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass, field

from cases import CASES, Case
from client import Odoo, Service

LETTER_FIELDS = [
    "state",
    "address",
    "sender",
    "country_code",
    "service_id",
    "color",
    "duplex",
    "is_copy",
    "sha256",
    "is_legal_pdf",
    "has_address_sheet",
    "pdf_size",
    "pages",
    "sheets",
    "envelope",
    "error",
    "error_codes",
    "hold_reason",
    "price_missing",
    "quote",
    "price_untaxed",
    "price_total",
    "client_reference",
    "provider_reference",
    "activity_ids",
]


@dataclass
class Fact:
    """One invoice: the table's row, Odoo's word and the service's.

    :param letters: every letter with this document, as Odoo tells them
    :param service: code of the postal service of its first letter
    :param legal: the invoice's own PDF; ``posted`` what Odoo says it sent, ``received``
        what came; empty where there is none
    :param recorded: SHA-256 of the document that Odoo keeps beside the letter
    :param arrival: what the service tells of the letter's reference, or None
    :param chatter: the invoice's last message, for an invoice without a letter
    """

    case: Case
    move: dict
    letters: list[dict] = field(default_factory=list)
    service: str = ""
    legal: bytes = b""
    posted: bytes = b""
    received: bytes = b""
    recorded: str = ""
    arrival: dict | None = None
    chatter: str = ""

    @property
    def letter(self) -> dict:
        return self.letters[0] if self.letters else {}

    @property
    def codes(self) -> list[str]:
        """The same for programs; empty lists read as False."""
        return self.letter.get("error_codes") or []

    @property
    def reasons(self) -> list[str]:
        """The sentences that a person reads on the letter."""
        items = re.findall(r"<li>(.*?)</li>", self.letter.get("error") or "", re.DOTALL)
        return [html.unescape(item) for item in items]


def gather(odoo: Odoo, service: Service) -> list[Fact]:
    moves = {
        move["ref"]: move
        for move in odoo.read_all(
            "account.move",
            ["name", "ref", "beepost_state", "invoice_date"],
            [("ref", "in", [case.key for case in CASES])],
        )
    }
    lines = odoo.read_all(
        "beepost.mailing.document",
        ["mailing_id", "res_id", "sha256"],
        [("res_model", "=", "account.move")],
    )
    letters = {
        letter["id"]: letter
        for letter in odoo.read_all("beepost.mailing", LETTER_FIELDS)
    }
    codes = {
        row["id"]: row["code"] for row in odoo.read_all("beepost.service", ["code"])
    }
    arrivals = service.arrivals()
    facts = []
    for case in CASES:
        move = moves[case.key]
        mine = [line for line in lines if line["res_id"] == move["id"]]
        fact = Fact(case, move, [letters[line["mailing_id"][0]] for line in mine])
        if fact.letters:
            fact.recorded = mine[0]["sha256"] or ""
            fact.service = codes[fact.letter["service_id"][0]]
            fact.arrival = arrivals.get(fact.letter["client_reference"])
            fact.posted = _binary(odoo, "beepost.mailing", fact.letter["id"], "pdf")
        else:
            fact.chatter = _last_message(odoo, move["id"])
        if fact.arrival:
            fact.received = service.pdf(fact.letter["client_reference"])
        fact.legal = _binary(
            odoo, "account.move", move["id"], "invoice_pdf_report_file"
        )
        facts.append(fact)
    return facts


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _binary(odoo: Odoo, model: str, record_id: int, name: str) -> bytes:
    [record] = odoo.call(model, "read", [record_id], fields=[name])
    return base64.b64decode(record[name] or "")


def _last_message(odoo: Odoo, move_id: int) -> str:
    found = odoo.call(
        "mail.message",
        "search_read",
        domain=[("model", "=", "account.move"), ("res_id", "=", move_id)],
        fields=["body"],
        order="id desc",
        limit=1,
    )
    return re.sub(r"<[^>]+>", " ", found[0]["body"]).strip() if found else ""
