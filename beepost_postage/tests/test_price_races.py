"""Prices that change while letters are priced: two transactions at once."""

from contextlib import contextmanager

import psycopg2
from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import NOW


@tagged("post_install", "-at_install")
class TestPriceRaces(TransactionCase):
    """A letter never bears a price that its grid does not give. A change waits until
    the price is written; the first price of a grid marks it, so that the change then
    begins again, sees the letter, and is refused. Or the pricing begins again."""

    @contextmanager
    def _another(self):
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            try:
                yield api.Environment(cr, SUPERUSER_ID, {})
            finally:
                cr.rollback()

    def _tariff(self, env):
        return env.ref("beepost_postage.tariff_beepost")

    def _grids(self, env):
        tariff = self._tariff(env)
        return tariff.grid_ids + tariff.public_id.grid_ids

    def test_a_change_waits_for_who_is_pricing(self):
        with self._another() as pricing:
            grids = self._grids(pricing)
            pricing["beepost.mailing"]._lock_grids(self._tariff(pricing))
            # Of the contract, and of the public prices that it counts from.
            for grid in grids:
                with self._another() as changing, self.subTest(grid=grid.name):
                    changing.cr.execute("SET LOCAL lock_timeout = '100ms'")
                    with self.assertLogs("odoo.sql_db", "ERROR"):
                        with self.assertRaises(psycopg2.errors.LockNotAvailable):
                            self._change(changing, grid.id)

    def test_who_counted_no_letter_before_the_first_price_begins_again(self):
        """The administrator sees no letter, for its price is not committed yet."""
        changes = (
            ("vat", lambda grid: grid.write({"vat_rate": 10.0})),
            ("end", lambda grid: grid.write({"valid_to": "2026-02-01"})),
            ("draft", lambda grid: grid.action_draft()),
        )
        ids = self._grids(self.env)[:1].ids
        self.env.cr.execute(
            "SELECT id FROM beepost_postage_grid WHERE is_used AND id = ANY(%s)", [ids]
        )
        self.assertFalse(self.env.cr.fetchall(), "no letter was priced before")
        for name, change in changes:
            with self.subTest(name), self._another() as changing:
                grid = self._grids(changing).browse(ids)
                grid._require_unused()
                with self._another() as pricing, self._priced_letter(pricing) as letter:
                    self.assertIn(letter.postage_grid_id.id, ids)
                    try:
                        with self.assertLogs("odoo.sql_db", "ERROR"):
                            with self.assertRaises(
                                psycopg2.errors.SerializationFailure
                            ):
                                change(grid)
                                changing.flush_all()
                    finally:
                        changing.cr.rollback()
                    changing.invalidate_all()
                    with self.assertRaises(UserError):
                        change(grid)

    @contextmanager
    def _priced_letter(self, env):
        """A letter whose price is committed, and taken back afterwards."""
        account = env["beepost.account"].create(
            {"name": "Races", "tariff_id": self._tariff(env).id}
        )
        partner = env["res.partner"].create({"name": "Races"})
        letter = env["beepost.mailing"].create(
            {
                "name": "Races",
                "account_id": account.id,
                "company_id": account.company_id.id,
                "partner_id": partner.id,
                "user_id": env.uid,
                "service_id": env.ref("beepost_mail.service_letter").id,
                "country_code": "FR",
                "zip_code": "69002",
                "sheets": 1,
                "weight_mg": 10_000,
                "envelope": account.profile_id.envelope_ids[:1].code,
                "state": "ready",
            }
        )
        with freeze_time(NOW):
            self.assertEqual(letter._freeze_prices(), {})
        env.cr.commit()  # pylint: disable=invalid-commit
        try:
            yield letter
        finally:
            used = letter.postage_grid_id + letter.postage_public_grid_id
            env.cr.execute("DELETE FROM beepost_mailing WHERE id = %s", [letter.id])
            env.invalidate_all()
            account.unlink()
            partner.unlink()
            env.cr.execute(
                "UPDATE beepost_postage_grid SET is_used = FALSE WHERE id = ANY(%s)",
                [used.ids],
            )
            env.cr.commit()  # pylint: disable=invalid-commit

    def test_others_may_price_at_the_same_time(self):
        with self._another() as one, self._another() as other:
            one["beepost.mailing"]._lock_grids(self._tariff(one))
            other.cr.execute("SET LOCAL lock_timeout = '100ms'")
            other["beepost.mailing"]._lock_grids(self._tariff(other))

    def test_who_read_the_former_price_begins_again(self):
        with self._another() as pricing:
            grid = self._grids(pricing)[0]  # from here on it sees the former prices
            with self._another() as changing:
                self._change(changing, grid.id)
                changing.cr.commit()  # pylint: disable=invalid-commit
            self.addCleanup(self._change_back, grid.id)
            with self.assertLogs("odoo.sql_db", "ERROR"):
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    pricing["beepost.mailing"]._lock_grids(self._tariff(pricing))

    def test_each_change_of_a_draft_is_one(self):
        """What the two above take for a change happens whenever a price changes."""
        grid = self.env.ref("beepost_postage.grid_beepost").copy()
        changes = (
            lambda: grid.line_ids[0].write({"discount": 20.0}),
            lambda: grid.option_ids[0].write({"price": 3.0}),
            lambda: grid.line_ids[0].copy({"max_grams": 36}),
            lambda: grid.line_ids[0].unlink(),
            lambda: grid.option_ids[0].unlink(),
        )
        for position, change in enumerate(changes):
            before = grid.revision
            change()
            self.assertGreater(grid.revision, before, position)

    def _change(self, env, grid_id, by=1):
        grid = env["beepost.postage.grid"].browse(grid_id)
        grid.revision += by
        grid.flush_recordset()

    def _change_back(self, grid_id):
        with self._another() as env:
            self._change(env, grid_id, by=-1)
            env.cr.commit()  # pylint: disable=invalid-commit
