"""Posts what is no invoice, as a client from outside: each kind by the dialog that a
person uses, one lot paused meanwhile, and two of its letters put into one envelope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cases import papers as table
from client import CallFailed, Odoo, Service
from follow import wait_until
from judge import same
from sending import PAUSE, SETTLED, say

DEADLINE = 240  # seconds for all of it; about 40 are needed
# How a document is found by its key, from outside.
KEYS = {
    table.SALE: "client_order_ref",
    table.PURCHASE: "partner_ref",
    table.SLIP: "sale_id.client_order_ref",
    table.IMAGE: "name",
}


def post_papers(odoo: Odoo, service: Service) -> list[str]:
    """:return: every difference about the lot that is paused and the shared envelope"""
    ids = ids_of(odoo)
    held = [ids[paper] for paper in table.HELD]
    # First of all: whatever is sent later leaves before it.
    compose(odoo, table.SALE, held, terms_of(odoo))
    lot = pause(odoo)
    for paper in table.SINGLE:
        compose(odoo, paper.kind, [ids[paper]])
    send_free_letter(odoo)
    say(f"{len(ids)} documents are being sent, {len(held)} in a paused lot")
    free = {paper: ids[paper] for paper in ids if not paper.held}
    wait_until(lambda: settled(odoo, free), "documents to be accepted", DEADLINE, PAUSE)
    wait_until(lambda: len(letters_of(odoo, held)) == len(held), "letters of the lot")
    wrong = [*waits(odoo, service, lot, letters_of(odoo, held))]
    shared = [ids[paper] for paper in table.HELD if paper.shared]
    # What somebody holds back is not put together: a plan keeps these two meanwhile.
    plan(odoo, letters_of(odoo, shared))
    odoo.call("beepost.lot", "action_resume", [lot])
    wrong += put_together(odoo, letters_of(odoo, shared))
    leave_now(odoo, letters_of(odoo, shared))
    wait_until(lambda: settled(odoo, ids), "the lot that was resumed")
    return wrong


def ids_of(odoo: Odoo) -> dict[table.Paper, int]:
    """Every document's id in its model, found by the other party's reference.

    :raises CallFailed: of some there is not exactly one
    """
    found = {}
    for paper in (*table.SINGLE, *table.HELD):
        domain = [(KEYS[paper.kind], "=", _key_in_odoo(paper))]
        found[paper] = _only(odoo.call(paper.kind, "search", domain=domain), paper)
    return found | _addressees(odoo)


def _addressees(odoo: Odoo) -> dict[table.Paper, int]:
    """Those of the free letter, by the customers' numbers."""
    papers = {paper.key: paper for paper in table.LETTERS}
    partners = odoo.read_all("res.partner", ["ref"], [("ref", "in", [*papers])])
    refs = {partner["id"]: partner["ref"] for partner in partners}
    rows: dict[str, list[int]] = {}
    mine = [("partner_id", "in", [*refs])]
    for row in odoo.read_all(table.FREE_LETTER, ["partner_id"], mine):
        rows.setdefault(refs[row["partner_id"][0]], []).append(row["id"])
    return {paper: _only(rows.get(key, []), paper) for key, paper in papers.items()}


def _only(ids: list[int], paper: table.Paper) -> int:
    if len(ids) != 1:
        raise CallFailed(f"{paper.key}: {len(ids)} documents of kind {paper.kind}")
    return ids[0]


def _key_in_odoo(paper: table.Paper) -> str:
    is_image = paper.kind == table.IMAGE
    return table.IMAGE_NAME.format(key=paper.key) if is_image else paper.key


def terms_of(odoo: Odoo) -> list[int]:
    """What the company encloses with the orders of the lot."""
    return odoo.call("beepost.terms", "search", domain=[("name", "=", table.TERMS)])


def compose(odoo: Odoo, model: str, ids: list[int], terms: list[int] = ()) -> None:
    """*Send by post* in the Print menu of these records, left as it opens but for the
    terms that are ticked."""
    opened = {"lang": "en_US", "active_model": model, "active_ids": ids}
    values = {"terms_ids": [(6, 0, [*terms])]} if terms else {}
    [wizard] = odoo.call(
        "beepost.compose", "create", vals_list=[values], context=opened
    )
    [shown] = odoo.call("beepost.compose", "read", [wizard], fields=["sendable_count"])
    if shown["sendable_count"] != len(ids):
        raise CallFailed(
            f"{model}: {shown['sendable_count']} of {len(ids)} can be sent"
        )
    odoo.call("beepost.compose", "action_send", [wizard])


def pause(odoo: Odoo) -> int:
    """Pauses the newest lot, before a report of it can be made."""
    [lot] = odoo.call("beepost.lot", "search", domain=[], order="id desc", limit=1)
    odoo.call("beepost.lot", "action_pause", [lot])
    return lot


def send_free_letter(odoo: Odoo) -> None:
    """The letter that lies written under *Correspondence*."""
    [letter] = odoo.call("beepost.free.letter", "search", domain=[])
    values = {"letter_id": letter}
    [wizard] = odoo.call("beepost.free.letter.send", "create", vals_list=[values])
    [shown] = odoo.call(
        "beepost.free.letter.send", "read", [wizard], fields=["sendable_count"]
    )
    if shown["sendable_count"] != table.ADDRESSEES:
        raise CallFailed(f"{shown['sendable_count']} addressees of the free letter")
    odoo.call("beepost.free.letter.send", "action_send", [wizard])


def plan(odoo: Odoo, letters: list[int]) -> None:
    """*Choose the day*, some weeks ahead; a public holiday is refused."""
    for weeks in range(3, 8):
        day = date.today() + timedelta(weeks=weeks, days=-date.today().weekday())
        values = {"mailing_ids": letters, "planned_on": day.isoformat()}
        try:
            [wizard] = odoo.call("beepost.plan", "create", vals_list=[values])
            odoo.call("beepost.plan", "action_plan", [wizard])
        except CallFailed:
            continue
        return
    raise CallFailed("No Monday is a working day")


def leave_now(odoo: Odoo, letters: list[int]) -> None:
    values = {"mailing_ids": sorted(set(letters))}
    [wizard] = odoo.call("beepost.plan", "create", vals_list=[values])
    odoo.call("beepost.plan", "action_now", [wizard])


def put_together(odoo: Odoo, letters: list[int]) -> Iterator[str]:
    """*Put letters together* for letters to one address."""
    action = odoo.call("beepost.mailing", "action_put_together", letters)
    wizard = action["res_id"]
    [shown] = odoo.call("beepost.group", "read", [wizard], fields=["envelope_count"])
    yield from same("envelopes proposed", table=1, odoo=shown["envelope_count"])
    odoo.call("beepost.group", "action_put_together", [wizard])


def settled(odoo: Odoo, ids: dict[table.Paper, int]) -> bool:
    """Each of these documents lies in a letter that has come to its end."""
    by_kind: dict[str, list[int]] = {}
    for paper, key in ids.items():
        by_kind.setdefault(paper.kind, []).append(key)
    domain: list = ["|"] * (len(by_kind) - 1)
    for kind, keys in by_kind.items():
        domain += ["&", ("res_model", "=", kind), ("res_id", "in", keys)]
    domain = ["&", ("mailing_id.state", "in", SETTLED), *domain]
    domain = ["&", ("kind", "=", "document"), *domain]
    counted = odoo.call("beepost.mailing.document", "search_count", domain=domain)
    return counted >= len(ids)


def letters_of(odoo: Odoo, orders: list[int]) -> list[int]:
    """The letters that hold these sale orders."""
    domain = [
        ("kind", "=", "document"),
        ("res_model", "=", table.SALE),
        ("res_id", "in", orders),
    ]
    rows = odoo.read_all("beepost.mailing.document", ["mailing_id"], domain)
    return [row["mailing_id"][0] for row in rows]


def waits(odoo: Odoo, service: Service, lot: int, letters: list[int]) -> Iterator[str]:
    """Everything that was sent after the pause has arrived, and nothing of the lot."""
    fields = ["state", "waiting_count", "accepted_count"]
    [shown] = odoo.call("beepost.lot", "read", [lot], fields=fields)
    yield from same(
        "state, waiting and accepted letters of the paused lot",
        table=("paused", len(table.HELD), 0),
        odoo=tuple(shown[name] for name in fields),
    )
    rows = odoo.call("beepost.mailing", "read", letters, fields=["client_reference"])
    arrivals = service.arrivals()
    for row in rows:
        if row["client_reference"] in arrivals:
            yield f"{row['client_reference']} arrived, although its lot is paused"
