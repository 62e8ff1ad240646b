"""The account's buttons, what stops it, and the practice clock."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from ..gateway import port
from .accounts import AccountCase, AccountGateway


class TestButtons(AccountCase):
    def test_connection_works(self):
        self.live.sudo()._stop("401")
        self.assertTrue(self.live.activity_ids)
        with self._gateway(AccountGateway()) as gateway:
            answer = self.live.action_test_connection()
        self.assertEqual(gateway.heard, [("ping",)])
        self.assertIn("BeePOST 7", answer["params"]["message"])
        self.assertEqual(self.live.max_pages, 12)
        self.assertEqual(self.live.state, "running")
        self.assertFalse(self.live.stop_reason)
        self.assertFalse(self.live.activity_ids)

    def test_connection_fails(self):
        for error, words in (
            (port.Credentials("401"), "password"),
            (port.Unavailable("503"), "cannot be reached"),
            (port.OutcomeUnknown("cut"), "broke"),
            (port.BadAnswer("?"), "no sense"),
            (port.Refused("wrong version"), "wrong version"),
        ):
            self.live.sudo().state = "stopped"
            with self.subTest(error=error), self._gateway(AccountGateway(error)):
                with self.assertRaisesRegex(UserError, words):
                    self.live.action_test_connection()
                self.assertEqual(self.live.state, "stopped")

    def test_nothing_secret_in_an_error(self):
        error = port.Credentials("401", detail="Authorization: Bearer T")
        with self._gateway(AccountGateway(error)), self.assertRaises(UserError) as e:
            self.live.action_test_connection()
        for secret in ("first", "Bearer"):
            self.assertNotIn(secret, str(e.exception))

    def test_forgotten_password(self):
        with self._gateway(AccountGateway()) as gateway:
            self.live.action_forgotten_password()
            self.assertEqual(
                gateway.heard, [("forgotten_password", "compta@example.com")]
            )
            self.live.identifier = False
            with self.assertRaises(UserError):
                self.live.action_forgotten_password()
            self.assertEqual(len(gateway.heard), 1)

    def test_request_an_account(self):
        self.live.identifier = False
        action = self.live.action_request_account()
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        self.assertEqual(wizard.company, self.company.name)
        wizard.write({"email": "daf@example.com", "siret": "12345678200010"})
        with self._gateway(AccountGateway()) as gateway:
            wizard.action_request()
        ((_what, values),) = gateway.heard
        self.assertEqual(values["email"], "daf@example.com")
        self.assertEqual(values["siret"], "12345678200010")
        self.assertEqual(self.live.identifier, "daf@example.com")
        self.assertIn("Centre de Gestion", self.live.message_ids[0].body)

    def test_request_that_fails(self):
        wizard = self.env["beepost.account.request"].create(
            {
                "account_id": self.live.id,
                "company": "X",
                "name": "Y",
                "email": "z@example.com",
            }
        )
        with (
            self._gateway(AccountGateway(port.Unavailable("503"))),
            self.assertRaises(UserError),
        ):
            wizard.action_request()
        self.assertEqual(self.live.identifier, "compta@example.com")

    def test_request_keeps_a_known_identifier(self):
        wizard = self.env["beepost.account.request"].create(
            {
                "account_id": self.live.id,
                "company": "X",
                "name": "Y",
                "email": "z@example.com",
            }
        )
        with self._gateway(AccountGateway()):
            wizard.action_request()
        self.assertEqual(self.live.identifier, "compta@example.com")

    def test_practice_account_answers(self):
        answer = self.account.action_test_connection()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertTrue(self.account.limits_at)
        self.assertTrue(self.account.lookup)

    def test_waiting_letters_open(self):
        letters = self._post(self._create_invoice(), self._create_invoice())
        letters[0].action_cancel()
        self.assertEqual(self.account.waiting_count, 1)
        action = self.account.action_open_waiting()
        self.assertEqual(
            self.env["beepost.mailing"].search(action["domain"]), letters[1]
        )


class TestStop(AccountCase):
    def test_administrators_of_the_company_are_told(self):
        other = self.setup_other_company(name="B")["company"]
        ours = self._create_user("admin_a", "beepost_mail.group_admin")
        theirs = self._create_user("admin_b", "beepost_mail.group_admin", other)
        gone = self._create_user("admin_gone", "beepost_mail.group_admin")
        gone.active = False
        self.account.sudo()._stop("Out of order", "details")
        told = self.account.activity_ids.user_id
        self.assertIn(ours, told)
        self.assertNotIn(theirs, told)
        self.assertNotIn(gone, told)
        self.assertNotIn(self.accountant, told)

    def test_told_once(self):
        admin = self._create_user("admin_a", "beepost_mail.group_admin")
        for _time in range(3):
            self.account.sudo()._stop("Out of order")
        mine = self.account.activity_ids.filtered(lambda a: a.user_id == admin)
        self.assertEqual(len(mine), 1)

    def test_resume_is_the_administrators(self):
        self.account.sudo()._stop("Out of order")
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).action_resume()
        self.assertEqual(self.account.state, "stopped")


class TestPracticeClock(AccountCase):
    def test_pushed_by_a_day(self):
        before = self.account._sandbox_now()
        self.account.action_push_sandbox_clock()
        after = self.account._sandbox_now()
        self.assertAlmostEqual((after - before).total_seconds(), 24 * 3600, delta=60)

    def test_never_back(self):
        """Letters have had their days: time that ran back would take them away."""
        self.account.sandbox_shift = 48
        with self.assertRaises(ValidationError):
            self.account.sandbox_shift = 24
            self.account.flush_recordset()

    @freeze_time("2026-11-24 09:00:00")  # no holiday in the three days to come
    def test_letters_live_on_it(self):
        letter = self._post(self._create_invoice())
        self._run_outbox()
        with self.enter_registry_test_mode():
            self.assertEqual(self._codes(letter), ["received"])
            for _day in range(3):
                self.account.action_push_sandbox_clock()
            self.assertIn("posted", self._codes(letter))

    def _codes(self, letter):
        with self.account._open_gateway() as gateway:
            page = gateway.events()
        return [
            e.code for e in page.events if e.client_reference == letter.client_reference
        ]

    def test_each_account_its_own(self):
        second = self.account.copy({"name": "Second practice"})
        self.account.action_push_sandbox_clock()
        self.assertFalse(second.sandbox_shift)
        now = fields.Datetime.now()
        ahead = second._sandbox_now().replace(tzinfo=None) - now
        self.assertLess(ahead, timedelta(minutes=1))
