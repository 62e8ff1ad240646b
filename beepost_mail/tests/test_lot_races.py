"""Somebody pauses or cancels a lot while its letters leave, in another process.

Two real connections to the database: what one has not committed the other does not see,
and rows are locked as in life. So the records are committed, and removed at the end.
"""

import threading
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import BaseCase, tagged

from .processes import Processes

MODELS = ("beepost.lot", "beepost.mailing", "beepost.account")


@tagged("post_install", "-at_install")
class TestRaces(Processes, BaseCase):
    def setUp(self):
        super().setUp()
        with self._process() as env:
            self._create(env)
            env.cr.commit()
            # Letters without sheets have no price; that is not what is judged here.
            self.enterContext(
                patch.object(
                    type(env["beepost.mailing"]), "_before_hand_over", lambda self: {}
                )
            )
        self.addCleanup(self._remove)

    def _create(self, env):
        company = env.ref("base.main_company")
        account = env["beepost.account"].create(
            {"name": "Races", "company_id": company.id, "lookup": True}
        )
        lot = env["beepost.lot"].create(
            {
                "name": "Races",
                "company_id": company.id,
                "user_id": env.ref("base.user_admin").id,
                "expected": 3,
            }
        )
        letters = env["beepost.mailing"].create(
            [
                {
                    "name": f"Races {number}",
                    "company_id": company.id,
                    "account_id": account.id,
                    "partner_id": company.partner_id.id,
                    "user_id": env.ref("base.user_admin").id,
                    "service_id": env.ref("beepost_mail.service_letter").id,
                    "state": "queued",
                    "lot_id": lot.id,
                }
                for number in range(3)
            ]
        )
        # One after the other: some are left when the first has gone.
        account.max_request_letters = 2
        self.account_id, self.lot_id, self.letter_ids = account.id, lot.id, letters.ids

    def _remove(self):
        with self._process() as env:
            for table, ids in (
                ("beepost_mailing", self.letter_ids),
                ("beepost_lot", [self.lot_id]),
            ):
                env.cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
            env["beepost.account"].browse(self.account_id).unlink()
            for model in MODELS:
                ids = {
                    "beepost.lot": [self.lot_id],
                    "beepost.mailing": self.letter_ids,
                    "beepost.account": [self.account_id],
                }[model]
                env["mail.message"].search(
                    [("model", "=", model), ("res_id", "in", ids)]
                ).unlink()
            env.cr.commit()

    def _lot(self, env):
        """As its author sees it."""
        author = env.ref("base.user_admin")
        return env["beepost.lot"].with_user(author).browse(self.lot_id)

    def _claim(self, env):
        """As the outbox does it, without its commit."""
        account = env["beepost.account"].browse(self.account_id)
        letters = env["beepost.outbox"]._write_claim(account, 1)
        env.flush_all()
        return letters

    def _states(self):
        with self._process() as env:
            return env["beepost.mailing"].browse(self.letter_ids).mapped("state")

    def test_pause_waits_for_the_claim_at_work(self):
        """When the pause is there, what is claimed is claimed, and no more is."""
        done, errors = threading.Event(), []

        def pause():
            try:
                with self._process() as env:
                    self._lot(env).action_pause()
                    env.cr.commit()
                done.set()
            except Exception as error:
                errors.append(error)

        with self._process() as outbox:
            self.assertEqual(len(self._claim(outbox)), 2)
            presser = threading.Thread(target=pause)
            presser.start()
            self.assertTrue(self._has_to_wait(presser))
            self.assertFalse(done.is_set())
            outbox.cr.commit()
            presser.join(timeout=30)
            self.assertFalse(errors)
            self.assertTrue(done.is_set())
            self.assertFalse(self._claim(outbox), "the third one stays")
        self.assertEqual(self._states(), ["sending", "sending", "queued"])

    def test_claim_that_began_before_the_pause_starts_again(self):
        with self._process() as outbox, self._process() as person:
            outbox.cr.execute("SELECT 1 FROM beepost_lot")  # what it sees is settled
            self._lot(person).action_pause()
            person.cr.commit()
            with self.assertRaises(SerializationFailure):
                self._claim(outbox)
            outbox.cr.rollback()
            outbox.invalidate_all()
            self.assertFalse(self._claim(outbox))
            outbox.cr.rollback()
            self._lot(person).action_resume()
            person.cr.commit()
            outbox.invalidate_all()
            self.assertEqual(len(self._claim(outbox)), 2)

    def test_claim_leaves_out_a_lot_that_somebody_is_pausing(self):
        with self._process() as outbox, self._process() as person:
            self._lot(person).action_pause()
            person.flush_all()
            self.assertFalse(self._claim(outbox))
            outbox.cr.commit()
            person.cr.rollback()
            self.assertEqual(len(self._claim(outbox)), 2, "he thought better of it")
        with self._process() as env:
            cron = env["beepost.account"].browse(self.account_id).cron_id
            triggers = env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertTrue(triggers, "it looks again: others may wait behind them")

    def test_cancelled_while_letters_are_prepared(self):
        """Those at work cannot be cancelled at once; they never leave all the same."""
        with self._process() as outbox, self._process() as person:
            letters = outbox["beepost.mailing"].browse(self.letter_ids[:2])
            self.assertEqual(letters.try_lock_for_update(), letters)
            self._lot(person).action_cancel()
            person.cr.commit()
            letters.pages = 1
            outbox.flush_all()
            outbox.cr.commit()
        self.assertEqual(self._states(), ["queued", "queued", "cancelled"])
        with self._process() as outbox:
            self.assertFalse(self._claim(outbox))
            outbox["beepost.outbox"]._cancel_with_lots(
                outbox["beepost.account"].browse(self.account_id)
            )
            outbox.cr.commit()
        self.assertEqual(self._states(), ["cancelled"] * 3)

    def test_two_processes_close_a_lot_once(self):
        with self._process() as env:
            env["beepost.mailing"].browse(self.letter_ids).state = "accepted"
            env.cr.commit()
        with self._process() as first, self._process() as second:
            second.cr.execute("SELECT 1 FROM beepost_lot")
            first["beepost.lot"]._close_finished()
            first.flush_all()
            second["beepost.lot"]._close_finished()  # locked: passes it by
            second.cr.rollback()
            second.cr.execute("SELECT 1 FROM beepost_lot")
            first.cr.commit()
            second.invalidate_all()
            with self.assertRaises(SerializationFailure):
                second["beepost.lot"]._close_finished()
        with self._process() as env:
            lot = env["beepost.lot"].browse(self.lot_id)
            self.assertEqual(lot.state, "done")
            self.assertEqual(len(lot.message_ids.filtered("partner_ids")), 1)
