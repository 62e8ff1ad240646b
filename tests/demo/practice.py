"""The same journeys through the practice adapter, inside Odoo: there is no service to
ask, so the table alone is what Odoo is compared with."""

from __future__ import annotations

from cases import MAIN, POSTED, Accepted
from client import Odoo
from evidence import Fact
from follow import add_proofs, pull, records, wait_until
from sending import SETTLED, send
from standing import Followed, misses

HOURS = 24 * 110  # as many as at the reference service


def practise(
    admin: Odoo, comptable: Odoo, facts: list[Fact]
) -> tuple[list[Followed], list[str]]:
    """Sends the invoices with a journey of their own once more, for practice.

    :return: the letters at the end, and every difference
    """
    chosen = {fact.move["id"]: fact for fact in facts if _is_chosen(fact)}
    account = _open_account(admin, next(iter(chosen.values())))
    letters = _send(comptable, account, list(chosen))
    values = {"sandbox_shift": HOURS}
    admin.call("beepost.account", "write", [account], vals=values)
    pull(admin)
    followed = _look(admin, [chosen[move] for move in chosen], letters)
    add_proofs(admin, followed, sum(len(one.ending.proofs) for one in followed))
    return followed, [
        f"{one.case.key}, practice: {text}" for one in followed for text in misses(one)
    ]


def practice_summary(followed: list[Followed]) -> str:
    differ = sum(any(misses(one)) for one in followed)
    return (
        f"demo check: {len(followed)} practice letters followed to the end,"
        f" {differ} differ\n"
    )


def _is_chosen(fact: Fact) -> bool:
    verdict = fact.case.verdict
    return (
        fact.case.company == MAIN
        and isinstance(verdict, Accepted)
        and verdict.ending != POSTED
    )


def _open_account(admin: Odoo, fact: Fact) -> int:
    move = fact.move["id"]
    [found] = admin.call("account.move", "read", [move], fields=["company_id"])
    company = found["company_id"][0]
    # What the demo's own contract covers, it covers on any day.
    [real] = admin.read_all(
        "beepost.account", ["tariff_id"], [("company_id", "=", company)]
    )
    values = {
        "name": "Essai",
        "company_id": company,
        "gateway": "sandbox",
        "tariff_id": real["tariff_id"][0],
    }
    [account] = admin.call("beepost.account", "create", vals_list=[values])
    return account


def _send(comptable: Odoo, account: int, moves: list[int]) -> dict[int, int]:
    """:return: the new letter of each invoice, once all are settled"""
    send(comptable, moves, account_id=account, skip_posted=False)
    settled = [
        ("account_id", "=", account),
        ("state", "in", SETTLED),
    ]
    wait_until(
        lambda: (
            comptable.call("beepost.mailing", "search_count", domain=settled)
            == len(moves)
        ),
        "the practice letters",
    )
    lines = comptable.read_all(
        "beepost.mailing.document",
        ["mailing_id", "res_id"],
        [("mailing_id.account_id", "=", account), ("res_model", "=", "account.move")],
    )
    return {line["res_id"]: line["mailing_id"][0] for line in lines}


def _look(admin: Odoo, facts: list[Fact], letter_of: dict[int, int]) -> list[Followed]:
    pairs = [(letter_of[fact.move["id"]], fact.move["id"]) for fact in facts]
    letters, moves, heard = records(admin, pairs)
    return [
        Followed(fact.case, letters[letter], moves[move], heard.get(letter, []))
        for fact, (letter, move) in zip(facts, pairs, strict=True)
    ]
