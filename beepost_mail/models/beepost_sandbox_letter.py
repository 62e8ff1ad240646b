from contextlib import contextmanager
from datetime import timezone

from odoo import api, fields, models

from ..gateway.store import Row


class BeepostSandboxLetter(models.Model):
    """What the embedded practice provider keeps of one letter. Nothing is posted."""

    _name = "beepost.sandbox.letter"
    _description = "Practice Letter"
    _order = "id desc"
    _rec_name = "client_reference"

    account_id = fields.Many2one("beepost.account", required=True, ondelete="cascade")
    client_reference = fields.Char(required=True)
    due_at = fields.Datetime()
    # Address and references: for the provider's eyes, as with a real one.
    data = fields.Json(groups=fields.NO_ACCESS)

    _reference_unique = models.UniqueIndex("(account_id, client_reference)")
    _due_idx = models.Index("(account_id, due_at) WHERE due_at IS NOT NULL")


class BeepostSandboxEntry(models.Model):
    """The practice provider's event and cost logs, in the order of their ids."""

    _name = "beepost.sandbox.entry"
    _description = "Practice Log Entry"
    _order = "id"

    account_id = fields.Many2one("beepost.account", required=True, ondelete="cascade")
    log = fields.Char(required=True)
    data = fields.Json(groups=fields.NO_ACCESS)

    _log_idx = models.Index("(account_id, log, id)")


class OdooStore:
    """``gateway.store.Store`` in Odoo's database, on connections of its own.

    A real provider does not forget a letter because our transaction was rolled back;
    neither does this one. ``put`` is the last write of every call of the gateway: it
    commits what the call appended to the logs as well.
    """

    def __init__(self, env: api.Environment, account_id: int):
        self._registry = env.registry
        self._account_id = account_id
        self._writing = None  # the cursor between the first ``append`` and ``put``

    def close(self):
        if self._writing:
            self._writing.close()  # what no ``put`` has closed is given up
            self._writing = None

    def get(self, client_references):
        with self._reading() as env:
            found = env["beepost.sandbox.letter"].search(
                [*self._mine(), ("client_reference", "in", list(client_references))]
            )
            return {letter.client_reference: _row(letter) for letter in found}

    def put(self, rows):
        letters = self._write_env()["beepost.sandbox.letter"]
        found = letters.search(
            [
                *self._mine(),
                ("client_reference", "in", [row.client_reference for row in rows]),
            ]
        )
        known = {letter.client_reference: letter for letter in found}
        new = []
        for row in rows:
            values = {"due_at": _naive(row.due_at), "data": dict(row.data)}
            if row.client_reference in known:
                known[row.client_reference].write(values)
            else:
                new.append({**values, "client_reference": row.client_reference})
        letters.create([{**v, "account_id": self._account_id} for v in new])
        letters.env.flush_all()
        self._writing.commit()
        self.close()

    def due(self, now, limit):
        with self._reading() as env:
            found = env["beepost.sandbox.letter"].search(
                [*self._mine(), ("due_at", "<=", _naive(now))],
                order="due_at, id",
                limit=limit,
            )
            return [_row(letter) for letter in found]

    def append(self, log, entries):
        self._write_env()["beepost.sandbox.entry"].create(
            [
                {"account_id": self._account_id, "log": log, "data": dict(entry)}
                for entry in entries
            ]
        )

    def since(self, log, position, limit):
        with self._reading() as env:
            found = env["beepost.sandbox.entry"].search(
                [*self._mine(), ("log", "=", log), ("id", ">", position)], limit=limit
            )
            return [(entry.id, entry.data) for entry in found]

    def _mine(self):
        return [("account_id", "=", self._account_id)]

    @contextmanager
    def _reading(self):
        with self._registry.cursor() as cr:
            yield api.Environment(cr, api.SUPERUSER_ID, {})

    def _write_env(self):
        self._writing = self._writing or self._registry.cursor()
        return api.Environment(self._writing, api.SUPERUSER_ID, {})


def _row(letter):
    due_at = letter.due_at and letter.due_at.replace(tzinfo=timezone.utc)
    return Row(letter.client_reference, due_at or None, letter.data)


def _naive(moment):
    return moment and moment.astimezone(timezone.utc).replace(
        tzinfo=None, microsecond=0
    )
