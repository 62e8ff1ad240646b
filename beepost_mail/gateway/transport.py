"""One HTTP exchange: safe addresses, bounded answers, errors named by what comes next.

Nothing here is retried. Errors are raised outside ``except`` blocks, so that no chained
exception carries a request, its headers or its body into a log.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from .port import (
    BadAnswer,
    Credentials,
    GatewayError,
    OutcomeUnknown,
    Refused,
    Unavailable,
)
from .wire import Reader

_logger = logging.getLogger(__name__)
T = TypeVar("T")

MAX_JSON_BYTES = 8 * 1024 * 1024
MAX_RETRY_AFTER = 24 * 3600  # s; a longer wish is most likely a mistake
NOT_PROCESSED = "not_processed"  # problem code: certainly nothing was done
_SHORT = 300  # characters of each text in an error


def safe_url(url: str) -> str:
    """The address without its last slash.

    :raises ValueError: not https (plain http is for this very machine only), or with
        credentials, a query, a fragment or characters that readers disagree about
    """
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]/_~-]+", url):
        raise ValueError("Not a plain https:// address")
    parts = urlsplit(url)
    if not parts.hostname or parts.port == 0:
        raise ValueError("No host in this address")
    if parts.scheme != "https" and not _is_loopback(parts.hostname):
        raise ValueError("Only https:// may leave this machine")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class TokenRefused(Credentials):
    """401: nothing was done; another token may do."""


class Body(Protocol):
    """Something to upload that knows whether its first byte was taken."""

    content_type: str
    stream: object

    def started(self) -> bool: ...


class JsonBody:
    content_type = "application/json"

    def __init__(self, value: object):
        self.stream = BytesIO(json.dumps(value, separators=(",", ":")).encode())

    def started(self) -> bool:
        return self.stream.tell() > 0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def value(self, media_type: str = "application/json") -> object:
        """The JSON value, whatever its type.

        :raises BadAnswer: not JSON of this media type
        """
        if self.media_type() == media_type:
            with suppress(ValueError, RecursionError):
                return json.loads(self.content)
        raise BadAnswer("The answer is not JSON", detail=self.excerpt())

    def json(self, media_type: str = "application/json") -> Reader:
        """:raises BadAnswer: not a JSON object of this media type"""
        value = self.value(media_type)
        if not isinstance(value, dict):
            raise BadAnswer("The answer is not a JSON object", detail=self.excerpt())
        return Reader(value)

    def excerpt(self) -> str:
        text = self.content[: 4 * _SHORT].decode("utf-8", "replace")
        return f"{self.status} {self.media_type()}: {text}"


class Transport:
    """One session to one address; neither for two accounts nor for two threads.

    :param timeouts: seconds to connect, seconds of silence while reading
    :param headers: go with every request; as no redirect is followed, to this address
        only
    """

    def __init__(
        self,
        url: str,
        timeouts: tuple[float, float],
        headers: Mapping[str, str] | None = None,
    ):
        self._url = safe_url(url)
        self._timeouts = timeouts
        self._headers = dict(headers or {})
        self._session = requests.Session()
        # A proxy from the environment must not see what stays on this machine.
        self._session.trust_env = self._url.startswith("https:")

    def close(self) -> None:
        self._session.close()

    def exchange(
        self,
        method: str,
        path: str,
        read: Callable[[Answer], T],
        *,
        token: str = "",
        params: Mapping[str, object] | None = None,
        body: Body | None = None,
        harmless: bool = True,
        expect: int | Collection[int] = 200,
        max_bytes: int = MAX_JSON_BYTES,
        secrets: Iterable[str] = (),
        quotable: bool = True,
    ) -> T:
        """What ``read`` makes of the answer.

        :param harmless: doing it twice, or not at all, changes nothing
        :param expect: the statuses that ``read`` understands
        :param secrets: words that no error may repeat
        :param quotable: whether errors may quote the answer
        :raises GatewayError: by what the caller does next
        """
        where = f"{method} {path}"
        expected = (expect,) if isinstance(expect, int) else expect
        started = time.monotonic()
        failure: GatewayError
        try:
            answer = self._perform(method, path, token, params, body, max_bytes)
            if answer.status not in expected:
                raise _refusal(answer, harmless)
            result = read(answer)
            _logger.debug("%s: %d in %.3f s", where, answer.status, _since(started))
            return result
        except GatewayError as error:
            failure = error
        except (requests.RequestException, HTTPError, OSError) as error:
            failure = _lost(type(error).__name__, body, harmless)
        failure.detail = f"{where}: {failure.detail if quotable else ''}"
        _tidy(failure, secrets)
        _logger.info("%s in %.3f s: %s", where, _since(started), failure.detail)
        raise failure

    def _perform(self, method, path, token, params, body, max_bytes) -> Answer:
        # An identity answer cannot grow while it is unpacked.
        headers = {**self._headers, "Accept-Encoding": "identity"}
        if body:
            headers["Content-Type"] = body.content_type
        with self._session.request(
            method,
            self._url + path,
            params=params,
            data=body.stream if body else None,
            headers=headers,
            # Given even without a token: else requests looks into ~/.netrc.
            auth=lambda request: _authorised(request, token),
            timeout=self._timeouts,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise BadAnswer("The answer is compressed unasked")
            content = response.raw.read(max_bytes + 1)
            if len(content) > max_bytes:
                raise BadAnswer(f"The answer has more than {max_bytes} bytes")
            if response.raw.length_remaining:
                raise requests.ConnectionError("the answer broke off")
            return Answer(response.status_code, response.headers, content)


def _tidy(error: GatewayError, secrets: Iterable[str]) -> None:
    """Short lines in place of the provider's texts, without our secrets, should it
    have echoed them, and without control characters."""
    for name in ("message", "detail", "code"):
        text = getattr(error, name, "")
        for secret in filter(None, secrets):  # before a cut can halve one
            text = text.replace(secret, "***")
        if hasattr(error, name):
            setattr(
                error, name, re.sub(r"[^\x20-\x7e\xa0-\uffff]+", " ", text)[:_SHORT]
            )
    error.args = (error.message,)


def _since(started: float) -> float:
    return time.monotonic() - started


def _authorised(request, token: str):
    if token:
        request.headers["Authorization"] = f"Bearer {token}"
    return request


def _lost(detail: str, body: Body | None, harmless: bool) -> GatewayError:
    """No answer. What cannot have been carried out is told from what may have been:
    not one byte of the body had left, or doing it changes nothing."""
    if harmless or body is None or not body.started():
        return Unavailable("The service cannot be reached", detail=detail)
    return OutcomeUnknown("The connection broke before the answer", detail=detail)


def _refusal(answer: Answer, harmless: bool) -> GatewayError:
    """The error behind a status that was not hoped for."""
    status = answer.status
    code, text = _problem(answer)
    detail = answer.excerpt()
    if status == 401:
        return TokenRefused(text or "Access refused", detail=detail)
    if status == 403:
        return Credentials(text or "Access refused", detail=detail)
    if status == 429 or status >= 500:
        if harmless or (status in (429, 503) and code == NOT_PROCESSED):
            return Unavailable(
                text or "The service is busy",
                retry_after=_retry_after(answer.headers),
                detail=detail,
            )
        return OutcomeUnknown(text or "The service failed half-way", detail=detail)
    if 400 <= status < 500 and code:
        return Refused(text, code=code, detail=detail)
    # A redirect, another success, or an error page that is not the service's own
    return BadAnswer("The answer is not the service's", detail=detail)


def _problem(answer: Answer) -> tuple[str, str]:
    """Code and words of an RFC 9457 answer; empty if it is none."""
    try:
        problem = answer.json("application/problem+json")
        words = problem.text("detail", "") or problem.text("title")
        return problem.text("code"), words
    except BadAnswer:
        return "", ""


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds to wait, from seconds or an HTTP date by the service's own clock."""
    wish = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", wish):
        return min(int(wish), MAX_RETRY_AFTER)
    until = _http_date(wish)
    if until is None:
        return None
    now = _http_date(headers.get("Date", "")) or datetime.now(timezone.utc)
    return min(max(0, round((until - now).total_seconds())), MAX_RETRY_AFTER)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
