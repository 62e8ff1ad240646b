from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .grids import GridCase


@tagged("post_install", "-at_install")
class TestCompare(GridCase):
    """What a new grid changes, before it is published."""

    def _compare(self, grid, **context):
        action = grid.with_context(**context).action_compare()
        return self.env["beepost.postage.compare"].browse(action["res_id"])

    def _row(self, compare, product, end):
        return compare.line_ids.filtered(
            lambda line: (
                line.label == product
                and line.detail == f"up to {end} g"
                and line.zone == "Metropolitan France"
            )
        )

    def test_the_grid_that_it_follows(self):
        grid = self._next_year(lettre_verte_20="1.60")
        compare = self._compare(grid)
        self.assertEqual(compare.old_id, self.public_grid)
        self.assertEqual(compare.new_id, grid)

    def test_what_changes(self):
        grid = self._next_year(lettre_verte_20="1.60", lettre_verte_100="3.00")
        self._step(grid, "recommande_r1", 50).unlink()
        compare = self._compare(grid)
        self.assertEqual(len(compare.line_ids), 3)
        dearer = self._row(compare, "Lettre verte", 20)
        self.assertEqual(
            (dearer.old_price, dearer.new_price, dearer.difference, dearer.percent),
            ("1.52\xa0€", "1.60\xa0€", "0.08\xa0€", "+5.3"),
        )
        self.assertEqual(dearer.state, "changed")
        cheaper = self._row(compare, "Lettre verte", 100)
        self.assertEqual((cheaper.difference, cheaper.percent), ("-0.10\xa0€", "-3.2"))
        gone = self._row(compare, "Recommandé R1", 50)
        self.assertEqual((gone.state, gone.new_price), ("removed", False))
        self.assertIn("2 changed, 0 new, 1 no longer there", compare.summary)
        self.assertIn("the former grid has this step", str(compare.notes))

    def test_any_two_grids(self):
        one = self._next_year(lettre_verte_20="1.60")
        two = self._next_year(lettre_verte_20="1.70")
        with Form(self._compare(two)) as form:
            form.old_id = one
        self.assertEqual(form.record.line_ids.old_price, "1.60\xa0€")
        self.assertEqual(form.record.line_ids.new_price, "1.70\xa0€")

    def test_all_lines(self):
        grid = self._next_year()
        compare = self._compare(grid)
        self.assertFalse(compare.line_ids)
        compare.only_changes = False
        parts = len(grid.line_ids) + len(grid.option_ids)
        self.assertEqual(len(compare.line_ids), parts)
        self.assertEqual(set(compare.line_ids.mapped("state")), {"same"})

    def test_a_discount_is_compared_as_a_price(self):
        public = self._next_year(lettre_verte_20="1.60")
        public.action_confirm()
        contract = self.tariff.grid_ids[:1]
        draft = contract.copy({"valid_from": "2027-01-01", "version": 2})
        row = self._compare(draft).line_ids.filtered(
            lambda line: line.detail == "up to 35 g" and line.label == "Lettre verte"
        )
        self.assertEqual((row.old_price, row.new_price), ("1.14\xa0€", "1.20\xa0€"))

    # ------------------------------------------------------------------
    # Before it is published
    # ------------------------------------------------------------------

    def test_faults_are_refused(self):
        grid = self._next_year(lettre_verte_100="1.51")
        for publish in (grid.action_announce, grid.action_confirm):
            with self.assertRaisesRegex(UserError, "less than the step before it"):
                publish()
        self.assertEqual(grid.state, "draft")

    def test_a_discount_without_its_public_step_is_refused(self):
        contract = self.tariff.grid_ids[:1]
        draft = contract.copy({"valid_from": "2027-01-01", "version": 2})
        with self.assertRaisesRegex(UserError, "publish the public grid first"):
            draft.action_announce()
        self._next_year().action_confirm()
        draft.action_announce()
        self.assertEqual(draft.state, "announced")

    def test_doubts_are_asked_about(self):
        grid = self._next_year(lettre_verte_20="2.00")
        action = grid.with_context(beepost_ask=True).action_confirm()
        self.assertEqual(grid.state, "draft")
        compare = self.env["beepost.postage.compare"].browse(action["res_id"])
        self.assertIn("+31.6 %", str(compare.notes))
        self.assertTrue(self._row(compare, "Lettre verte", 20).is_jump)
        compare.action_publish()
        self.assertEqual(grid.state, "confirmed")

    def test_without_doubts_nothing_is_asked(self):
        grid = self._next_year(lettre_verte_20="1.60")
        self.assertIs(grid.with_context(beepost_ask=True).action_announce(), True)
        self.assertEqual(grid.state, "announced")

    def test_what_a_jump_is_can_be_set(self):
        self.public.jump_percent = 40
        grid = self._next_year(lettre_verte_20="2.00")
        self.assertIs(grid.with_context(beepost_ask=True).action_confirm(), True)

    def test_a_comparison_publishes_nothing(self):
        compare = self._compare(self._next_year())
        with self.assertRaisesRegex(UserError, "only compares"):
            compare.action_publish()

    def test_the_shipped_grids_have_no_fault(self):
        for grid in self.public.grid_ids | self.tariff.grid_ids:
            levels = {finding.level for finding in grid._findings()}
            self.assertNotIn("error", levels)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_accountants_compare_and_publish_nothing(self):
        grid = self._next_year(lettre_verte_20="2.00").with_user(self.accountant)
        compare = self._compare(grid).with_user(self.accountant)
        self.assertTrue(compare.line_ids)
        with self.assertRaises(AccessError):
            grid.action_confirm()
        compare.publish_state = "confirmed"
        with self.assertRaises(AccessError):
            compare.action_publish()

    def test_of_another_company_nothing_is_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.list.company_id = other
        hidden = self.public_grid.copy({"tariff_id": self.list.id})
        mine = self._next_year()
        with self.assertRaises(AccessError):
            self.env["beepost.postage.compare"].with_user(self.accountant).create(
                {
                    "tariff_id": self.public.id,
                    "old_id": mine.id,
                    "new_id": hidden.id,
                }
            ).line_ids.mapped("new_price")
