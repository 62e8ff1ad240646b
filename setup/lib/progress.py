"""Says what is being done, and runs programs with their output in a log."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from place import LOGS, Failure

STARTED = time.monotonic()

# What a log says → what a person can do about it.
CAUSES = [
    (r"No space left on device|disk full", "the disk is full"),
    (
        r"Temporary failure (in name resolution|resolving)|Name or service not known"
        r"|Could not resolve|Network is unreachable|Could not connect to"
        r"|Failed to establish a new connection|NameResolutionError"
        r"|Connection refused|Unable to connect|Connection timed out",
        "the network cannot be reached",
    ),
    (
        r"Release file .* (is expired|is not valid yet)",
        "Debian's mirror is out of date, or this machine's clock is wrong",
    ),
    (r"Could not get lock|is held by process", "another apt-get is running"),
    (r"Permission denied", "this user lacks a right"),
]


def say(text: str) -> None:
    """One line on standard error, so that standard output stays the command's own."""
    print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", file=sys.stderr, flush=True)


def cause(log: str) -> str | None:
    """Why a program failed: a known cause, else the last error that it names."""
    known = next((words for found, words in CAUSES if re.search(found, log)), None)
    named = re.findall(r"^(?:[\w.]+(?:Error|Exception)|E): .+", log, re.MULTILINE)
    return known or (named[-1].strip().rstrip(".") if named else None)


def run(
    what: str,
    command: list[str | Path],
    *,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
) -> str:
    """Run ``command`` to its end and return what it printed.

    Its output goes to ``.work/logs``. Raises ``Failure`` naming ``what``, the cause
    when the output tells one, and the log.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (re.sub(r"\W+", "-", what.lower()).strip("-") + ".log")
    try:
        done = subprocess.run(
            [str(part) for part in command],
            # Whose messages we read must speak English.
            env={**(env or os.environ), "LC_ALL": "C.UTF-8"},
            cwd=cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise Failure(f"{what} failed: {command[0]} is not installed.") from None
    log.write_text(done.stdout)
    if done.returncode:
        why = cause(done.stdout) or f"exit code {done.returncode}"
        raise Failure(f"{what} failed: {why}; see {os.path.relpath(log)}.")
    return done.stdout
