"""Intake of letters: remembers every arrival, decides once, answers look-ups."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from beepost_mail.gateway import journeys

from .clock import Clock
from .contract import Request
from .judging import asked_outcome
from .judging import reasons as reasons_of
from .problem import Problem
from .store import Database

MODES = {  # idempotency, lookup
    "on": (True, True),
    "off_with_lookup": (False, True),
    "off_without_lookup": (False, False),
}
DEFAULT_LIMITS = {
    "max_pages": 90,
    "max_sheets": 45,
    "max_letter_bytes": 20 * 1024 * 1024,
    "max_request_letters": 100,
    "max_request_bytes": 64 * 1024 * 1024,
    "idempotency_days": 30,
    "processing_seconds": 30,
}


class Intake:
    def __init__(self, database: Database, clock: Clock):
        self._db = database
        self._clock = clock
        self._in_hand: set[tuple[str, str]] = set()  # (account, reference)

    # -- settings -----------------------------------------------------------

    def limits(self) -> dict:
        idempotency, lookup = MODES[self._db.meta("mode", "on")]
        stated = {**DEFAULT_LIMITS, **self._db.meta("limits", {})}
        return {**stated, "idempotency": idempotency, "lookup": lookup}

    def set_limits(self, **limits: int) -> None:
        unknown = set(limits) - set(DEFAULT_LIMITS)
        if unknown:
            raise Problem(400, "invalid_request", f"No such limits: {sorted(unknown)}")
        self._db.set_meta("limits", {**self._db.meta("limits", {}), **limits})

    def set_mode(self, mode: str) -> None:
        if mode not in MODES:
            raise Problem(400, "invalid_request", f"One of {sorted(MODES)} wanted")
        self._db.set_meta("mode", mode)

    def set_journeys(self, outcomes: dict[str, str]) -> None:
        """:param outcomes: client reference → outcome, for letters come or to come"""
        unknown = set(outcomes.values()) - journeys.OUTCOMES
        if unknown or journeys.REJECTED_AT_INTAKE in outcomes.values():
            raise Problem(400, "invalid_request", "No such outcome")
        with self._db.transaction():
            for reference, outcome in outcomes.items():
                self._db.execute(
                    "REPLACE INTO journey VALUES (?, ?)", reference, outcome
                )
                self._db.execute(
                    "UPDATE letter SET outcome = ?"
                    " WHERE client_reference = ? AND outcome IS NOT NULL",
                    outcome,
                    reference,
                )

    # -- intake -------------------------------------------------------------

    @contextmanager
    def in_hand(self, request: Request):
        """These letters are there, and nothing is decided yet."""
        keys = {
            (request.account, letter["client_reference"])
            for letter in request.content.get("letters", ())
        }
        self._in_hand |= keys
        try:
            yield
        finally:
            self._in_hand -= keys

    def submit(self, request: Request) -> list[dict]:
        self._check_size(request)
        with self._db.transaction():
            return [
                self._take(request.account, letter, pdf)
                for letter, pdf in _letters(request)
            ]

    def check(self, request: Request) -> list[dict]:
        self._check_size(request)
        now = self._clock.now().isoformat()
        results = []
        for letter, pdf in _letters(request):
            known = self._recognised(request.account, letter["client_reference"])
            reasons = reasons_of(letter, pdf, self.limits())
            results.append(
                _repeated(known, letter)
                if known
                else _result(
                    letter["client_reference"], "" if reasons else "CHECK", now, reasons
                )
            )
        return results

    def _check_size(self, request: Request) -> None:
        limits = self.limits()
        count = len(request.content["letters"])
        if count > limits["max_request_letters"]:
            raise Problem(413, "request.too_many_letters", f"{count} letters")
        if sum(map(len, request.pdfs.values())) > limits["max_request_bytes"]:
            raise Problem(413, "request.too_large", "Too many bytes")

    def _take(self, account: str, letter: dict, pdf: bytes | None) -> dict:
        reference = letter["client_reference"]
        known = self._recognised(account, reference)
        if known:
            self._arrived(account, letter, pdf, "repeated")
            return _repeated(known, letter)
        reasons = reasons_of(letter, pdf, self.limits())
        self._arrived(account, letter, pdf, "rejected" if reasons else "printed")
        now = self._clock.now().isoformat()
        row = self._db.execute(
            "INSERT INTO letter (account, client_reference, received_at, reasons,"
            " manifest) VALUES (?, ?, ?, ?, ?)",
            account,
            reference,
            now,
            json.dumps(reasons),
            json.dumps(letter),
        )
        if reasons:
            return _result(reference, "", now, reasons)
        return _result(reference, self._accept(row, letter, now), now)

    def _accept(self, row: int, letter: dict, now: str) -> str:
        """:return: the reference that it gets here"""
        reference = letter["client_reference"]
        wish = self._db.row(
            "SELECT outcome FROM journey WHERE client_reference = ?", reference
        )
        provider_reference = f"BP-{row:08d}"
        self._db.execute(
            "UPDATE letter SET provider_reference = ?, outcome = ?, due_at = ?,"
            " tracking_number = ? WHERE id = ?",
            provider_reference,
            wish["outcome"] if wish else asked_outcome(letter),
            now,
            journeys.tracking_number(letter["service"], row),
            row,
        )
        return provider_reference

    def put(self, account: str, letters: list[dict]) -> dict:
        """Letters that are here as if they had been sent, with no paper: for tests of
        what comes afterwards.

        :param letters: ``client_reference`` and ``service`` of each
        :return: {client reference: the reference that it gets here}
        """
        put, now = {}, self._clock.now().isoformat()
        paper = {"sheets": 1, "color": False, "sha256": "", "recipient": []}
        paper["country"] = "FR"
        with self._db.transaction():
            for told in letters:
                letter, reference = {**paper, **told}, told["client_reference"]
                row = self._db.execute(
                    "INSERT INTO letter (account, client_reference, received_at,"
                    " reasons, manifest) VALUES (?, ?, ?, '[]', ?)",
                    account,
                    reference,
                    now,
                    json.dumps(letter),
                )
                put[reference] = self._accept(row, letter, now)
        return put

    def _recognised(self, account: str, reference: str):
        """The accepted letter that this reference repeats."""
        limits = self.limits()
        if not limits["idempotency"]:
            return None
        since = self._clock.now() - timedelta(days=limits["idempotency_days"])
        return self._db.row(
            "SELECT * FROM letter WHERE account = ? AND client_reference = ?"
            " AND provider_reference IS NOT NULL AND received_at >= ?",
            account,
            reference,
            since.isoformat(),
        )

    def _arrived(self, account, letter: dict, pdf: bytes | None, outcome: str) -> None:
        digest = hashlib.sha256(pdf or b"").hexdigest()
        self._db.execute(
            "INSERT OR IGNORE INTO paper VALUES (?, ?)", digest, pdf or b""
        )
        self._db.execute(
            "INSERT INTO arrival (account, client_reference, at, outcome, sha256,"
            " manifest) VALUES (?, ?, ?, ?, ?, ?)",
            account,
            letter["client_reference"],
            self._clock.now().isoformat(),
            outcome,
            digest,
            json.dumps(letter),
        )

    # -- afterwards ---------------------------------------------------------

    def lookup(self, account: str, references: list[str]) -> list[dict]:
        if not self.limits()["lookup"]:
            raise Problem(404, "not_supported", "This service has no look-up")
        return [self._lookup(account, reference) for reference in references]

    def _lookup(self, account: str, reference: str) -> dict:
        # Looked at before the store: what leaves this set has been stored by then
        in_hand = (account, reference) in self._in_hand
        # An accepted one counts, whatever was rejected before or after
        row = self._db.row(
            "SELECT * FROM letter WHERE account = ? AND client_reference = ?"
            " ORDER BY provider_reference IS NULL, id DESC LIMIT 1",
            account,
            reference,
        )
        found = {"client_reference": reference, "state": "never_received"}
        if row:
            found |= {"state": "decided", "receipt": _told(row)}
        elif in_hand:
            found["state"] = "pending"
        return found


def _letters(request: Request) -> Iterator[tuple[dict, bytes | None]]:
    for letter in request.content["letters"]:
        yield letter, request.pdfs.get(letter["client_reference"])


def _result(reference, provider_reference, received_at, reasons=()) -> dict:
    if reasons:
        return {
            "client_reference": reference,
            "status": "rejected",
            "received_at": received_at,
            "reasons": list(reasons),
        }
    return {
        "client_reference": reference,
        "status": "accepted",
        "provider_reference": provider_reference,
        "received_at": received_at,
    }


def _told(row) -> dict:
    return _result(
        row["client_reference"],
        row["provider_reference"],
        row["received_at"],
        json.loads(row["reasons"]),
    )


def _repeated(known, letter: dict) -> dict:
    if json.loads(known["manifest"])["sha256"] == letter["sha256"]:
        return {**_told(known), "duplicate": True}
    return {
        **_told(known),
        "status": "rejected",
        "duplicate": True,
        "reasons": [
            {
                "code": "reference.reused",
                "message": "This reference came before with another PDF",
                "field": "sha256",
            }
        ],
    }
