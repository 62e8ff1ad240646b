"""Starts and steers La Poste's process from a test. Standard library only."""

from __future__ import annotations

import sys
from pathlib import Path

from service.process import HttpProcess, ServiceError

__all__ = ["KEY", "LaPosteProcess", "ServiceError"]

HERE = Path(__file__).resolve().parent
KEY = "cle-okapi-0123456789abcdef"


class LaPosteProcess(HttpProcess):
    """La Poste, as a context manager stopped in the end::

        with LaPosteProcess() as laposte:
            laposte.ship("1A00123456789", ("PC1", "Pris en charge", "2026-11-24T…"))
            client = SuiviClient(laposte.url, KEY)
            …
            assert laposte.asked() == [["1A00123456789"]]

    :param port: 0 for any free one; a restart keeps the first
    :param python: interpreter to run it with; it needs nothing but the standard library
    """

    def __init__(self, port: int = 0, python: str = sys.executable):
        super().__init__(HERE, port, python)

    def _arguments(self) -> list[str]:
        return ["--key", KEY]

    # -- controls (control.py) ----------------------------------------------------

    def ship(self, number: str, *events: tuple | dict, **members: object) -> None:
        """From now on this is what La Poste knows of a number.

        :param events: oldest first; (code, label, date) or (…, place) as texts that
            are sent as they are, or a whole event
        :param members: of the shipment (``isFinal``, ``holder``, ``product`` …)
        """
        names = ("code", "label", "date", "place")
        sent = [
            dict(zip(names, event, strict=False)) if isinstance(event, tuple) else event
            for event in events
        ]
        self.control("shipments", {"number": number, "events": sent, **members})

    def fail(self, number: str, code: int) -> None:
        """This number's own ``returnCode`` from now on."""
        self.control("codes", {"number": number, "code": code})

    def lose(self, times: int = 1) -> None:
        """404, and a page instead of JSON, as it happens."""
        page = {"body": "<html>Not Found</html>", "content_type": "text/html"}
        self.fault("status", status=404, times=times, **page)

    def asked(self) -> list[list[str]]:
        """The numbers of each request, in the order of their arrival."""
        return self.stats()["asked"]
