"""Helper processes: each tells its port in one line and ends with its parent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Failed(Exception):
    """A process ended badly; the message says which and what it said last."""


def python(module: str, *arguments: object) -> tuple[list[str], dict[str, str]]:
    """Command and environment of ``python -m bench.MODULE``."""
    folders = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH")]
    path = os.pathsep.join(filter(None, folders))
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    return command, {**os.environ, "PYTHONPATH": path}


@contextmanager
def listening(module: str, *arguments: object) -> Iterator[int]:
    """``python -m bench.MODULE`` runs inside the block; gives its port."""
    command, env = python(module, *arguments)
    child = subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        line = child.stdout.readline()
        if not line:
            raise Failed(f"{module} did not start")
        yield json.loads(line)["port"]
    finally:
        child.stdin.close()
        child.stdout.close()
        child.kill()
        child.wait()


def announce(port: int) -> None:
    """Called by the child once it listens."""
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
