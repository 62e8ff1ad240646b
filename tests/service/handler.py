"""One connection to the contract: reads requests, meets faults, answers."""

from __future__ import annotations

import time
import traceback
from contextlib import nullcontext
from urllib.parse import unquote

from . import control, routes
from .connection import DRAIN_BYTES, Answer, Connection, HungUp
from .faults import CONNECT, NONE
from .problem import Problem
from .steering import CONTROL

PREFIX = "/v1"


class Handler(Connection):
    def setup(self):
        self.greeted = False
        super().setup()

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
