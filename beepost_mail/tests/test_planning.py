"""The day that a sender chooses: what it means, what is said of it, and how it is
changed until the letter leaves."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..gateway import port
from .common import ScriptedGateway
from .sending import BatchCase, SendCase

TUESDAY_NOON = datetime(2026, 11, 24, 11)  # in Paris
NEW_YEAR_MONDAY = date(2027, 1, 4)
THURSDAY_BEFORE = datetime(2026, 12, 31, 4)


class PlanningCase(SendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Dates are written in the reader's language.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.account = cls.account.with_env(cls.env)

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(TUESDAY_NOON))
        self.account.sudo().limits_at = False

    def _run_at(self, moment):
        with freeze_time(moment), self._gateway(ScriptedGateway()) as used:
            self._run_outbox()
        return used


class TestDays(PlanningCase):
    def test_handed_over_so_that_it_is_deposited_on_that_day(self):
        for day, leaves in (
            (NEW_YEAR_MONDAY, THURSDAY_BEFORE),
            (date(2026, 11, 30), datetime(2026, 11, 27, 4)),  # over a week-end
            (date(2027, 3, 26), datetime(2027, 3, 25, 4)),  # winter
            # Easter Monday is a holiday; summer time began the day before.
            (date(2027, 3, 30), datetime(2027, 3, 26, 4)),
            (date(2027, 3, 31), datetime(2027, 3, 30, 3)),
            (date(2027, 10, 29), datetime(2027, 10, 28, 3)),
            (date(2027, 11, 2), datetime(2027, 10, 29, 3)),  # winter time, All Saints
            (date(2027, 11, 3), datetime(2027, 11, 2, 4)),
        ):
            with self.subTest(day=day):
                moment = self.account._planned_moment(day)
                self.assertEqual(moment, leaves)
                self.assertEqual(self.account._deposit_date(moment), day)
                late = moment + timedelta(hours=11, minutes=59)
                self.assertEqual(self.account._deposit_date(late), day)

    def test_accounts_calendar_counts(self):
        day = date(2026, 12, 1)  # a Tuesday
        for cutoff, lead, leaves in (
            (17, 0, datetime(2026, 12, 1, 4)),
            (17, 3, datetime(2026, 11, 26, 4)),
            (8.5, 1, datetime(2026, 11, 29, 19, 30)),  # Sunday evening, for Monday
            (0, 1, datetime(2026, 11, 29, 11)),
            (23.9999, 1, datetime(2026, 11, 30, 10, 59)),
        ):
            with self.subTest(cutoff=cutoff, lead=lead):
                self.account.write({"cutoff": cutoff, "lead_days": lead})
                moment = self.account._planned_moment(day)
                self.assertEqual(moment, leaves)
                self.assertEqual(self.account._deposit_date(moment), day)

    def test_days_that_are_no_good(self):
        for day, words in (
            (date(2026, 11, 23), "is past"),
            (date(2026, 11, 24), "too early.*Wednesday, November 25"),
            (date(2026, 11, 28), "no working day.*Monday, November 30"),
            (date(2026, 12, 25), "no working day.*Monday, December 28"),
            (date(2027, 1, 1), "no working day.*Monday, January 4"),
            (date(2027, 11, 25), "more than a year ahead.*November 24, 2027"),
        ):
            with self.subTest(day=day):
                self.assertRegex(self.account._planning_obstacle(day), words)
        for day in (False, date(2026, 11, 25), NEW_YEAR_MONDAY, date(2027, 11, 24)):
            self.assertEqual(self.account._planning_obstacle(day), "")

    def test_today_is_a_day_in_paris(self):
        with freeze_time(datetime(2026, 12, 31, 23, 30)):
            past = self.account._planning_obstacle(date(2026, 12, 31))
        self.assertIn("is past", past)

    def test_words(self):
        words = self.account._planning_words(NEW_YEAR_MONDAY)
        self.assertIn("deposit on Monday, January 4, 2027", words)
        self.assertRegex(words, "Departure on .*26,? 0?5:00")
        soon = self.account._planning_words(False)
        self.assertEqual(
            soon,
            "Departure as soon as possible, deposit on Wednesday, November 25, 2026.",
        )
        # Its moment has passed, the day can just be kept.
        self.assertEqual(self.account._planning_words(date(2026, 11, 25)), soon)

    def test_words_in_french(self):
        """The first of a month is an ordinal, in French only."""
        for lang in ("fr_FR", "fr_CH", "de_DE"):
            self.env["res.lang"]._activate_lang(lang)
        for lang, day, words in (
            ("fr_FR", date(2026, 12, 1), "mardi 1er décembre 2026"),
            ("fr_CH", date(2026, 12, 1), "mardi, 1er décembre 2026"),
            ("fr_FR", date(2026, 12, 11), "vendredi 11 décembre 2026"),
            ("de_DE", date(2026, 12, 1), "Dienstag, 1. Dezember 2026"),
            ("en_US", date(2026, 12, 1), "Tuesday, December 1, 2026"),
        ):
            with self.subTest(lang=lang, day=day):
                account = self.account.with_context(lang=lang)
                self.assertIn(words, account._planning_words(day))

    def test_words_of_several_accounts(self):
        alike = self.account.copy({"name": "Alike"})
        slow = self.account.copy({"name": "Slow", "lead_days": 4})
        words = (self.account + alike)._planning_words(False)
        self.assertEqual(words.count("deposit"), 1)
        words = (self.account + alike + slow)._planning_words(False)
        self.assertIn("Account Practice, Alike: ", words)
        self.assertIn("Account Slow: ", words)
        self.assertIn(
            "Monday, November 30",
            (self.account + slow)._planning_obstacle(date(2026, 11, 26)),
        )


class TestDialog(PlanningCase):
    def test_words_move_with_the_day_and_the_account(self):
        slow = self.account.copy({"name": "Slow", "lead_days": 4})
        dialog = self._dialog(self._create_invoice(), self.accountant)
        self.assertIn("November 25", dialog.beepost_planned_words)
        dialog.beepost_account_id = slow
        self.assertIn("November 30", dialog.beepost_planned_words)
        dialog.beepost_planned_on = date(2026, 11, 26)
        self.assertTrue(dialog.beepost_planned_wrong)
        self.assertIn("too early", dialog.beepost_planned_words)
        dialog.beepost_planned_on = NEW_YEAR_MONDAY
        self.assertFalse(dialog.beepost_planned_wrong)
        self.assertIn("January 4, 2027", dialog.beepost_planned_words)

    def test_chosen_day_reaches_the_letter(self):
        move = self._create_invoice()
        with Form(
            self.env["account.move.send.wizard"].with_context(
                active_model="account.move", active_ids=move.ids
            )
        ) as form:
            form.beepost_planned_on = NEW_YEAR_MONDAY
            said = form.beepost_planned_words
        form.record.action_send_and_print()
        letter = self._letters(move)
        # Wherever its reader sits, it says what the dialog said.
        self.assertEqual(letter.with_context(tz="UTC").planned_words, said)
        self.assertRegex(said, r"26,? 0?5:00.*\(Paris time\), deposit on Monday")
        self.assertEqual(letter.planned_at, THURSDAY_BEFORE)
        self.assertTrue(letter.is_planned)
        self.assertEqual(letter.planned_deposit_on, NEW_YEAR_MONDAY)
        self.assertFalse(self._run_at(TUESDAY_NOON).requests)
        self._run_at(THURSDAY_BEFORE)
        self.assertEqual(letter.state, "accepted")
        self.assertFalse(letter.is_planned or letter.planned_deposit_on)
        self.assertFalse(letter.planned_words)

    def test_bad_day_sends_nothing(self):
        move = self._create_invoice()
        dialog = self._dialog(move)
        dialog.beepost_planned_on = date(2027, 1, 1)
        with self.assertRaisesRegex(UserError, "no working day"):
            dialog.action_send_and_print()
        self.assertFalse(self._letters(move))
        dialog.sending_methods = ["manual"]
        dialog.action_send_and_print()
        self.assertFalse(self._letters(move), "the day is the letter's only")


class TestSendByPost(BatchCase, PlanningCase):
    def test_chosen_day_reaches_all(self):
        moves = self._invoices(2) + self._invoices(1, pdf=False)
        wizard = self._wizard(moves, self.accountant, planned_on=NEW_YEAR_MONDAY)
        self.assertIn("January 4, 2027", wizard.planned_words)
        wizard.action_send()
        self._render()
        letters = self._letters(moves)
        self.assertEqual(letters.mapped("planned_at"), [THURSDAY_BEFORE] * 3)
        self.assertEqual(letters.lot_id.options["planned_on"], "2027-01-04")

    def test_bad_day_makes_no_lot(self):
        wizard = self._wizard(self._invoices(1), planned_on=date(2026, 11, 29))
        self.assertTrue(wizard.planned_wrong)
        with self.assertRaisesRegex(UserError, "no working day"):
            wizard.action_send()
        self.assertFalse(self.env["beepost.lot"].search([("id", "!=", 0)]))

    def test_each_company_by_its_own_calendar(self):
        france = self.env.ref("base.fr")
        other = self.setup_other_company(name="B", country_id=france.id)["company"]
        branch = self.env["res.company"].create(
            {"name": "Agence", "parent_id": self.company.id, "country_id": france.id}
        )
        self.env["beepost.account"].create(
            {"name": "B", "company_id": other.id, "lead_days": 3}
        )
        moves = self.env["account.move"]
        for company in (self.company, other):
            moves += self.init_invoice(
                "out_invoice",
                partner=self.customer,
                amounts=[1.0],
                company=company,
                post=True,
            )
            self._attach_legal_pdf(moves[-1])
        wizard = self._wizard(moves, planned_on=NEW_YEAR_MONDAY)
        self.assertIn("Account B: ", wizard.planned_words)
        wizard.action_send()
        self.assertEqual(
            [self._letters(move).planned_at for move in moves],
            [THURSDAY_BEFORE, datetime(2026, 12, 29, 4)],
        )
        self.assertEqual(branch._beepost_account(), self.account, "by the one above")

    def test_queries_do_not_grow_with_the_letters(self):
        def send(day, count):
            moves = self._invoices(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._wizard(moves, planned_on=day).action_send()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        send(NEW_YEAR_MONDAY, 2)
        self.assertLessEqual(send(NEW_YEAR_MONDAY, 22), send(False, 22) + 2)


class TestChange(PlanningCase):
    def _letter(self, **options):
        return self._post(self._create_invoice(), user=self.accountant, **options)

    def _dialog_for(self, letters, user=None, **values):
        action = letters.with_user(user or self.accountant).action_plan()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.accountant)
            .with_context(**action["context"])
            .create(values)
        )

    def test_another_day(self):
        letters = self._letter() + self._letter(planned_at="2026-12-01 04:00:00")
        dialog = self._dialog_for(letters, planned_on=NEW_YEAR_MONDAY)
        self.assertIn("January 4, 2027", dialog.planned_words)
        self.assertFalse(self._run_triggers())
        dialog.action_plan()
        self.assertEqual(letters.mapped("planned_at"), [THURSDAY_BEFORE] * 2)
        self.assertEqual(self._run_triggers(), [THURSDAY_BEFORE])
        for letter in letters:
            self.assertIn(self.accountant.name, self._bodies(letter))
            self.assertRegex(self._bodies(letter), "leaves on .*26,? 0?5:00")
        self.assertFalse(self._run_at(datetime(2026, 12, 2)).requests)
        self._run_at(THURSDAY_BEFORE)
        self.assertEqual(set(letters.mapped("state")), {"accepted"})

    def _run_triggers(self):
        """Moments asked for since the last look."""
        triggers = self.env["ir.cron.trigger"].sudo()
        mine = triggers.search([("cron_id", "=", self.account.sudo().cron_id.id)])
        seen = getattr(self, "seen", mine)
        self.seen = mine
        return (mine - seen).mapped("call_at")

    def test_as_soon_as_possible(self):
        letter = self._letter(planned_at=THURSDAY_BEFORE)
        self._run_triggers()
        self._dialog_for(letter, planned_on=NEW_YEAR_MONDAY).action_now()
        self.assertFalse(letter.planned_at)
        self.assertEqual(self._run_triggers(), [TUESDAY_NOON])
        self.assertIn("as soon as possible", self._bodies(letter))
        self._run_at(TUESDAY_NOON)
        self.assertEqual(letter.state, "accepted")

    def test_prepared_letter(self):
        letter = self._letter()
        with self._gateway(ScriptedGateway([port.Unavailable("503")])):
            self._run_outbox()
        self.account.sudo().retry_at = False
        self._dialog_for(letter, planned_on=NEW_YEAR_MONDAY).action_plan()
        self.assertFalse(self._run_at(TUESDAY_NOON).requests)
        self.assertEqual(letter.state, "queued")

    def test_bad_day_changes_nothing(self):
        letter = self._letter(planned_at=THURSDAY_BEFORE)
        dialog = self._dialog_for(letter, planned_on=date(2027, 1, 1))
        self.assertTrue(dialog.planned_wrong)
        with self.assertRaisesRegex(UserError, "no working day"):
            dialog.action_plan()
        self.assertEqual(letter.planned_at, THURSDAY_BEFORE)

    def test_too_late(self):
        for state in ("sending", "accepted", "rejected", "cancelled", "unknown"):
            letter = self._letter(planned_at=THURSDAY_BEFORE)
            dialog = self._dialog_for(letter, planned_on=NEW_YEAR_MONDAY)
            letter.sudo().state = state
            for press in (letter.action_plan, dialog.action_plan, dialog.action_now):
                with self.subTest(state=state), self.assertRaises(UserError):
                    press()
            self.assertEqual(letter.planned_at, THURSDAY_BEFORE)

    def test_asked_about_after_a_restore(self):
        letter = self._letter()
        letter.sudo().in_doubt = True
        with self.assertRaisesRegex(UserError, "restored"):
            letter.action_plan()

    def test_who_may(self):
        letter = self._letter()
        employee = self._create_user("employee", "base.group_user")
        dialog = self._dialog_for(letter, self.manager, planned_on=NEW_YEAR_MONDAY)
        dialog.action_plan()
        self.assertEqual(letter.planned_at, THURSDAY_BEFORE, "managers may")
        with self.assertRaises(AccessError):
            letter.with_user(employee).action_plan()
        with self.assertRaises(AccessError):
            letter.with_user(employee)._plan(False)
        other = self.setup_other_company(name="B")["company"]
        stranger = self._create_user("b", "beepost_mail.group_manager", other)
        with self.assertRaises(AccessError):
            letter.with_user(stranger).action_plan()
        forged = self.env["beepost.plan"].with_user(stranger)
        with self.assertRaises(AccessError):
            forged.create({"mailing_ids": letter.ids}).planned_words  # noqa: B018
        self.assertTrue(letter.planned_at)

    def test_found_by_its_filter(self):
        planned = self._letter(planned_at=THURSDAY_BEFORE)
        self._letter()
        domain = [("planned_at", ">", "now"), ("state", "in", ("draft", "ready"))]
        mine = [("id", "in", (planned + self._letter()).ids)]
        found = self.env["beepost.mailing"].search(domain + mine)
        self.assertEqual(found, planned)
