"""A paused lot keeps back what has not left, and nothing else."""

from odoo.exceptions import AccessError, UserError

from ..gateway import port
from .common import LOST, ScriptedGateway
from .lots import LotCase
from .plans import plan_of_outbox


class TestPause(LotCase):
    def test_prepared_or_not(self):
        for prepared in (True, False):
            lot = self._lot(self._invoices(2))
            if prepared:
                self._prepare_all()
            waiting = self._states(lot)
            lot.action_pause()
            with self.subTest(prepared=prepared):
                self.assertEqual(lot.state, "paused")
                self.assertFalse(self._send().requests)
                self.assertEqual(self._states(lot), waiting)
                self.assertIn(f"{self.accountant.name} paused", self._bodies(lot))
                lot.action_resume()
                self.assertEqual(lot.state, "running")
                self._send()
                self.assertEqual(self._states(lot), ["accepted"] * 2)

    def test_other_letters_leave(self):
        lot = self._lot(self._invoices(3))
        lot.action_pause()
        other = self._lot(self._invoices(1))
        single = self._post(self._create_invoice())
        gateway = self._send(ScriptedGateway(max_request_letters=1))
        self.assertEqual(
            set(gateway.counts()),
            set((other.mailing_ids + single).mapped("client_reference")),
        )
        self.assertEqual(self._states(lot), ["draft"] * 3)

    def test_letters_that_are_made_meanwhile_wait_as_well(self):
        moves = self._invoices(2, pdf=False)
        lot = self._lot(moves)
        lot.action_pause()
        self._render_good(moves)
        self.assertEqual(self._states(lot), ["draft"] * 2)
        self.assertFalse(self._send().requests)
        lot.action_resume()
        self._send()
        self.assertEqual(self._states(lot), ["accepted"] * 2)

    def test_resuming_wakes_the_outbox(self):
        lot = self._lot(self._invoices(1))
        lot.action_pause()
        triggers = self.env["ir.cron.trigger"].sudo()
        mine = [("cron_id", "=", self.account.sudo().cron_id.id)]
        triggers.search(mine).unlink()
        lot.action_resume()
        self.assertEqual(len(triggers.search(mine)), 1)

    def test_what_was_being_handed_over_goes_on(self):
        lot = self._lot(self._invoices(1))
        gateway = ScriptedGateway([LOST], idempotency=False)
        self._send(gateway)
        self.assertEqual(self._states(lot), ["sending"])
        lot.action_pause()
        lot.sudo().mailing_ids.deadline = self.account.create_date
        self.account.sudo().retry_at = False
        self._send(gateway)
        self.assertEqual(self._states(lot), ["accepted"])
        self.assertEqual(set(gateway.counts().values()), {1})

    def test_never_heard_of_waits(self):
        """It did not leave after all: now it is kept back like the others."""
        lot = self._lot(self._invoices(1))
        lost = port.OutcomeUnknown("cut before it arrived")
        gateway = ScriptedGateway([lost, "accept"])
        self._send(gateway)
        lot.action_pause()
        lot.sudo().mailing_ids.deadline = self.account.create_date
        self.account.sudo().retry_at = False
        self._send(gateway)
        self.assertEqual(self._states(lot), ["queued"])
        self.assertEqual(len(gateway.requests), 1)
        lot.action_resume()
        self._send(gateway)
        self.assertEqual(self._states(lot), ["accepted"])

    def test_retried_letter_waits(self):
        bad = self._create_customer("Sans ville", city=False)
        lot = self._lot(self._invoices(2, partners=[self.customer, bad]))
        lot.action_pause()
        refused = lot.mailing_ids.filtered(lambda m: m.state == "rejected")
        bad.city = "Lyon"
        refused.action_retry()
        self.assertFalse(self._send().requests)
        lot.action_resume()
        self._send()
        self.assertEqual(self._states(lot), ["accepted"] * 2)

    def test_only_where_it_makes_sense(self):
        lot = self._lot(self._invoices(2))
        for state, wrong in (
            ("running", ("action_resume",)),
            ("paused", ("action_pause",)),
            ("cancelled", ("action_pause", "action_resume", "action_cancel")),
            ("done", ("action_pause", "action_resume", "action_cancel")),
        ):
            lot.sudo().state = state
            for name in wrong:
                with self.subTest(state=state, name=name):
                    with self.assertRaisesRegex(UserError, "not possible for lot"):
                        getattr(lot, name)()
                    self.assertEqual(lot.state, state)

    def test_queries_of_a_run_do_not_grow(self):
        def run():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._send()
            return self.cr.sql_log_count - before

        self._lot(self._invoices(2)).action_pause()
        run()
        few = run()
        self._lot(self._invoices(12)).action_pause()
        self._lot(self._invoices(2)).action_pause()
        self.assertLessEqual(run(), few)

    def test_index_of_the_outbox_still_serves(self):
        lot = self._lot(self._invoices(2))
        lot.action_pause()
        plan = plan_of_outbox(lot.mailing_ids[0])
        self.assertIn("beepost_mailing_outbox_idx", plan)
        self.assertIn("beepost_lot_held_idx", plan)


class TestWhoMay(LotCase):
    BUTTONS = ("action_pause", "action_resume", "action_cancel")

    def _try(self, lot, user):
        """:return: names of the buttons that work for ``user``"""
        may = []
        for name in self.BUTTONS:
            lot.sudo().state = "paused" if name == "action_resume" else "running"
            self.env.flush_all()
            self.env.invalidate_all()
            try:
                with self.cr.savepoint():
                    getattr(lot.with_user(user), name)()
            except AccessError:
                continue
            may.append(name)
        return tuple(may)

    def test_author_and_managers(self):
        lot = self._lot(self._invoices(1))
        employee = self._create_user("employee", "base.group_user")
        other = self.setup_other_company(name="B")["company"]
        stranger = self._create_user("b", "beepost_mail.group_manager", other)
        for user, expected in (
            (self.accountant, self.BUTTONS),
            (self.manager, self.BUTTONS),
            (self.colleague, ()),
            (employee, ()),
            (stranger, ()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._try(lot, user), expected)

    def test_author_who_may_post_no_more(self):
        lot = self._lot(self._invoices(1))
        self.accountant.group_ids = self.env.ref("base.group_user")
        self.assertEqual(self._try(lot, self.accountant), ())

    def test_lot_of_a_branch(self):
        branch = self.env["res.company"].create(
            {
                "name": "Agence",
                "parent_id": self.company.id,
                "country_id": self.env.ref("base.fr").id,
                "street": "1 place Bellecour",
                "zip": "69002",
                "city": "Lyon",
            }
        )
        self.env.user.company_ids += branch
        move = self._create_invoice()
        letter = self._post(move)
        Lot = self.env["beepost.lot"].sudo()
        lot = Lot.create(
            {
                "name": "Agence",
                "company_id": branch.id,
                "user_id": self.env.user.id,
                "expected": 1,
            }
        )
        letter.write({"lot_id": lot.id, "company_id": branch.id})
        above = self._create_user("above", "beepost_mail.group_manager")
        there = self._create_user("there", "beepost_mail.group_manager", branch)
        self.assertEqual(self._try(lot, above), (), "not one of his companies")
        self.assertEqual(self._try(lot, there), self.BUTTONS)

    def test_another_lot_may_not_be_slipped_in(self):
        mine = self._lot(self._invoices(1))
        other = self._lot(self._invoices(1), self.colleague)
        with self.assertRaises(AccessError):
            (mine + other.with_user(self.accountant)).action_pause()
        self.assertEqual(set((mine + other).sudo().mapped("state")), {"running"})
