"""The BeePOST connector: ``port.Gateway`` over HTTP as ``openapi.yaml`` says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from urllib.parse import quote as quoted

from requests_toolbelt.multipart.encoder import (
    MultipartEncoder,
    MultipartEncoderMonitor,
)

from . import wire
from .access import Access
from .port import (
    BadAnswer,
    Cancellation,
    Cost,
    EventPage,
    Letter,
    Lookup,
    Proof,
    Quote,
    Receipt,
    ServiceLimits,
)
from .transport import Answer, JsonBody, Transport, safe_url

__all__ = ["HttpGateway", "safe_url"]

LOOKUP_SLICE = 500  # references in one request (openapi.yaml)
COST_SLICE = 1000
MAX_PROOF_BYTES = 32 * 1024 * 1024


class LetterBody:
    """The multipart body of a submission; PDFs are streamed from where they lie."""

    def __init__(self, letters: Sequence[Letter]):
        manifest = JsonBody({"letters": [wire.letter(letter) for letter in letters]})
        parts = {"manifest": ("manifest.json", manifest.stream, manifest.content_type)}
        for letter in letters:
            name = letter.client_reference
            parts[name] = (f"{name}.pdf", letter.pdf, "application/pdf")
        self.stream = MultipartEncoderMonitor(MultipartEncoder(parts))
        self.content_type = self.stream.content_type

    def started(self) -> bool:
        return self.stream.bytes_read > 0


class HttpGateway:
    """One account at BeePOST. Reuses its connection; not for two threads.

    :param url: base address, see ``safe_url`` (ValueError)
    :param token: the account's last token, if one was kept
    :param on_token: called with each new token, to be kept with the account
    :param timeouts: seconds to connect, seconds of silence while reading
    """

    def __init__(
        self,
        url: str,
        identifier: str,
        password: str,
        *,
        token: str | None = None,
        on_token: Callable[[str], None] | None = None,
        timeouts: tuple[float, float] = (10, 60),
    ):
        self._access = Access(
            Transport(url, timeouts), identifier, password, token, on_token
        )

    def close(self) -> None:
        self._access.close()

    # -- access ---------------------------------------------------------------

    def ping(self) -> str:
        return self._access.call("GET", "/ping", _greeting)

    def limits(self) -> ServiceLimits:
        return self._access.call("GET", "/limits", lambda a: wire.limits(a.json()))

    def request_account(self, values: Mapping[str, str]) -> str:
        return self._ask_in_public("/account-requests", dict(values))

    def forgotten_password(self, email: str) -> str:
        return self._ask_in_public("/password-requests", {"email": email})

    def _ask_in_public(self, path: str, values: dict) -> str:
        return self._access.call_in_public(
            "POST",
            path,
            lambda answer: answer.json().text("message"),
            body=JsonBody(values),
            harmless=False,
            expect=202,
        )

    # -- letters --------------------------------------------------------------

    def check(self, letters: Sequence[Letter]) -> tuple[Receipt, ...]:
        return self._hand_over("/letters/check", letters, harmless=True)

    def submit(self, letters: Sequence[Letter]) -> tuple[Receipt, ...]:
        return self._hand_over("/letters", letters, harmless=False)

    def _hand_over(self, path: str, letters: Sequence[Letter], harmless: bool):
        asked = {letter.client_reference for letter in letters}
        if len(asked) < len(letters):
            raise ValueError("the same client reference twice in one request")
        return self._access.call(
            "POST",
            path,
            lambda answer: wire.receipts(answer.json(), asked),
            body=lambda: LetterBody(letters),
            harmless=harmless,
        )

    def quote(self, letters: Sequence[Letter]) -> tuple[Quote, ...]:
        asked = {letter.client_reference for letter in letters}
        manifest = {"letters": [wire.letter(letter) for letter in letters]}
        return self._access.call(
            "POST",
            "/quotes",
            lambda answer: wire.quotes(answer.json(), asked),
            body=lambda: JsonBody(manifest),
        )

    def lookup(self, client_references: Sequence[str]) -> tuple[Lookup, ...]:
        found: list[Lookup] = []
        for start in range(0, len(client_references), LOOKUP_SLICE):
            found += self._lookup(client_references[start : start + LOOKUP_SLICE])
        return tuple(found)

    def _lookup(self, references: Sequence[str]) -> tuple[Lookup, ...]:
        return self._access.call(
            "POST",
            "/letters/lookup",
            lambda answer: wire.lookups(answer.json(), set(references)),
            body=lambda: JsonBody({"client_references": list(references)}),
        )

    def cancel(self, client_reference: str) -> Cancellation:
        return self._access.call(
            "POST",
            "/cancellations",
            lambda answer: wire.cancellation(answer.json()),
            body=lambda: JsonBody({"client_reference": client_reference}),
            harmless=False,
        )

    # -- what became of them --------------------------------------------------

    def events(self, cursor: str = "", limit: int = 500) -> EventPage:
        params = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        return self._access.call(
            "GET",
            "/events",
            lambda answer: wire.event_page(answer.json(), cursor),
            params=params,
        )

    def proofs(self, client_reference: str) -> tuple[Proof, ...]:
        return self._access.call(
            "GET",
            f"/letters/{quoted(client_reference, safe='')}/proofs",
            lambda answer: wire.proofs(answer.json(), client_reference),
        )

    def proof_content(self, proof: Proof) -> bytes:
        reference = quoted(proof.client_reference, safe="")
        return self._access.call(
            "GET",
            f"/letters/{reference}/proofs/{quoted(proof.proof_id, safe='')}",
            lambda answer: _paper(answer, proof),
            max_bytes=MAX_PROOF_BYTES,
        )

    def costs(self, since: date, until: date) -> tuple[Cost, ...]:
        found: list[Cost] = []
        cursor = ""
        while True:
            params = {"since": since, "until": until, "limit": COST_SLICE}
            if cursor:
                params["cursor"] = cursor
            page, cursor = self._cost_page(params, cursor)
            found += page
            if not cursor:
                return tuple(found)

    def _cost_page(self, params: dict, cursor: str) -> tuple[list[Cost], str]:
        return self._access.call(
            "GET",
            "/costs",
            lambda answer: wire.cost_page(answer.json(), cursor),
            params=params,
        )


def _greeting(answer: Answer) -> str:
    read = answer.json()
    return f"{read.text('name')} {read.text('version')}"


def _paper(answer: Answer, proof: Proof) -> bytes:
    """:raises BadAnswer: not the bytes that the list of proofs announced"""
    if hashlib.sha256(answer.content).hexdigest() != proof.sha256:
        raise BadAnswer("The paper is not the announced one")
    return answer.content
