"""Two who read an account's events for the first time, at the same moment.

Two real connections to the database, see ``beepost_mail/tests/test_lot_races.py``.
"""

from psycopg2.errors import SerializationFailure

from odoo.tests import BaseCase, tagged

from odoo.addons.beepost_mail.tests.processes import Processes


@tagged("post_install", "-at_install")
class TestFollowRaces(Processes, BaseCase):
    def setUp(self):
        super().setUp()
        with self._process() as env:
            account = env["beepost.account"].create(
                {"name": "Races", "company_id": env.ref("base.main_company").id}
            )
            env["beepost.follow"].search([("account_id", "=", account.id)]).unlink()
            env.cr.commit()
            self.account_id = account.id
        self.addCleanup(self._remove)

    def _remove(self):
        with self._process() as env:
            env["beepost.account"].browse(self.account_id).unlink()
            env.cr.commit()

    def _follow(self, env):
        account = env["beepost.account"].browse(self.account_id)
        return env["beepost.follow"]._of(account)

    def test_whoever_comes_second_starts_again(self):
        with self._process() as person, self._process() as run:
            # Each sees the database as it is now: without the row.
            self.assertFalse(self._rows(person) + self._rows(run))
            made = self._follow(run)
            run.cr.commit()
            # Odoo calls a button, and the scheduled action itself, once more for this.
            with self.assertRaises(SerializationFailure):
                self._follow(person)
            person.cr.rollback()
            person.invalidate_all()
            self.assertEqual(self._follow(person).ids, made.ids)

    def _rows(self, env):
        return env["beepost.follow"].search_count(
            [("account_id", "=", self.account_id)]
        )

    def test_a_new_row_begins_at_the_beginning(self):
        with self._process() as env:
            follow = self._follow(env)
            self.assertEqual(follow.account_id.id, self.account_id)
            self.assertEqual((follow.cursor, follow.failures), ("", 0))
            self.assertFalse(follow.pulled_at or follow.retry_at or follow.error)
            self.assertEqual(self._follow(env), follow)
