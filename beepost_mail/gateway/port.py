"""The port: what the rest of the project may ask of a print-and-post provider.

Adapters (``http``, ``sandbox``) implement :class:`Gateway` and raise only the errors
below, named by what the caller does next. Times are aware UTC datetimes, money is
``Decimal`` EUR, weights are integer mg.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Protocol


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


# ---------------------------------------------------------------------------
# Errors: each name says what the caller does next
# ---------------------------------------------------------------------------


class GatewayError(Exception):
    """Base. ``message`` is the provider's or our own English text, free of secrets."""

    def __init__(self, message: str, *, detail: str = ""):
        self.message = message
        self.detail = detail  # short technical text for support: status, code, route
        super().__init__(message)


class Refused(GatewayError):
    """The request itself is wrong. Never retry: tell the user which field."""

    def __init__(self, message: str, *, code: str = "", detail: str = ""):
        self.code = code
        super().__init__(message, detail=detail)


class Credentials(GatewayError):
    """Identifier, password or token refused. Stop the account, tell its admin."""


class Unavailable(GatewayError):
    """The provider certainly did nothing. Retry later, after ``retry_after`` s."""

    def __init__(self, message: str, *, retry_after: int | None = None, detail=""):
        self.retry_after = retry_after
        super().__init__(message, detail=detail)


class OutcomeUnknown(GatewayError):
    """The request may have been carried out. Look up before sending again."""


class BadAnswer(GatewayError):
    """The answer makes no sense. Stop and keep it for support.

    On a submission the outcome is unknown as well: look up first.
    """


# ---------------------------------------------------------------------------
# What goes out
# ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Letter:
    """One envelope to hand over.

    :param client_reference: UUID text, the idempotency key
    :param recipient: lines as they show in the window, 2 to 7
    :param sender: return address lines, 2 to 7
    :param service: provider code of the service (``lettre``, ``recommande_ar`` …)
    :param sheets: sheets as we count them, address sheet included
    :param options: further provider options, plain JSON values
    """

    client_reference: str
    pdf: bytes = field(repr=False)
    sha256: str
    recipient: tuple[str, ...]
    sender: tuple[str, ...]
    country: str
    service: str
    color: bool
    duplex: bool
    pages: int
    sheets: int
    envelope: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


# ---------------------------------------------------------------------------
# What comes back
# ---------------------------------------------------------------------------

ACCEPTED = "accepted"
REJECTED = "rejected"
# A rejection with this reason says that an *accepted* letter bears the reference.
REFERENCE_REUSED = "reference.reused"


@dataclass(frozen=True)
class Reason:
    """Why a letter was rejected.

    :param code: provider code, never an enumeration for us (unknown ones pass)
    :param message: provider's words
    :param field: what it is about (``recipient[5]``, ``pdf``), or empty
    :param page: 1-based page, or 0
    """

    code: str
    message: str
    field: str = ""
    page: int = 0


@dataclass(frozen=True)
class Receipt:
    """The provider's word on one letter. ``reasons`` only when rejected."""

    client_reference: str
    status: str  # ACCEPTED or REJECTED
    provider_reference: str = ""
    received_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    duplicate: bool = False  # this answers an earlier submission of the same key


@dataclass(frozen=True)
class Lookup:
    """What the provider knows of one client reference.

    :param receipt: None when it never heard of it
    :param pending: it has it, but has not decided yet: ask again later
    """

    client_reference: str
    receipt: Receipt | None = None
    pending: bool = False


@dataclass(frozen=True)
class ServiceLimits:
    """Limits that the provider states; the caller obeys them.

    :param idempotency: repeats of a key are recognised for ``idempotency_days``
    :param lookup: ``lookup`` works
    :param max_request_bytes: all PDFs of one request together
    :param processing_seconds: after this long a submission not found by ``lookup``
        was never received
    """

    max_pages: int
    max_sheets: int
    max_letter_bytes: int
    max_request_letters: int
    max_request_bytes: int
    idempotency: bool
    idempotency_days: int
    lookup: bool
    processing_seconds: int


@dataclass(frozen=True)
class Event:
    """Something that happened to a letter. ``code`` may be one we do not know."""

    event_id: str
    client_reference: str
    provider_reference: str
    code: str
    label: str
    happened_at: datetime
    place: str = ""
    reason: str = ""
    tracking_number: str = ""
    proof_kind: str = ""  # with code ``proof``: a paper of this kind is there
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class EventPage:
    events: tuple[Event, ...]
    cursor: str  # opaque; pass it back to get what came after
    more: bool


@dataclass(frozen=True)
class Proof:
    """A paper about a letter: deposit, content, delivery, ar_scan, return_scan."""

    proof_id: str
    client_reference: str
    kind: str
    issued_at: datetime
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Quote:
    client_reference: str
    total: Decimal  # EUR, tax excluded
    grams_mg: int
    lines: tuple[tuple[str, Decimal], ...] = ()  # (label, EUR)


@dataclass(frozen=True)
class Cost:
    client_reference: str
    provider_reference: str
    label: str
    amount: Decimal  # EUR, tax excluded
    tax_rate: Decimal  # 0 or 20, in percent
    billed_on: date


@dataclass(frozen=True)
class Cancellation:
    done: bool
    message: str = ""


class Gateway(Protocol):
    """What an adapter does. Every method may raise the errors above."""

    def ping(self) -> str:
        """The provider's name and version, once credentials are accepted."""

    def limits(self) -> ServiceLimits: ...

    def check(self, letters: Sequence[Letter]) -> tuple[Receipt, ...]:
        """What ``submit`` would answer, with nothing printed."""

    def quote(self, letters: Sequence[Letter]) -> tuple[Quote, ...]: ...

    def submit(self, letters: Sequence[Letter]) -> tuple[Receipt, ...]:
        """Hand letters over in one request; a receipt for each, in any order.

        A letter that the answer leaves out has an unknown outcome. :raises
        OutcomeUnknown: the connection was lost after something had been sent
        """

    def lookup(self, client_references: Sequence[str]) -> tuple[Lookup, ...]: ...

    def cancel(self, client_reference: str) -> Cancellation: ...

    def events(self, cursor: str = "", limit: int = 500) -> EventPage: ...

    def proofs(self, client_reference: str) -> tuple[Proof, ...]: ...

    def proof_content(self, proof: Proof) -> bytes:
        """The paper's bytes, bounded in size and checked against its hash."""

    def costs(self, since: date, until: date) -> tuple[Cost, ...]:
        """The statement, both days included (Europe/Paris days)."""

    def request_account(self, values: Mapping[str, str]) -> str:
        """Ask for an account (company, name, email, phone, siret); the
        acknowledgement in words. The "responsable Centre de Gestion" validates it
        and the credentials come by e-mail."""

    def forgotten_password(self, email: str) -> str: ...

    def close(self) -> None: ...
