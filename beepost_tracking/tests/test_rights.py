"""Who may see and change what is known of letters: three roles, two companies."""

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.roles import SecurityCase

from .common import event

HIDDEN = ("raw-4721", "suivi-key-4722", "webhook-secret-4723", "webhook-token-4724")
MODELS = (
    "beepost.stage",
    "beepost.wording",
    "beepost.event",
    "beepost.follow",
    "beepost.suivi",
    "beepost.account",
    "beepost.mailing",
)


class TestTrackingRights(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        told = event(cls.sent, "posted", place="Lyon", raw={"note": HIDDEN[0]})
        stray = event(cls.sent, "posted", client_reference="z" * 36)
        stray = port.Event(
            **{**vars(stray), "event_id": "stray", "provider_reference": "PR-none"}
        )
        pull = cls.env["beepost.pull"].sudo()
        pull._store(cls.account, "beepost", [told, stray])
        cls.event = (
            cls.env["beepost.event"].sudo().search([("mailing_id", "=", cls.sent.id)])
        )
        cls.stray = (
            cls.env["beepost.event"]
            .sudo()
            .search([("mailing_id", "=", False), ("account_id", "=", cls.account.id)])
        )
        follows = cls.env["beepost.follow"].sudo()._of(cls.account + cls.account_b)
        cls.follow, cls.follow_b = follows.sorted(lambda f: f.account_id != cls.account)
        cls.suivi = cls.env["beepost.suivi"].create(
            {"company_id": cls.company.id, "key": HIDDEN[1]}
        )
        cls.account.sudo().write(
            {"webhook_secret": HIDDEN[2], "webhook_token": HIDDEN[3]}
        )
        cls.stage = cls.env.ref("beepost_tracking.stage_posted")
        cls.wording = cls.event.wording_id
        # May send, and yet reads no invoice.
        cls.blind = cls._create_user("blind", "beepost_mail.group_user")

    def _found(self, user, model):
        return self._rpc(user, model, "search", [])

    def test_events_follow_the_letter(self):
        self.assertEqual(self._found(self.accountant, "beepost.event"), self.event.ids)
        both = set((self.event + self.stray).ids)
        self.assertEqual(set(self._found(self.manager, "beepost.event")), both)
        self.assertEqual(self._found(self.blind, "beepost.event"), [])
        for user in (self.accountant_b, self.manager_b, self.admin_b):
            self.assertEqual(self._found(user, "beepost.event"), [])
            with self._forbidden():
                self._rpc(user, "beepost.event", "read", self.event.ids, ["label"])
        with self._forbidden():
            self._rpc(self.blind, "beepost.event", "read", self.event.ids, ["label"])
        with self._forbidden():
            self._rpc(self.accountant, "beepost.event", "read", self.stray.ids)
        for user in (self.employee, self.portal):
            with self._forbidden():
                self._found(user, "beepost.event")

    def test_nobody_changes_what_was_told(self):
        users = (self.accountant, self.manager, self.admin)
        for user in users:
            for records, values in (
                (self.event, {"code": "delivered"}),
                (self.event, {"mailing_id": self.letter.id}),
                (self.follow, {"cursor": "0"}),
                (self.sent, {"status": "delivered"}),
                (self.sent, {"stage_id": self.stage.id}),
            ):
                with (
                    self.subTest(user=user.login, model=records._name),
                    self._forbidden(),
                ):
                    self._rpc(user, records._name, "write", records.ids, values)
            for records in (self.event, self.follow):
                with self._forbidden():
                    self._rpc(user, records._name, "unlink", records.ids)
                with self._forbidden():
                    self._rpc(user, records._name, "create", [{}])
        with self._forbidden():
            self.event.sudo().code = "delivered"

    def test_the_settings_are_the_administrators(self):
        values = {
            "beepost.stage": {"name": "Tri", "code": "in_transit"},
            "beepost.wording": {"code": "new", "canonical": "posted"},
            "beepost.suivi": {"company_id": self.company_b.id},
        }
        for model, vals in values.items():
            for user in (self.accountant, self.manager, self.employee, self.portal):
                with self.subTest(user=user.login, model=model), self._forbidden():
                    self._rpc(user, model, "create", [vals])
        for model in ("beepost.stage", "beepost.wording"):
            self.assertTrue(self._rpc(self.admin, model, "create", [values[model]]))
        self.assertTrue(
            self._rpc(
                self.admin_b, "beepost.suivi", "create", [values["beepost.suivi"]]
            )
        )
        for user in (self.accountant, self.manager):
            for records, vals in (
                (self.stage, {"name": "x"}),
                (self.wording, {"canonical": "delivered"}),
                (self.suivi, {"active": False}),
                (self.account, {"webhook_password": "x" * 20}),
            ):
                with (
                    self.subTest(user=user.login, model=records._name),
                    self._forbidden(),
                ):
                    self._rpc(user, records._name, "write", records.ids, vals)

    def test_another_company(self):
        self.assertEqual(self._found(self.admin_b, "beepost.suivi"), [])
        self.assertEqual(
            self._rpc(self.admin_b, "beepost.follow", "search", []),
            self.follow_b.ids,
        )
        for records, vals in (
            (self.suivi, {"active": False}),
            (self.account, {"webhook_password": "x" * 20}),
        ):
            with self._forbidden():
                self._rpc(self.admin_b, records._name, "write", records.ids, vals)
            with self._forbidden():
                self._rpc(self.admin_b, records._name, "read", records.ids)
        with self._forbidden():
            self._rpc(self.admin_b, "beepost.suivi", "action_test", self.suivi.ids)

    def test_buttons(self):
        for user in (self.accountant, self.manager, self.admin_b):
            with self._forbidden():
                self._rpc(user, "beepost.account", "action_pull_now", self.account.ids)
        self._rpc(self.admin, "beepost.account", "action_pull_now", self.account.ids)

    def test_secrets_are_never_read(self):
        for user in (self.accountant, self.admin):
            text = self._dragnet(user, (*MODELS, "mail.message"))
            for secret in HIDDEN[:3]:
                with self.subTest(user=user.login, secret=secret):
                    self.assertNotIn(secret, text)
        for user in (self.manager, self.admin_b):
            self.assertNotIn(HIDDEN[3], self._dragnet(user, ("beepost.account",)))
        self.assertIn(HIDDEN[3], self.account.with_user(self.admin).webhook_url)

    def test_the_invoice_shows_the_stage_to_its_readers(self):
        self.sent.is_practice = False
        move = self.sent._documents_of("account.move")
        [read] = self._rpc(
            self.accountant, "account.move", "read", move.ids, ["beepost_stage_id"]
        )
        self.assertEqual(read["beepost_stage_id"][0], self.stage.id)
