"""What nobody reads back: password, token, the columns of the outbox."""

from .roles import INCARNATION, OUR_MODELS, SECRETS, STREET, WRITTEN, SecurityCase


class TestSecrets(SecurityCase):
    def test_never_read_by_anyone(self):
        everyone = (
            self.accountant,
            self.manager,
            self.admin,
            self.employee,
            self.portal,
            self.admin_b,
            self.env.ref("base.user_admin"),
        )
        for user in everyone:
            text = self._dragnet(
                user, (*OUR_MODELS, *WRITTEN, "mail.message", "res.company")
            )
            for secret in SECRETS:
                with self.subTest(user=user.login, secret=secret):
                    self.assertNotIn(secret, text)

    def test_export_through_other_records(self):
        for model, records, path in (
            ("beepost.mailing", self.letter, "account_id/secret"),
            ("res.company", self.company, "beepost_account_id/secret"),
            ("res.company", self.company, "beepost_account_ids/secret"),
            ("account.move", self.move, "beepost_document_ids/mailing_id/recipient"),
            (
                "account.move",
                self.move,
                "beepost_document_ids/mailing_id/account_id/secret",
            ),
        ):
            with self.subTest(path=path):
                text = self._attempt(
                    self.admin, model, "export_data", records.ids, [path]
                )
                for secret in (*SECRETS, STREET.upper()):
                    self.assertNotIn(secret, text)

    def test_fields_get_names_no_hidden_field(self):
        for user in (self.accountant, self.admin):
            for model, hidden in (
                ("beepost.account", {"secret", "incarnation", "cron_id"}),
                ("beepost.mailing", {"recipient", "findings", "pdf_id", "worker"}),
                ("beepost.mailing.document", {"attachment_id"}),
                ("beepost.token", {"token"}),
            ):
                names = set(self._rpc(user, model, "fields_get"))
                self.assertFalse(names & hidden, (user.login, names & hidden))

    def test_password_is_write_only(self):
        account = self.account.with_user(self.admin)
        self.assertEqual(account.password, "********")
        account.password = "new one"
        account.flush_recordset()
        account.invalidate_recordset()
        self.assertEqual(account.sudo().secret, "new one")
        self.assertEqual(account.read(["password"])[0]["password"], "********")
        self.assertFalse(
            self.env["beepost.token"].sudo().search([("account_id", "=", account.id)]),
            "the token of the old password is spent",
        )
        account.password = "********"
        self.assertEqual(account.sudo().secret, "new one", "the mask is no password")
        account.password = False
        account.invalidate_recordset()
        self.assertFalse(account.sudo().secret)
        self.assertFalse(account.password)

    def test_password_leaves_no_trace(self):
        marker = "typed-password-4715"
        self.account.with_user(self.admin).write(
            {"password": marker, "url": "https://bee.example.com"}
        )
        self.env.flush_all()
        for table in ("mail_message", "mail_tracking_value", "ir_logging"):
            self.cr.execute(f"SELECT t::text FROM {table} t")
            for (row,) in self.cr.fetchall():
                self.assertNotIn(marker, row)

    def test_password_cannot_be_searched(self):
        with self.assertRaises(ValueError):
            self._rpc(
                self.admin, "beepost.account", "search", [("password", "=like", "h%")]
            )

    def test_onchange_tells_nothing(self):
        names = ["name", "password", "gateway", "secret", "incarnation", "cron_id"]
        text = self._attempt(
            self.admin,
            "beepost.account",
            "onchange",
            self.account.ids,
            {"name": "x"},
            ["name"],
            dict.fromkeys(names, {}),
        )
        for secret in SECRETS:
            self.assertNotIn(secret, text)

    def test_copy_takes_no_secret_along(self):
        [copied] = self._rpc(
            self.admin, "beepost.account", "copy", self.account.ids, {"name": "Second"}
        )
        copied = self.env["beepost.account"].browse(copied).sudo()
        self.assertFalse(copied.secret)
        self.assertFalse(copied._get_token())
        self.assertFalse(copied.password)
        self.assertNotEqual(copied.incarnation, INCARNATION)
        self.assertNotEqual(copied.cron_id, self.account.sudo().cron_id)

    def test_hidden_columns_cannot_be_written(self):
        for user in (self.accountant, self.manager, self.admin):
            for values in (
                {"secret": "x"},
                {"incarnation": "x"},
                {"cron_id": False},
            ):
                with self.subTest(user=user.login, values=values), self._forbidden():
                    self._rpc(
                        user, "beepost.account", "write", self.account.ids, values
                    )
        with self._forbidden():
            self._rpc(
                self.admin,
                "beepost.account",
                "create",
                {"name": "x", "company_id": self.company.id, "secret": "x"},
            )

    def test_support_answer_is_for_administrators(self):
        self.account.sudo()._stop("Out of order", "200 answer-for-support-4716")
        for user, expected in (
            (self.accountant, False),
            (self.manager, False),
            (self.admin, True),
        ):
            text = self._dragnet(user, ("beepost.account",))
            self.assertEqual("answer-for-support-4716" in text, expected, user.login)
            self.assertIn("Out of order", text, "everybody may know why nothing leaves")
