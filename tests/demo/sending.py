"""Sends invoices by post, as a client from outside, and waits for what comes of it."""

from __future__ import annotations

import sys
import time

from client import CallFailed, Odoo

DEADLINE = 420  # seconds for all PDFs and letters; about 70 are needed
PAUSE = 0.5  # seconds between two looks
SETTLED = ["accepted", "rejected", "unknown", "cancelled"]


def invoices(odoo: Odoo) -> dict[str, int]:
    """Customer reference → id, of every posted customer invoice and credit note."""
    moves = odoo.read_all(
        "account.move",
        ["ref"],
        [
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
        ],
    )
    return {move["ref"]: move["id"] for move in moves}


def send(odoo: Odoo, ids: list[int], **options) -> None:
    """*Send by post* for all of them, in one go.

    :param options: fields of the dialog
    """
    values = {"move_ids": ids, **options}
    [wizard] = odoo.call("beepost.send", "create", vals_list=[values])
    [shown] = odoo.call("beepost.send", "read", [wizard], fields=["sendable_count"])
    if shown["sendable_count"] != len(ids):
        raise CallFailed(f"{shown['sendable_count']} of {len(ids)} can be sent")
    odoo.call("beepost.send", "action_send", [wizard])


def wait(odoo: Odoo, ids: list[int]) -> None:
    """Until the scheduled actions have settled every invoice, or time is up: what is
    missing then shows in the comparison."""
    end = time.monotonic() + DEADLINE
    told = None
    while time.monotonic() < end:
        settled = odoo.call(
            "account.move",
            "search_count",
            domain=[("id", "in", ids), ("beepost_state", "in", SETTLED)],
        ) + _held(odoo, ids)
        if settled != told:
            say(f"{settled} of {len(ids)} settled")
            told = settled
        if settled == len(ids):
            return
        for account in odoo.read_all("beepost.account", ["state", "stop_reason"]):
            if account["state"] == "stopped":
                raise CallFailed(f"the account is stopped: {account['stop_reason']}")
        time.sleep(PAUSE)
    say(f"not all settled after {DEADLINE} s")


def _held(odoo: Odoo, ids: list[int]) -> int:
    """How many wait for a price: nothing happens to them by itself."""
    lines = [("res_model", "=", "account.move"), ("res_id", "in", ids)]
    waiting = [("mailing_id.state", "=", "ready"), ("mailing_id.price_missing", "=", 1)]
    return odoo.call("beepost.mailing.document", "search_count", domain=lines + waiting)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
