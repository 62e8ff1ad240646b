"""Grids, and files of them, for the tests of what an administrator does."""

import base64
import csv
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl

from odoo.tools import SQL

from .common import PostageCase

HEADER = ("product", "zone", "max_grams", "price", "tax", "valid_from", "valid_to")
ROWS = (
    ("lettre_verte", "metropole", "20", "1.60", "exempt", "2027-01-01", "2027-12-31"),
    ("lettre_verte", "metropole", "100", "3.20", "exempt", "2027-01-01", "2027-12-31"),
    ("recommande_r1", "metropole", "20", "6.20", "exempt", "2027-01-01", "2027-12-31"),
)
TABLES = ("tariff", "grid", "line", "option", "product", "zone")


def as_csv(*rows, delimiter=";", encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class GridCase(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Figures as English has them; the company is French.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        for name in ("tariff", "public", "account"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))
        cls.administrator = cls._create_user(
            "administrator", "beepost_mail.group_admin"
        )
        cls._in_english(cls.administrator)
        cls.public_grid = cls.env.ref("beepost_postage.grid_public_2026")
        cls.list = cls.env["beepost.postage.tariff"].create({"name": "Trial list"})

    @classmethod
    def _wizard(cls, content, name="prices.csv", tariff=None, user=None, **values):
        wizards = cls.env["beepost.postage.import"]
        if user:
            wizards = wizards.with_user(user)
        return wizards.create(
            {
                "tariff_id": (tariff or cls.list).id,
                "file": base64.b64encode(content),
                "filename": name,
                **values,
            }
        )

    def _import(self, content, name="prices.csv", **values):
        """:return: the draft"""
        wizard = self._wizard(content, name, **values)
        action = wizard.action_import()
        faults = wizard.fault_ids.mapped("message")
        self.assertEqual(action["res_model"], "beepost.postage.grid", faults)
        return self.env["beepost.postage.grid"].browse(action["res_id"])

    def _everything(self):
        """All that an import could change, as the database has it."""
        self.env.flush_all()
        found = []
        for name in TABLES:
            table = SQL.identifier(self.env[f"beepost.postage.{name}"]._table)
            self.env.cr.execute(
                SQL("SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t", table)
            )
            found.append(self.env.cr.fetchone())
        return found

    def _next_year(self, tariff=None, **prices):
        """A draft of the public grid of 2027, with some prices of its own.

        :param prices: ``lettre_verte_20="1.60"``: of a product in metropolitan France
        """
        grid = self.public_grid.copy(
            {"valid_from": "2027-01-01", "valid_to": "2028-01-01", "version": 2}
        )
        for name, price in prices.items():
            product, _, grams = name.rpartition("_")
            self._step(grid, product, int(grams)).price = float(price)
        return grid

    def _step(self, grid, product, grams, zone="metropole"):
        return grid.line_ids.filtered(
            lambda line: (
                (line.product_id.code, line.zone_id.code, line.max_grams)
                == (product, zone, grams)
            )
        )

    def _facts(self, grid):
        """A grid as it prices letters, whatever its records are."""
        made = self.env["beepost.postage"]._room_grid(grid)
        own = [made.valid_from, made.valid_to, made.vat_rate, made.round_to]
        parts = [replace(part, key=0) for part in (*made.lines, *made.options)]
        return [*own, made.origin, sorted(parts, key=_order)]


def _order(part):
    """Any order, so long as it is always the same."""
    words = [
        str(sorted(value) if isinstance(value, frozenset) else value)
        for name, value in sorted(vars(part).items())
        if not isinstance(value, Decimal)
    ]
    return (type(part).__name__, *words)
