"""``python -m bench.iap``: answers the protocol of Odoo's snailmail, and counts.

It decodes each PDF and remembers its hash, nothing else: what it costs is less than
what the reference service does for a letter. Every letter is accepted at once.
``GET /seen`` tells connections, requests and hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.children import announce

PRINT = "/iap/snailmail/1/print"


class Seen:
    connections = 0
    requests = 0
    sha256: list[str] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = 256 * 1024

    def log_message(self, format, *args):
        pass

    def do_GET(self):
        told = {
            "connections": Seen.connections,
            "requests": Seen.requests,
            "sha256": Seen.sha256,
        }
        self._send(200 if self.path == "/seen" else 404, told)

    def do_POST(self):
        Seen.requests += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != PRINT:
            self._send(404, {})
            return
        call = json.loads(body)
        documents = [self._accept(d) for d in call["params"]["documents"]]
        result = {
            "request_code": 200,
            "total_cost": len(documents),
            "credit_error": False,
            "request": {"documents": documents, "options": call["params"]["options"]},
        }
        self._send(200, {"jsonrpc": "2.0", "id": call["id"], "result": result})

    def setup(self):
        super().setup()
        Seen.connections += 1

    def _accept(self, document: dict) -> dict:
        pdf = base64.b64decode(document.pop("pdf_bin"))
        Seen.sha256.append(hashlib.sha256(pdf).hexdigest())
        return {**document, "sent": True, "send_id": f"S{len(Seen.sha256):06d}"}

    def _send(self, status: int, content: dict) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    announce(server.server_port)
    server.serve_forever()
