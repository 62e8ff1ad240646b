"""Who may write, read and send which letter, and whose rights fill in a text."""

import io

from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from .common import ScriptedGateway
from .free_letters import BODY, FreeLetterCase
from .roles import SecurityCase

LETTER = "beepost.free.letter"
ROW = "beepost.free.letter.addressee"
TEMPLATE = "beepost.letter.template"
DIALOG = "beepost.free.letter.send"
RENDER = "odoo.addons.mail.models.mail_render_mixin"


class FreeLetterSecurity(FreeLetterCase, SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls._create_user("author", "beepost_mail.group_user")
        cls.colleague = cls._create_user("colleague", "beepost_mail.group_user")
        cls._in_english(cls.author + cls.colleague)
        cls.draft = cls._write_letter(cls.customer, user=cls.author)
        cls.strangers = (cls.colleague, cls.accountant_b, cls.manager_b, cls.admin_b)
        cls.outsiders = (cls.employee, cls.portal)

    def _sent_letter(self, *partners, **values):
        letter = self._write_letter(
            *(partners or (self.customer,)), user=self.author, **values
        )
        with self._small_pdfs():
            self._send(letter)
        return letter.sudo()

    def _may(self, user, records, operation="read"):
        return self._as(user, records).has_access(operation)

    def _as(self, user, records):
        return self.env[records._name].with_user(user).browse(records.ids)


class TestWhoReads(FreeLetterSecurity):
    def test_a_letter_is_its_author_s_and_the_managers(self):
        for user in (self.author, self.manager, self.admin):
            for records in (self.draft, self.draft.addressee_ids):
                with self.subTest(user=user.login, model=records._name):
                    for operation in ("read", "write", "unlink"):
                        self.assertTrue(self._may(user, records, operation))
        for user in (*self.strangers, *self.outsiders):
            for records in (self.draft, self.draft.addressee_ids):
                with self.subTest(user=user.login, model=records._name):
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(self._may(user, records, operation))
                    if user not in self.outsiders:
                        found = self._as(user, records).search([])
                        self.assertFalse(found & records)

    def test_its_letters_follow_it(self):
        """What was posted, its PDF, and the PDF that it was made of."""
        letter = self._sent_letter()
        mailing = letter.addressee_ids.mailing_id
        self._run_outbox()
        self.assertTrue(mailing.sudo().pdf_id)
        source = mailing.sudo().document_ids.attachment_id
        for user in (self.author, self.manager):
            with self.subTest(user.login):
                read = self._as(user, mailing)
                self.assertTrue(read.pdf)
                self.assertIn("Société Générale", read.address)
                self.assertTrue(self._may(user, source))
                self.assertIn(mailing, read.search([]))
        for user in (*self.strangers, *self.outsiders):
            with self.subTest(user.login):
                self.assertFalse(self._may(user, mailing))
                self.assertFalse(self._may(user, source))
        # The author adds one who reads along: this one, and all that follows from it.
        self._as(self.author, letter).message_subscribe(self.colleague.partner_id.ids)
        self.env.invalidate_all()
        for records in (letter, letter.addressee_ids, mailing, source):
            with self.subTest(records._name):
                self.assertTrue(self._may(self.colleague, records))
        self.assertTrue(self._as(self.colleague, mailing).pdf)
        self.assertFalse(self._may(self.colleague, letter, "write"))
        self.assertFalse(self._may(self.colleague, letter.addressee_ids, "write"))
        self.assertFalse(self._may(self.colleague, self.draft))

    def test_nobody_makes_himself_a_follower(self):
        own = self.colleague.partner_id.ids
        self._as(self.colleague, self.draft).message_subscribe(own)
        self.assertFalse(self._may(self.colleague, self.draft))
        with self._forbidden():
            values = {"message_partner_ids": [Command.set(own)]}
            self._rpc(self.colleague, LETTER, "write", self.draft.ids, values)

    def test_buttons(self):
        """Called directly, not through a screen that hides them."""
        for user in (*self.strangers, *self.outsiders):
            for model, ids, names in (
                (
                    LETTER,
                    self.draft.ids,
                    (
                        "action_add_matching",
                        "action_open_letters",
                        "action_remove_addressees",
                        "action_retry",
                        "action_save_as_template",
                        "action_stop",
                    ),
                ),
                (
                    ROW,
                    self.draft.addressee_ids.ids,
                    ("action_preview", "action_open_mailing"),
                ),
            ):
                for name in names:
                    with self.subTest(user=user.login, name=name), self._forbidden():
                        self._rpc(user, model, name, ids)
            with self.subTest(user=user.login), self._forbidden():
                self._rpc(user, DIALOG, "create", {"letter_id": self.draft.id})
            report = self.env["report.beepost_mail.report_free_letter"].with_user(user)
            with self.subTest(user=user.login), self._forbidden():
                report._get_report_values(self.draft.addressee_ids.ids)

    def test_a_dialog_of_another_s_letter_shows_nothing(self):
        with self._forbidden():
            self._rpc(
                self.colleague,
                DIALOG,
                "onchange",
                [],
                {"letter_id": self.draft.id},
                ["letter_id"],
                {"letter_id": {}, "summary": {}, "addressee_id": {}},
            )


class TestWhoWrites(FreeLetterSecurity):
    def test_what_a_letter_keeps_itself(self):
        for user in (self.author, self.manager, self.admin):
            for values in (
                {"state": "sent"},
                {"user_id": user.id},
                {"writer_id": self.admin.id},
                {"sender_id": self.admin.id},
                {"lot_id": False},
            ):
                with self.subTest(user=user.login, values=values), self._forbidden():
                    self._rpc(user, LETTER, "write", self.draft.ids, values)
                with self.subTest(user=user.login, create=values), self._forbidden():
                    text = {"subject": "x", "body": BODY}
                    self._rpc(user, LETTER, "create", {**text, **values})
            for values in (
                {"state": "made"},
                {"error": "x"},
                {"mailing_id": self.sent.id},
                {"company_id": self.company_b.id},
            ):
                with self.subTest(user=user.login, values=values), self._forbidden():
                    ids = self.draft.addressee_ids.ids
                    self._rpc(user, ROW, "write", ids, values)

    def test_nobody_adds_to_another_s_list(self):
        other = self._create_customer("Another")
        values = {"letter_id": self.draft.id, "partner_id": other.id}
        with self._forbidden():
            self._rpc(self.colleague, ROW, "create", values)
        own = self._write_letter(self.customer, user=self.colleague)
        with self._forbidden():
            self._rpc(
                self.colleague,
                ROW,
                "write",
                own.addressee_ids.ids,
                {"letter_id": self.draft.id, "partner_id": other.id},
            )

    def test_only_contacts_that_one_may_read(self):
        hidden = self._create_customer("Hidden", company_id=self.company_b.id)
        with self._forbidden():
            self._write_letter(hidden, user=self.author)
        with self._forbidden():
            self.draft.write(
                {"addressee_ids": [Command.create({"partner_id": hidden.id})]}
            )
        with self._forbidden():
            self._rpc(
                self.author,
                ROW,
                "write",
                self.draft.addressee_ids.ids,
                {"partner_id": hidden.id},
            )
        self.draft.domain = f"[('id', '=', {hidden.id})]"
        with self.assertRaisesRegex(UserError, "No further contact"):
            self.draft.action_add_matching()

    def test_only_files_that_one_may_read(self):
        hidden = self.env["ir.attachment"].create(
            {
                "name": "hidden.pdf",
                "raw": b"%PDF-1.4 hidden",
                "res_model": "account.move",
                "res_id": self.move.id,
            }
        )
        with self._forbidden():
            self.draft.enclosure_ids = [Command.link(hidden.id)]
        with self._forbidden():
            self._rpc(
                self.author,
                TEMPLATE,
                "create",
                {
                    "name": "x",
                    "subject": "x",
                    "enclosure_ids": [Command.set(hidden.ids)],
                },
            )
        # Who may read it encloses a copy; whoever reads the letter reads that.
        letter = self._write_letter(
            self.customer,
            user=self.accountant,
            enclosure_ids=[Command.set(hidden.ids)],
        )
        self.assertNotEqual(letter.sudo().enclosure_ids, hidden)
        self.assertEqual(letter.sudo().enclosure_ids.raw, b"%PDF-1.4 hidden")
        self.assertEqual(hidden.res_model, "account.move")

    def test_only_pictures_that_one_may_read(self):
        """A signature is printed with the rights of who wrote the text."""
        out = io.BytesIO()
        Image.new("RGB", (1, 1)).save(out, "PNG")
        hidden = (
            self.env["ir.attachment"]
            .with_user(self.author)
            .create({"name": "hidden.png", "raw": out.getvalue()})
        )
        text = f'<img src="/web/image/{hidden.id}">'
        with self._forbidden():
            self._as(self.manager, self.draft).signature = text
        self.draft.signature = text
        self.assertIn("data:image/png", self._signature(self.draft))

    def _signature(self, letter):
        return letter.sudo().addressee_ids._fill_in()["signature"]

    def test_templates(self):
        shared = self.env.ref("beepost_mail.letter_template_address")
        of_b = self.env[TEMPLATE].create(
            {"name": "B", "subject": "B", "company_id": self.company_b.id}
        )
        values = {"name": "Mine", "subject": "Mine", "company_id": self.company.id}
        mine = self.env[TEMPLATE].browse(
            self._rpc(self.author, TEMPLATE, "create", [values])
        )
        for user, templates, expected in (
            (self.author, shared, (True, False)),
            (self.author, mine, (True, True)),
            (self.author, of_b, (False, False)),
            (self.colleague, mine, (True, False)),
            (self.manager, shared, (True, False)),
            (self.admin, shared, (True, True)),
            (self.admin, mine, (True, True)),
            (self.admin, of_b, (False, False)),
            (self.employee, shared, (False, False)),
        ):
            with self.subTest(user=user.login, template=templates.name):
                found = tuple(
                    self._may(user, templates, operation)
                    for operation in ("read", "write")
                )
                self.assertEqual(found, expected)
        with self._forbidden():
            self._rpc(
                self.author, TEMPLATE, "create", [{**values, "company_id": False}]
            )
        with self._forbidden():
            self._write_letter(
                self.customer, user=self.accountant_b, template_id=mine.id
            )

    def test_a_manager_sends_what_another_wrote(self):
        with self._small_pdfs():
            self._send(self.draft, user=self.manager)
        mailing = self.draft.addressee_ids.mailing_id
        self.assertEqual(mailing.user_id, self.manager)
        self.assertEqual(self.draft.user_id, self.author)
        self.assertEqual(self.draft.writer_id, self.author)

    def test_scripts_are_not_saved(self):
        evil = '<p onclick="evil()">x<script>evil()</script></p>'
        self.env["res.lang"]._activate_lang("en_US")
        self.draft.body = evil
        self.assertNotIn("evil", self.draft.body)
        self.draft.update_field_translations("body", {"fr_FR": evil})
        self.assertNotIn("evil", self.draft.with_context(lang="fr_FR").body)


class TestWhoseRights(FreeLetterSecurity):
    DYNAMIC = "<p>{{ object.name + '!' }}</p>"

    def test_who_is_no_template_editor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for values in (
            {"body": self.DYNAMIC},
            {"body": "<p t-if='object.name'>x</p>"},
            {"body": "<p><t t-out='object.env.user.name'/></p>"},
            {"body": "<p>{{ object.bank_ids }}</p>"},
            {"subject": "{{ object.env.user.name }}"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                with self.cr.savepoint():
                    self.draft.write(values)
            with self.subTest(create=values), self.assertRaises(AccessError):
                with self.cr.savepoint():
                    self._write_letter(self.customer, user=self.author, **values)
            ((name, text),) = values.items()
            for lang in ("fr_FR", "en_US"):
                with self.subTest(lang=lang, values=values):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        self.draft.update_field_translations(name, {lang: text})
        self.draft.write(
            {"subject": "{{ object.city }}", "body": "<p>{{ object.zip }}</p>"}
        )
        filled = self.draft.addressee_ids.sudo()._fill_in()
        self.assertEqual((filled["subject"], filled["body"]), ("Lyon", "<p>69002</p>"))

    def test_what_an_editor_wrote_is_not_taken_over_by_another(self):
        self._make_editor(self.author)
        self.draft.body = self.DYNAMIC
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._rpc(
                self.manager, LETTER, "write", self.draft.ids, {"subject": "Mine"}
            )
        # Anything else he may change: what was typed stays the author's.
        self._rpc(self.manager, LETTER, "write", self.draft.ids, {"place": "Paris"})
        self.assertEqual(self.draft.writer_id, self.author)
        filled = self.draft.addressee_ids.sudo()._fill_in()
        self.assertIn("!", filled["body"])

    def test_text_is_filled_in_with_its_writer_s_rights(self):
        """Whoever sends it, and in the background too; as superuser never."""
        self._make_editor(self.author)
        others = self._customers(2)
        letter = self._write_letter(
            *others,
            user=self.author,
            subject="{{ object.env.user.login }} {{ str(object.env.su) }}",
        )
        with self._small_pdfs():
            self._send(letter, user=self.manager)
        names = letter.sudo().addressee_ids.mailing_id.mapped("name")
        self.assertEqual(names, ["beepost_author False"] * 2)

    @mute_logger(RENDER)
    def test_what_the_writer_may_not_read(self):
        self._make_editor(self.author)
        letter = self._write_letter(
            *self._customers(2),
            user=self.author,
            body="<p>{{ object.env['beepost.token'].search([]) }}</p>",
        )
        with self._small_pdfs():
            self._send(letter, user=self.admin)
        row = letter.sudo().addressee_ids[0]
        self.assertEqual((letter.state, row.state), ("draft", "failed"))
        self.assertTrue(row.error)
        self.assertNotIn("Traceback", row.error)

    @mute_logger(RENDER)
    def test_who_is_no_editor_any_more(self):
        self._make_editor(self.author)
        self.draft.body = self.DYNAMIC
        self.author.group_ids -= self.env.ref("mail.group_mail_template_editor")
        with self._small_pdfs():
            self._send(self.draft)
        row = self.draft.sudo().addressee_ids
        self.assertEqual(row.state, "failed")
        self.assertIn("author, who wrote the text", row.error)


class TestEvidence(FreeLetterSecurity):
    def test_what_left_is_kept(self):
        live = self.env["beepost.account"].create(
            {
                "name": "Live",
                "company_id": self.company.id,
                "gateway": "http",
                "url": "https://api.bee.example.com",
                "identifier": "compta@example.com",
                "password": "secret",
            }
        )
        letter = self._sent_letter(account_id=live.id)
        mailing = letter.addressee_ids.mailing_id
        self.assertEqual(mailing.account_id, live)
        with self._gateway(ScriptedGateway()):
            self._run_outbox(live)
        self.assertEqual(mailing.state, "accepted")
        for records in (letter, letter.addressee_ids):
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                records.unlink()
        self.assertTrue(letter.exists())

    def test_what_waits_is_kept_and_what_was_cancelled_is_not(self):
        letter = self._sent_letter()
        mailing = letter.addressee_ids.mailing_id
        pdf = mailing.sudo().document_ids.attachment_id
        with self.assertRaisesRegex(UserError, "wait to leave"):
            letter.unlink()
        mailing.action_cancel()
        letter.unlink()
        self.assertFalse(pdf.exists())
        self.assertTrue(mailing.exists())

    def test_practice_proves_nothing(self):
        letter = self._sent_letter()
        self._run_outbox()
        self.assertEqual(letter.addressee_ids.mailing_state, "accepted")
        letter.unlink()

    def test_uninstalling_leaves_nothing(self):
        letter = self._sent_letter(*self._customers(3))
        self._run_outbox()
        file = self.env["ir.attachment"].create({"name": "a", "raw": b"a"})
        self.draft.sudo().enclosure_ids = file
        self.draft.sudo().service_id = self.env.ref("beepost_mail.service_tracked")
        self.draft.sudo().account_id = self.account
        self.assertEqual(letter.state, "sent")
        uninstall_hook(self.env(su=True))
        for model in (LETTER, ROW):
            for table, column in (
                ("ir_attachment", "res_model"),
                ("mail_message", "model"),
                ("mail_activity", "res_model"),
                ("mail_followers", "res_model"),
            ):
                self.cr.execute(
                    f"SELECT COUNT(*) FROM {table} WHERE {column} = %s", [model]
                )
                self.assertEqual(self.cr.fetchone(), (0,), (model, table))
        self.env["beepost.service"].search([("id", "!=", 0)]).unlink()
        self.env.flush_all()
