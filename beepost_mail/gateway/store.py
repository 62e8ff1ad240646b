"""Where the practice provider keeps its letters: a small port of its own.

Odoo gives a store in the database; :class:`MemoryStore` serves wherever nothing needs
to last. Rows and log entries are plain JSON values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Row:
    """One letter.

    :param due_at: when something happens to it next (aware, UTC, whole seconds),
        None for never
    """

    client_reference: str
    due_at: datetime | None
    data: Mapping[str, object] = field(default_factory=dict)


class Store(Protocol):
    """The letters of one account and two logs, ``event`` and ``cost``.

    What one call of the gateway writes must become visible at once or not at all. A
    position is a growing positive integer that no later entry undercuts.
    """

    def get(self, client_references: Sequence[str]) -> Mapping[str, Row]:
        """Those that exist."""

    def put(self, rows: Sequence[Row]) -> None:
        """Insert or replace, by client reference."""

    def due(self, now: datetime, limit: int) -> Sequence[Row]:
        """Rows with ``due_at`` at or before ``now``, earliest first."""

    def append(self, log: str, entries: Sequence[Mapping[str, object]]) -> None: ...

    def since(
        self, log: str, position: int, limit: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        """(position, entry) after ``position``, in order."""


class MemoryStore:
    """A store that lasts as long as the process."""

    def __init__(self):
        self._rows: dict[str, Row] = {}
        self._logs: dict[str, list[Mapping[str, object]]] = defaultdict(list)

    def get(self, client_references: Iterable[str]) -> dict[str, Row]:
        return {r: self._rows[r] for r in client_references if r in self._rows}

    def put(self, rows: Iterable[Row]) -> None:
        self._rows.update((row.client_reference, row) for row in rows)

    def due(self, now: datetime, limit: int) -> list[Row]:
        waiting = (r for r in self._rows.values() if r.due_at and r.due_at <= now)
        return sorted(waiting, key=lambda row: row.due_at)[:limit]

    def append(self, log: str, entries: Iterable[Mapping[str, object]]) -> None:
        self._logs[log].extend(entries)

    def since(self, log: str, position: int, limit: int):
        entries = self._logs[log][position : position + limit]
        return list(enumerate(entries, position + 1))
