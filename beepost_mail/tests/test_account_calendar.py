"""Cut-off and lead time of an account, and the deposit date that follows."""

from datetime import date, datetime, timedelta, timezone

from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common import BeepostCommon

TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
THURSDAY = date(2026, 11, 26)


class TestAccountCalendar(BeepostCommon):
    def test_before_and_after_the_usual_cutoff(self):
        # Paris is an hour ahead of UTC in November.
        before, after = datetime(2026, 11, 24, 15, 59), datetime(2026, 11, 24, 16, 0)
        self.assertEqual(self.account._deposit_date(before), WEDNESDAY)
        self.assertEqual(self.account._deposit_date(after), THURSDAY)

    def test_moment_with_a_zone(self):
        here = timezone(timedelta(hours=4))  # Réunion
        moment = datetime(2026, 11, 24, 19, 59, tzinfo=here)
        self.assertEqual(self.account._deposit_date(moment), WEDNESDAY)
        later = moment + timedelta(minutes=1)
        self.assertEqual(self.account._deposit_date(later), THURSDAY)

    def test_hours_and_minutes_of_the_account(self):
        moment = datetime(2026, 11, 24, 9, 20)  # 10:20 in Paris
        for cutoff, expected in ((10 + 20 / 60, THURSDAY), (10 + 21 / 60, WEDNESDAY)):
            self.account.cutoff = cutoff
            self.assertEqual(self.account._deposit_date(moment), expected, cutoff)

    def test_edges_of_the_day(self):
        evening = datetime(2026, 11, 24, 22, 58, 59)
        self.account.cutoff = 23.9999
        self.assertEqual(self.account._deposit_date(evening), WEDNESDAY)
        self.account.cutoff = 0
        self.assertEqual(self.account._deposit_date(evening), THURSDAY)

    def test_lead_days(self):
        morning = datetime(2026, 11, 24, 8)
        for days, expected in ((0, TUESDAY), (2, THURSDAY), (4, date(2026, 11, 30))):
            self.account.lead_days = days
            self.assertEqual(self.account._deposit_date(morning), expected, days)

    def test_what_makes_no_sense(self):
        for values in ({"cutoff": -0.5}, {"cutoff": 24.0}, {"lead_days": -1}):
            with self.assertRaises(ValidationError, msg=values):
                self.account.write(values)

    def test_administrator_sets_both_on_the_form(self):
        with Form(self.account) as form:
            form.cutoff = 15.5
            form.lead_days = 2
        self.assertEqual((self.account.cutoff, self.account.lead_days), (15.5, 2))
