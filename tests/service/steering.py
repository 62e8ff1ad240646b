"""Control routes: a table of actions, and those about faults that every process has.

An action takes the service and the values of the request (its JSON, or its query) and
gives JSON, or the bytes of a PDF.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from .problem import Problem

CONTROL = "/_control/"
Actions = Mapping[tuple[str, str], Callable]


@dataclass
class Reply:
    status: int
    content: object

    @property
    def media(self) -> str:
        is_pdf = isinstance(self.content, bytes)
        return "application/pdf" if is_pdf else "application/json"

    def bytes(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content).encode()


def control_name(target: str) -> str:
    return target.partition("?")[0].removeprefix(CONTROL)


def act(actions: Actions, service, method: str, target: str, body: bytes) -> Reply:
    try:
        action = actions.get((method, control_name(target)))
        if action is None:
            raise Problem(404, "not_found", "No such control")
        query = target.partition("?")[2]
        values = json.loads(body) if body else dict(parse_qsl(query))
        found = action(service, values)
        return Reply(200, {} if found is None else found)
    except Problem as problem:
        return Reply(problem.status, problem.body)
    except (KeyError, TypeError, ValueError) as error:
        return Reply(400, {"title": repr(error)})


def _hanging(service, values) -> dict:
    count, seconds = int(values.get("count", 1)), float(values.get("seconds", 30))
    return {"reached": service.faults.wait_hanging(count, seconds)}


FAULTS: Actions = {
    ("GET", "faults"): lambda service, values: service.faults.standing(),
    ("POST", "faults"): lambda service, values: service.faults.add(values),
    ("POST", "faults/clear"): lambda service, values: service.faults.clear(),
    ("GET", "faults/hanging"): _hanging,
}
