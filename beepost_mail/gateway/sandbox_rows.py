"""The practice provider's rows and log entries: port dataclasses to JSON and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal

from ..letter.calendar import PARIS, paris_day
from . import paper
from .journeys import Step, event, posted_on
from .port import ACCEPTED, Cost, Event, Letter, Proof, Quote, Reason, Receipt, Refused
from .pricing import price_lines, weight_mg
from .store import Row

_MANIFEST = [f.name for f in fields(Letter) if f.name not in ("pdf", "options")]


def manifest(letter: Letter) -> dict:
    values = {name: getattr(letter, name) for name in _MANIFEST}
    return {
        **values,
        "recipient": list(letter.recipient),
        "sender": list(letter.sender),
        "options": dict(letter.options),
    }


def receipt(row: Row, duplicate: bool = False) -> Receipt:
    data = row.data
    return Receipt(
        client_reference=row.client_reference,
        status=data["status"],
        provider_reference=data["provider_reference"],
        received_at=datetime.fromisoformat(data["received_at"]),
        reasons=tuple(Reason(**reason) for reason in data["reasons"]),
        duplicate=duplicate,
    )


def is_accepted(row: Row | None) -> bool:
    return row is not None and row.data["status"] == ACCEPTED


def event_entry(row: Row, position: int, step: Step, moment: datetime) -> dict:
    happened = event(
        row.client_reference,
        row.data["provider_reference"],
        row.data["tracking_number"],
        position,
        step,
        moment,
    )
    entry = asdict(happened)
    del entry["raw"]
    return {**entry, "happened_at": moment.isoformat()}


def read_event(entry: Mapping) -> Event:
    moment = datetime.fromisoformat(entry["happened_at"])
    return Event(**{**entry, "happened_at": moment}, raw=dict(entry))


def cost_entries(row: Row, posted_at: datetime) -> list[dict]:
    """What is billed once a letter has been posted."""
    data = row.data
    lines = price_lines(
        data["service"],
        data["sheets"],
        data["color"],
        data["envelope"],
        # the promised day's price, also where the provider itself is late
        day=posted_on(datetime.fromisoformat(data["received_at"])),
        country=data["country"],
        recipient=data["recipient"],
    )
    return [
        {
            "client_reference": row.client_reference,
            "provider_reference": data["provider_reference"],
            "label": label,
            "amount": str(amount),
            "tax_rate": str(tax_rate),
            "billed_on": paris_day(posted_at).isoformat(),
        }
        for label, amount, tax_rate in lines
    ]


def read_cost(entry: Mapping) -> Cost:
    return Cost(
        **{
            **entry,
            "amount": Decimal(entry["amount"]),
            "tax_rate": Decimal(entry["tax_rate"]),
            "billed_on": date.fromisoformat(entry["billed_on"]),
        }
    )


def quote(letter: Letter, day: date) -> Quote:
    """:param day: on which La Poste would get it"""
    try:
        lines = price_lines(
            letter.service,
            letter.sheets,
            letter.color,
            letter.envelope,
            day=day,
            country=letter.country,
            recipient=letter.recipient,
        )
    except KeyError:
        raise Refused(
            f"Service {letter.service!r} is not offered", code="service.unknown"
        ) from None
    except ValueError as error:
        raise Refused(str(error), code="weight.too_heavy") from None
    return Quote(
        client_reference=letter.client_reference,
        total=sum((amount for _label, amount, _tax in lines), Decimal(0)),
        grams_mg=weight_mg(letter.sheets, letter.envelope),
        lines=tuple((label, amount) for label, amount, _tax in lines),
    )


def proof(row: Row, step: Step, moment: datetime) -> tuple[Proof, bytes]:
    """One paper and its bytes."""
    data = row.data
    content = paper.proof_pdf(
        step.proof,
        [
            f"Pli : {data['provider_reference']}",
            f"Votre référence : {row.client_reference}",
            f"Numéro de suivi : {data['tracking_number'] or 'aucun'}",
            f"Date : {moment.astimezone(PARIS):%d/%m/%Y %H:%M}",
            f"SHA-256 du document : {data['sha256']}",
            f"Pages : {data['pages']}",
            "Destinataire :",
            *data["recipient"],
            "Expéditeur :",
            *data["sender"],
        ],
    )
    described = Proof(
        proof_id=f"{data['provider_reference']}-{step.proof}",
        client_reference=row.client_reference,
        kind=step.proof,
        issued_at=moment,
        filename=f"{step.proof}-{data['provider_reference']}.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    return described, content
