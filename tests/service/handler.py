"""One connection: reads requests, meets faults, answers. Speaks HTTP/1.1."""

from __future__ import annotations

import json
import select
import socket
import time
import traceback
from contextlib import nullcontext
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

from . import control, routes
from .contract import JSON
from .faults import CONNECT, NONE
from .problem import Problem

PREFIX = "/v1"
CONTROL = "/_control/"
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


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = 256 * 1024
    timeout = 300  # s of silence before an idle connection is closed

    def setup(self):
        self.service = self.server.service
        self.greeted = False
        super().setup()

    def log_message(self, format, *args):
        """Silent: a test asks ``/_control/stats`` instead."""

    def _serve(self):
        # The connection may be an old one.
        self.operation, self.fault, self.came_far = None, NONE, False
        try:
            if self.path.startswith(CONTROL):
                body = self._read_body(DRAIN_BYTES)
                answer = control.answer(self.service, self.command, self.path, body)
                self._send(answer.status, answer.media, answer.bytes())
            else:
                self._serve_contract()
        except (HungUp, ConnectionError, TimeoutError):
            self._hang_up()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _serve

    # -- the contract -----------------------------------------------------------

    def _serve_contract(self):
        if not self.greeted:
            self.greeted = True
            self.service.stats.add("connections")
            latency, _fault = self.service.faults.take(CONNECT)
            time.sleep(latency)
        try:
            answer = self._answer()
        except (HungUp, OSError):
            raise
        except Problem as problem:
            answer = Answer(
                problem.status,
                problem.body,
                "application/problem+json",
                problem.headers,
            )
            self.service.stats.problem(str(problem))
            if not self.came_far and self.fault["kind"] not in ("", "expired_token"):
                self.service.faults.put_back(self.fault)
                self.fault = NONE
        except Exception as error:  # a fault of ours must not look like a lost line
            traceback.print_exc()
            self.service.stats.violation(repr(error))
            answer = Answer(500, {"title": repr(error)}, is_fault=True)
        if self.operation and not answer.is_fault:
            fault = self.operation.judge_answer(
                answer.status, answer.media, answer.content
            )
            if fault:
                self.service.stats.violation(fault)
                answer = Answer(500, {"violation": fault})
        self._spoil_and_send(answer)

    def _answer(self) -> Answer:
        path, _mark, query = self.path.partition("?")
        if not path.startswith(PREFIX + "/"):
            self._read_body(DRAIN_BYTES)
            raise Problem(404, "not_found", "Nothing here")
        try:
            operation, names = self.service.contract.find(
                self.command, path.removeprefix(PREFIX)
            )
        except Problem:
            self._read_body(DRAIN_BYTES)
            raise
        self.operation = operation
        self.service.stats.add(operation.id)
        latency, self.fault = self.service.faults.take(operation.id)
        time.sleep(latency)
        if self.fault["kind"] == "expired_token":
            self.service.accounts.expire_tokens()
        body = self._read_body(routes.max_body_bytes(self.service, operation))
        names = {key: unquote(value) for key, value in names.items()}
        account = ""
        if operation.secured:
            account = self.service.accounts.of(self.headers.get("Authorization", ""))
        request = operation.parse(
            names, query, self.headers.get("Content-Type", ""), body
        )
        request.account = account
        return self._carry_out(request)

    def _carry_out(self, request) -> Answer:
        self.came_far = True
        is_submission = request.operation.id == "submit"
        is_late = self.fault["kind"] == "late"
        in_hand = self.service.intake.in_hand if is_submission else nullcontext
        with nullcontext() if is_late else in_hand(request):
            if self.fault["when"] == "before" and (answer := self._suffer(request)):
                return answer
            status, content, media = routes.carry_out(self.service, request)
        return Answer(status, content, media)

    # -- misbehaviour -------------------------------------------------------------

    def _suffer(self, request) -> Answer | None:
        """:return: what to answer instead of doing it"""
        kind = self.fault["kind"]
        if kind == "late":
            service = self.service
            service.faults.keep_for_later(lambda: routes.carry_out(service, request))
        if kind in ("cut", "late"):
            raise HungUp
        if kind == "hang":
            self._stand_still()
        return self._fault_answer() if kind == "status" else None

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
