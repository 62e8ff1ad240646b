"""Posts every demo invoice at once, as a client from outside, and compares what Odoo
says with what the service received and with the table in ``cases``.

``check.py --url=URL --database=NAME --service=URL``

Exits with 1 and a line for each difference. The last line of a check that holds::

    demo check: A accepted, R refused for a stated reason, 0 lost, 0 twice
"""

from __future__ import annotations

import sys
import time

import prepare
from cases import CASES, house
from client import CallFailed, Odoo
from evidence import gather
from judge import complaints, differences, strays, unfinished
from table import summary, table

DEADLINE = 420  # seconds for all PDFs and letters; about 70 are needed
PAUSE = 1.0  # seconds between two looks
LOT_FIELDS = ["name", "expected", "letter_count", "waiting_count", "accepted_count"]
SETTLED = ["accepted", "rejected", "unknown", "cancelled"]


def main() -> int:
    told = prepare.arguments()
    try:
        service = prepare.connect(told)
        refused_before = len(service.stats()["problems"])
        odoo = prepare.sign_in(told, house.COMPTABLE)
        begun = time.monotonic()
        ids = send_everything(odoo)
        wait(odoo, ids)
        say(f"settled after {time.monotonic() - begun:.0f} s")
        facts = gather(odoo, service)
    except CallFailed as error:
        say(f"demo check failed: {error}")
        return 1
    wrong = [f"{fact.case.key}: {text}" for fact in facts for text in differences(fact)]
    stats = service.stats()
    wrong += strays(facts, service.arrivals(), service.letters())
    wrong += unfinished(odoo.read_all("beepost.lot", LOT_FIELDS), facts)
    wrong += complaints(stats["problems"][refused_before:], stats["violations"])
    sys.stdout.write(table(facts))
    for text in wrong:
        sys.stdout.write(f"DIFFERENCE {text}\n")
    sys.stdout.write(summary(facts))
    if wrong:
        sys.stdout.write(f"demo check failed: {len(wrong)} differences\n")
    return 1 if wrong else 0


def send_everything(odoo: Odoo) -> list[int]:
    """*Send by post* for every customer invoice and credit note, in one go."""
    moves = odoo.read_all(
        "account.move",
        ["ref"],
        [
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
        ],
    )
    if sorted(move["ref"] for move in moves) != sorted(case.key for case in CASES):
        raise CallFailed("the invoices in Odoo are not those of the table")
    ids = [move["id"] for move in moves]
    [wizard] = odoo.call("beepost.send", "create", vals_list=[{"move_ids": ids}])
    [shown] = odoo.call("beepost.send", "read", [wizard], fields=["sendable_count"])
    if shown["sendable_count"] != len(ids):
        raise CallFailed(f"{shown['sendable_count']} of {len(ids)} can be sent")
    odoo.call("beepost.send", "action_send", [wizard])
    say(f"{len(ids)} invoices are being sent by post")
    return ids


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
        )
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


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
