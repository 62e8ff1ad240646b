"""The process: arguments, listening, counting, ending."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections import Counter
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from pathlib import Path

from beepost_mail import gateway

from .accounts import Accounts
from .clock import Clock
from .contract import Contract
from .faults import Faults
from .handler import PREFIX, Handler
from .intake import Intake
from .life import Life
from .store import Database


class Stats:
    """What the tests ask about the traffic."""

    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._counts = Counter()
            self._problems: list[str] = []
            self._violations: list[str] = []

    def add(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def problem(self, text: str) -> None:
        with self._lock:
            self._problems.append(text)

    def violation(self, text: str) -> None:
        with self._lock:
            self._violations.append(text)

    def told(self) -> dict:
        """``counts``: connections (those that only steered apart) and requests by
        operationId; ``problems``: refusals given; ``violations``: answers of ours that
        broke the contract (there must be none)."""
        with self._lock:
            return {
                "counts": dict(self._counts),
                "problems": list(self._problems),
                "violations": list(self._violations),
            }


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


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, service: Service):
        self.service = service
        super().__init__(address, Handler)


def main() -> int:
    options = _arguments()
    service = Service(options.data)
    for account in options.account:
        identifier, _colon, password = account.partition(":")
        service.accounts.put(identifier, password)
    server = Server((options.host, options.port), service)
    _stop_on_signals(server)
    if options.until_stdin_closes:
        threading.Thread(
            target=_stop_at_end_of_input, args=(server,), daemon=True
        ).start()
    host, port = server.server_address[:2]
    told = json.dumps({"port": port, "url": f"http://{host}:{port}{PREFIX}"})
    if options.port_file:
        partial = options.port_file.with_suffix(".new")
        partial.write_text(told + "\n")
        partial.replace(options.port_file)
    sys.stdout.write(told + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)
    service.stopping.set()
    server.server_close()
    service.database.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="service", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the store")
    parser.add_argument("--port-file", type=Path, help="also write the address there")
    parser.add_argument(
        "--account", action="append", default=[], metavar="IDENTIFIER:PASSWORD"
    )
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end with the process that started it, however that ends",
    )
    return parser.parse_args()


def _stop_on_signals(server: Server) -> None:
    def stop(_number, _frame):
        # shutdown() waits for serve_forever(), which this very thread runs
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _stop_at_end_of_input(server: Server) -> None:
    sys.stdin.buffer.read()
    server.shutdown()
