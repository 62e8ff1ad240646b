import csv
from datetime import date
from decimal import Decimal

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open

ZONES = {"FR": "metropole", "INTL": "international"}


@tagged("post_install", "-at_install")
class TestShippedGrids(TransactionCase):
    """What installing leaves in the database is the list that it was read from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = "beepost_postage/tests/data/laposte_2026.csv"
        with file_open(name, "r", filter_ext=(".csv",)) as table:
            cls.rows = list(csv.DictReader(table))
        tariff = cls.env.ref("beepost_postage.tariff_public")
        rooms = cls.env["beepost.postage"]._room_tariffs(tariff)
        cls.grids = rooms[tariff.id].grids

    def test_each_step_and_no_other(self):
        listed = {
            (row["product"], ZONES[row["zone"]], int(row["max_grams"])): (
                Decimal(row["price_eur"]),
                row["valid_to"],
            )
            for row in self.rows
            if row["max_grams"]
        }
        found = {
            (line.product, line.zone, line.max_grams): (line.price, self._end(grid))
            for grid in self.grids
            for line in grid.lines
            if line.max_grams
        }
        self.assertEqual(found, listed)
        self.assertEqual(len(found), 66)

    def _end(self, grid):
        """Its last day as the list has it: none where it ends with the year."""
        if grid.valid_to == date(2027, 1, 1):
            return ""
        self.assertEqual(grid.valid_to, date(2026, 4, 1))
        return "2026-03-31"

    def test_prices_that_are_no_steps(self):
        flat = {
            row["product"]: Decimal(row["price_eur"])
            for row in self.rows
            if not row["max_grams"]
        }
        grid = max(self.grids, key=lambda grid: grid.valid_to)
        sheets = {
            (line.product, line.max_sheets): line.price
            for line in grid.lines
            if line.max_sheets
        }
        name = "e_lettre_rouge_max_{}_feuilles_{}"
        expected = {}
        for end in (3, 7, 17, 30):
            plain = flat[name.format(end, "nb")]
            expected["e_lettre_rouge", end] = plain
            colour = plain + flat[name.format(end, "supplement_couleur")]
            expected["e_lettre_rouge_couleur", end] = colour
        self.assertEqual(sheets, expected)
        options = {(o.kind, o.zone): o.price for o in grid.options}
        self.assertEqual(
            options,
            {
                ("tracking", "metropole"): flat["option_suivi"],
                ("ar_paper", "metropole"): flat["avis_reception_papier_national"],
                ("ar_paper", "international"): flat["avis_reception_international"],
                ("supplement", "om1"): Decimal("0.05"),
                ("supplement", "om2"): Decimal("0.11"),
            },
        )

    def test_they_are_announced_and_never_confirmed(self):
        """Nobody at La Poste or BeePOST has told us these prices."""
        grids = self.env["beepost.postage.grid"].search([("origin", "!=", False)])
        shipped = grids.filtered(lambda grid: grid.get_external_id()[grid.id])
        self.assertEqual(set(shipped.mapped("state")), {"announced"})
        self.assertGreaterEqual(len(shipped), 3)
