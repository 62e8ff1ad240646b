"""``python -m bench.queued DATABASE MANIFEST``: every invoice waits in both queues.

Writes, for the bare bytes, a JSON list: what our request would say of each letter, and
the file that holds its PDF.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench import house
from bench.making import make_letters, prepare_ours


def main(database: str, manifest: str) -> None:
    with house.environment(database) as env:
        invoices = house.invoices(env)
        make_letters(env, "beepost", invoices, batch=100)
        prepare_ours(env, house.account(env))
        make_letters(env, "snailmail", invoices, batch=100)
        Path(manifest).write_text(json.dumps(_manifest(env)))


def _manifest(env) -> list[dict]:
    from odoo.addons.beepost_mail.gateway import wire

    letters = env["beepost.mailing"].search([], order="id")
    changed = letters.filtered(lambda m: m.state != "queued" or not m.is_legal_pdf)
    if changed:
        first = changed[0]
        raise SystemExit(f"not the ready PDF: {first.name} {first.state} {first.error}")
    filestore = Path(env["ir.attachment"]._filestore())
    return [
        {
            "said": wire.letter(letter._prepare_submission()),
            "file": str(filestore / letter.pdf_id.store_fname),
        }
        for letter in letters
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
