"""A connection's bytes and misbehaviour, whatever is served. Speaks HTTP/1.1."""

from __future__ import annotations

import json
import select
import socket
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from .faults import NONE
from .problem import Problem

JSON = "application/json"
DRAIN_BYTES = 256 * 1024 * 1024  # read from a request that is refused for its size
CHUNK = 64 * 1024


@dataclass
class Answer:
    status: int
    content: object  # JSON value or bytes
    media: str = JSON
    headers: dict = field(default_factory=dict)
    is_fault: bool = False  # on demand, so not held against the contract

    def bytes(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content, separators=(",", ":")).encode()


class HungUp(Exception):
    """The connection ends here, without an answer."""


class Connection(BaseHTTPRequestHandler):
    """``service`` has ``faults``, ``stopping`` (an event) and ``http_date()``."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = 256 * 1024
    timeout = 300  # s of silence before an idle connection is closed
    fault = NONE  # the one that the request at hand meets

    def setup(self):
        self.service = self.server.service
        super().setup()

    def log_message(self, format, *args):
        """Silent: a test asks ``/_control/stats`` instead."""

    # -- misbehaviour -------------------------------------------------------------

    def _spoil_and_send(self, answer: Answer) -> None:
        fault = self.fault
        kind = fault["kind"] if fault["when"] == "after" else ""
        if kind == "status":
            answer = self._fault_answer()
        content, media = answer.bytes(), answer.media
        if kind == "cut":
            raise HungUp
        if kind == "hang":
            self._stand_still()
        elif kind == "partial":
            values = json.loads(content)
            del values["results"][: fault["omit"]]
            content = json.dumps(values).encode()
        elif kind == "rewrite":
            content = _rewritten(content, fault["path"], fault["value"])
        elif kind == "malformed":
            content = content[: len(content) // 2]
        elif kind == "content_type":
            media = fault["content_type"]
        elif kind == "padding":
            content += b" " * fault["bytes"]
        headers = answer.headers
        if kind == "truncated":
            self._send(answer.status, media, content, headers, half=True)
            raise HungUp
        self._send(answer.status, media, content, headers)

    def _fault_answer(self) -> Answer:
        fault = self.fault
        body = fault.get("body", "")
        return Answer(
            status=fault["status"],
            content=body.encode() if isinstance(body, str) else body,
            media=fault.get("content_type", "application/problem+json"),
            headers=fault.get("headers", {}),
            is_fault=True,
        )

    def _stand_still(self) -> None:
        if not self.service.faults.hang(self._client_has_gone):
            raise HungUp

    def _client_has_gone(self) -> bool:
        if self.service.stopping.is_set():
            return True
        poll = select.poll()
        poll.register(self.connection, select.POLLRDHUP)
        return bool(poll.poll(0))

    # -- bytes --------------------------------------------------------------------

    def _read_body(self, max_bytes: int) -> bytes:
        if self.command in ("GET", "HEAD", "DELETE"):
            return b""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            raise Problem(411, "length_required", "Content-Length is wanted")
        length = int(length)
        if length > max_bytes:
            self._drain(length)
            raise Problem(413, "request.too_large", f"{length} bytes")
        if self.fault["when"] == "reading":
            self._break_off(length)
        body = self.rfile.read(length)
        if len(body) < length:
            raise HungUp
        return body

    def _break_off(self, length: int) -> None:
        """Half of the body, then the fault; nothing of it is ever done."""
        self.rfile.read(length // 2)
        if self.fault["kind"] == "hang":
            self.service.faults.hang(self._client_has_gone)
        raise HungUp

    def _drain(self, length: int) -> None:
        """So that the client hears the refusal instead of a reset."""
        if length > DRAIN_BYTES:
            self.close_connection = True
            return
        while length > 0 and (chunk := self.rfile.read(min(length, CHUNK))):
            length -= len(chunk)

    def _send(self, status, media, content, headers=None, half=False) -> None:
        head = [
            f"HTTP/1.1 {status} {self.responses.get(status, ('',))[0]}",
            f"Date: {self.service.http_date()}",
            f"Content-Type: {media}",
            f"Content-Length: {len(content)}",
            *(f"{key}: {value}" for key, value in (headers or {}).items()),
        ]
        if self.close_connection:
            head.append("Connection: close")
        if half:
            content = content[: len(content) // 2]
        # One write: two would wait for each other on a slow acknowledgement.
        self.wfile.write("\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + content)

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the client was first


def _rewritten(content: bytes, path: list, value) -> bytes:
    values = json.loads(content)
    *way, last = path
    target = values
    for key in way:
        target = target[key]
    target[last] = value
    return json.dumps(values).encode()
