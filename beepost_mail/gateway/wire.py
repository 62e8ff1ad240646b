"""Port dataclasses to and from the JSON of ``openapi.yaml``. Pure.

Reading is strict about what is used, blind to members that nobody knows, and raises
only ``BadAnswer``, whose detail says where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime, timezone
from decimal import Decimal

from .port import (
    ACCEPTED,
    REJECTED,
    BadAnswer,
    Cancellation,
    Cost,
    Event,
    EventPage,
    Letter,
    Lookup,
    Proof,
    Quote,
    Reason,
    Receipt,
    ServiceLimits,
)

_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)"
)
_MONEY = re.compile(r"-?\d{1,9}(\.\d{1,6})?")
# Becomes part of an address: nothing that could lead elsewhere
_PROOF_ID = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z_.-]{0,99}")
_MANIFEST = [f.name for f in fields(Letter) if f.name not in ("pdf", "options")]


def letter(value: Letter) -> dict:
    """What the manifest says of one letter: everything but the PDF."""
    said = {name: getattr(value, name) for name in _MANIFEST}
    return {**said, "options": dict(value.options)}


class Reader:
    """One JSON object of an answer; every getter names the member it missed."""

    def __init__(self, value: object, where: str = "answer"):
        if not isinstance(value, Mapping):
            raise BadAnswer(
                "The answer has another shape",
                detail=f"{where}: object wanted, got {value!r}",
            )
        self.value = value
        self.where = where

    def bad(self, key: str, what: str) -> BadAnswer:
        found = repr(self.value.get(key))
        return BadAnswer(
            "The answer has another shape",
            detail=f"{self.where}.{key}: {what}, got {found}",
        )

    def text(self, key: str, default: str | None = None) -> str:
        """:param default: what stands for an absent or null member; None: required"""
        found = self.value.get(key)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or (default is None and not found):
            raise self.bad(key, "text wanted")
        return found

    def integer(self, key: str, minimum: int = 0) -> int:
        found = self.value.get(key)
        if type(found) is not int or found < minimum:
            raise self.bad(key, f"integer of at least {minimum} wanted")
        return found

    def boolean(self, key: str) -> bool:
        found = self.value.get(key)
        if not isinstance(found, bool):
            raise self.bad(key, "true or false wanted")
        return found

    def instant(self, key: str) -> datetime:
        """RFC 3339 with an offset, as UTC."""
        match = _INSTANT.fullmatch(self.text(key))
        if match:
            seconds, fraction, offset = match.groups()
            fraction = (fraction or "")[:6].ljust(6, "0")
            offset = "+00:00" if offset == "Z" else offset
            with suppress(ValueError, OverflowError):  # the 31st of February
                moment = datetime.fromisoformat(f"{seconds}.{fraction}{offset}")
                return moment.astimezone(timezone.utc)
        raise self.bad(key, "time with an offset wanted")

    def day(self, key: str) -> date:
        try:
            return datetime.strptime(self.text(key), "%Y-%m-%d").date()
        except ValueError:
            raise self.bad(key, "day wanted") from None

    def money(self, key: str) -> Decimal:
        found = self.text(key)
        if not _MONEY.fullmatch(found):
            raise self.bad(key, "decimal text wanted")
        return Decimal(found)

    def objects(self, key: str) -> Iterator[Reader]:
        found = self.value.get(key)
        if not isinstance(found, list):
            raise self.bad(key, "list wanted")
        for position, item in enumerate(found):
            yield Reader(item, f"{self.where}.{key}[{position}]")


def receipt(read: Reader) -> Receipt:
    status = read.text("status")
    reference = read.text("provider_reference", None if status == ACCEPTED else "")
    return Receipt(
        client_reference=read.text("client_reference"),
        status=status,
        provider_reference=reference,
        received_at=read.instant("received_at"),
        reasons=(
            tuple(map(_reason, read.objects("reasons"))) if status == REJECTED else ()
        ),
        duplicate=read.value.get("duplicate") is True,
    )


def _reason(read: Reader) -> Reason:
    return Reason(
        code=read.text("code"),
        message=read.text("message", ""),
        field=read.text("field", ""),
        page=read.integer("page") if read.value.get("page") is not None else 0,
    )


def receipts(read: Reader, asked: set[str]) -> tuple[Receipt, ...]:
    """Results of a submission; a status that is neither word leaves the letter out.

    :raises BadAnswer: two results for one letter, or one that nobody asked about
    """
    found: dict[str, Receipt] = {}
    for item in read.objects("results"):
        result = receipt(item)
        if result.client_reference not in asked or result.client_reference in found:
            raise item.bad("client_reference", "one result for each letter wanted")
        found[result.client_reference] = result
    return tuple(r for r in found.values() if r.status in (ACCEPTED, REJECTED))


def lookups(read: Reader, asked: set[str]) -> tuple[Lookup, ...]:
    """:raises BadAnswer: unless each reference has exactly one entry; silence about a
    letter must never be read as "never received"
    """
    found: dict[str, Lookup] = {}
    for item in read.objects("letters"):
        reference = item.text("client_reference")
        if reference not in asked or reference in found:
            raise item.bad("client_reference", "one entry for each reference wanted")
        found[reference] = _lookup(item, reference)
    if missing := asked - set(found):
        raise read.bad("letters", f"{len(missing)} of the references left out")
    return tuple(found.values())


def _lookup(read: Reader, reference: str) -> Lookup:
    state = read.text("state")
    if state == "never_received":
        return Lookup(reference)
    if state == "pending":
        return Lookup(reference, pending=True)
    if state != "decided":
        raise read.bad("state", "never_received, pending or decided wanted")
    inner = Reader(read.value.get("receipt"), f"{read.where}.receipt")
    decided = receipt(inner)
    if decided.client_reference != reference:
        raise inner.bad("client_reference", f"{reference} wanted")
    if decided.status not in (ACCEPTED, REJECTED):
        raise inner.bad("status", "accepted or rejected wanted")
    return Lookup(reference, decided)


def limits(read: Reader) -> ServiceLimits:
    sizes = [f.name for f in fields(ServiceLimits) if f.name.startswith("max_")]
    return ServiceLimits(
        **{name: read.integer(name, 1) for name in sizes},
        idempotency=read.boolean("idempotency"),
        idempotency_days=read.integer("idempotency_days"),
        lookup=read.boolean("lookup"),
        processing_seconds=read.integer("processing_seconds"),
    )


def quotes(read: Reader, asked: set[str]) -> tuple[Quote, ...]:
    found = tuple(_quote(item) for item in read.objects("quotes"))
    if sorted(quote.client_reference for quote in found) != sorted(asked):
        raise read.bad("quotes", "one quote for each letter wanted")
    return found


def _quote(read: Reader) -> Quote:
    return Quote(
        client_reference=read.text("client_reference"),
        total=read.money("total"),
        grams_mg=read.integer("weight_mg", 1),
        lines=tuple(
            (line.text("label"), line.money("amount")) for line in read.objects("lines")
        ),
    )


def cancellation(read: Reader) -> Cancellation:
    return Cancellation(read.boolean("done"), read.text("message", ""))


def event_page(read: Reader, cursor: str) -> EventPage:
    """:param cursor: the one that was sent
    :raises BadAnswer: more to come but no way forward
    """
    page = EventPage(
        events=tuple(_event(item) for item in read.objects("events")),
        cursor=read.text("cursor", ""),
        more=read.boolean("more"),
    )
    if page.more and page.cursor == cursor:
        raise read.bad("cursor", "another one wanted, since there is more")
    return page


def _event(read: Reader) -> Event:
    return Event(
        event_id=read.text("event_id"),
        client_reference=read.text("client_reference"),
        provider_reference=read.text("provider_reference"),
        code=read.text("code"),
        label=read.text("label", ""),
        happened_at=read.instant("happened_at"),
        place=read.text("place", ""),
        reason=read.text("reason", ""),
        tracking_number=read.text("tracking_number", ""),
        proof_kind=read.text("proof_kind", ""),
        raw=read.value,
    )


def proofs(read: Reader, client_reference: str) -> tuple[Proof, ...]:
    return tuple(_proof(item, client_reference) for item in read.objects("proofs"))


def _proof(read: Reader, client_reference: str) -> Proof:
    proof_id = read.text("proof_id")
    if not _PROOF_ID.fullmatch(proof_id):
        raise read.bad("proof_id", "letters, digits, - and _ wanted")
    return Proof(
        proof_id=proof_id,
        client_reference=client_reference,
        kind=read.text("kind"),
        issued_at=read.instant("issued_at"),
        filename=read.text("filename"),
        sha256=read.text("sha256"),
        size=read.integer("size", 1),
    )


def cost_page(read: Reader, cursor: str) -> tuple[list[Cost], str]:
    """The costs of a page and the cursor of the next, empty after the last."""
    costs = [_cost(item) for item in read.objects("costs")]
    following = read.text("cursor") if read.boolean("more") else ""
    if following and following == cursor:
        raise read.bad("cursor", "another one wanted, since there is more")
    return costs, following


def _cost(read: Reader) -> Cost:
    return Cost(
        client_reference=read.text("client_reference"),
        provider_reference=read.text("provider_reference", ""),
        label=read.text("label"),
        amount=read.money("amount"),
        tax_rate=read.money("tax_rate"),
        billed_on=read.day("billed_on"),
    )
