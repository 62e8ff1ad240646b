"""Steering for tests, outside ``openapi.yaml``: everything under ``/_control/``.

=========================  =======================================================
GET  arrivals              what came, by client reference (see ``_arrivals``)
GET  arrivals/REF/pdf      the bytes of the last PDF that came under it
GET  letters               what became of the accepted ones
GET  proofs                their papers so far, by client reference
GET  stats                 connections, requests, violations of the contract
GET  clock                 ``{"now": …, "stands": …}``
POST clock                 ``{"advance": s}`` or ``{"set": …, "stand": true}``
GET  faults                those that stand, how many requests hang
POST faults                one fault, see ``faults.py``
POST faults/clear          no more; what hangs goes on, what is late is done
GET  faults/hanging        ``?count=1&seconds=30`` waits until so many hang
POST mode                  ``{"mode": "on|off_with_lookup|off_without_lookup"}``
POST limits                any of the sizes in ``intake.DEFAULT_LIMITS``
POST accounts              ``{"identifier": …, "password": …}``
POST tokens/expire         every token ends
POST letters               ``{"account": …, "letters": […]}``, as if sent (``put``)
POST events/disorder       ``{"account": …, "seed": 1, "again": 0.5}``: told as if
                           learnt in another order, and this part of them twice
POST journeys              client reference → outcome (``gateway/journeys.py``)
POST statement             ``{"account": …, "costs": [Cost …]}`` on top of the true
POST reset                 forgets all but the accounts
=========================  =======================================================
"""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import unquote

from .problem import Problem
from .steering import FAULTS, Reply, act, control_name


def answer(service, method: str, target: str, body: bytes) -> Reply:
    name = control_name(target)
    if method == "GET" and name.startswith("arrivals/"):
        reference = unquote(name.split("/")[1])
        actions = {("GET", name): lambda service, values: _pdf(service, reference)}
        return act(actions, service, method, target, body)
    return act(ACTIONS, service, method, target, body)


def _pdf(service, reference: str) -> bytes:
    row = service.database.row(
        "SELECT pdf FROM arrival JOIN paper USING (sha256)"
        " WHERE client_reference = ? ORDER BY id DESC LIMIT 1",
        reference,
    )
    if row is None:
        raise Problem(404, "not_found", "Nothing came under this reference")
    return row["pdf"]


def _arrivals(service, values) -> dict:
    """By client reference: ``printed`` (how many envelopes this made), ``seen`` (how
    often it came), ``outcomes`` in order, and what came last."""
    found: dict[str, dict] = {}
    for row in service.database.rows(
        "SELECT account, client_reference, outcome, sha256, manifest FROM arrival"
        " ORDER BY id"
    ):
        entry = found.setdefault(
            row["client_reference"], {"printed": 0, "seen": 0, "outcomes": []}
        )
        entry["seen"] += 1
        entry["printed"] += row["outcome"] == "printed"
        entry["outcomes"].append(row["outcome"])
        entry["account"] = row["account"]
        entry["letter"] = json.loads(row["manifest"])
        entry["sha256"] = row["sha256"]  # of the bytes, not of the manifest
    return found


def _letters(service, values) -> list:
    """Each accepted letter with the events that have happened."""
    service.life.let_happen()
    events: dict[int, list] = {}
    for row in service.database.rows("SELECT letter, value FROM event ORDER BY id"):
        events.setdefault(row["letter"], []).append(json.loads(row["value"]))
    return [
        {
            "account": row["account"],
            "client_reference": row["client_reference"],
            "provider_reference": row["provider_reference"],
            "outcome": row["outcome"],
            "events": events.get(row["id"], []),
        }
        for row in service.database.rows(
            "SELECT * FROM letter WHERE provider_reference IS NOT NULL ORDER BY id"
        )
    ]


def _proofs(service, values) -> dict:
    """As ``proofs`` of the contract describes them, for letters that have any."""
    rows = service.database.rows(
        "SELECT account, client_reference FROM letter"
        " WHERE provider_reference IS NOT NULL ORDER BY id"
    )
    papers = {
        row["client_reference"]: service.life.proofs(
            row["account"], row["client_reference"]
        )["proofs"]
        for row in rows
    }
    return {reference: found for reference, found in papers.items() if found}


def _clock(service, values) -> dict:
    return {
        "now": service.clock.now().isoformat(),
        "stands": service.clock.stands(),
    }


def _set_clock(service, values) -> dict:
    if "advance" in values:
        service.clock.advance(values["advance"])
    else:
        moment = datetime.fromisoformat(values["set"])
        service.clock.set(moment, values.get("stand", False))
    return _clock(service, values)


def _add_costs(service, values) -> None:
    for cost in values["costs"]:
        service.life.add_cost(values["account"], cost)


def _reset(service, values) -> None:
    service.faults.clear()
    service.database.reset()
    service.stats.reset()


ACTIONS = {
    ("GET", "arrivals"): _arrivals,
    ("GET", "letters"): _letters,
    ("POST", "letters"): lambda service, values: service.intake.put(**values),
    ("POST", "events/disorder"): lambda service, values: service.life.disorder(
        **values
    ),
    ("GET", "proofs"): _proofs,
    ("GET", "stats"): lambda service, values: service.stats.told(),
    ("GET", "clock"): _clock,
    ("POST", "clock"): _set_clock,
    **FAULTS,
    ("POST", "mode"): lambda service, values: service.intake.set_mode(values["mode"]),
    ("POST", "limits"): lambda service, values: service.intake.set_limits(**values),
    ("POST", "accounts"): lambda service, values: service.accounts.put(**values),
    ("POST", "tokens/expire"): lambda service, values: service.accounts.expire_tokens(),
    ("POST", "journeys"): lambda service, values: service.intake.set_journeys(values),
    ("POST", "statement"): _add_costs,
    ("POST", "reset"): _reset,
}
