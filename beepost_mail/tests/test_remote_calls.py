"""Methods called directly, without the screen that would hide the button."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase

from .common import a4_pdf
from .roles import REASON, STREET, SecurityCase


class TestCodes(SecurityCase):
    """What is wrong and what was repaired, in the names that programs know."""

    def _codes(self, letter, user=None):
        [values] = self._rpc(
            user or self.accountant,
            "beepost.mailing",
            "read",
            letter.ids,
            ["error_codes", "remark_codes"],
        )
        return values["error_codes"] or [], values["remark_codes"] or []

    def test_errors_and_remarks_apart(self):
        self.assertEqual(self._codes(self.sent)[0], [])
        self.assertIn("pages.address_sheet", self._codes(self.sent)[1])
        nowhere = self._create_customer("Sans ville", zip=False, city=False)
        letter = self._post(self._create_invoice(nowhere))
        errors, remarks = self._codes(letter, self.env.user)
        self.assertEqual(errors, ["address.zip_missing", "address.city_missing"])
        self.assertFalse(remarks)

    def test_who_may_not_see_the_letter_reads_no_code(self):
        with self._forbidden():
            self._codes(self.letter, self.employee)


class TestRemoteCalls(SecurityCase):
    # Buttons and what core's own mixins offer; anything else is internal.
    BUTTONS = {
        "account.move": {"action_beepost_send", "action_open_beepost_mailings"},
        "account.move.send.wizard": set(),
        "beepost.account": {
            "action_forgotten_password",
            "action_open_waiting",
            "action_push_sandbox_clock",
            "action_request_account",
            "action_resume",
            "action_test_connection",
        },
        "beepost.account.request": {"action_request"},
        "beepost.alerts": set(),
        "beepost.compose": {"action_open_letters", "action_preview", "action_send"},
        "beepost.compose.line": set(),
        "beepost.correct.address": {"action_correct"},
        "beepost.estimate": set(),
        "beepost.free.letter": {
            "action_add_matching",
            "action_open_letters",
            "action_remove_addressees",
            "action_retry",
            "action_save_as_template",
            "action_stop",
        },
        "beepost.free.letter.addressee": {"action_open_mailing", "action_preview"},
        "beepost.free.letter.send": {"action_preview", "action_send"},
        "beepost.letter.template": {"action_write_letter"},
        "beepost.left.out": set(),
        "beepost.lot": {
            "action_cancel",
            "action_make_again",
            "action_open_letters",
            "action_pause",
            "action_resume",
        },
        "beepost.lot.line": {"action_open_record"},
        "beepost.group": {"action_put_together"},
        "beepost.mailing": {
            "action_cancel",
            "action_correct_address",
            "action_did_arrive",
            "action_never_arrived",
            "action_open_document",
            "action_plan",
            "action_put_together",
            "action_retry",
            "action_separate",
        },
        "beepost.mailing.document": {
            "action_open_document",
            "action_remove_and_retry",
        },
        "beepost.outbox": set(),
        "beepost.papers": set(),
        "beepost.postable": set(),
        "beepost.posting": set(),
        "beepost.profile": set(),
        "beepost.sandbox.letter": set(),
        "beepost.send": {"action_send"},
        "beepost.sending.dialog": set(),
        "beepost.service": set(),
        "beepost.terms": set(),
        "res.partner": {"action_beepost_write_letter", "action_open_beepost_mailings"},
    }
    OVERRIDDEN = {
        "action_send_and_print",
        "button_cancel",
        "button_draft",
        "copy",
        "copy_data",
        "create",
        "default_get",
        "mail_allowed_qweb_expressions",
        "unlink",
        "write",
    }

    def test_only_buttons_are_public(self):
        for model, expected in self.BUTTONS.items():
            ours = {
                name
                for cls in type(self.env[model]).mro()
                if cls.__module__.startswith("odoo.addons.beepost_mail.")
                for name, value in vars(cls).items()
                if callable(value) and not name.startswith("_")
            } - self.OVERRIDDEN
            callable_remotely = {
                name for name in ours if self._is_public(self.env[model], name)
            }
            with self.subTest(model=model):
                self.assertEqual(callable_remotely, expected)

    def _is_public(self, records, name):
        try:
            get_public_method(records, name)
        except AccessError:
            return False
        return True

    def test_private_methods_refuse(self):
        for model, name in (
            ("beepost.mailing", "_cancel_here"),
            ("beepost.mailing", "_refuse"),
            ("beepost.mailing", "_restart"),
            ("beepost.mailing", "_prepare_submission"),
            ("beepost.account", "_current_incarnation"),
            ("beepost.account", "_keep_token"),
            ("beepost.account", "_cron_send"),
            ("beepost.outbox", "_run"),
            ("beepost.free.letter", "_cron_make"),
            ("beepost.free.letter", "_send"),
            ("beepost.free.letter.addressee", "_make"),
            ("account.move", "_beepost_post"),
        ):
            self.assertTrue(hasattr(self.env[model], name), (model, name))
            with self.subTest(name=name), self.assertRaises(AccessError):
                self._rpc(self.admin, model, name, self.letter.ids)

    def test_buttons_check_the_group(self):
        """Called directly, not through a screen that hides the button."""
        letter = self.letter.sudo()
        outsiders = (self.employee, self.portal, self.accountant_b, self.admin_b)
        for user in outsiders:
            for name in self.BUTTONS["beepost.mailing"]:
                with self.subTest(user=user.login, name=name), self._forbidden():
                    self._rpc(user, "beepost.mailing", name, letter.ids)
        letter.state = "unknown"
        for name in ("action_did_arrive", "action_never_arrived"):
            with self.subTest(name=name), self._forbidden():
                self._rpc(self.accountant, "beepost.mailing", name, letter.ids)
        self.assertEqual(letter.state, "unknown")
        with self._forbidden():
            self._rpc(
                self.accountant, "beepost.mailing", "action_cancel", self.sent.ids
            )
        self.assertEqual(self.sent.state, "accepted")

    def test_buttons_check_the_state(self):
        allowed = {
            "action_retry": {"rejected", "ready"},
            "action_correct_address": {"rejected", "ready"},
            "action_cancel": {"draft", "ready", "queued", "rejected", "accepted"},
            "action_plan": {"draft", "ready", "queued"},
            "action_did_arrive": {"unknown"},
            "action_never_arrived": {"unknown"},
        }
        letter = self.letter.sudo()
        states = dict(letter._fields["state"].selection)
        for name, good in allowed.items():
            for state in set(states) - good:
                letter.state = state
                with self.subTest(name=name, state=state), self._forbidden():
                    self._rpc(self.manager, "beepost.mailing", name, letter.ids)
                self.assertEqual(letter.state, state)

    def test_account_buttons_are_the_administrators(self):
        for user in (self.accountant, self.manager, self.employee, self.admin_b):
            for name in self.BUTTONS["beepost.account"] - {"action_open_waiting"}:
                with self.subTest(user=user.login, name=name), self._forbidden():
                    self._rpc(user, "beepost.account", name, self.account.ids)
        self.assertFalse(self.account.sudo().sandbox_shift)

    def test_account_request_is_the_administrators(self):
        for user in (self.accountant, self.manager):
            with self._forbidden():
                self.env["beepost.account.request"].with_user(user).create(
                    {
                        "account_id": self.account.id,
                        "company": "x",
                        "name": "x",
                        "email": "x@example.com",
                    }
                )
        with self._forbidden():
            self.env["beepost.account.request"].with_user(self.admin_b).create(
                {
                    "account_id": self.account.id,
                    "company": "x",
                    "name": "x",
                    "email": "x@example.com",
                }
            ).action_request()

    def test_outsider_cannot_send(self):
        for user in (self.employee, self.manager, self.accountant_b):
            with self.subTest(user=user.login), self._forbidden():
                wizard = (
                    self.env["beepost.send"]
                    .with_user(user)
                    .create({"move_ids": [Command.set(self.move.ids)]})
                )
                wizard.action_send()

    def test_wizard_of_another_lends_no_rights(self):
        wizard = (
            self.env["beepost.send"]
            .with_user(self.accountant)
            .create({"move_ids": [Command.set(self.move.ids)]})
        )
        for user in (self.manager, self.accountant_b):
            with self._forbidden():
                self._rpc(user, "beepost.send", "action_send", wizard.ids)
        self.assertFalse(self.env["beepost.lot"].sudo().search([]))

    def test_drafts_of_another_are_nobodys_business(self):
        drafts = (
            (self.accountant, "beepost.send", {"move_ids": [self.move.id]}, {}),
            (
                self.accountant,
                "beepost.correct.address",
                {"mailing_id": self.letter.id, "street": STREET},
                {"street": "Ailleurs"},
            ),
            (
                self.accountant,
                "beepost.plan",
                {"mailing_ids": [self.letter.id]},
                {"planned_on": "2099-01-05"},
            ),
            (
                self.admin,
                "beepost.account.request",
                {
                    "account_id": self.account.id,
                    "company": "x",
                    "name": "x",
                    "email": "x@example.com",
                },
                {"phone": "1"},
            ),
        )
        colleague = self._create_user("colleague", "account.group_account_invoice")
        chief = self._create_user("chief", "beepost_mail.group_admin")
        for author, model, values, change in drafts:
            number = self._rpc(author, model, "create", values)
            self.assertTrue(self._rpc(author, model, "read", [number]))
            for user in (colleague, self.accountant_b, self.manager, chief):
                with self.subTest(model=model, user=user.login):
                    found = self._attempt(user, model, "search_read", [])
                    self.assertTrue(found == "[]" or "AccessError" in found, found)
                    for method, args in (
                        ("read", ()),
                        ("write", (change or {"color": True},)),
                        ("unlink", ()),
                    ):
                        with self._forbidden():
                            self._rpc(user, model, method, [number], *args)

    def test_a_forged_draft_tells_no_addressee(self):
        for user in (self.accountant_b, self.admin_b):
            with self.subTest(user=user.login), self._forbidden():
                self._rpc(
                    user,
                    "beepost.correct.address",
                    "create",
                    {"mailing_id": self.sent.id},
                )
        own = self._rpc(
            self.manager,
            "beepost.correct.address",
            "create",
            {"mailing_id": self.sent.id},
        )
        self.sent.sudo().company_id = self.company_b
        with self._forbidden():
            self._rpc(
                self.manager, "beepost.correct.address", "read", [own], ["partner_id"]
            )

    def test_foreign_attachment_is_no_enclosure(self):
        """A forged list of attachments must not print what the sender may not read."""
        secret_file = self.env["ir.attachment"].create(
            {
                "name": "salaries.pdf",
                "raw": a4_pdf("Salaires"),
                "res_model": "beepost.account",
                "res_id": self.account_b.id,
            }
        )
        with self.assertRaises(AccessError):
            secret_file.with_user(self.accountant).read(["datas"])
        move = self._create_invoice()
        wizard = (
            self.env["account.move.send.wizard"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"sending_method_checkboxes": {"beepost": {"checked": True}}})
        )
        wizard.mail_attachments_widget = [
            {
                "id": secret_file.id,
                "name": "salaries.pdf",
                "mimetype": "application/pdf",
                "manual": True,
            }
        ]
        self.assertTrue(
            (wizard.beepost_estimate or "").startswith("1 page"),
            "the pages of a file that one may not read were counted",
        )
        wizard.action_send_and_print()
        letter = move.sudo().beepost_document_ids.mailing_id
        self.assertNotIn(
            secret_file, letter.sudo().document_ids.attachment_id, "it was printed"
        )
        self.assertIn("salaries.pdf", str(move.message_ids.mapped("body")))


class TestFilesOverHttp(SecurityCase, HttpCase):
    def _get(self, user, url):
        self.authenticate(user.login, user.login)
        return self.url_open(url, allow_redirects=False)

    def _create_passwords(self):
        for user in (
            self.accountant,
            self.manager,
            self.admin,
            self.employee,
            self.accountant_b,
        ):
            user.password = user.login

    def test_pdf_as_posted(self):
        self._create_passwords()
        pdf = self.letter.sudo().pdf_id
        urls = (
            f"/web/content/{pdf.id}?download=1",
            f"/web/content/beepost.mailing/{self.letter.id}/pdf",
        )
        for url in urls:
            answer = self._get(self.accountant, url)
            self.assertEqual(answer.status_code, 200, url)
            self.assertTrue(answer.content.startswith(b"%PDF"), url)
            for user in (
                self.manager,
                self.admin,
                self.employee,
                self.accountant_b,
            ):
                with self.subTest(user=user.login, url=url):
                    answer = self._get(user, url)
                    self.assertNotIn(b"%PDF", answer.content)
                    self.assertFalse(answer.status_code == 200 and answer.content)
        self.authenticate(None, None)
        for url in urls:
            self.assertNotIn(b"%PDF", self.url_open(url).content)

    def test_chatter_hands_out_no_file(self):
        self._create_passwords()
        self.authenticate(self.manager.login, self.manager.login)
        answer = self.make_jsonrpc_request(
            "/mail/data",
            {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            "thread_model": "beepost.mailing",
                            "thread_id": self.letter.id,
                            "request_list": ["attachments", "activities", "messages"],
                        },
                    ]
                ]
            },
        )
        self.assertIn("mail.thread", answer)
        files = [file["id"] for file in answer.get("ir.attachment", [])]
        self.assertNotIn(self.letter.sudo().pdf_id.id, files)
        self.assertNotIn(REASON, str(answer))
