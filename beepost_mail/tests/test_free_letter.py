"""From a draft to letters: text, addressees, the order, slices, what goes wrong."""

from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..models import beepost_free_letter_make
from .common import a4_pdf
from .free_letters import FreeLetterCase

LOG = "odoo.addons.beepost_mail.models.beepost_free_letter_print"
RENDER = "odoo.addons.mail.models.mail_render_mixin"


class TestFreeLetter(FreeLetterCase):
    def test_one_letter_is_made_at_once(self):
        letter = self._write_letter(self.customer)
        with self._small_pdfs():
            self._send(letter)
        row = letter.addressee_ids
        mailing = row.mailing_id
        self.assertEqual((letter.state, row.state), ("sent", "made"))
        self.assertEqual(mailing.partner_id, self.customer)
        self.assertEqual(mailing.user_id, self.accountant)
        self.assertEqual(mailing.name, "We are moving")
        line = mailing.sudo().document_ids
        self.assertEqual((line.res_model, line.res_id), (row._name, row.id))
        self.assertFalse(mailing.lot_id)
        self._run_outbox()
        self.assertEqual(mailing.state, "accepted", mailing.sudo().findings)
        self.assertEqual(row.mailing_state, "accepted")

    def test_many_are_made_in_slices(self):
        partners = self._customers(45)
        letter = self._write_letter(*partners)
        with self._small_pdfs() as calls:
            self._send(letter)
        self.assertEqual(calls, [20, 20, 5])
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.made_count, 45)
        mailings = letter.addressee_ids.mailing_id
        self.assertEqual(mailings.partner_id, partners)
        self.assertEqual(len(mailings), 45)
        lot = mailings.lot_id
        self.assertEqual((len(lot), lot.expected, lot.missing_count), (1, 45, 0))
        self.assertEqual(lot.user_id, self.accountant)
        self.assertIn("45 letters made", self._bodies(letter))

    def test_the_lot_knows_what_is_still_to_be_made(self):
        letter = self._write_letter(*self._customers(3))
        letter._send()
        lot = letter.sudo().lot_id
        self.assertEqual((lot.expected, lot.waiting_count), (3, 3))
        self.assertEqual(lot.missing_count, 0)

    def test_a_killed_run_makes_nobody_a_second_letter_and_loses_nobody(self):
        partners = self._customers(25)
        letter = self._write_letter(*partners)
        letter._send()
        posting = type(self.env["beepost.posting"])
        post, killed = posting._post, []

        class Killed(BaseException):
            pass

        def die(self, envelopes, user):
            made = post(self, envelopes, user)
            if not killed and len(envelopes) == 5:
                killed.append(len(made))
                raise Killed
            return made

        Letter, Row = self.env["beepost.free.letter"], letter.addressee_ids.sudo()
        with self._small_pdfs(), patch.object(posting, "_post", die):
            Letter._make_slice(Row[:20])
            with self.assertRaises(Killed), self.cr.savepoint():
                Letter._make_slice(Row[20:])
            self.env.invalidate_all()
            self.assertEqual(killed, [5])
            self.assertEqual(letter.made_count, 20)
            self.assertEqual(letter.state, "making")
            self._run_cron(self.cron)
        self.assertEqual(letter.state, "sent")
        mailings = self.env["beepost.mailing"].search(
            [("partner_id", "in", partners.ids)]
        )
        self.assertEqual(len(mailings), 25)
        self.assertEqual(mailings.partner_id, partners)

    def test_a_letter_that_kills_the_server(self):
        """The others go, and so do the letters of other people; it is tried alone, and
        not for ever."""
        partners = self._customers(3)
        letter, other = self._write_letter(*partners), self._write_letter(*partners)
        letter._send()
        other._send()
        deadly = letter.addressee_ids[1].sudo()
        Row, tried = self.rows_class, []
        make = Row._make

        def dying(rows):
            if deadly in rows:
                tried.append(len(rows))
                return None  # as if the process had ended here
            return make(rows)

        with self._small_pdfs(), patch.object(Row, "_make", dying):
            self._run_cron(self.cron)
        self.assertEqual(tried, [3, 1, 1])
        self.assertEqual(deadly.state, "failed")
        self.assertIn("broke off each time", deadly.error)
        self.assertEqual((letter.state, letter.made_count), ("sent", 2))
        self.assertEqual((other.state, other.made_count), ("sent", 3))
        with self._small_pdfs():
            letter.action_retry()
        self.assertEqual(deadly.state, "made", "a person may try again")

    def test_rows_at_work_elsewhere_keep_nobody(self):
        partners = self._customers(25)
        # The list begins with the newest.
        other, letter = self._write_letter(*partners[:2]), self._write_letter(*partners)
        letter._send()
        other._send()
        busy = letter.addressee_ids.sudo()
        lock = self.rows_class.try_lock_for_update
        wakes = [("cron_id", "=", self.cron.id)]
        before = self.env["ir.cron.trigger"].search_count(wakes)

        def without_busy(rows, **options):
            return lock(rows - busy, **options)

        with (
            self._small_pdfs(),
            patch.object(self.rows_class, "try_lock_for_update", without_busy),
        ):
            self._run_cron(self.cron)
        self.assertEqual((letter.made_count, other.made_count), (0, 2))
        after = self.env["ir.cron.trigger"].search_count(wakes)
        self.assertEqual(after, before + 1, "and comes back for them")
        with self._small_pdfs() as calls:
            self._run_cron(self.cron)
        self.assertEqual((letter.state, calls), ("sent", [20, 5]))

    def test_an_action_out_of_time_goes_on_in_its_next_call(self):
        letter = self._write_letter(*self._customers(45))
        letter._send()
        with (
            self._small_pdfs() as calls,
            patch.object(beepost_free_letter_make, "RUN_SECONDS", -1),
        ):
            self._run_cron(self.cron)
        self.assertEqual(sum(calls), 45)

    def test_a_text_that_fails_for_one_of_many(self):
        partners = self._customers(6)
        partners[3].ref = False
        (partners - partners[3]).ref = "5"
        self._make_editor(self.accountant)
        letter = self._write_letter(
            *partners, body="<p>{{ 10 / int(object.ref or 0) }} euros</p>"
        )
        with self._small_pdfs(), mute_logger(RENDER):
            self._send(letter)
        bad = letter.addressee_ids.filtered(lambda r: r.partner_id == partners[3])
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.made_count, 5)
        self.assertEqual(bad.state, "failed")
        self.assertIn("division by zero", bad.error)
        self.assertNotIn("Traceback", bad.error)
        self.assertFalse(bad.mailing_id)
        self.assertIn("not made", letter.activity_ids.summary)
        # It can be completed once the contact is mended.
        partners[3].ref = "2"
        with self._small_pdfs():
            letter.action_retry()
        self.assertEqual((bad.state, bad.error), ("made", False))
        self.assertEqual(len(letter.addressee_ids.mailing_id), 6)
        self.assertFalse(letter.activity_ids)

    @mute_logger(LOG)
    def test_a_page_that_cannot_be_printed_keeps_no_other(self):
        partners = self._customers(4)
        letter = self._write_letter(*partners)
        with self._small_pdfs(broken=[partners[1]]) as calls:
            self._send(letter)
        self.assertEqual(calls, [4, 1, 1, 1, 1])
        self.assertEqual(letter.made_count, 3)
        failed = letter.addressee_ids.filtered(lambda row: row.state == "failed")
        self.assertEqual(failed.partner_id, partners[1])
        self.assertIn("the engine died", failed.error)

    def test_where_nobody_got_a_letter_the_text_is_a_draft_again(self):
        self._make_editor(self.accountant)
        letter = self._write_letter(self.customer, body="<p>{{ 1 / 0 }}</p>")
        with self._small_pdfs(), mute_logger(RENDER):
            told = self._send(letter)["params"]
        self.assertEqual(letter.state, "draft")
        self.assertEqual(letter.addressee_ids.state, "failed")
        self.assertEqual(
            (told["type"], told["message"]), ("warning", letter.addressee_ids.error)
        )
        letter.body = "<p>Better</p>"
        with self._small_pdfs():
            self._send(letter)
        self.assertEqual((letter.state, letter.made_count), ("sent", 1))

    def test_who_has_no_address_is_left_out(self):
        nowhere = self._create_customer("Nowhere", street=False, zip=False, city=False)
        letter = self._write_letter(self.customer, nowhere)
        dialog = self.env["beepost.free.letter.send"].create({"letter_id": letter.id})
        self.assertIn("One of 2 addressees gets a letter.", dialog.summary)
        self.assertIn("Nowhere:", dialog.summary)
        self.assertEqual(dialog.sendable_count, 1)
        self.assertEqual(dialog.addressee_id.partner_id, self.customer)
        with self._small_pdfs():
            self._send(letter)
        out = letter.addressee_ids.filtered(lambda row: row.partner_id == nowhere)
        self.assertEqual((out.state, bool(out.error)), ("out", True))
        self.assertEqual(letter.made_count, 1)

    def test_nobody_at_all(self):
        nowhere = self._create_customer("Nowhere", street=False, zip=False, city=False)
        for partners in ((), (nowhere,)):
            letter = self._write_letter(*partners)
            with self.assertRaisesRegex(UserError, "Nobody on the list"):
                letter._send()
            self.assertEqual(letter.state, "draft")

    def test_a_letter_is_sent_once(self):
        letter = self._write_letter(self.customer)
        with self._small_pdfs():
            self._send(letter)
            with self.assertRaisesRegex(UserError, "on its way already"):
                self._send(letter)
        self.assertEqual(len(letter.addressee_ids._letters()), 1)

    def test_stop(self):
        letter = self._write_letter(*self._customers(25))
        letter._send()
        with self._small_pdfs():
            rows = letter.addressee_ids.sudo()
            self.env["beepost.free.letter"]._make_slice(rows[:20])
            letter.action_stop()
            self._run_cron(self.cron)
        self.assertEqual((letter.state, letter.made_count), ("sent", 20))
        self.assertEqual(letter.problem_count, 5)
        self.assertIn("Stopped by accountant", letter.addressee_ids[-1].error)

    def test_stopping_a_draft_changes_nothing(self):
        letter = self._write_letter(*self._customers(2))
        letter.action_stop()
        self.assertEqual(letter.addressee_ids.mapped("error"), [False, False])
        self.assertFalse(letter.message_ids.filtered("body"))

    def test_options(self):
        registered = self.env.ref("beepost_mail.service_registered_ar")
        letter = self._write_letter(
            self.customer, service_id=registered.id, color="yes", duplex="no"
        )
        with self._small_pdfs():
            self._send(letter)
        mailing = letter.addressee_ids.mailing_id
        self.assertEqual(mailing.service_id, registered)
        self.assertEqual((mailing.color, mailing.duplex), (True, False))
        self.assertEqual(mailing.address_sheet, "auto")

    def test_enclosures_in_their_order(self):
        """Also those of a letter that becomes a template, which are copies."""
        names = ["One.pdf", "Two.pdf", "Three.pdf"]
        Attachment = self.env["ir.attachment"].with_user(self.accountant)
        files = [
            Attachment.create({"name": name, "raw": a4_pdf(name)}).id for name in names
        ]
        letter = self._write_letter(self.customer, enclosure_ids=[Command.set(files)])
        template = letter.action_save_as_template()["res_id"]
        for one in letter, self._write_letter(self.customer, template_id=template):
            one.invalidate_recordset()
            with self._small_pdfs():
                self._send(one)
            letter = one.sudo().addressee_ids.mailing_id
            self.assertEqual(letter.document_ids.mapped("name")[1:], names)

    def test_enclosures_go_along(self):
        file = self.env["ir.attachment"].with_user(self.accountant)
        file = file.create({"name": "terms.pdf", "raw": b"%PDF-1.4 terms"})
        letter = self._write_letter(
            *self._customers(2), enclosure_ids=[Command.set(file.ids)]
        )
        self.assertEqual((file.res_model, file.res_id), (letter._name, letter.id))
        with self._small_pdfs():
            self._send(letter)
        for mailing in letter.addressee_ids.mailing_id.sudo():
            kinds = mailing.document_ids.mapped("kind")
            self.assertEqual(kinds, ["document", "enclosure"])
            self.assertEqual(mailing.document_ids[1].attachment_id, file)

    def test_without_an_account(self):
        letter = self._write_letter(self.customer)
        self.account.active = False
        with self.assertRaisesRegex(UserError, "no BeePOST account"):
            letter._send()

    def test_what_was_sent_does_not_change(self):
        letter = self._write_letter(self.customer)
        with self._small_pdfs():
            self._send(letter)
        for values in (
            {"body": "<p>another</p>"},
            {"place": "Paris"},
            {"addressee_ids": [Command.clear()]},
            {"addressee_ids": [Command.create({"partner_id": self.customer.id})]},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                letter.write(values)
        with self.assertRaises(UserError):
            letter.update_field_translations("body", {"en_US": "<p>another</p>"})
        with self.assertRaises(UserError):
            letter.addressee_ids.unlink()
        copy = letter.copy()
        self.assertEqual((copy.state, copy.addressee_count), ("draft", 0))
        self.assertEqual(copy.text_langs, letter.text_langs)

    @mute_logger("odoo.sql_db")
    def test_nobody_is_on_the_list_twice(self):
        with self.assertRaises(UniqueViolation):
            self._write_letter(self.customer, self.customer)

    def test_contacts_by_filter(self):
        partners = self._customers(3, ref="chosen")
        saved = self.env["ir.filters"].create(
            {
                "name": "Chosen",
                "model_id": "res.partner",
                "domain": "[('ref', '=', 'chosen')]",
            }
        )
        letter = self._write_letter(partners[0])
        with Form(letter) as form:
            form.filter_id = saved
        letter.action_add_matching()
        self.assertEqual(letter.addressee_ids.partner_id, partners)
        with self.assertRaisesRegex(UserError, "No further contact"):
            letter.action_add_matching()
        for domain, words in (
            ("[]", "filter is empty"),
            ("[('id', '=', uid)]", "cannot be used"),
            ("__import__('os')", "cannot be used"),
        ):
            letter.domain = domain
            with self.assertRaisesRegex(UserError, words):
                letter.action_add_matching()

    def test_from_contacts(self):
        partners = self._customers(2)
        action = partners.with_user(self.accountant).action_beepost_write_letter()
        form = Form(
            self.env["beepost.free.letter"]
            .with_user(self.accountant)
            .with_context(**action["context"])
        )
        form.subject = "To both"
        letter = form.save()
        self.assertEqual(letter.addressee_ids.partner_id, partners)
        self.assertEqual(letter.place, "Lyon")

    def test_gaps_are_filled_in_first(self):
        letter = self._write_letter(
            self.customer, body="<p>Pay [amount…] within [number...] days [sic]</p>"
        )
        with self.assertRaisesRegex(UserError, r"\[amount…\], \[number...\]$"):
            letter._send()
        dialog = self.env["beepost.free.letter.send"].create({"letter_id": letter.id})
        self.assertFalse(dialog.sendable_count)
        self.assertIn("beepost_text", dialog.alerts)

    def test_what_is_no_letter_yet(self):
        letter = self._write_letter(self.customer, body="<p><br></p>")
        with self.assertRaisesRegex(UserError, "no text yet"):
            letter._send()
        file = self.env["ir.attachment"].with_user(self.accountant)
        file = file.create({"name": "list.xlsx", "raw": b"PK no PDF"})
        letter.write({"body": "<p>x</p>", "enclosure_ids": [Command.set(file.ids)]})
        with self.assertRaisesRegex(UserError, "Only PDF files .* list.xlsx"):
            letter._send()
        with self.assertRaisesRegex(UserError, "nothing is filled in there"):
            letter.signature = "<p>{{ object.name }}</p>"

    def test_the_last_ones_done_at_the_same_moment(self):
        """Each transaction sees the other's addressees as still to do."""
        letter = self._write_letter(*self._customers(2))
        letter._send()
        letter.addressee_ids.sudo().state = "made"
        self.assertEqual(letter.state, "making")
        self._run_cron(self.cron)
        self.assertEqual(letter.state, "sent")


class TestLetterTemplates(FreeLetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "fr_FR", "de_DE"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.french = cls._create_customer("Dupont", lang="fr_FR")
        cls.german = cls._create_customer("Schmidt", lang="de_DE")
        cls.english = cls._create_customer("Smith", lang="en_US")

    def _template(self, **values):
        template = self.env["beepost.letter.template"].create(
            {
                "name": "Move",
                "subject": "We move",
                "body": "<p>Dear {{ object.name }}</p>",
                "service_id": self.env.ref("beepost_mail.service_tracked").id,
                **values,
            }
        )
        template.update_field_translations("subject", {"fr_FR": "Nous déménageons"})
        template.update_field_translations(
            "body", {"fr_FR": "<p>Cher {{ object.name }}</p>"}
        )
        return template

    def _texts(self, letter):
        return {
            row.partner_id.name: (
                filled["subject"],
                str(filled["body"]),
            )
            for row in letter.sudo().addressee_ids
            for filled in [row._fill_in()]
        }

    def test_a_template_speaks_each_addressee_s_language(self):
        template = self._template()
        form = Form(
            self.env["beepost.free.letter"]
            .with_user(self.accountant)
            .create(
                {
                    "template_id": template.id,
                    "addressee_ids": [
                        Command.create({"partner_id": partner.id})
                        for partner in (self.french, self.german, self.english)
                    ],
                }
            )
        )
        letter = form.save()
        self.assertEqual(letter.service_id, template.service_id)
        self.assertEqual(
            self._texts(letter),
            {
                "Dupont": ("Nous déménageons", "<p>Cher Dupont</p>"),
                "Schmidt": ("We move", "<p>Dear Schmidt</p>"),
                "Smith": ("We move", "<p>Dear Smith</p>"),
            },
        )

    def test_choosing_one_on_the_form(self):
        template = self._template()
        form = Form(self.env["beepost.free.letter"].with_user(self.accountant))
        form.template_id = template
        self.assertEqual(form.subject, "We move")
        letter = form.save()
        self.assertEqual(letter.with_context(lang="fr_FR").subject, "Nous déménageons")
        self.assertEqual(letter.service_id, template.service_id)

    def test_a_text_in_one_language_goes_to_all(self):
        """Odoo keeps an English value beside the French one: nobody wrote it, and it
        does not follow later changes."""
        self.accountant.lang = "fr_FR"
        letter = self._write_letter(
            self.french, self.german, self.english, subject="Avant", body="<p>v1</p>"
        )
        letter.write({"subject": "Après", "body": "<p>v2</p>"})
        self.assertEqual(letter.with_context(lang="en_US").subject, "Avant")
        self.assertEqual(set(self._texts(letter).values()), {("Après", "<p>v2</p>")})

    def test_a_copy_speaks_the_same_languages(self):
        self.accountant.lang = "fr_FR"
        letter = self._write_letter(self.french, template_id=self._template().id)
        copy = letter.copy()
        self.assertEqual(copy._langs(), letter._langs())
        copy.addressee_ids = [Command.create({"partner_id": self.english.id})]
        self.assertEqual(self._texts(copy)["Smith"][0], "We move")

    def test_a_draft_becomes_a_template(self):
        letter = self._write_letter(self.french, template_id=self._template().id)
        letter.write({"subject": "We really move"})
        action = letter.action_save_as_template()
        template = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(template.subject, "We really move")
        self.assertEqual(
            template.with_context(lang="fr_FR").subject, "Nous déménageons"
        )
        self.assertEqual(template.create_uid, self.accountant)
        self.assertEqual(template.company_id, self.company)

    def test_a_template_s_enclosures_are_copied(self):
        template = self._template()
        file = self.env["ir.attachment"].create({"name": "a.pdf", "raw": b"%PDF-1.4"})
        template.enclosure_ids = file
        letter = self._write_letter(self.french, template_id=template.id)
        self.assertEqual(letter.enclosure_ids.raw, b"%PDF-1.4")
        self.assertNotEqual(letter.enclosure_ids, file)
        template.unlink()
        self.assertEqual(letter.enclosure_ids.raw, b"%PDF-1.4")

    def test_shipped_templates(self):
        for name in ("bank", "address", "notice"):
            template = self.env.ref(f"beepost_mail.letter_template_{name}")
            letter = self._write_letter(self.english, template_id=template.id)
            with self.subTest(name):
                text = letter.addressee_ids.sudo()._fill_in()
                self.assertIn("Smith", text["body"])
                self.assertEqual(text["removed"], ())
                self.assertTrue(letter._gaps(), letter.body)
        self.assertEqual(letter.service_id.code, "recommande_ar")
