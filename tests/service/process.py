"""Starts and steers a process that serves HTTP, from a test. Standard library only."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TypeVar

_START_SECONDS = 30
_Self = TypeVar("_Self", bound="HttpProcess")

# A proxy from the environment has no business between this machine and itself.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServiceError(Exception):
    """A control call was refused, or the process did not start."""


class HttpProcess:
    """One process. As a context manager it is stopped in the end.

    :param program: folder with a ``__main__.py``
    :param port: 0 for any free one; a restart keeps the first
    :param python: interpreter that has the program's requirements
    """

    def __init__(self, program: Path, port: int = 0, python: str = sys.executable):
        self.port = port
        self.url = ""
        self._program = program
        self._python = python
        self._process: subprocess.Popen | None = None

    def __enter__(self: _Self) -> _Self:
        return self.start()

    def __exit__(self, *_exception) -> None:
        self.stop()

    # -- the process ------------------------------------------------------------

    def _arguments(self) -> list[str]:
        return []

    def start(self: _Self) -> _Self:
        self._process = subprocess.Popen(
            [
                *(self._python, str(self._program), *self._arguments()),
                *("--port", str(self.port), "--until-stdin-closes"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(_START_SECONDS)
            raise ServiceError("the service did not start; see its error output")
        told = json.loads(line)
        self.port, self.url = told["port"], told["url"]
        return self

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> int:
        """Asks it to end (SIGTERM) and waits. :return: its exit code"""
        if self._process is None:
            return 0
        self._process.terminate()
        return self._reap()

    def kill(self) -> None:
        """SIGKILL: what it has answered must survive."""
        self._process.kill()
        self._reap()

    def _reap(self) -> int:
        process, self._process = self._process, None
        process.stdin.close()
        process.stdout.close()
        return process.wait(_START_SECONDS)

    # -- controls -------------------------------------------------------------------

    def control(self, name: str, values: object = None) -> object:
        """GET, or POST if there are values; the JSON (or PDF bytes) of the answer."""
        content, media = self._ask(name, values)
        return content if media == "application/pdf" else json.loads(content)

    def _ask(self, name: str, values: object) -> tuple[bytes, str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/_control/{name}",
            data=None if values is None else json.dumps(values).encode(),
            headers={"Content-Type": "application/json", "Connection": "close"},
        )
        try:
            with _opener.open(request, timeout=120) as answer:
                return answer.read(), answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            raise ServiceError(f"{name}: {error.read().decode()}") from error

    def stats(self) -> dict:
        return self.control("stats")

    def fault(self, kind: str, **values) -> None:
        self.control("faults", {"kind": kind, **values})

    def clear_faults(self) -> None:
        self.control("faults/clear", {})

    def wait_hanging(self, count: int = 1, seconds: float = 30) -> None:
        """Until so many requests meet a ``hang``.

        :raises ServiceError: not within ``seconds``
        """
        asked = f"faults/hanging?count={count}&seconds={seconds}"
        if not self.control(asked)["reached"]:
            raise ServiceError(f"not {count} requests hang after {seconds} s")

    def reset(self) -> None:
        self.control("reset", {})
