"""``python -m bench.raw MANIFEST URL IDENTIFIER PASSWORD LETTERS WARM_UP SIZE``

The bare bytes: the same letters in requests of the same size, one ``requests`` session,
no Odoo, nothing remembered. What cannot be beaten.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import requests

from bench.meter import Meter


def main(manifest, url, identifier, password, letters, warm_up, size):
    everything = json.loads(Path(manifest).read_text())[: int(letters)]
    first, size = int(warm_up), int(size)
    with requests.Session() as session:
        access = {"identifier": identifier, "password": password}
        answer = session.post(f"{url}/token", json=access)
        answer.raise_for_status()
        token = answer.json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        _submit(session, url, everything[:first])
        meter = Meter()
        for start in range(first, len(everything), size):
            _submit(session, url, everything[start : start + size])
        meter.end()
    return [meter.per_letter(len(everything) - first)]


def _submit(session, url: str, letters: list[dict]) -> None:
    said = json.dumps({"letters": [letter["said"] for letter in letters]})
    files = [("manifest", ("manifest.json", said, "application/json"))]
    for letter in letters:
        name = letter["said"]["client_reference"]
        content = Path(letter["file"]).read_bytes()
        files.append((name, (f"{name}.pdf", content, "application/pdf")))
    answer = session.post(f"{url}/letters", files=files)
    answer.raise_for_status()
    refused = [r for r in answer.json()["results"] if r["status"] != "accepted"]
    if refused:
        raise SystemExit(f"refused: {refused[0]}")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
