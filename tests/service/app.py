"""The process: its parts and its arguments."""

from __future__ import annotations

import argparse
import threading
from email.utils import format_datetime
from pathlib import Path

from beepost_mail import gateway

from .accounts import Accounts
from .clock import Clock
from .contract import Contract
from .faults import Faults
from .handler import PREFIX, Handler
from .intake import Intake
from .life import Life
from .serving import add_arguments, serve
from .stats import Stats
from .store import Database


class Service:
    """What all connections share."""

    def __init__(self, folder: Path):
        self.stopping = threading.Event()
        self.contract = Contract(Path(gateway.__file__).with_name("openapi.yaml"))
        self.database = Database(folder)
        self.clock = Clock(self.database)
        self.accounts = Accounts(self.database, self.clock)
        self.intake = Intake(self.database, self.clock)
        self.life = Life(self.database, self.clock)
        self.faults = Faults()
        self.stats = Stats()

    def http_date(self) -> str:
        return format_datetime(self.clock.now(), usegmt=True)


def main() -> int:
    options = _arguments()
    service = Service(options.data)
    for account in options.account:
        identifier, _colon, password = account.partition(":")
        service.accounts.put(identifier, password)
    serve(service, Handler, PREFIX, options)
    service.database.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="service", description=__doc__)
    add_arguments(parser)
    parser.add_argument("--data", type=Path, required=True, help="folder of the store")
    parser.add_argument(
        "--account", action="append", default=[], metavar="IDENTIFIER:PASSWORD"
    )
    return parser.parse_args()
