"""The process: its parts and its arguments."""

from __future__ import annotations

import argparse
import threading
from datetime import datetime, timezone
from email.utils import format_datetime

from service.faults import Faults
from service.serving import add_arguments, serve
from service.stats import Stats

from .client import KEY
from .handler import PREFIX, Handler
from .shipments import Shipments


class LaPoste:
    """What all connections share."""

    def __init__(self, key: str):
        self.key = key
        self.stopping = threading.Event()
        self.shipments = Shipments()
        self.faults = Faults()
        self.stats = Stats()
        self.asked: list[list[str]] = []  # the numbers of each request

    def http_date(self) -> str:
        return format_datetime(datetime.now(timezone.utc), usegmt=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="laposte", description=__doc__)
    add_arguments(parser)
    parser.add_argument("--key", default=KEY, help="what X-Okapi-Key must say")
    options = parser.parse_args()
    serve(LaPoste(options.key), Handler, PREFIX, options)
    return 0
