"""The account: address, password, token, scheduled action, company."""

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .accounts import URL, AccountCase, AccountGateway
from .common import ScriptedGateway


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
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.live[name] = 0
                self.live.flush_recordset()
        except CheckViolation as error:
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

    def _delete(self, account):
        self._of(account).unlink()
        self.assertFalse(self._of(account))

    def test_somebody_deleted_it_and_a_letter_comes(self):
        self._delete(self.account)
        letter = self._post(self._create_invoice(), user=self.accountant)
        self.assertTrue(self._of(self.account).active)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_somebody_deleted_it_and_letters_wait(self):
        letter = self._post(self._create_invoice())
        self._delete(self.account)
        self.env["beepost.account"]._replace_deleted_crons()
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_buttons_bring_it_back(self):
        for press in ("action_test_connection", "action_resume"):
            for lose in ("unlink", "action_archive"):
                getattr(self._of(self.live), lose)()
                with self.subTest(press=press, lose=lose):
                    with self._gateway(AccountGateway()):
                        getattr(self.live, press)()
                    self.assertTrue(self._of(self.live).active)

    def test_archived_account_gets_no_active_one(self):
        self.live.active = False
        self._delete(self.live)
        self.env["beepost.account"]._replace_deleted_crons()
        self.live.action_resume()
        self.assertFalse(self._of(self.live).active)

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
