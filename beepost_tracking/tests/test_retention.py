"""What is kept of a letter ends when its time has come: not before, and no more."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.beepost_mail.tests.common import ScriptedGateway, a4_pdf

from ..models import beepost_retention
from .common import TrackingCase, event

# Letters are accepted on this day, and kept for a year.
ACCEPTED = "2026-11-24 08:00:00"
BEFORE = "2027-11-20 12:00:00"
AFTER = "2027-11-30 12:00:00"
TEN_YEARS = "2036-11-30 12:00:00"
NAMED = "12 RUE DE LA REPUBLIQUE"


class RetentionCase(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(ACCEPTED))
        cls.cron = cls.env.ref("beepost_tracking.ir_cron_retention").sudo()

    def _accepted_on(self, *moves, when=ACCEPTED, **options):
        letters = self._post(*moves, user=self.accountant, **options)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        letters.accepted_at = when
        return letters

    def _run_on(self, moment):
        with freeze_time(moment):
            self._run_cron(self.cron)

    def _enclosed(self):
        """A letter with a file that was uploaded for it alone."""
        move = self._create_invoice()
        upload = self.env["ir.attachment"].create(
            {"name": "Dupont.pdf", "raw": a4_pdf("Annexe"), "res_id": 0}
        )
        return self._accepted_on(move, enclosure_ids=upload.ids), move, upload

    def _told_of_account(self):
        return self.account.sudo().message_ids.filtered(
            lambda m: "removed" in m.body or "erased" in m.body
        )


class TestImages(RetentionCase):
    def test_when_its_time_has_come(self):
        letter = self._accepted_on(self._create_invoice())
        image, kept = letter.pdf_id, letter.read(["sha256", "pages", "sheets"])
        self._run_on(BEFORE)
        self.assertTrue(image.exists())
        self.assertFalse(letter.image_removed_on)
        self.assertFalse(self._told_of_account(), "nothing to say")
        self._run_on(AFTER)
        self.assertFalse(image.exists())
        self.assertFalse(letter.pdf)
        self.assertEqual(f"{letter.image_removed_on}", AFTER[:10])
        self.assertEqual(letter.image_months, 12)
        self.assertEqual(letter.read(["sha256", "pages", "sheets"]), kept)
        self.assertTrue(letter.recipient, "the address has ten years")
        self._run_on(AFTER)
        told = self._told_of_account()
        self.assertEqual(len(told), 1, "once")
        self.assertIn("removed: 1.", told.body)
        self.assertIn("12 months", told.body)

    def test_the_document_keeps_its_own(self):
        letter, move, upload = self._enclosed()
        self.assertEqual(upload.res_model, "beepost.mailing.document")
        self._run_on(AFTER)
        self.assertFalse(upload.exists(), "it was only there for this letter")
        source = letter.document_ids.filtered(lambda d: d.kind == "document")
        self.assertEqual(source.attachment_id, move.invoice_pdf_report_id)
        self.assertTrue(move.invoice_pdf_report_id.raw)

    def test_what_hangs_elsewhere_stays(self):
        """A proof, or a file of the invoice that was enclosed, is no image."""
        move = self._create_invoice()
        own = self.env["ir.attachment"].create(
            {
                "name": "contract.pdf",
                "raw": a4_pdf("Contrat"),
                "res_model": "account.move",
                "res_id": move.id,
            }
        )
        letter = self._accepted_on(move, enclosure_ids=own.ids)
        proof = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "proof.pdf",
                    "raw": a4_pdf("Preuve"),
                    "res_model": "beepost.mailing.document",
                    "res_id": letter.document_ids[0].id,
                }
            )
        )
        self._run_on(AFTER)
        self.assertTrue(letter.image_removed_on)
        self.assertTrue(own.exists() and proof.exists())

    def test_as_each_company_set_it(self):
        letter = self._accepted_on(self._create_invoice())
        other = self.setup_other_company(name="B")["company"]
        other.beepost_image_months = 1
        self.company.beepost_image_months = 24
        self._run_on(AFTER)
        self.assertFalse(letter.image_removed_on)
        self.company.beepost_image_months = 3
        self._run_on("2027-02-23 12:00:00")
        self.assertFalse(letter.image_removed_on)
        self._run_on("2027-02-25 12:00:00")
        self.assertEqual(letter.image_months, 3)

    def test_a_branch_has_terms_of_its_own(self):
        """Its letters go through the account of the company above it."""
        own = self._accepted_on(self._create_invoice())
        branch = self.env["res.company"].create(
            {"name": "Agence", "parent_id": self.company.id}
        )
        letters = self._accepted_on(self._create_invoice(), self._create_invoice())
        letters.company_id = branch
        self.assertEqual(letters.account_id, own.account_id)
        self.company.write({"beepost_image_months": 3, "beepost_evidence_years": 1})
        branch.write({"beepost_image_months": 24, "beepost_evidence_years": 3})
        with freeze_time("2026-11-25 12:00:00"):
            late = self._told(letters[0], "posted").event_ids
        self._run_on(AFTER)
        self.assertTrue(own.image_removed_on and own.erased_on)
        self.assertFalse(any(letters.mapped("image_removed_on")))
        self.assertFalse(any(letters.mapped("erased_on")))
        self._run_on("2028-11-30 12:00:00")
        self.assertEqual(letters.mapped("image_months"), [24, 24])
        letters[0].erased_on = AFTER[:10]
        self._run_on("2029-11-23 12:00:00")
        self.assertTrue(late.sudo().raw, "what came late ends by its letter's company")
        self.assertFalse(letters[1].erased_on)
        self._run_on("2029-11-30 12:00:00")
        self.assertTrue(letters[1].erased_on)
        self.assertFalse(late.sudo().raw)
        told = self._told_of_account().filtered(lambda m: "Agence" in m.body)
        self.assertEqual(len(told), 3, "images, letters, late statuses")
        self.assertTrue(any("removed: 2." in m.body for m in told), "both at once")

    def test_open_letters_stay(self):
        held = self._post(self._create_invoice(), user=self.accountant)
        doubtful = self._in_doubt(self._create_invoice())
        restored = self._accepted_on(self._create_invoice())
        restored.in_doubt = True
        letters = held + doubtful + restored
        held.state = "ready"
        held.sudo().pdf_id = restored.sudo().pdf_id.copy()
        self._run_on(TEN_YEARS)
        self.assertFalse(any(letters.mapped("image_removed_on")))
        self.assertFalse(any(letters.mapped("erased_on")))

    def test_one_that_comes_back_counts_from_its_last_news(self):
        move = self._create_invoice()
        letter = self._told(self._accepted_on(move), "posted", "undeliverable")
        letter.accepted_at = "2026-01-05 08:00:00"
        self.assertEqual(letter.status, "undeliverable")
        self._run_on("2027-11-01 12:00:00")
        self.assertFalse(letter.image_removed_on)
        self._run_on(AFTER)
        self.assertTrue(letter.image_removed_on)

    def test_refused_ones_cannot_be_sent_again(self):
        letter = self._refused(self._create_invoice())
        never = self._refused(self._create_invoice())
        never.sudo()._drop_pdf()
        self._run_on(AFTER)
        self.assertTrue(letter.image_removed_on)
        self.assertFalse(never.image_removed_on, "there was none")
        for action in ("action_retry", "action_correct_address"):
            with self.assertRaisesRegex(UserError, "files were removed"):
                getattr(letter.with_user(self.accountant), action)()
        never.with_user(self.accountant).action_retry()
        self.assertEqual(never.state, "draft")

    def test_slices(self):
        letters = self._accepted_on(*self._create_invoices(*[self.customer] * 5))
        letters[1].state = "cancelled"
        self.patch(beepost_retention, "SLICE", 2)
        self._run_on(AFTER)
        self.assertTrue(all(letters.mapped("image_removed_on")))
        told = self._told_of_account()
        self.assertEqual(len(told), 1, "one message, however many slices")
        self.assertIn("removed: 5.", told.body)

    def test_no_time_left(self):
        letters = self._accepted_on(*self._create_invoices(*[self.customer] * 3))
        self.patch(beepost_retention, "SLICE", 1)
        outbox = type(self.env["beepost.outbox"])
        with patch.object(outbox, "_commit", side_effect=[True, False, False]) as calls:
            self._run_on(AFTER)
        self.assertEqual(calls.call_args.kwargs, {"remaining": 1}, "Odoo calls again")
        done = letters.filtered("image_removed_on")
        self.assertEqual(len(done), 2)
        self._run_on(AFTER)
        self.assertTrue(all(letters.mapped("image_removed_on")))

    def test_queries_do_not_grow_with_the_letters(self):
        few = self._accepted_on(self._create_invoice())
        many = self._accepted_on(*self._create_invoices(*[self.customer] * 12))
        retention = self.env["beepost.retention"].sudo()
        counts = []
        for letters in (few, many):
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            retention._end_slice(
                self.account.sudo(),
                letters.sudo(),
                lambda found: found._remove_image(12),
                lambda env, count: str(count),
                0,
                self.env["mail.message"],
            )
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 4, counts)


class TestErasure(RetentionCase):
    def _known(self):
        """A letter of which much is known that names people."""
        letter, _move, _upload = self._enclosed()
        letter.sudo().findings = [{"code": "x", "level": "warning", "found": NAMED}]
        letter.message_post(body=NAMED)
        letter.activity_schedule("mail.mail_activity_data_todo", note=NAMED)
        self._told(
            letter,
            *("posted", "undeliverable"),
            raw={"to": NAMED},
            place=NAMED,
            reason=NAMED,
        )
        return letter

    def _everything(self, letter):
        """All that the database has of a letter, as text."""
        self.env.flush_all()
        texts = []
        for table, where in (
            ("beepost_mailing", f"id = {letter.id}"),
            ("beepost_event", f"mailing_id = {letter.id}"),
            ("beepost_mailing_document", f"mailing_id = {letter.id}"),
            ("mail_message", f"model = 'beepost.mailing' AND res_id = {letter.id}"),
            (
                "mail_activity",
                f"res_model = 'beepost.mailing' AND res_id = {letter.id}",
            ),
            ("beepost_sandbox_letter", "TRUE"),
            ("ir_attachment", "res_model LIKE 'beepost.%'"),
        ):
            self.cr.execute(f"SELECT t::text FROM {table} t WHERE {where}")
            texts += [row for (row,) in self.cr.fetchall()]
        return "\n".join(texts)

    def test_when_its_time_has_come(self):
        letter = self._known()
        self._run_on("2036-11-20 12:00:00")
        self.assertFalse(letter.erased_on)
        self.assertIn(NAMED, self._everything(letter))
        stays = ("name", "state", "status", "sha256", "client_reference", "posted_at")
        stays += ("provider_reference", "accepted_at", "undeliverable_at", "pages")
        stays += ("return_reason", "stage_id", "partner_id")
        kept = letter.read(stays)
        dates = letter.event_ids.mapped("happened_at")
        self._run_on(TEN_YEARS)
        everything = self._everything(letter)
        for words in (NAMED, "Dupont.pdf", "LYON"):
            self.assertNotIn(words, everything)
        self.assertEqual(f"{letter.erased_on}", TEN_YEARS[:10])
        self.assertEqual(letter.read(stays), kept)
        self.assertEqual(letter.event_ids.mapped("happened_at"), dates)
        self.assertEqual(len(letter.event_ids), 2)
        self._run_on(TEN_YEARS)
        told = self._told_of_account().filtered(lambda m: "erased" in m.body)
        self.assertEqual(len(told), 1)
        self.assertIn("erased: 1.", told.body)

    def test_the_documents_chatter_is_the_documents(self):
        letter = self._known()
        move = self.env["account.move"].browse(letter.document_ids[0].res_id)
        before = move.message_ids
        self._run_on(TEN_YEARS)
        self.assertTrue(letter.erased_on)
        self.assertEqual(move.message_ids, before)

    def test_a_reason_that_the_journey_needs(self):
        letter = self._accepted_on(self._create_invoice())
        self._told(letter, "posted", "undeliverable", reason="npai")
        self._run_on(TEN_YEARS)
        self.assertFalse(any(letter.event_ids.sudo().mapped("raw")))
        self.assertEqual(letter.return_reason, "npai")
        letter._compute_journey()
        self.assertEqual(letter.return_reason, "npai")

    def test_an_event_is_changed_in_no_other_way(self):
        letter = self._told(self._accepted_on(self._create_invoice()), "posted")
        for values in ({"raw": False}, {"place": "x"}, {"code": "delivered"}):
            with self.assertRaises(UserError):
                letter.event_ids.sudo().write(values)
        with self.assertRaises(UserError):
            letter.event_ids.with_context(beepost_erasing=True).sudo().raw = False

    def test_strays_and_latecomers(self):
        letter = self._accepted_on(self._create_invoice())
        other = letter.copy({"name": "Unknown here"})
        pull = self.env["beepost.pull"].sudo()
        with freeze_time("2026-11-24 12:00:00"):
            stray = pull._store(self.account, "beepost", [event(other, "posted")])
        self.assertEqual(stray.mailing_id, other)
        self.cr.execute(
            "UPDATE beepost_event SET mailing_id = NULL WHERE id = %s", stray.ids
        )
        self.env.invalidate_all()
        self._run_on("2036-11-20 12:00:00")
        self.assertTrue(stray.raw)
        self._run_on(TEN_YEARS)
        self.assertFalse(stray.raw)
        self.assertTrue(letter.erased_on)
        with freeze_time("2037-01-10 12:00:00"):
            late = pull._store(self.account, "beepost", [event(letter, "posted")])
        self._run_on("2046-01-10 12:00:00")
        self.assertTrue(late.raw)
        self._run_on("2047-01-11 12:00:00")
        self.assertFalse(late.raw)

    def test_practice_has_the_same_end(self):
        letter = self._post(self._create_invoice(), user=self.accountant)
        self._run_outbox()  # the practice provider keeps the address as well
        self.assertTrue(letter.is_practice)
        self.assertIn("LYON", self._everything(letter))
        self._run_on(TEN_YEARS)
        self.assertNotIn("LYON", self._everything(letter))

    def test_a_list_of_models_that_exist(self):
        for model, names in beepost_retention.PERSONAL.items():
            if model == "beepost.event" or model in self.env:
                self.assertLessEqual(set(names), set(self.env[model]._fields))


class TestTerms(RetentionCase):
    def test_defaults(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.beepost_image_months, 12)
        self.assertEqual(company.beepost_evidence_years, 10)

    def test_limits(self):
        for values in (
            {"beepost_image_months": 0},
            {"beepost_image_months": -1},
            {"beepost_evidence_years": 0},
            {"beepost_image_months": 121},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.company.write(values)
        self.company.write({"beepost_image_months": 1, "beepost_evidence_years": 1})

    def test_the_settings_warn(self):
        with Form(self.env["res.config.settings"]) as settings:
            self.assertFalse(settings.beepost_evidence_too_short)
            settings.beepost_evidence_years = 9
            self.assertTrue(settings.beepost_evidence_too_short)
            settings.beepost_evidence_years = 10
            self.assertFalse(settings.beepost_evidence_too_short)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_sets_them(self):
        for user in (self.accountant, self.manager):
            with self.assertRaises(UserError):
                self.company.with_user(user).beepost_image_months = 1

    def test_nobody_ends_it_by_hand(self):
        letter = self._accepted_on(self._create_invoice())
        for user in (self.accountant, self.manager, self.env.user):
            for method in ("_erase_personal_data", "_remove_image"):
                with self.assertRaises(AccessError):
                    call_kw(letter.with_user(user), method, [letter.ids, 1], {})
            with self.assertRaises(UserError):
                letter.with_user(user).write({"image_removed_on": "2026-01-01"})
