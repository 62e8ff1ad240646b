"""What the service remembers, in SQLite: survives being killed at any moment.

Write-ahead log, and every change is committed before the answer leaves. ``lock`` makes
one request at a time look at and change it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS account (identifier TEXT PRIMARY KEY, password TEXT);
CREATE TABLE IF NOT EXISTS token (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL, ends_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS paper (sha256 TEXT PRIMARY KEY, pdf BLOB NOT NULL);
-- every submission of every letter that arrived; outcome: printed, rejected, repeated
CREATE TABLE IF NOT EXISTS arrival (
    id INTEGER PRIMARY KEY, account TEXT, client_reference TEXT, at TEXT,
    outcome TEXT, sha256 TEXT, manifest TEXT);
CREATE INDEX IF NOT EXISTS arrival_reference ON arrival (client_reference);
-- what was decided; a letter printed twice is two of them
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, client_reference TEXT,
    provider_reference TEXT, received_at TEXT, reasons TEXT, manifest TEXT,
    outcome TEXT, tracking_number TEXT, released INTEGER DEFAULT 0, due_at TEXT,
    cancelled INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS letter_reference ON letter (account, client_reference);
CREATE INDEX IF NOT EXISTS letter_due ON letter (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, letter INTEGER, value TEXT);
CREATE INDEX IF NOT EXISTS event_account ON event (account, id);
CREATE INDEX IF NOT EXISTS event_letter ON event (letter);
CREATE TABLE IF NOT EXISTS cost (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, billed_on TEXT, value TEXT);
CREATE INDEX IF NOT EXISTS cost_day ON cost (account, billed_on);
-- what a letter will go through, by wish of a test
CREATE TABLE IF NOT EXISTS journey (client_reference TEXT PRIMARY KEY, outcome TEXT);
"""
FORGOTTEN_ON_RESET = (
    "token paper arrival letter event cost journey meta".split()  # accounts stay
)


class Database:
    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            folder / "service.sqlite", isolation_level=None, check_same_thread=False
        )
        self._db.row_factory = sqlite3.Row
        # NORMAL: what is committed survives the end of the process, not of the machine.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._lock = threading.RLock()
        self._meta: dict = {}

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one at a time."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, query: str, *values) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def row(self, query: str, *values) -> sqlite3.Row | None:
        return next(iter(self.rows(query, *values)), None)

    def execute(self, query: str, *values) -> int:
        """:return: the id of an inserted row"""
        with self._lock:
            return self._db.execute(query, values).lastrowid

    def meta(self, key: str, default):
        with self._lock:
            if key not in self._meta:
                row = self.row("SELECT value FROM meta WHERE key = ?", key)
                self._meta[key] = json.loads(row["value"]) if row else default
            return self._meta[key]

    def set_meta(self, key: str, value) -> None:
        with self._lock:
            self.execute("REPLACE INTO meta VALUES (?, ?)", key, json.dumps(value))
            self._meta[key] = value

    def reset(self) -> None:
        with self.transaction():
            for table in FORGOTTEN_ON_RESET:
                self._db.execute(f"DELETE FROM {table}")
            self._meta.clear()
