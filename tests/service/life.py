"""What becomes of letters: journeys, events, costs, papers, cancellation."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator
from datetime import date, datetime

from beepost_mail.gateway import catalogue, journeys, paper, pricing
from beepost_mail.letter.calendar import paris_day

from .clock import Clock
from .problem import Problem
from .store import Database


class Life:
    def __init__(self, database: Database, clock: Clock):
        self._db = database
        self._clock = clock

    def letter(self, account: str, reference: str):
        """:raises Problem: 404"""
        row = self._db.row(
            "SELECT * FROM letter WHERE account = ? AND client_reference = ?"
            " AND provider_reference IS NOT NULL ORDER BY id DESC LIMIT 1",
            account,
            reference,
        )
        if row is None:
            raise Problem(404, "letter.unknown", "There is no such letter")
        return row

    def cancel(self, account: str, reference: str) -> dict:
        self.let_happen()
        with self._db.transaction():
            row = self.letter(account, reference)
            if row["cancelled"]:
                return {"done": True, "message": "Already cancelled"}
            if row["released"] > 1:
                return {"done": False, "message": "Production has begun"}
            self._db.execute(
                "UPDATE letter SET cancelled = 1, due_at = NULL WHERE id = ?", row["id"]
            )
            self._tell(row, 1, journeys.Step("cancelled", "Annulé"), self._clock.now())
        return {"done": True, "message": "Cancelled before production"}

    # -- what is told ---------------------------------------------------------

    def events(self, account: str, cursor: str, limit: int) -> dict:
        self.let_happen()
        rows, cursor, more = self._page(
            "SELECT id, value FROM event WHERE account = ? AND id > ?"
            " ORDER BY id LIMIT ?",
            (account,),
            cursor,
            limit,
        )
        return {"events": rows, "cursor": cursor, "more": more}

    def disorder(self, account: str, seed: int, again: float) -> None:
        """What has happened is told as if it had been learnt in another order, and
        this part of it twice. For those who have read nothing of it yet: a cursor
        always gives the same beginning."""
        self.let_happen()
        chance = random.Random(seed)
        with self._db.transaction():
            told = self._db.rows("SELECT * FROM event WHERE account = ?", account)
            told += chance.sample(told, round(again * len(told)))
            chance.shuffle(told)
            self._db.execute("DELETE FROM event WHERE account = ?", account)
            for row in told:
                self._db.execute(
                    "INSERT INTO event (account, letter, value) VALUES (?, ?, ?)",
                    account,
                    row["letter"],
                    row["value"],
                )

    def costs(self, account: str, since: str, until: str, cursor: str, limit: int):
        self.let_happen()
        rows, cursor, more = self._page(
            "SELECT id, value FROM cost WHERE account = ?"
            " AND billed_on BETWEEN ? AND ? AND id > ? ORDER BY id LIMIT ?",
            (account, since, until),
            cursor,
            limit,
        )
        return {"costs": rows, "cursor": cursor, "more": more}

    def _page(self, query: str, values: tuple, cursor: str, limit: int):
        """(values, next cursor, whether there is more)"""
        if not re.fullmatch(r"(after-\d{1,15})?", cursor):
            raise Problem(400, "cursor.unknown", "Unknown cursor", cursor)
        position = int(cursor.removeprefix("after-") or 0)
        rows = self._db.rows(query, *values, position, limit + 1)
        page = rows[:limit]
        if page:
            position = page[-1]["id"]
        told = [json.loads(row["value"]) for row in page]
        return told, f"after-{position}", len(rows) > limit

    def quotes(self, letters: list[dict]) -> list[dict]:
        day = journeys.posted_on(self._clock.now())
        return [_quote(letter, day) for letter in letters]

    def proofs(self, account: str, reference: str) -> dict:
        self.let_happen()
        papers = self._papers(self.letter(account, reference))
        return {"proofs": [described for described, _content in papers]}

    def proof_content(
        self, account: str, client_reference: str, proof_id: str
    ) -> bytes:
        self.let_happen()
        row = self.letter(account, client_reference)
        for described, content in self._papers(row):
            if described["proof_id"] == proof_id:
                return content
        raise Problem(404, "proof.unknown", "There is no such paper")

    def _papers(self, row) -> Iterator[tuple[dict, bytes]]:
        letter = json.loads(row["manifest"])
        for step, moment in plan_of(row)[: row["released"]]:
            if not step.proof:
                continue
            facts = [row["provider_reference"], str(moment), letter["sha256"]]
            content = paper.proof_pdf(step.proof, facts + letter["recipient"])
            yield (
                {
                    "proof_id": f"{row['provider_reference']}-{step.proof}",
                    "kind": step.proof,
                    "issued_at": moment.isoformat(),
                    "filename": f"{row['provider_reference']}-{step.proof}.pdf",
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                },
                content,
            )

    # -- what happens ---------------------------------------------------------

    def let_happen(self) -> None:
        """Tells what has happened by now."""
        now = self._clock.now()
        with self._db.transaction():
            due = self._db.rows(
                "SELECT * FROM letter WHERE due_at <= ? ORDER BY due_at, id",
                now.isoformat(),
            )
            for row in due:
                plan = plan_of(row)
                passed = [step for step in plan if step[1] <= now]
                for position in range(row["released"], len(passed)):
                    step, moment = plan[position]
                    self._tell(row, position, step, moment)
                    if step.code == "posted":
                        self._bill(row, moment)
                ahead = plan[len(passed) :]
                self._db.execute(
                    "UPDATE letter SET released = ?, due_at = ? WHERE id = ?",
                    max(len(passed), row["released"]),
                    ahead[0][1].isoformat() if ahead else None,
                    row["id"],
                )

    def _tell(self, row, position: int, step: journeys.Step, moment: datetime) -> None:
        event = {
            "event_id": f"{row['provider_reference']}/{position}",
            "client_reference": row["client_reference"],
            "provider_reference": row["provider_reference"],
            "code": step.code,
            "label": step.label,
            "happened_at": moment.isoformat(),
        }
        optional = {
            "place": step.place,
            "reason": step.reason,
            "proof_kind": step.proof,
            "tracking_number": row["tracking_number"],
        }
        event |= {key: value for key, value in optional.items() if value}
        self._db.execute(
            "INSERT INTO event (account, letter, value) VALUES (?, ?, ?)",
            row["account"],
            row["id"],
            json.dumps(event),
        )

    def _bill(self, row, moment: datetime) -> None:
        # The promised day's price, also where the provider itself is late
        promised = journeys.posted_on(datetime.fromisoformat(row["received_at"]))
        lines = _price_lines(json.loads(row["manifest"]), promised)
        day = paris_day(moment)
        for label, amount, tax_rate in lines:
            self.add_cost(
                row["account"],
                {
                    "client_reference": row["client_reference"],
                    "provider_reference": row["provider_reference"],
                    "label": label,
                    "amount": str(amount),
                    "tax_rate": str(tax_rate),
                    "billed_on": day.isoformat(),
                },
            )

    def add_cost(self, account: str, cost: dict) -> None:
        self._db.execute(
            "INSERT INTO cost (account, billed_on, value) VALUES (?, ?, ?)",
            account,
            cost["billed_on"],
            json.dumps(cost),
        )


def _price_lines(letter: dict, day: date):
    """:param day: on which La Poste gets it
    :raises Problem: not on offer"""
    try:
        return pricing.price_lines(
            letter["service"],
            letter["sheets"],
            letter["color"],
            letter.get("envelope", ""),
            day=day,
            country=letter["country"],
            recipient=letter["recipient"],
        )
    except (KeyError, ValueError) as error:
        raise Problem(422, "quote.impossible", "Not on offer", str(error)) from error


def _quote(letter: dict, day: date) -> dict:
    lines = _price_lines(letter, day)
    return {
        "client_reference": letter["client_reference"],
        "total": str(sum(amount for _label, amount, _tax in lines)),
        "weight_mg": pricing.weight_mg(letter["sheets"], letter.get("envelope", "")),
        "lines": [
            {"label": label, "amount": str(amount)} for label, amount, _tax in lines
        ],
    }


def plan_of(row) -> list[tuple[journeys.Step, datetime]]:
    """Steps and moments of an accepted letter's journey."""
    service = catalogue.SERVICES[json.loads(row["manifest"])["service"]]
    steps = journeys.steps(service, row["outcome"])
    moments = journeys.schedule(steps, datetime.fromisoformat(row["received_at"]))
    return list(zip(steps, moments, strict=True))
