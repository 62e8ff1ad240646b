"""Who may wake the reading of events, and what it is worth."""

import time
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from ..hooks import post_init_hook
from ..webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

SECRET = "un-secret-assez-long"
BODY = '{"news": true}'


@tagged("post_install", "-at_install")
class TestWebhook(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **DISABLED_MAIL_CONTEXT})
        Account = cls.env["beepost.account"]
        cls.account, cls.other = Account.create(
            [
                {"name": "News", "webhook_password": SECRET},
                {"name": "Other", "webhook_password": SECRET[::-1]},
            ]
        )
        cls.cron = cls.env.ref("beepost_tracking.ir_cron_pull")
        cls.triggers = cls.env["ir.cron.trigger"]
        cls.triggers.search([("cron_id", "=", cls.cron.id)]).unlink()

    def _call(self, account=None, secret=SECRET, age=0, body=BODY, **changes):
        account = account or self.account
        timestamp = str(int(time.time()) - age)
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: sign(secret, timestamp, body.encode()),
            **changes.pop("headers", {}),
        }
        url = account.sudo().webhook_url.partition("/beepost/")[2]
        sent = changes.pop("sent", body)
        return self.url_open(
            changes.pop("url", f"/beepost/{url}"), data=sent, headers=headers
        ).status_code

    def _woken(self):
        return self.triggers.search_count([("cron_id", "=", self.cron.id)])

    def test_genuine(self):
        self.assertEqual(self._call(), 204)
        self.assertEqual(self._woken(), 1)

    def test_many_calls_wake_once(self):
        for _call in range(3):
            self.assertEqual(self._call(), 204)
        self.assertEqual(self._woken(), 1)

    def test_what_is_refused(self):
        unset = self.env["beepost.account"].create({"name": "No secret"})
        cases = {
            "another secret": {"secret": "x" * 20},
            "another account's secret": {"account": self.other},
            "an account with no secret": {"account": unset},
            "too old": {"age": 301},
            "from the future": {"age": -360},
            "another body": {"sent": BODY + " "},
            "no signature": {"headers": {SIGNATURE_HEADER: ""}},
            "no such address": {"url": "/beepost/webhook/nobody"},
            "an empty token": {"url": "/beepost/webhook/%20"},
        }
        for what, changes in cases.items():
            with self.subTest(what):
                self.assertEqual(self._call(**changes), 403)
        self.assertEqual(self._call(body="x" * 70_000), 413)
        self.assertFalse(self._woken())

    def test_compared_in_constant_time(self):
        with patch(
            "odoo.addons.beepost_tracking.webhook.signature.hmac.compare_digest",
            return_value=False,
        ) as compare:
            self.assertEqual(self._call(), 403)
        compare.assert_called_once()

    def test_not_by_reading(self):
        url = self.account.webhook_url.partition("/beepost/")[2]
        self.assertEqual(self.url_open(f"/beepost/{url}").status_code, 405)

    def test_the_secret_is_write_only_and_long(self):
        self.assertEqual(self.account.webhook_password, "********")
        with self.assertRaises(ValidationError):
            self.account.webhook_password = "court"
        self.account.webhook_password = False
        self.assertFalse(self.account.webhook_password)
        self.assertEqual(self._call(), 403, "fails closed")

    def test_each_account_has_its_own_address(self):
        self.assertNotEqual(self.account.webhook_url, self.other.webhook_url)
        self.assertEqual(self._call(self.other, SECRET[::-1]), 204)

    def test_accounts_that_were_there_before(self):
        """As after installing over them: none has an address yet."""
        self.other.active = False
        accounts = self.account + self.other
        accounts.sudo().webhook_token = False
        post_init_hook(self.env(su=True))
        tokens = set(accounts.sudo().mapped("webhook_token"))
        self.assertEqual(len(tokens), 2)
        self.assertTrue(all(tokens))
        self.assertEqual(self._call(), 204)

    def test_a_new_column_gets_no_value_for_all(self):
        """Odoo asks a default once and writes it into every row."""
        field = self.account._fields["webhook_token"]
        self.assertIsNone(field.default)

    def test_a_copy_has_its_own_address(self):
        copied = self.account.sudo().copy()
        self.assertTrue(copied.webhook_token)
        self.assertNotEqual(copied.webhook_token, self.account.sudo().webhook_token)
