"""How the service misbehaves on demand.

A fault is a JSON object::

    {"kind": …, "route": "submit", "times": 1, "skip": 0, "when": "before", …}

``route`` is an operationId, ``connect`` (a new connection) or ``*``. ``times`` 0 means
until cleared; the first ``skip`` matching requests pass, and so does one that is
refused before it gets there (a token that has ended). ``when`` is

* ``reading``: in the middle of the request's body,
* ``before``: the request is complete and sound, nothing has been done,
* ``after``: all has been done and stored, the answer has not left.

Kinds (more members in brackets):

* ``latency`` [ms]: late, may be combined with another fault; the only one that a new
  connection meets (``*`` means requests and connections, as a long line would)
* ``status`` [status, body, content_type, headers]: answers this instead
* ``cut``: closes the connection without an answer
* ``hang``: stands still until the client has gone (then forgets the request) or the
  faults are released (then goes on as if nothing had been)
* ``late``: cuts, and does the work once the faults are released; until then nobody,
  look-up included, knows of it
* ``expired_token``: every token has just ended
* ``partial`` [omit]: leaves that many results out of the answer
* ``rewrite`` [path, value]: puts another value into the answer
* ``malformed``: an answer that is no JSON
* ``truncated``: half of the answer, then the connection closes
* ``content_type`` [content_type]: the right answer under a wrong name
* ``padding`` [bytes]: so many spaces behind the answer
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from fnmatch import fnmatchcase

from .problem import Problem

KINDS = {
    "latency": "before",
    "status": "before",
    "cut": "before",
    "hang": "before",
    "late": "before",
    "expired_token": "before",
    "partial": "after",
    "rewrite": "after",
    "malformed": "after",
    "truncated": "after",
    "content_type": "after",
    "padding": "after",
}
CONNECT = "connect"
NONE = {"kind": "", "when": ""}


class Faults:
    def __init__(self):
        self._changed = threading.Condition()
        self._faults: list[dict] = []
        self._hanging = 0
        self._releases = 0
        self._late: list[Callable[[], object]] = []

    def add(self, fault: dict) -> None:
        kind = fault.get("kind")
        if kind not in KINDS:
            raise Problem(400, "invalid_request", f"One of {sorted(KINDS)} wanted")
        whole = {"route": "*", "times": 1, "skip": 0, "when": KINDS[kind], **fault}
        with self._changed:
            self._faults.append(whole)

    def take(self, route: str) -> tuple[float, dict]:
        """(seconds of latency, the first fault that this request meets)"""
        latency, met = 0.0, NONE
        with self._changed:
            for fault in list(self._faults):
                if not fnmatchcase(route, fault["route"]):
                    continue
                is_latency = fault["kind"] == "latency"
                if not is_latency and (met is not NONE or route == CONNECT):
                    continue
                if fault["skip"]:
                    fault["skip"] -= 1
                    continue
                if is_latency:
                    latency += fault["ms"] / 1000
                else:
                    met = fault
                self._use_up(fault)
        return latency, met

    def _use_up(self, fault: dict) -> None:
        if fault["times"] == 1:
            self._faults.remove(fault)
        elif fault["times"]:
            fault["times"] -= 1

    def put_back(self, fault: dict) -> None:
        """It was taken by a request that never came to the point of meeting it."""
        with self._changed:
            if fault not in self._faults:
                self._faults.insert(0, fault)
            elif fault["times"]:
                fault["times"] += 1

    def clear(self) -> None:
        """No faults from now on; whatever hangs goes on, what is late is done."""
        with self._changed:
            self._faults.clear()
            self._releases += 1
            late, self._late = self._late, []
            self._changed.notify_all()
        for work in late:
            work()

    def keep_for_later(self, work: Callable[[], object]) -> None:
        with self._changed:
            self._late.append(work)

    def hang(self, has_gone: Callable[[], bool]) -> bool:
        """Stands still.

        :return: whether to go on: released, and the client is still there
        """
        with self._changed:
            release = self._releases
            self._hanging += 1
            self._changed.notify_all()
            try:
                while self._releases == release:
                    if has_gone():
                        return False
                    self._changed.wait(0.02)
            finally:
                self._hanging -= 1
                self._changed.notify_all()
        return not has_gone()

    def wait_hanging(self, count: int, seconds: float) -> bool:
        """Whether that many requests hang, at the latest after ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: self._hanging == count, seconds)

    def standing(self) -> dict:
        with self._changed:
            return {
                "faults": list(self._faults),
                "hanging": self._hanging,
                "late": len(self._late),
            }
