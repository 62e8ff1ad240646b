"""The account: address, password, token, scheduled action, buttons, practice clock."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from ..gateway import port
from .common import BeepostCommon, ScriptedGateway

URL = "https://api.bee.example.com"


class AccountGateway(ScriptedGateway):
    """Answers what the buttons ask; ``error`` instead when given."""

    def __init__(self, error=None):
        super().__init__(max_pages=12)
        self.error = error
        self.heard = []

    def _hear(self, *what):
        if self.error:
            raise self.error
        self.heard.append(what)

    def ping(self):
        self._hear("ping")
        return "BeePOST 7"

    def forgotten_password(self, email):
        self._hear("forgotten_password", email)
        return "ok"

    def request_account(self, values):
        self._hear("request_account", values)
        return "Demande transmise au responsable Centre de Gestion."


class AccountCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.live = cls.env["beepost.account"].create(
            {
                "name": "Live",
                "company_id": cls.company.id,
                "gateway": "http",
                "url": URL,
                "identifier": "compta@example.com",
                "password": "first",
            }
        )

    def _token(self, account):
        return account._get_token()

    def _give_token(self, account):
        self.env["beepost.token"].sudo().create(
            {"account_id": account.id, "token": "T"}
        )
        self.assertEqual(self._token(account), "T")


class TestAddress(AccountCase):
    def test_https_only(self):
        for url in (
            "http://api.bee.example.com",
            "ftp://api.bee.example.com",
            "https://user:pw@api.bee.example.com",
            "https://api.bee.example.com/?key=1",
            "https://api.bee.example.com/#x",
            "https://",
            "javascript:alert(1)",
            "//api.bee.example.com",
            "http://127.0.0.1.example.com",
            "https://api.bee.example.com/\n",
            "https://api.bee.example.com:0",
            "api.bee.example.com",
            "",
            False,
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.live.url = url
                self.live.flush_recordset()

    def test_this_very_machine_may_do_without(self):
        for url in ("http://127.0.0.1:8000", "http://localhost:8000", f"{URL}/v1/"):
            self.live.url = url
            self.live.flush_recordset()
            self.assertEqual(self.live.url, url)

    def test_practice_needs_no_address(self):
        self.assertFalse(self.account.url)
        with self.assertRaises(ValidationError):
            self.account.gateway = "http"
            self.account.flush_recordset()

    def test_waiting_times(self):
        for name in ("connect_timeout", "read_timeout"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self._set_in_savepoint(name)

    def _set_in_savepoint(self, name):
        # The database's own check; Odoo words it when it reaches a client.
        import psycopg2

        from odoo.tools import mute_logger

        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.live[name] = 0
                self.live.flush_recordset()
        except psycopg2.errors.CheckViolation as error:
            raise ValidationError(str(error)) from error

    def test_profile_of_another_company(self):
        other = self.setup_other_company(name="B")["company"]
        profile = self.env["beepost.profile"].create(
            {"name": "B", "company_id": other.id}
        )
        with self.assertRaises(ValidationError):
            self.live.profile_id = profile


class TestCredentials(AccountCase):
    def test_token_goes_with_what_it_was_given_for(self):
        for values in (
            {"password": "second"},
            {"url": "https://other.example.com"},
            {"identifier": "other@example.com"},
            {"gateway": "sandbox"},
        ):
            self._give_token(self.live)
            with self.subTest(values=values):
                self.live.write(values)
                self.assertFalse(self._token(self.live))

    def test_token_stays_when_nothing_changes(self):
        self._give_token(self.live)
        self.live.write(
            {
                "name": "Renamed",
                "url": URL,
                "identifier": "compta@example.com",
                "password": "********",
            }
        )
        self.assertTrue(self._token(self.live))
        self.assertEqual(self.live.sudo().secret, "first")

    def test_two_accounts_share_nothing(self):
        second = self.live.copy({"name": "Second", "url": URL})
        self._give_token(self.live)
        self.assertFalse(self._token(second))
        self.assertFalse(second.sudo().secret)
        self.live.password = "changed"
        self.assertFalse(second.sudo().secret)

    def test_stated_limits_go_with_the_address(self):
        self.live.sudo().write({"limits_at": fields.Datetime.now(), "max_pages": 7})
        self.assertEqual(self.live._letter_limits().max_pages, 7)
        self.live.url = "https://other.example.com"
        self.assertFalse(self.live.limits_at)
        self.assertEqual(self.live._letter_limits().max_pages, 90)


class TestScheduledAction(AccountCase):
    def _of(self, account):
        return account.sudo().cron_id

    def test_one_each(self):
        crons = [self._of(self.account), self._of(self.live)]
        self.assertEqual(len({cron.id for cron in crons}), 2)
        for account, cron in zip((self.account, self.live), crons, strict=True):
            self.assertTrue(cron.active)
            self.assertIn(f"browse({account.id})", cron.code)
            self.assertEqual(cron.user_id, self.env.ref("base.user_root"))

    def test_archive_and_back(self):
        cron = self._of(self.live)
        self.live.active = False
        self.assertFalse(cron.active)
        self.assertEqual(self._of(self.live), cron)
        self.live.active = True
        self.assertTrue(cron.active)

    def test_several_at_once(self):
        both = self.account + self.live
        both.action_archive()
        self.assertFalse(any(both.sudo().cron_id.mapped("active")))
        both.action_unarchive()
        self.assertTrue(all(both.sudo().cron_id.mapped("active")))

    def test_created_archived(self):
        account = self.live.copy({"name": "Third", "active": False})
        self.assertFalse(self._of(account).active)

    def test_deleted(self):
        cron = self._of(self.live)
        action = cron.ir_actions_server_id
        self.live.unlink()
        self.assertFalse(cron.exists())
        self.assertFalse(action.exists(), "an orphan would call a missing account")

    def test_archived_account_sends_nothing(self):
        letter = self._post(self._create_invoice())
        letter.sudo().state = "cancelled"
        self.account.active = False
        letter.sudo().state = "draft"
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_action_of_a_missing_account_does_nothing(self):
        self.env["beepost.account"].browse(self.live.id + 1000)._cron_send()


class TestCompany(AccountCase):
    def test_stays_once_it_has_letters(self):
        other = self.setup_other_company(name="B")["company"]
        self.live.company_id = other
        self.assertEqual(self.live.company_id, other)
        letter = self._post(self._create_invoice())
        with self.assertRaises(UserError):
            self.account.company_id = other
        self.account.company_id = self.company
        self.assertEqual(letter.company_id, self.account.company_id)

    def test_used_account_is_archived_not_deleted(self):
        letter = self._post(self._create_invoice())
        with self.assertRaisesRegex(UserError, "archive"):
            self.account.unlink()
        letter.action_cancel()
        self.account.active = False

    def test_which_account_a_company_uses(self):
        find = self.company._beepost_account
        self.assertEqual(find(), self.account, "the first in order")
        self.live.sequence = 1
        self.company.invalidate_recordset()
        self.assertEqual(find(), self.live)
        self.company.beepost_account_id = self.account
        self.assertEqual(find(), self.account, "the chosen one")
        self.assertEqual(find(self.live.id), self.live, "the sender's choice")
        self.account.active = False
        self.assertEqual(find(), self.live, "not an archived one")
        other = self.setup_other_company(name="B")["company"]
        self.assertFalse(other._beepost_account())
        self.assertFalse(other._beepost_account(self.live.id), "not another company's")
        self.account.sequence = 0
        self.company.invalidate_recordset()
        with self.subTest("whatever the context shows"):
            in_context = self.company.with_context(active_test=False)
            self.assertEqual(in_context._beepost_account(), self.live)


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
