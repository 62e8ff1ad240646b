"""What a piece of work costs this process: time, queries, commits, memory."""

from __future__ import annotations

import gc
import re
import sys
import time
from pathlib import Path

from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection

STATUS = Path("/proc/self/status")
FORGET_PEAK = (Path("/proc/self/clear_refs"), "5")


class Meter:
    """Begins when it is made.

    Queries are the statements that go through Odoo's cursors (``sql_db.sql_counter``),
    savepoints included; commits are those of connections with a transaction open.
    """

    def __init__(self):
        gc.collect()
        path, word = FORGET_PEAK
        path.write_text(word)
        self._start_mb = _memory("VmRSS")
        self._base = _traffic()
        self._clocks = (time.perf_counter(), time.process_time())

    def end(self) -> None:
        clocks = (time.perf_counter(), time.process_time())
        self._used = _since(self._clocks, clocks)
        self._used += _since(self._base, _traffic())
        self._peak_mb = _memory("VmHWM")

    def per_letter(self, letters: int) -> dict:
        """What lay between ``begin`` and ``end``; memory is resident, in MiB."""
        wall, cpu, queries, commits = self._used
        return {
            "letters": letters,
            "ms": 1000 * wall / letters,
            "cpu_ms": 1000 * cpu / letters,
            "queries": queries / letters,
            "commits": commits / letters,
            "start_mb": self._start_mb,
            "peak_mb": self._peak_mb,
        }


def _since(before: tuple, now: tuple) -> list:
    return [b - a for a, b in zip(before, now, strict=True)]


_commits = 0


def _traffic() -> tuple[int, int]:
    """Queries and commits so far; none without Odoo."""
    sql_db = sys.modules.get("odoo.sql_db")
    if not sql_db:
        return 0, 0
    if sql_db.PsycoConnection.commit is not _count_commit:
        sql_db.PsycoConnection.commit = _count_commit
    return sql_db.sql_counter, _commits


def _count_commit(self):
    global _commits
    if self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
        _commits += 1
    return connection.commit(self)


def _memory(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    return int(found.group(1)) / 1024
