"""A pytest plugin: a skip fails the run, and the counts go to a file.

``BEEPOST_COUNTS`` names the file: one JSON object with ``passed``, ``failed``,
``skipped`` and ``seconds`` (each file's, what its classes are made in included). An
expected failure counts as skipped: it proves nothing either.
"""

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest

COUNTED = {
    "passed": ["passed"],
    "failed": ["failed", "error", "xpassed", "subtests failed"],
    "skipped": ["skipped", "xfailed", "subtests skipped"],
}


def pytest_configure(config):
    config.pluginmanager.register(Strict(), "beepost_strict_counts")


class Strict:
    def __init__(self):
        self.counts = dict.fromkeys(COUNTED, 0)
        self.seconds = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        begun = _now()
        try:
            return (yield)
        finally:
            self.seconds[os.path.relpath(item.path)] += _now() - begun

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session):
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        for name, kinds in COUNTED.items():
            self.counts[name] = sum(len(reporter.stats.get(kind, ())) for kind in kinds)
        if self.counts["skipped"] and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if path := os.environ.get("BEEPOST_COUNTS"):
            found = {**self.counts, "seconds": self.seconds}
            Path(path).write_text(json.dumps(found))
        return (yield)

    def pytest_terminal_summary(self, terminalreporter):
        if self.counts["skipped"]:
            terminalreporter.write_line("A skipped test fails the run.", red=True)


def _now():
    """Not from the functions that a test with a frozen clock has replaced."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
