"""A process that serves HTTP: arguments, listening, saying where, ending."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, service, handler: type):
        self.service = service
        super().__init__(address, handler)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--port-file", type=Path, help="also write the address there")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end with the process that started it, however that ends",
    )


def serve(service, handler: type, prefix: str, options: argparse.Namespace) -> None:
    """Prints one JSON line with the address, then serves until told to end.

    :param service: what all connections share; its ``stopping`` is set in the end
    """
    server = Server((options.host, options.port), service, handler)
    _stop_on_signals(server)
    if options.until_stdin_closes:
        threading.Thread(
            target=_stop_at_end_of_input, args=(server,), daemon=True
        ).start()
    host, port = server.server_address[:2]
    told = json.dumps({"port": port, "url": f"http://{host}:{port}{prefix}"})
    if options.port_file:
        partial = options.port_file.with_suffix(".new")
        partial.write_text(told + "\n")
        partial.replace(options.port_file)
    sys.stdout.write(told + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)
    service.stopping.set()
    server.server_close()


def _stop_on_signals(server: Server) -> None:
    def stop(_number, _frame):
        # shutdown() waits for serve_forever(), which this very thread runs
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _stop_at_end_of_input(server: Server) -> None:
    sys.stdin.buffer.read()
    server.shutdown()
