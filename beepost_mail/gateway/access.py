"""Who is asking: one account's token, fetched, kept and renewed."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import TypeVar

from .port import BadAnswer, Credentials, Refused
from .transport import Answer, Body, JsonBody, TokenRefused, Transport

_logger = logging.getLogger(__name__)
T = TypeVar("T")


class Access:
    """Exchanges in the name of one account.

    :param token: the last one, if it was kept
    :param on_token: called with each new one
    """

    def __init__(
        self,
        transport: Transport,
        identifier: str,
        password: str,
        token: str | None,
        on_token: Callable[[str], None] | None,
    ):
        self._transport = transport
        self._identifier = identifier
        self._password = password
        self._token = token or ""
        self._secrets = {password, self._token}
        self._ends = float("inf")  # monotonic; only known of tokens fetched here
        self._on_token = on_token

    def close(self) -> None:
        self._transport.close()

    def call(
        self,
        method: str,
        path: str,
        read: Callable[[Answer], T],
        body: Callable[[], Body] | None = None,
        **how,
    ) -> T:
        """One exchange with a token; once more with a new one if it was refused: 401
        promises that nothing was done.

        :param body: makes the body, afresh for each attempt
        :param how: see ``Transport.exchange``
        """

        def attempt() -> T:
            made = body() if body else None
            return self._exchange(
                method, path, read, token=self._token, body=made, **how
            )

        if not self._token or time.monotonic() >= self._ends:
            self._log_in()
        try:
            return attempt()
        except TokenRefused:
            _logger.info("Token refused, asking for another one")
        self._log_in()
        return attempt()

    def call_in_public(self, method: str, path: str, read, **how):
        """One exchange that needs no account."""
        return self._exchange(method, path, read, **how)

    def _exchange(self, *what, **how):
        return self._transport.exchange(*what, secrets=self._secrets, **how)

    def _log_in(self) -> None:
        asked = {"identifier": self._identifier, "password": self._password}
        refused = None
        try:
            self._token, lifetime = self._exchange(
                "POST", "/token", _token, body=JsonBody(asked), quotable=False
            )
        except Refused as error:
            # Never the fault of the letter that made us ask.
            refused = Credentials(error.message, detail=error.detail)
        if refused:
            raise refused
        self._secrets.add(self._token)
        # Renewed a little early: a refusal costs the upload that it answers.
        self._ends = time.monotonic() + lifetime * 0.9
        if self._on_token:
            self._on_token(self._token)


def _token(answer: Answer) -> tuple[str, int]:
    read = answer.json()
    token = read.text("access_token")
    if not re.fullmatch(r"[\x21-\x7e]{16,4096}", token):
        raise BadAnswer("The token is not one")
    return token, read.integer("expires_in", 1)
