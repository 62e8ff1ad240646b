"""Letters that left unpriced get their price once a grid covers their day: seen from
outside, before an administrator publishes what the contract forgot, and after."""

from __future__ import annotations

from cases import OTHER, house
from client import Odoo
from follow import wait_until
from judge import same

FIELDS = [
    "state",
    "unpriced_count",
    "unpriced_reason",
    "quote",
    "price_label",
    "priced_for",
]
GRID_FIELDS = ["valid_from", "valid_to", "tariff_id"]


def price_afterwards(admin: Odoo) -> tuple[list[dict], list[str]]:
    """:return: the letters as they are at the end, and what differs"""
    ids = admin.call(
        "beepost.mailing", "search", domain=[("unpriced_count", "=", 1)], order="id"
    )
    wrong = []
    for letter in _read(admin, ids):
        wrong += _differences_before(letter)
    _publish_what_was_forgotten(admin)
    wait_until(
        lambda: not any(letter["unpriced_count"] for letter in _read(admin, ids)),
        "the prices of unpriced letters",
    )
    letters = _read(admin, ids)
    wrong += same("unpriced letters", table=1, odoo=len(letters))
    for letter in letters:
        wrong += _differences_after(letter)
    return letters, [f"unpriced: {text}" for text in wrong]


def afterwards_summary(letters: list[dict], wrong: list[str]) -> str:
    priced = sum(bool(letter["quote"]) for letter in letters)
    return (
        f"demo check: {len(letters)} letters left unpriced, {priced} priced afterwards,"
        f" {len(wrong)} differ\n"
    )


def _read(admin: Odoo, ids: list[int]) -> list[dict]:
    return admin.call("beepost.mailing", "read", ids, fields=FIELDS)


def _differences_before(letter: dict):
    yield from same("state", table="accepted", odoo=letter["state"])
    yield from same("price", table=False, odoo=letter["quote"])
    yield from same("what the card says", table="Unpriced", odoo=letter["price_label"])
    if "does not say what" not in (letter["unpriced_reason"] or ""):
        yield f"the reason is “{letter['unpriced_reason']}”"


def _differences_after(letter: dict):
    if not letter["quote"]:
        yield "still without a price"
        return
    yield from same(
        "day of the price", deposit=letter["priced_for"], quote=letter["quote"]["day"]
    )
    yield from same("reason", table=False, odoo=letter["unpriced_reason"])


def _publish_what_was_forgotten(admin: Odoo) -> None:
    """A grid beside the one in force, with the prices that the other company pays."""
    company = house.COMPANIES[OTHER].name
    named = [("tariff_id.name", "=", house.CONTRACT.format(company=company))]
    grids = admin.read_all("beepost.postage.grid", GRID_FIELDS, named)
    shipped = [("tariff_id.name", "=", house.SHIPPED_TARIFF)]
    [full] = admin.call("beepost.postage.grid", "search", domain=shipped)
    for number, grid in enumerate(grids, 10):
        values = {
            "tariff_id": grid["tariff_id"][0],
            "valid_from": grid["valid_from"],
            "valid_to": grid["valid_to"],
            "version": number,
            "origin": house.FICTION,
        }
        [added] = admin.call("beepost.postage.grid", "copy", [full], default=values)
        others = [
            ("grid_id", "=", added),
            ("product_id.code", "not in", house.FORGOTTEN),
        ]
        lines = admin.call("beepost.postage.line", "search", domain=others)
        admin.call("beepost.postage.line", "unlink", lines)
        admin.call("beepost.postage.grid", "action_announce", [added])
