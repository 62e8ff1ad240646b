from freezegun import freeze_time

from odoo.tests import tagged

from ..hooks import uninstall_hook
from ..models.beepost_postage_warning import ACTIVITY
from .grids import GridCase


@tagged("post_install", "-at_install")
class TestWarning(GridCase):
    """Prices that end with nothing behind them are told of in time, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("beepost_postage.ir_cron_warn")
        # Only the account of these tests.
        accounts = cls.env["beepost.account"].search([("tariff_id", "!=", False)])
        (accounts - cls.account).tariff_id = False

    def _run(self):
        self._run_cron(self.cron)

    def _told(self, tariff, user=None):
        kind = self.env.ref(ACTIVITY)
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", tariff._name),
                ("res_id", "=", tariff.id),
                ("activity_type_id", "=", kind.id),
                ("user_id", "=", (user or self.administrator).id),
            ]
        )

    def test_45_days_ahead(self):
        with freeze_time("2026-11-16 09:00:00"):
            self._run()
            self.assertFalse(self._told(self.public))
        with freeze_time("2026-11-17 09:00:00"):
            self._run()
            self.assertEqual(len(self._told(self.public)), 1)
            self.assertEqual(len(self._told(self.tariff)), 1)

    def test_midnight_in_paris(self):
        with freeze_time("2026-11-16 22:59:00"):
            self._run()
            self.assertFalse(self._told(self.public))
        with freeze_time("2026-11-16 23:00:00"):
            self._run()
            self.assertTrue(self._told(self.public))

    def test_the_number_of_days_is_a_setting(self):
        self.public.warn_days = 30
        self._run()
        self.assertFalse(self._told(self.public))
        self.assertTrue(self._told(self.tariff), "its own setting")

    def test_told_once(self):
        for day in (17, 18, 19):
            with freeze_time(f"2026-11-{day} 09:00:00"):
                self._run()
                self.assertEqual(len(self._told(self.public)), 1)
        self._told(self.public).action_done()
        with freeze_time("2026-11-20 09:00:00"):
            self._run()
            self.assertFalse(self._told(self.public), "whoever read it has read it")

    def test_it_goes_by_itself(self):
        self._run()
        self.assertTrue(self._told(self.public))
        self._next_year().action_announce()
        self.assertFalse(self._told(self.public))
        self.assertFalse(self._told(self.tariff), "the contract counts from it")
        self._run()
        self.assertFalse(self._told(self.public))

    def test_it_comes_again_when_the_grid_goes(self):
        self._run()
        grid = self._next_year()
        grid.action_announce()
        grid.action_close()
        self._run()
        self.assertEqual(len(self._told(self.public)), 1)

    def test_what_is_still_missing(self):
        grid = self._next_year()
        grid.line_ids.filtered(
            lambda line: line.product_id.code == "recommande_r1"
        ).unlink()
        grid.action_announce()
        self._run()
        note = str(self._told(self.public).note)
        self.assertIn("Recommandé R1", note)
        self.assertNotIn("Lettre verte", note)

    def test_in_whoever_reads_it_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.administrator.lang = "fr_FR"
        self._run()
        note = str(self._told(self.public).note)
        self.assertIn("01/01/2027", note)

    def test_a_leap_year(self):
        """45 days before 1 March 2028 is 16 January; before 1 March 2027 it is 15."""
        grid = self._next_year()
        grid.action_announce()
        grid.valid_to = "2028-03-01"
        with freeze_time("2028-01-15 12:00:00"):
            self._run()
            self.assertFalse(self._told(self.public))
        with freeze_time("2028-01-16 12:00:00"):
            self._run()
            self.assertTrue(self._told(self.public))

    def test_nothing_in_force(self):
        self.account.tariff_id = self.list
        for day in (25, 26):
            with freeze_time(f"2026-11-{day} 09:00:00"):
                self._run()
        self.assertEqual(len(self._told(self.list)), 1)
        self.assertIn("No grid is in force", str(self._told(self.list).note))

    def test_not_for_what_nobody_uses(self):
        self.account.tariff_id = False
        self._run()
        self.assertFalse(self._told(self.public))
        self.assertFalse(self._told(self.tariff))

    def test_administrators_of_that_company_only(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("stranger", "beepost_mail.group_admin", other)
        self._run()
        self.assertTrue(self._told(self.public))
        for user in (stranger, self.manager, self.accountant):
            self.assertFalse(self._told(self.public, user))

    def test_nothing_of_it_outlives_the_addon(self):
        self._run()
        self.assertTrue(self._told(self.public))
        uninstall_hook(self.env(su=True))  # as Odoo calls it
        self.assertFalse(self._told(self.public))
        self.assertFalse(self.cron.exists())
