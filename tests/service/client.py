"""Starts and steers the reference service from a test. Standard library only."""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from .process import HttpProcess, ServiceError

__all__ = ["IDENTIFIER", "PASSWORD", "ServiceError", "ServiceProcess"]

HERE = Path(__file__).resolve().parent
IDENTIFIER, PASSWORD = "compta@exemple.fr", "Mot-de-passe 1"


class ServiceProcess(HttpProcess):
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
        super().__init__(HERE, port, python)
        self._temporary = None
        if data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="beepost-service-")
            data = Path(self._temporary.name)
        self.data = data

    def __exit__(self, *exception) -> None:
        super().__exit__(*exception)
        if self._temporary:
            self._temporary.cleanup()

    def _arguments(self) -> list[str]:
        return ["--data", str(self.data), "--account", f"{IDENTIFIER}:{PASSWORD}"]

    # -- controls (control.py) ----------------------------------------------------

    def arrivals(self) -> dict[str, dict]:
        """Client reference → printed, seen, outcomes, account, letter, sha256."""
        return self.control("arrivals")

    def pdf(self, client_reference: str) -> bytes:
        return self.control(f"arrivals/{client_reference}/pdf")

    def letters(self) -> list[dict]:
        return self.control("letters")

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

    def put(self, letters: dict[str, str]) -> dict[str, str]:
        """Letters that are there as if they had been sent.

        :param letters: client reference → service
        :return: client reference → BeePOST's
        """
        told = [{"client_reference": r, "service": s} for r, s in letters.items()]
        values = {"account": IDENTIFIER, "letters": told}
        return self.control("letters", values)

    def disorder(self, seed: int, again: float) -> None:
        """What has happened by now is told in another order, and a part of it twice."""
        values = {"account": IDENTIFIER, "seed": seed, "again": again}
        self.control("events/disorder", values)

    def journeys(self, outcomes: dict[str, str]) -> None:
        self.control("journeys", outcomes)
