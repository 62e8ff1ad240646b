"""The embedded practice provider: the whole life of a letter, no account, no network.

It behaves as ``openapi.yaml`` says the real service does, on a clock of its own that an
administrator may push forward (never back), and keeps its letters in a ``Store``.
Nothing happens by itself: what is due happens when somebody asks what happened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from . import intake, journeys
from . import sandbox_rows as rows
from .catalogue import SERVICES
from .port import (
    ACCEPTED,
    REJECTED,
    Cancellation,
    Cost,
    EventPage,
    Letter,
    Lookup,
    Proof,
    Quote,
    Reason,
    Receipt,
    Refused,
    ServiceLimits,
    utc_now,
)
from .store import Row, Store

LIMITS = ServiceLimits(
    max_pages=90,
    max_sheets=45,
    max_letter_bytes=20 * 1024 * 1024,
    max_request_letters=50,
    max_request_bytes=64 * 1024 * 1024,
    idempotency=True,
    idempotency_days=30,
    lookup=True,
    processing_seconds=0,
)
EVENT_LOG = "event"
COST_LOG = "cost"
_SLICE = 500


class SandboxGateway:
    """``port.Gateway`` without a provider.

    :param store: where letters and logs are kept
    :param clock: aware UTC now; must never run backwards
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime] = utc_now,
        limits: ServiceLimits = LIMITS,
    ):
        self._store = store
        self._clock = clock
        self._limits = limits

    def close(self) -> None:
        """Nothing is held open."""

    # -- access ---------------------------------------------------------------

    def ping(self) -> str:
        return "BeePOST practice provider 1.0"

    def limits(self) -> ServiceLimits:
        return self._limits

    def request_account(self, values: Mapping[str, str]) -> str:
        missing = [key for key in ("company", "name", "email") if not values.get(key)]
        if missing:
            raise Refused(f"Missing: {', '.join(missing)}", code="invalid_request")
        return (
            "Demande transmise au responsable Centre de Gestion : l'identifiant et le"
            f" mot de passe seront envoyés à {values['email']}."
        )

    def forgotten_password(self, email: str) -> str:
        if "@" not in email:
            raise Refused("Not an e-mail address", code="invalid_request")
        return f"Un nouveau mot de passe est envoyé à {email} si ce compte existe."

    # -- letters --------------------------------------------------------------

    def check(self, letters: Sequence[Letter]) -> tuple[Receipt, ...]:
        return tuple(receipt for receipt, _row in self._judge(letters))

    def submit(self, letters: Sequence[Letter]) -> tuple[Receipt, ...]:
        judged = self._judge(letters)
        self._store.put([row for _receipt, row in judged if row])
        return tuple(receipt for receipt, _row in judged)

    def lookup(self, client_references: Sequence[str]) -> tuple[Lookup, ...]:
        known = self._store.get(client_references)
        return tuple(
            Lookup(reference, rows.receipt(known[reference]))
            if reference in known
            else Lookup(reference)
            for reference in client_references
        )

    def quote(self, letters: Sequence[Letter]) -> tuple[Quote, ...]:
        day = journeys.posted_on(self._clock())
        return tuple(rows.quote(letter, day) for letter in letters)

    def cancel(self, client_reference: str) -> Cancellation:
        self._advance()
        row = self._accepted(client_reference)
        if row.data["cancelled"]:
            return Cancellation(True, "Already cancelled")
        if row.data["released"] > 1:
            return Cancellation(False, "Production has begun")
        row = replace(row, due_at=None, data={**row.data, "cancelled": True})
        step = journeys.Step("cancelled", "Annulé")
        self._store.append(EVENT_LOG, [rows.event_entry(row, 1, step, self._clock())])
        self._store.put([row])
        return Cancellation(True, "Cancelled before production")

    # -- what became of them --------------------------------------------------

    def events(self, cursor: str = "", limit: int = 500) -> EventPage:
        if cursor and not cursor.isdecimal():
            raise Refused("Unknown cursor", code="cursor.unknown")
        self._advance()
        position = int(cursor or 0)
        entries = self._store.since(EVENT_LOG, position, limit + 1)
        page = entries[:limit]
        return EventPage(
            events=tuple(rows.read_event(entry) for _position, entry in page),
            cursor=str(page[-1][0] if page else position),
            more=len(entries) > limit,
        )

    def proofs(self, client_reference: str) -> tuple[Proof, ...]:
        self._advance()
        return tuple(proof for proof, _content in self._papers(client_reference))

    def proof_content(self, proof: Proof) -> bytes:
        for known, content in self._papers(proof.client_reference):
            if known.proof_id == proof.proof_id:
                return content
        raise Refused("There is no such paper", code="proof.unknown")

    def costs(self, since: date, until: date) -> tuple[Cost, ...]:
        self._advance()
        found: list[Cost] = []
        position = 0
        while entries := self._store.since(COST_LOG, position, _SLICE):
            position = entries[-1][0]
            costs = (rows.read_cost(entry) for _position, entry in entries)
            found += [cost for cost in costs if since <= cost.billed_on <= until]
        return tuple(found)

    # -- inside ---------------------------------------------------------------

    def _judge(self, letters: Sequence[Letter]) -> list[tuple[Receipt, Row | None]]:
        """A receipt for each letter, and the row to keep unless nothing changes."""
        if len(letters) > self._limits.max_request_letters:
            raise Refused("Too many letters", code="request.too_many_letters")
        if sum(len(letter.pdf) for letter in letters) > self._limits.max_request_bytes:
            raise Refused("Too many bytes", code="request.too_large")
        known = dict(self._store.get([letter.client_reference for letter in letters]))
        judged = []
        for letter in letters:
            receipt, row = self._judge_one(letter, known.get(letter.client_reference))
            if row:
                known[letter.client_reference] = row  # it may come twice in a request
            judged.append((receipt, row))
        return judged

    def _judge_one(self, letter: Letter, known: Row | None):
        # Whole seconds, as every step after it: a store may keep no more.
        now = self._clock().replace(microsecond=0)
        if rows.is_accepted(known):
            first = rows.receipt(known, duplicate=True)
            period = timedelta(days=self._limits.idempotency_days)
            if now - first.received_at <= period:
                same = known.data["sha256"] == letter.sha256
                return (first if same else _reused(first)), None
        row = self._new_row(letter, now, intake.reasons(letter, self._limits))
        return rows.receipt(row), row

    def _new_row(self, letter: Letter, now: datetime, reasons: Sequence[Reason]):
        data = {
            **rows.manifest(letter),
            "received_at": now.isoformat(),
            "reasons": [asdict(reason) for reason in reasons],
            "status": REJECTED if reasons else ACCEPTED,
            "provider_reference": "",
        }
        if reasons:
            return Row(letter.client_reference, None, data)
        key = f"{letter.client_reference} {now.isoformat()}".encode()
        seed = hashlib.sha256(key).hexdigest()[:14]
        data |= {
            "provider_reference": f"PR{seed.upper()}",
            "tracking_number": journeys.tracking_number(letter.service, int(seed, 16)),
            "outcome": journeys.outcome_of(letter.recipient, letter.options),
            "released": 0,  # how many steps of the journey have been told
            "cancelled": False,
        }
        return Row(letter.client_reference, now, data)

    def _accepted(self, client_reference: str) -> Row:
        row = self._store.get([client_reference]).get(client_reference)
        if not rows.is_accepted(row):
            raise Refused("There is no such letter", code="letter.unknown")
        return row

    def _plan(self, row: Row) -> list[tuple[journeys.Step, datetime]]:
        steps = journeys.steps(SERVICES[row.data["service"]], row.data["outcome"])
        received_at = datetime.fromisoformat(row.data["received_at"])
        moments = journeys.schedule(steps, received_at)
        return list(zip(steps, moments, strict=True))

    def _papers(self, client_reference: str):
        row = self._accepted(client_reference)
        for step, moment in self._plan(row)[: row.data["released"]]:
            if step.proof:
                yield rows.proof(row, step, moment)

    def _advance(self) -> None:
        """Lets happen what is due, one slice of letters after the other."""
        now = self._clock()
        while due := self._store.due(now, _SLICE):
            events: list[dict] = []
            costs: list[dict] = []
            moved = []
            for row in due:
                plan = self._plan(row)
                position = row.data["released"]
                while position < len(plan) and plan[position][1] <= now:
                    step, moment = plan[position]
                    events.append(rows.event_entry(row, position, step, moment))
                    if step.code == "posted":
                        costs += rows.cost_entries(row, moment)
                    position += 1
                due_at = plan[position][1] if position < len(plan) else None
                data = {**row.data, "released": position}
                moved.append(replace(row, due_at=due_at, data=data))
            events.sort(key=lambda entry: entry["happened_at"])
            self._store.append(EVENT_LOG, events)
            self._store.append(COST_LOG, costs)
            self._store.put(moved)


def _reused(first: Receipt) -> Receipt:
    """The reference names another letter, which stays as it was."""
    reason = Reason(
        "reference.reused", "This reference came before with another PDF", "sha256"
    )
    return replace(first, status=REJECTED, reasons=(reason,))
