from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .grids import GridCase


@tagged("post_install", "-at_install")
class TestOverview(GridCase):
    """Which grids are in force today and on 1 January, and what is missing."""

    def _shown(self, user=None):
        tariffs = self.env["beepost.postage.tariff"]
        tariffs = tariffs.with_user(user) if user else tariffs
        return tariffs.search([("in_use", "=", True)])

    def test_only_what_is_in_use(self):
        self.assertIn(self.tariff, self._shown())
        self.assertIn(self.public, self._shown(), "the contract counts from it")
        self.assertNotIn(self.list, self._shown())
        self.assertTrue(self.tariff.in_use)
        self.assertFalse(self.list.in_use)
        unused = self.env["beepost.postage.tariff"].search([("in_use", "!=", True)])
        self.assertIn(self.list, unused)
        self.env["beepost.account"].search([("tariff_id", "!=", False)]).active = False
        self.assertFalse(self._shown() & (self.tariff | self.public))

    def test_what_is_missing_on_1_january(self):
        self.assertEqual(self.public.current_state, "announced")
        self.assertEqual(self.public.january, date(2027, 1, 1))
        self.assertFalse(self.public.january_grid_ids)
        self.assertEqual(self.public.january_state, "missing")
        self.assertIn("Lettre verte", self.public.january_missing)
        # The contract goes on, and has nothing to count from.
        self.assertTrue(self.tariff.january_grid_ids)
        self.assertEqual(self.tariff.january_state, "missing")
        self.assertIn("public prices", self.tariff.january_missing)

    def test_once_it_is_there(self):
        grid = self._next_year()
        grid.action_announce()
        self.env.invalidate_all()
        self.assertEqual(self.public.january_grid_ids, grid)
        self.assertEqual(self.public.january_state, "announced")
        self.assertFalse(self.public.january_missing)
        self.assertEqual(self.tariff.january_state, "announced")
        grid.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(self.public.january_state, "confirmed")

    def test_the_draft_of_next_year(self):
        action = self.public.action_draft_january()
        draft = self.env["beepost.postage.grid"].browse(action["res_id"])
        self.assertEqual(draft.state, "draft")
        self.assertEqual(
            (draft.valid_from, draft.valid_to), (date(2027, 1, 1), date(2028, 1, 1))
        )
        self.assertEqual(len(draft.line_ids), len(self.public_grid.line_ids))
        again = self.public.action_draft_january()
        self.assertEqual(again["res_id"], draft.id, "not a second one")
        open_end = self.tariff.action_draft_january()
        self.assertFalse(
            self.env["beepost.postage.grid"].browse(open_end["res_id"]).valid_to
        )

    def test_no_draft_of_nothing(self):
        with self.assertRaisesRegex(UserError, "no grid in force today"):
            self.list.action_draft_january()
        with self.assertRaisesRegex(UserError, "no grid to compare"):
            self.list.action_compare()

    def test_accountants_see_it_and_change_nothing(self):
        self.assertIn(self.tariff, self._shown(self.accountant))
        with self.assertRaises(AccessError):
            self.public.with_user(self.accountant).action_draft_january()

    def test_a_branch_reads_and_does_not_change(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.list.company_id = self.company
        grid = self.public_grid.copy({"tariff_id": self.list.id})
        user = self._create_user("branch", "beepost_mail.group_admin", branch)
        seen = grid.with_user(user)
        self.assertEqual(seen.line_ids[:1].price, 1.52)
        with self.assertRaises(AccessError):
            seen.action_confirm()
        with self.assertRaises(AccessError):
            self.list.with_user(user).warn_days = 3

    def test_compare_starts_with_the_draft(self):
        draft = self._next_year()
        compare = self.env["beepost.postage.compare"].browse(
            self.public.action_compare()["res_id"]
        )
        self.assertEqual((compare.old_id, compare.new_id), (self.public_grid, draft))

    def test_a_new_line_begins_like_the_last_one(self):
        grid = self._next_year()
        with Form(grid) as form:
            last = grid.line_ids[-1]
            self.assertEqual(form.last_product_id, last.product_id)
            self.assertEqual(form.last_zone_id, last.zone_id)

    def test_a_published_grid_is_not_edited(self):
        with Form(self.public_grid) as form:
            with self.assertRaises(AssertionError):
                form.valid_from = "2026-02-01"

    @freeze_time("2027-12-31 23:30:00")
    def test_the_day_is_the_one_in_paris(self):
        self.assertEqual(self.public.january, date(2029, 1, 1))

    def test_every_screen_opens(self):
        """For whoever has it in a menu."""
        for user in (self.accountant, self.manager, self.administrator):
            for name in ("action_overview", "action_grid", "action_tariff"):
                action = self.env.ref(f"beepost_postage.{name}")
                model = self.env[action.res_model].with_user(user)
                views = [(view or False, kind) for view, kind in action.views]
                for kind, view in model.get_views(views)["views"].items():
                    fields = model.fields_get(attributes=["type"])
                    shown = etree.fromstring(view["arch"]).xpath("//field/@name")
                    own = [field for field in shown if field in fields]
                    self.assertTrue(own, kind)
                    model.search([], limit=5).read(own)
