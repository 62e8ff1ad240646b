"""Who may ask: accounts and their tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from .clock import Clock
from .problem import Problem
from .store import Database

TOKEN_SECONDS = 3600


class Accounts:
    def __init__(self, database: Database, clock: Clock):
        self._database = database
        self._clock = clock

    def put(self, identifier: str, password: str) -> None:
        self._database.execute(
            "REPLACE INTO account VALUES (?, ?)", identifier, password
        )

    def new_token(self, identifier: str, password: str) -> dict:
        row = self._database.row(
            "SELECT password FROM account WHERE identifier = ?", identifier
        )
        if not row or not hmac.compare_digest(
            row["password"].encode(), password.encode()
        ):
            raise Problem(401, "credentials", "Identifier or password refused")
        token = secrets.token_urlsafe(32)
        ends_at = self._clock.now() + timedelta(seconds=TOKEN_SECONDS)
        self._database.execute(
            "INSERT INTO token VALUES (?, ?, ?)",
            _hash(token),
            identifier,
            ends_at.isoformat(),
        )
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
        }

    def of(self, authorization: str) -> str:
        """The account behind a bearer token.

        :raises Problem: 401
        """
        scheme, _space, token = authorization.partition(" ")
        row = self._database.row(
            "SELECT account, ends_at FROM token WHERE hash = ?", _hash(token)
        )
        if scheme.lower() != "bearer" or not row:
            raise Problem(401, "token_unknown", "A token is wanted")
        if row["ends_at"] <= self._clock.now().isoformat():
            raise Problem(401, "token_expired", "The token has expired")
        return row["account"]

    def expire_tokens(self) -> None:
        self._database.execute("DELETE FROM token")

    def tokens(self, identifier: str) -> int:
        return self._database.row(
            "SELECT COUNT(*) AS n FROM token WHERE account = ?", identifier
        )["n"]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
