"""The overview counts what its links open, for each role, at a bounded cost."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tools.safe_eval import safe_eval

from ..models.beepost_account_overview import FILTERS, rate
from .common import NOON
from .letters import MORNING, BoardCase

TODAY = MORNING + timedelta(days=3)


@freeze_time(TODAY)
class TestOverview(BoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_account = cls.env["beepost.account"].create(
            {"name": "Second", "company_id": cls.company.id}
        )

    def _make_letters(self):
        """One letter for each number, and some for none.

        :return: {field: letter}
        """
        letters = {
            "to_send_count": self._post(self._create_invoice(), user=self.accountant),
            "refused_count": self._accepted_letter(state="rejected", accepted_at=False),
            "doubt_count": self._accepted_letter(state="unknown", accepted_at=False),
        }
        for field, codes in (
            ("trouble_count", ("posted", "exception")),
            ("late_count", ("received", "producing")),
            ("came_back_count", ("posted", "undeliverable")),
            ("delivered_count", ("posted", "delivered")),
            (None, ("posted",)),
        ):
            letters[field] = self._told(self._accepted_letter(), *codes)
        # Missed, and not late any more.
        self._told(self._accepted_letter(), "posted", start=NOON + timedelta(days=2))
        again = self._told(self._accepted_letter(), "posted", "undeliverable")
        self._post(self._create_invoice(), user=self.accountant).origin_id = again
        self.given_up = self._told(self._accepted_letter(), "posted", "undeliverable")
        self.given_up.sudo().return_given_up = True
        self.still_open = self._told(self._accepted_letter(), "posted", "undeliverable")
        stopped = self._post(self._create_invoice(), user=self.accountant)
        stopped.write({"origin_id": self.still_open.id, "state": "cancelled"})
        self.env["beepost.mailing"].sudo()._cron_promise()
        return letters

    def test_each_number_opens_its_letters(self):
        letters = self._make_letters()
        Mailing = self.env["beepost.mailing"].with_user(self.accountant)
        arch = Mailing.get_views([(False, "search")])["views"]["search"]["arch"]
        search = etree.fromstring(arch)
        account = self.account.with_user(self.accountant)
        for field in FILTERS:
            action = account.with_context(counted=field).action_open_counted()
            self.assertEqual(action["views"][0][1], "list")
            names = [name.removeprefix("search_default_") for name in action["context"]]
            self.assertIn("account_id", names)
            domains = [
                safe_eval(search.xpath(f"//filter[@name='{name}']")[0].get("domain"))
                for name in names
                if name != "account_id"
            ]
            self.assertEqual(len(domains), 1)
            opened = Mailing.search([*domains[0], ("account_id", "=", account.id)])
            with self.subTest(field=field):
                self.assertEqual(len(opened), account[field])
                if field in letters:
                    self.assertIn(letters[field], opened)
                if field == "came_back_count":
                    self.assertIn(self.still_open, opened)
                    self.assertNotIn(self.given_up, opened)
        self.assertEqual(
            account.came_back_count, 2, "without one posted again or given up"
        )
        self.assertEqual(account.late_count, 1)

    def test_promise(self):
        self.assertEqual(self.account.measured_count, 0)
        self.assertEqual(self.account.kept_rate, 0.0)
        for _letter in range(2):
            self._told(self._accepted_letter(), "posted")
        late = NOON + timedelta(days=2)
        self._told(self._accepted_letter(), "posted", start=late)
        old = TODAY - timedelta(days=60)
        self._told(self._accepted_letter(on=old), "posted", start=NOON)
        with freeze_time(TODAY):
            self._accepted_letter(on=TODAY)  # not due yet
        self.account.invalidate_recordset()
        self.assertEqual(self.account.measured_count, 3)
        self.assertEqual(self.account.kept_rate, 66.6)
        self.assertEqual(self.account.promised_rate, 95.0)
        self.assertEqual(self.other_account.measured_count, 0)

    def test_a_letter_sent_again_is_promised_anew(self):
        letter = self._accepted_letter()
        self._told(letter, "received", "rejected")
        self.assertEqual(letter.state, "rejected")
        first = letter.due_on
        with freeze_time(TODAY):
            letter.with_user(self.accountant).action_retry()
            self.assertFalse(letter.due_on or letter.promise)
            self._run_outbox()
            self.assertEqual(letter.state, "accepted")
            self.assertGreater(letter.due_on, first)
            self.env["beepost.mailing"].sudo()._cron_promise()
            self.assertEqual(letter.promise, "pending", "not late by the first one")

    def test_a_rate_is_never_rounded_up_to_the_promise(self):
        self.assertEqual(rate(9496, 10000), 94.9)
        self.assertEqual(rate(95, 100), 95.0)
        self.assertEqual(rate(0, 0), 0.0)

    def test_everyone_counts_what_he_sees(self):
        self._accepted_letter()
        reader = self._create_user("sender", "beepost_mail.group_user")
        self.env["beepost.mailing"].sudo()._cron_promise()
        self.account.invalidate_recordset()
        numbers = {
            user: self.account.with_user(user).late_count
            for user in (self.accountant, self.manager, reader)
        }
        self.assertEqual(numbers[self.accountant], 1)
        self.assertEqual(numbers[self.manager], 1)
        self.assertEqual(numbers[reader], 0, "may read no invoice")

    def test_queries_do_not_grow_with_accounts_or_letters(self):
        def queries(accounts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            seen = accounts.with_user(self.accountant).with_context(tz="Europe/Paris")
            seen.web_read(dict.fromkeys(FILTERS, {}))
            return self.cr.sql_log_count - before

        more = self.env["beepost.account"].create(
            [{"name": f"A{n}", "company_id": self.company.id} for n in range(10)]
        )
        queries(self.account)  # what is cached for good
        one = queries(self.account)
        self._many(self._accepted_letter(), 20)
        queries(self.account)
        self.assertEqual(queries(self.account + more), one)
        self.assertLess(one, 25)

    def test_by_day(self):
        action = self.account.action_open_promise()
        self.assertEqual(
            [kind for _view, kind in action["views"]],
            ["graph", "pivot", "list", "form"],
        )
        self.assertEqual(
            action["context"],
            {"search_default_account_id": self.account.id, "fill_temporal": 0},
        )
