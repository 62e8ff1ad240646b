"""Free letters on a chosen day."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .free_letters import FreeLetterCase

NOW = datetime(2026, 11, 24, 11)
DAY, LEAVES = date(2027, 1, 4), datetime(2026, 12, 31, 4)
HOLIDAY = date(2027, 1, 1)


class TestFreeLetterPlanned(FreeLetterCase):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOW))

    def _dialog(self, letter, **values):
        Dialog = self.env["beepost.free.letter.send"].with_user(letter.user_id)
        return Dialog.create({"letter_id": letter.id, **values})

    def _letters(self, count, **values):
        letter = self._write_letter(*self._customers(count))
        self._dialog(letter, **values).action_send()
        return letter

    def test_chosen_day_reaches_one_and_many(self):
        with self._small_pdfs():
            for count in (1, 3):
                letter = self._letters(count, planned_on=DAY)
                if count > 1:
                    self._run_cron(self.cron)
                mailings = letter.addressee_ids.mailing_id
                with self.subTest(count=count):
                    self.assertEqual(mailings.mapped("planned_at"), [LEAVES] * count)
                    self.assertEqual(letter.planned_on, DAY)
        self.assertEqual(letter.sudo().lot_id.leaves_at, LEAVES)

    def test_words_and_bad_days_are_those_of_the_other_dialogs(self):
        letter = self._write_letter(self.customer)
        dialog = self._dialog(letter, planned_on=DAY)
        self.assertIn("2027", dialog.planned_words)
        self.assertEqual(dialog.planned_words, self.account.sudo()._planning_words(DAY))
        dialog.planned_on = HOLIDAY
        self.assertTrue(dialog.planned_wrong)
        with self.assertRaises(UserError) as refused:
            dialog.action_send()
        self.assertEqual(str(refused.exception), dialog.planned_words)
        self.assertEqual((letter.state, letter.planned_on), ("draft", False))

    def test_without_a_day_they_leave_at_once(self):
        with self._small_pdfs():
            letter = self._letters(1)
        self.assertFalse(letter.addressee_ids.mailing_id.planned_at)

    def test_the_day_is_chosen_by_sending_alone(self):
        letter = self._write_letter(self.customer)
        with self.assertRaises(AccessError):
            letter.planned_on = DAY

    def test_missing_ones_after_the_day_leave_at_once(self):
        partners = self._customers(3)
        letter = self._write_letter(*partners)
        self._dialog(letter, planned_on=DAY).action_send()
        with self._small_pdfs(broken=[partners[1]]):
            self._run_cron(self.cron)
        with freeze_time("2027-02-01 11:00:00"), self._small_pdfs():
            letter.action_retry()
        row = letter.addressee_ids.filtered(lambda r: r.partner_id == partners[1])
        self.assertEqual(row.state, "made")
        self.assertFalse(row.mailing_id.planned_at)

    def _printed_date(self, row, **context):
        """What stands in the letter beside the place."""
        report = self.env["report.beepost_mail.report_free_letter"]
        values = report.with_context(**context)._get_report_values(row.ids)
        return values["documents"][0]["place_and_date"]

    def test_a_letter_bears_the_day_of_its_deposit(self):
        letter = self._write_letter(*self._customers(2))
        row = letter.addressee_ids[0].sudo()
        self.assertIn("24 novembre 2026", self._printed_date(row))
        self._dialog(letter, planned_on=DAY).action_send()
        self.assertIn("4 janvier 2027", self._printed_date(row))
        with freeze_time("2027-02-01 11:00:00"):  # made again, after that day
            self.assertIn("1er février 2027", self._printed_date(row))
        letter.sudo().date = "2026-11-02"
        self.assertIn("2 novembre 2026", self._printed_date(row), "a day of its own")

    def test_the_preview_bears_the_day_of_the_dialog(self):
        letter = self._write_letter(self.customer)
        dialog, seen = self._dialog(letter, planned_on=DAY), []

        def printed(report, name, ids):
            seen.append(
                self._printed_date(letter.addressee_ids.sudo(), **report._context)
            )
            return b"%PDF-", "pdf"

        with patch.object(
            type(self.env["ir.actions.report"]), "_render_qweb_pdf", printed
        ):
            dialog.action_preview()
            self.assertEqual(dialog.previewed_on, DAY)
            dialog.planned_on = False
            dialog.action_preview()
        self.assertIn("4 janvier 2027", seen[0])
        self.assertIn("24 novembre 2026", seen[1])
        self.assertFalse(dialog.previewed_on)

    def test_the_estimate_knows_day_account_and_addressee(self):
        letter = self._write_letter(self.customer, color="yes")
        dialog = self._dialog(letter)
        self.assertFalse(dialog.estimate)
        asked = []

        def estimate(model, company, partner, attachments, options):
            asked.append((partner, options))
            return {"sentence": "asked"}

        dialog.write({"preview": b"JVBERg==", "previewed_id": letter.addressee_ids.id})
        estimates = type(self.env["beepost.estimate"])
        for day, planned_at in ((DAY, str(LEAVES)), (HOLIDAY, False)):
            with patch.object(estimates, "_get_estimate", estimate):
                dialog.planned_on = day
                self.assertEqual(dialog.estimate, "asked")
            partner, options = asked[-1]
            with self.subTest(day=day):
                self.assertEqual(partner, self.customer)
                self.assertEqual(options["planned_at"], planned_at)
                self.assertEqual(options["account_id"], self.account.id)
                self.assertIs(options["color"], True)
