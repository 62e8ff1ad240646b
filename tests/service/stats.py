"""What a process tells of its traffic."""

from __future__ import annotations

import threading
from collections import Counter


class Stats:
    """What the tests ask about the traffic."""

    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._counts = Counter()
            self._problems: list[str] = []
            self._violations: list[str] = []

    def add(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def problem(self, text: str) -> None:
        with self._lock:
            self._problems.append(text)

    def violation(self, text: str) -> None:
        with self._lock:
            self._violations.append(text)

    def told(self) -> dict:
        """``counts``: connections (those that only steered apart) and requests by
        operationId; ``problems``: refusals given; ``violations``: answers of ours that
        broke the contract (there must be none)."""
        with self._lock:
            return {
                "counts": dict(self._counts),
                "problems": list(self._problems),
                "violations": list(self._violations),
            }
