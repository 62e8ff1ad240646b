"""One connection to La Poste: judges the request, meets faults, answers."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, unquote

from service.connection import DRAIN_BYTES, Answer, Connection, HungUp
from service.faults import CONNECT, NONE
from service.steering import CONTROL, act

from .control import ACTIONS

PREFIX = "/suivi/v2"
ROUTE = f"{PREFIX}/idships/"
FOLLOW = "follow"  # the name of the only route, for faults and counts
MAX_NUMBERS = 10
LANGUAGES = ("fr_FR", "de_DE", "en_GB", "es_ES", "it_IT", "nl_NL")
TELLS = "application/json;charset=UTF-8"
PAGE = b"<!DOCTYPE html><html><title>404</title><h1>Not Found</h1></html>"


class Handler(Connection):
    def setup(self):
        self.greeted = False
        super().setup()

    def _serve(self):
        self.fault = NONE  # the connection may be an old one
        try:
            body = self._read_body(DRAIN_BYTES)
            if self.path.startswith(CONTROL):
                answer = act(ACTIONS, self.service, self.command, self.path, body)
                self._send(answer.status, answer.media, answer.bytes())
            else:
                self._spoil_and_send(self._answer())
        except (HungUp, ConnectionError, TimeoutError):
            self._hang_up()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _serve

    def _answer(self) -> Answer:
        if not self.greeted:
            self.greeted = True
            self.service.stats.add("connections")
            time.sleep(self.service.faults.take(CONNECT)[0])
        path, _mark, query = self.path.partition("?")
        if self.command != "GET" or not path.startswith(ROUTE):
            self.service.stats.problem(f"{self.command} {path}")
            return Answer(404, PAGE, "text/html")
        numbers = unquote(path.removeprefix(ROUTE)).split(",")
        self.service.stats.add(FOLLOW)
        self.service.asked.append(numbers)
        latency, self.fault = self.service.faults.take(FOLLOW)
        time.sleep(latency)
        return self._suffer() or self._judge(numbers, query)

    def _suffer(self) -> Answer | None:
        """:return: what to answer instead"""
        if self.fault["when"] != "before":
            return None
        if self.fault["kind"] == "cut":
            raise HungUp
        if self.fault["kind"] == "hang":
            self._stand_still()
        return self._fault_answer() if self.fault["kind"] == "status" else None

    def _judge(self, numbers: list[str], query: str) -> Answer:
        if self.headers.get("X-Okapi-Key") != self.service.key:
            self.service.stats.problem("X-Okapi-Key")
            return Answer(
                401, {"code": "UNAUTHORIZED", "message": "Clé absente ou invalide"}
            )
        shipments = self.service.shipments
        wrong = [number for number in numbers if not shipments.is_well_formed(number)]
        if wrong:
            return self._refuse(wrong, "Le numéro saisi n'est pas au bon format")
        # What follows no client of ours may ever do, so it is held against it.
        given = dict(parse_qsl(query))
        for name, is_wrong in (
            ("numbers", len(numbers) > MAX_NUMBERS),
            ("lang", given.pop("lang", "") not in LANGUAGES),
            ("query", given),
            ("Accept", self.headers.get("Accept") != "application/json"),
        ):
            if is_wrong:
                self.service.stats.problem(name)
                return self._refuse(numbers, f"Requête invalide : {name}")
        return self._tell(numbers)

    def _refuse(self, numbers: list[str], words: str) -> Answer:
        answer = {
            "lang": "fr_FR",
            "scope": "open",
            "returnCode": 400,
            "returnMessage": words,
        }
        if len(numbers) == 1:
            answer["idShip"] = numbers[0]
        return Answer(400, answer, TELLS)

    def _tell(self, numbers: list[str]) -> Answer:
        told = [self.service.shipments.told(number) for number in numbers]
        if len(told) == 1:
            return Answer(told[0]["returnCode"], told[0], TELLS)
        return Answer(207, told, TELLS)
