"""``--on DAY``: a command as it would go on another day, every program of it included.

The ``libfaketime`` of PyPI is loaded in front of each program (Odoo, PostgreSQL, the
services, the browser) and moves its clock by one offset. What is installed, is
installed before, by the machine's own clock. Databases made on another day lie in a
cluster of their own, which goes by that day's clock; one such command runs at a time.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import runtime
from place import ANOTHER_DAY, LIB, VENV, WORK, Failure, lock
from progress import say

OPTION = "--on"
# A command's last line, where it counts.
COUNTS = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped")
NOT_A_DAY = "{text} is no day: write 2027-01-01, or 2027-01-01T22:30 (UTC)."
# libfaketime follows this many programs by their monotonic clock only if it moves that
# one too, and all others only if it leaves it alone.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Outcome:
    """How a command went on one day."""

    day: str
    code: int
    counts: tuple[str, ...]
    minutes: float


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """(days, other arguments); ``--on`` may stand several times. Raises ``Failure``."""
    days, others, rest = [], [], iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name != OPTION:
            others.append(argument)
            continue
        day = value if equals else next(rest, "")
        offset(day, datetime.now(timezone.utc))
        days.append(day)
    return days, others


def offset(day: str, now: datetime) -> timedelta:
    """How far ``day`` is away: whole days, unless it names a time.

    :param now: aware
    """
    try:
        wanted = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    except ValueError:
        raise Failure(NOT_A_DAY.format(text=day or "nothing")) from None
    if "T" not in day:
        wanted = datetime.combine(wanted.date(), now.timetz())
    return timedelta(seconds=round((wanted - now).total_seconds()))


def run(name: str, days: list[str], arguments: list[str]) -> int:
    """The command ``name`` on each day, and a table of all; 1 if one of them failed."""
    runtime.install(tests=True)
    outcomes = []
    with lock("another-day", busy="Another command is on another day just now."):
        for day in days:
            say(f"on {day}: setup/{name} {' '.join(arguments)}")
            outcomes.append(run_on(name, day, arguments))
    print(table(outcomes), flush=True)
    return 1 if any(outcome.code for outcome in outcomes) else 0


def run_on(name: str, day: str, arguments: list[str]) -> Outcome:
    begun, counts = time.monotonic(), ()
    with subprocess.Popen(
        [sys.executable, "-B", LIB, name, *arguments],
        env=environment(day),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        for line in child.stdout:
            print(line, end="", flush=True)
            if found := COUNTS.fullmatch(line.strip()):
                counts = found.groups()
    minutes = (time.monotonic() - begun) / 60
    return Outcome(day, child.returncode, counts, minutes)


def environment(day: str) -> dict[str, str]:
    """For a program, and all that it starts, whose clock shows ``day``."""
    moved = offset(day, datetime.now(timezone.utc))
    folder = wrappers()
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)]),
        "LD_PRELOAD": str(library()),
        "FAKETIME": f"{moved.total_seconds():+.0f}s",
        # Python's timed waits ask the kernel, whose monotonic clock nobody moves.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # The offset never changes: it is read once.
        "FAKETIME_CACHE_DURATION": str(10**9),
        ANOTHER_DAY: (datetime.now(timezone.utc) + moved).strftime("%Y-%m-%d"),
    }


def library() -> Path:
    package = "lib/python*/site-packages/libfaketime"
    for path in VENV.glob(f"{package}/vendor/libfaketime/src/libfaketime.so.1"):
        return path
    raise Failure("The Python package libfaketime has no library for this machine.")


def wrappers() -> Path:
    """A folder for the front of PATH in which each browser stands under its name."""
    folder = WORK / "another-day" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for name, program in browsers():
        path = folder / name
        path.write_text(
            f'#!/bin/sh\nunset FAKETIME_DONT_FAKE_MONOTONIC\nexec {program} "$@"\n'
        )
        path.chmod(0o755)
    return folder


def browsers() -> Iterator[tuple[str, Path]]:
    for name in BROWSERS:
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            if (Path(folder) / name).exists():
                yield name, Path(folder) / name
                break


def table(outcomes: list[Outcome]) -> str:
    rows = [("day", "passed", "failed", "skipped", "minutes")]
    for outcome in outcomes:
        counts = outcome.counts or ("", "yes" if outcome.code else "no", "")
        rows.append((outcome.day, *counts, f"{outcome.minutes:.1f}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
