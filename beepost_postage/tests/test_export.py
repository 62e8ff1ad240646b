from odoo.tests import HttpCase, tagged

from ..controllers.grid import as_csv, as_xlsx
from ..tariff.writing import HEADER, rows
from .grids import GridCase


@tagged("post_install", "-at_install")
class TestExport(GridCase):
    """What goes out comes in again as exactly the same grid."""

    def _rows_of(self, grid):
        made = self.env["beepost.postage"]._room_grid(grid)
        return [HEADER, *rows(made, grid.currency_id.name)]

    def _there_and_back(self, grid, tariff):
        facts = self._facts(grid)
        table = self._rows_of(grid)
        for content, name in (
            (as_csv(table), "grid.csv"),
            (as_xlsx(table), "grid.xlsx"),
        ):
            back = self._import(content, name, tariff=tariff)
            self.assertEqual(self._facts(back), facts, name)

    def test_the_shipped_grids(self):
        for grid in (self.public.grid_ids | self.tariff.grid_ids).sorted("valid_from"):
            copy = grid.tariff_id.copy({"name": "Another list"})
            self._there_and_back(grid, copy)

    def test_everything_that_a_grid_can_say(self):
        grid = self.env["beepost.postage.grid"].create(
            {
                "tariff_id": self.list.id,
                "valid_from": "2027-01-01",
                "vat_rate": 8.5,
                "round_to": "0.0001",
                "origin": '\'=1+1; "2"',
            }
        )
        product, other = self.env["beepost.postage.product"].search([], limit=2)
        zone = self.env.ref("beepost_postage.zone_om1")
        step = {"grid_id": grid.id, "product_id": product.id, "zone_id": zone.id}
        self.env["beepost.postage.line"].create(
            [
                {**step, "max_grams": 20, "price": 1.1399, "tax": "debours"},
                {**step, "max_grams": 100, "price": 1.2, "per_kg": 3.0001},
                {**step, "max_grams": 20, "price": 1.1, "min_quantity": 500},
                {**step, "max_sheets": 7, "price": 9, "format_class": "+C4"},
            ]
        )
        self.env["beepost.postage.option"].create(
            [
                {
                    "grid_id": grid.id,
                    "kind": "envelope",
                    "price": 0.0001,
                    "tax": "standard",
                    "envelope": "@C5",
                    "product_ids": (product | other).ids,
                    "valid_from": "2027-03-01",
                    "valid_to": "2027-03-02",
                },
                {
                    "grid_id": grid.id,
                    "kind": "supplement",
                    "price": 0.11,
                    "above_grams": 100,
                    "zone_id": zone.id,
                },
            ]
        )
        self._there_and_back(grid, self.list.copy({"name": "Another list"}))

    def test_no_cell_is_a_formula(self):
        grid = self.public_grid.copy({"origin": "=cmd|' /C calc'!A0"})
        table = self._rows_of(grid)
        self.assertIn(b";'=cmd|", as_csv(table))
        self.assertFalse(
            [cell for row in table for cell in row if str(cell).startswith("=")]
        )


@tagged("post_install", "-at_install")
class TestDownload(HttpCase, GridCase):
    def test_whoever_reads_prices_may_have_them(self):
        self.accountant.password = "accountant-accountant"
        self.authenticate(self.accountant.login, "accountant-accountant")
        action = self.public_grid.action_export_csv()
        answer = self.url_open(action["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("lettre_verte;metropole", answer.content.decode("utf-8-sig"))
        answer = self.url_open(self.public_grid.action_export_xlsx()["url"])
        self.assertTrue(answer.content.startswith(b"PK"))

    def test_others_may_not(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.list.company_id = other
        hidden = self.public_grid.copy({"tariff_id": self.list.id})
        self.accountant.password = "accountant-accountant"
        self.authenticate(self.accountant.login, "accountant-accountant")
        url = f"/beepost/postage/grid/{hidden.id}.csv"
        self.assertEqual(self.url_open(url).status_code, 404)
