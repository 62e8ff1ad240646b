"""RFC 9457 answers of the service."""

from __future__ import annotations


class Problem(Exception):
    """Ends a request with this status and code."""

    def __init__(self, status: int, code: str, title: str, detail: str = "", **headers):
        self.status = status
        self.headers = {key.replace("_", "-"): value for key, value in headers.items()}
        self.body = {"type": "about:blank", "title": title, "status": status}
        self.body["code"] = code
        if detail:
            self.body["detail"] = detail
        super().__init__(f"{status} {code}: {detail or title}")
