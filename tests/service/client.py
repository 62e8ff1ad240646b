"""Starts and steers the reference service from a test. Standard library only."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
IDENTIFIER, PASSWORD = "compta@exemple.fr", "Mot-de-passe 1"
_START_SECONDS = 30

# A proxy from the environment has no business between this machine and itself.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServiceError(Exception):
    """A control call was refused, or the process did not start."""


class ServiceProcess:
    """One service process. As a context manager it is stopped in the end, and its data
    removed unless a folder was given::

        with ServiceProcess() as service:
            gateway = HttpGateway(service.url, IDENTIFIER, PASSWORD)
            …
            assert service.arrivals()[reference]["printed"] == 1

    :param data: folder of the store, kept; None: a temporary one
    :param port: 0 for any free one; a restart keeps the first
    :param python: interpreter that has the service's requirements
    """

    def __init__(
        self, data: Path | None = None, port: int = 0, python: str = sys.executable
    ):
        self._temporary = None
        if data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="beepost-service-")
            data = Path(self._temporary.name)
        self.data = data
        self.port = port
        self.url = ""
        self._python = python
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> ServiceProcess:
        return self.start()

    def __exit__(self, *_exception) -> None:
        self.stop()
        if self._temporary:
            self._temporary.cleanup()

    # -- the process ------------------------------------------------------------

    def start(self) -> ServiceProcess:
        self._process = subprocess.Popen(
            [
                *(self._python, str(HERE), "--data", str(self.data)),
                *("--port", str(self.port), "--until-stdin-closes"),
                *("--account", f"{IDENTIFIER}:{PASSWORD}"),
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

    # -- controls (control.py) ----------------------------------------------------

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

    def arrivals(self) -> dict[str, dict]:
        """Client reference → printed, seen, outcomes, account, letter, sha256."""
        return self.control("arrivals")

    def pdf(self, client_reference: str) -> bytes:
        return self.control(f"arrivals/{client_reference}/pdf")

    def letters(self) -> list[dict]:
        return self.control("letters")

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

    def advance(self, **delta: float) -> None:
        """:param delta: as of ``timedelta``: days=1, hours=2"""
        seconds = timedelta(**delta).total_seconds()
        self.control("clock", {"advance": seconds})

    def set_clock(self, moment: datetime, stand: bool = False) -> None:
        self.control("clock", {"set": moment.isoformat(), "stand": stand})

    def mode(self, mode: str) -> None:
        self.control("mode", {"mode": mode})

    def limits(self, **limits: int) -> None:
        self.control("limits", limits)

    def account(self, identifier: str, password: str) -> None:
        self.control("accounts", {"identifier": identifier, "password": password})

    def journeys(self, outcomes: dict[str, str]) -> None:
        self.control("journeys", outcomes)

    def reset(self) -> None:
        self.control("reset", {})
