"""The service's own time: runs ahead or behind, or stands still."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .store import Database


class Clock:
    """Kept in the store, so that a restart does not change the time."""

    def __init__(self, database: Database):
        self._database = database

    def now(self) -> datetime:
        setting = self._database.meta("clock", {"ahead": 0, "stands_at": None})
        if setting["stands_at"]:
            return datetime.fromisoformat(setting["stands_at"])
        return datetime.now(timezone.utc) + timedelta(seconds=setting["ahead"])

    def advance(self, seconds: float) -> None:
        self.set(self.now() + timedelta(seconds=seconds), self.stands())

    def set(self, moment: datetime, stand: bool) -> None:
        moment = moment.astimezone(timezone.utc)
        ahead = (moment - datetime.now(timezone.utc)).total_seconds()
        self._database.set_meta(
            "clock",
            {"ahead": ahead, "stands_at": moment.isoformat() if stand else None},
        )

    def stands(self) -> bool:
        return bool(self._database.meta("clock", {}).get("stands_at"))
