"""Odoo in this process, on one database, as its command line would start it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def environment(database: str) -> Iterator[api.Environment]:
    """Commits at the end, unless something was raised."""
    config.parse_config(["-d", database, "--no-http"], setup_logging=True)
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "fr_FR"})


def company(env: api.Environment):
    return env["res.company"].search([("name", "=", COMPANY)])


def account(env: api.Environment):
    return env["beepost.account"].search([("company_id.name", "=", COMPANY)])


def invoices(env: api.Environment):
    """All of them, in the order in which they were made."""
    return env["account.move"].search(
        [("company_id.name", "=", COMPANY), ("move_type", "=", "out_invoice")],
        order="id",
    )


COMPANY = "Atelier Beausoleil"
