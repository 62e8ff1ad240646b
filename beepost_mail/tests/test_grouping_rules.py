"""When letters are put together by themselves, proposed, or asked for in a batch."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError

from .common import ScriptedGateway, a4_pdf
from .grouping import GroupingCase
from .sending import BatchCase

# A Wednesday in winter: 10:00 in Paris.
NOW = datetime(2026, 11, 25, 9)
FIVE = datetime(2026, 11, 25, 16)


class TestMoment(GroupingCase):
    def test_working_days_in_paris(self):
        for now, hour, expected in (
            (NOW, 17, FIVE),
            (datetime(2026, 11, 25, 15, 59, 59), 17, FIVE),
            (FIVE, 17, datetime(2026, 11, 26, 16)),
            (datetime(2026, 11, 28, 9), 17, datetime(2026, 11, 30, 16)),  # a Saturday
            (datetime(2026, 7, 13, 20), 17, datetime(2026, 7, 15, 15)),  # 14 July
            (NOW, 16.5, datetime(2026, 11, 25, 15, 30)),
            (datetime(2026, 11, 24, 23, 30), 0.75, datetime(2026, 11, 24, 23, 45)),
        ):
            self.company.beepost_grouping_hour = hour
            with self.subTest(now=now):
                self.assertEqual(self.company._beepost_grouping_moment(now), expected)

    def test_hour_of_the_day(self):
        for hour in (-1, 24):
            with self.subTest(hour=hour), self.assertRaises(ValidationError):
                self.company.beepost_grouping_hour = hour

    def test_settings_say_what_misses_the_cutoff(self):
        Settings = self.env["res.config.settings"].with_company(self.company)
        self.company.beepost_grouping = "automatic"
        self.assertFalse(Settings.create({}).beepost_grouping_late)
        self.company.beepost_grouping_hour = self.account.cutoff
        self.assertTrue(Settings.create({}).beepost_grouping_late)

    def test_shipped_hour_makes_the_deposit_of_the_day(self):
        company = self.env["res.company"].create({"name": "New"})
        account = self.account.sudo()
        account.cutoff = account.default_get(["cutoff"])["cutoff"]
        moment = company._beepost_grouping_moment(NOW)
        self.assertEqual(account._deposit_date(moment), account._deposit_date(NOW))


class TestAutomatic(GroupingCase):
    def setUp(self):
        super().setUp()
        self.company.write(
            {"beepost_grouping": "automatic", "beepost_grouping_hour": 17}
        )
        self.enterContext(freeze_time(NOW))

    def _run_at(self, moment, gateway=None):
        with freeze_time(moment):
            return self._send(gateway)

    def test_letters_of_the_day(self):
        early = self._letters_to(self.customer)
        with freeze_time(NOW + timedelta(hours=3)):
            late = self._letters_to(self.customer, self.other)
        letters = early + late
        self.assertEqual(set(letters.mapped("planned_at")), {FIVE})
        self.assertEqual(set(letters.mapped("grouping")), {"day"})
        self.assertFalse(self._run_at(FIVE - timedelta(seconds=1)).requests)
        self.assertEqual(set(letters.mapped("state")), {"draft"})
        gateway = self._run_at(FIVE)
        self.assertEqual(letters.mapped("state"), ["accepted", "cancelled", "accepted"])
        self.assertEqual(late[0].grouped_into_id, early)
        self.assertEqual(len(gateway.counts()), 2)

    def test_the_outbox_wakes_then(self):
        self._letters_to(self.customer)
        triggers = (
            self.env["ir.cron.trigger"]
            .sudo()
            .search([("cron_id", "=", self.account.sudo().cron_id.id)])
        )
        self.assertIn(FIVE, triggers.mapped("call_at"))

    def test_a_plan_of_ones_own_stays(self):
        moment = NOW + timedelta(hours=1)
        planned = self._letters_to(*[self.customer] * 2, planned_at=moment)
        waiting = self._letters_to(self.customer)
        self.assertEqual(set(planned.mapped("planned_at")), {moment})
        self.assertEqual(planned.mapped("grouping"), [False, False])
        self._run_at(moment)
        self.assertEqual(planned.mapped("state"), ["accepted", "accepted"])
        self.assertEqual(waiting.state, "draft")

    def test_registered_letters_do_not_wait(self):
        service = self.env.ref("beepost_mail.service_registered")
        letter = self._letters_to(self.customer, service_id=service.id)
        self.assertFalse(letter.planned_at or letter.grouping)

    def test_branch_follows_its_house(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertEqual(branch.beepost_grouping, "none")
        branch.partner_id.write(
            {"street": "1 rue", "zip": "69002", "city": "Lyon", "country_id": 75}
        )
        letter = self.env["beepost.posting"]._post(
            [
                {
                    "name": "Letter",
                    "company": branch,
                    "partner": self.customer,
                    "options": {},
                    "documents": [
                        {
                            "name": "Doc",
                            "kind": "document",
                            "res_model": "res.partner",
                            "res_id": self.customer.id,
                            "attachment": self.env["ir.attachment"].create(
                                {"name": "x.pdf", "raw": a4_pdf()}
                            ),
                        }
                    ],
                }
            ],
            self.env.user,
        )
        self.assertEqual((letter.grouping, letter.planned_at), ("day", FIVE))

    def test_taken_apart_it_is_not_put_together_again(self):
        letters = self._letters_to(*[self.customer] * 2)
        self._together(letters)
        letters[0].action_separate()
        self._run_at(FIVE)
        self.assertEqual(letters.mapped("state"), ["accepted", "accepted"])

    def test_letter_in_doubt_leaves_alone(self):
        letters = self._letters_to(*[self.customer] * 2)
        letters[0].in_doubt = True
        self._run_at(FIVE, ScriptedGateway(lookup=False))
        self.assertEqual(letters.mapped("state"), ["accepted", "accepted"])

    def test_locked_letter_follows_later(self):
        letters = self._letters_to(*[self.customer] * 3)
        Mailing = type(letters)
        real = Mailing.try_lock_for_update

        def lock(records, **kwargs):
            return real(records, **kwargs) - letters[1]

        with patch.object(Mailing, "try_lock_for_update", lock):
            self._run_at(FIVE)
        self.assertEqual(letters.mapped("state"), ["accepted", "draft", "cancelled"])
        self._run_at(FIVE + timedelta(minutes=10))
        self.assertEqual(letters[1].state, "accepted")

    def test_every_slice_is_settled(self):
        letters = self._letters_to(*[self.customer, self.other] * 3)
        path = "odoo.addons.beepost_mail.models.beepost_outbox_group.GROUP_SLICE"
        with patch(path, 2):
            gateway = self._run_at(FIVE)
        self.assertEqual(len(gateway.counts()), 2)
        self.assertEqual(letters.mapped("state"), ["accepted"] * 2 + ["cancelled"] * 4)

    def test_no_time_to_count(self):
        """Then they leave as they are: nothing waits for ever."""
        letters = self._letters_to(*[self.customer] * 3)
        path = "odoo.addons.beepost_mail.models.beepost_outbox_group.COUNT_SECONDS"
        with patch(path, -1):
            self._run_at(FIVE)
        self.assertEqual(letters.mapped("state"), ["accepted"] * 3)


class TestProposed(GroupingCase):
    def setUp(self):
        super().setUp()
        self.letters = self._letters_to(self.customer, self.other, self.customer)

    def _proposed(self, user=None):
        Mailing = self.env["beepost.mailing"].with_user(user or self.accountant)
        return Mailing.search(
            [("shares_envelope", "=", True), ("id", "in", self.letters.ids)]
        ).sorted("id")

    def test_only_where_it_is_wanted(self):
        self.assertFalse(self._proposed())
        self.company.beepost_grouping = "proposed"
        self.assertEqual(self._proposed().ids, self.letters[::2].ids)
        self.assertEqual(self.letters.mapped("shares_envelope"), [True, False, True])
        Mailing = self.env["beepost.mailing"].with_user(self.accountant)
        others = Mailing.search(
            [("shares_envelope", "=", False), ("id", "in", self.letters.ids)]
        )
        self.assertEqual(others.ids, self.letters[1].ids)

    def test_nothing_that_left(self):
        self.company.beepost_grouping = "proposed"
        for values in ({"state": "accepted"}, {"in_doubt": True}):
            self.letters[0].write({"state": "draft", **values})
            with self.subTest(**values):
                self.assertFalse(self._proposed())

    def test_nothing_that_one_may_not_read(self):
        self.company.beepost_grouping = "proposed"
        stranger = self._create_user("stranger", "beepost_mail.group_user")
        self.assertFalse(self._proposed(stranger))

    def test_dialog_shows_the_saving(self):
        wizard = (
            self.env["beepost.group"]
            .with_user(self.accountant)
            # As the web client saves it: sizes of files instead of their contents.
            .with_context(bin_size=True)
            .create({"mailing_ids": [Command.set(self.letters.ids)]})
        )
        self.assertEqual(wizard.envelope_count, 1)
        self.assertIn("2 letters become 1: 2 sheets, as many as apart", wizard.summary)
        self.assertIn("needed: at most 1 instead of 2.", wizard.summary)
        self.assertIn("One of the chosen letters stays as it is.", wizard.summary)
        self.assertFalse(wizard.has_registered)

    def test_figures(self):
        groups = self.letters[::2]._find_groups()
        saving = self.env["beepost.mailing"]._get_group_saving(groups)
        self.assertEqual((saving["uncounted"], saving["before"]["letters"]), (2, 0))
        self.assertIn("not counted yet", saving["sentences"][0])
        self.letters[::2]._count_if_needed()
        saving = self.env["beepost.mailing"]._get_group_saving(groups)
        # A C6/5 weighs 5.4 g, a sheet 4.9896 g; rounded up to the milligram.
        self.assertEqual(
            saving["before"], {"letters": 2, "sheets": 2, "weight_mg": 2 * 10_390}
        )
        self.assertEqual(
            saving["after"], {"letters": 1, "sheets": 2, "weight_mg": 15_380}
        )

    def test_a_sheet_that_is_sure_is_in_the_figures(self):
        letters = self._letters_to(*[self.customer] * 2, address_sheet="always")
        letters._count_if_needed()
        saving = self.env["beepost.mailing"]._get_group_saving(letters._find_groups())
        self.assertEqual(len(saving["sentences"]), 1)
        self.assertIn("become 1: 3 sheets instead of 4", saving["sentences"][0])

    def test_queries_do_not_grow(self):
        self.company.beepost_grouping = "proposed"

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self._proposed()
            self.env["beepost.mailing"]._get_group_saving(found._find_groups())
            return self.cr.sql_log_count - before

        queries()
        few = queries()
        self.letters += self._letters_to(*[self.customer, self.other] * 5)
        self.assertEqual(len(self._proposed()), 13)
        self.assertLessEqual(queries(), few)


class TestBatch(BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Autre destinataire")

    def test_one_envelope_for_each_addressee(self):
        moves = self._invoices(5, partners=[self.customer, self.other])
        wizard = self._wizard(moves)
        self.assertEqual(wizard.envelope_count, 5)
        wizard.together = True
        self.assertEqual(wizard.envelope_count, 2)
        wizard.action_send()
        letters = self._letters(moves)
        self.assertEqual(len(letters), 5)
        self._run_outbox()
        carriers = self._letters(moves)
        self.assertEqual(carriers.mapped("state"), ["accepted"] * 2)
        self.assertEqual(sorted(len(m.document_ids) for m in carriers), [2, 3])
        lot = letters.lot_id
        self.assertEqual((lot.letter_count, lot.waiting_count), (5, 0))
        self.assertEqual((lot.accepted_count, lot.missing_count), (2, 0))
        self.assertEqual(set(moves.mapped("beepost_state")), {"practice"})

    def test_without_the_tick(self):
        moves = self._invoices(2)
        self._wizard(moves).action_send()
        self._run_outbox()
        self.assertEqual(len(self._letters(moves)), 2)

    def test_waits_for_the_pdfs(self):
        """Two are there already, the third is still to be made."""
        moves = self._invoices(3, pdf=False)
        for move in moves[:2]:
            self._attach_legal_pdf(move)
        self._wizard(moves, together=True).action_send()
        letters = self._letters(moves)
        self.assertEqual(len(letters), 2)
        self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["draft"] * 2)
        options = moves[2].sending_data["beepost_options"]
        moves[2].sending_data = False
        self._attach_legal_pdf(moves[2])
        moves[2]._beepost_post({moves[2]: options}, self.env.user)
        self._run_outbox()
        carrier = self._letters(moves)
        self.assertEqual((carrier.state, len(carrier.document_ids)), ("accepted", 3))

    def test_pdf_that_never_comes(self):
        moves = self._invoices(3, pdf=False)
        for move in moves[:2]:
            self._attach_legal_pdf(move)
        self._wizard(moves, together=True).action_send()
        letters = self._letters(moves)
        letters.lot_id.sudo()._write({"create_date": datetime(2020, 1, 1)})
        letters.lot_id.invalidate_recordset()
        self._run_outbox()
        self.assertEqual(self._letters(moves).state, "accepted")
        self.assertEqual(letters.mapped("state"), ["accepted", "cancelled"])

    def test_another_lot_stays_apart(self):
        moves = self._invoices(4)
        for half in (moves[:2], moves[2:]):
            self._wizard(half, together=True).action_send()
        self._run_outbox()
        letters = self._letters(moves)
        self.assertEqual([len(m.document_ids) for m in letters], [2, 2])

    def test_registered(self):
        service = self.env.ref("beepost_mail.service_registered")
        self.customer.beepost_service_id = service
        moves = self._invoices(4)
        for half, values, envelopes in (
            (moves[:2], {}, 2),
            (moves[2:], {"own_options": False, "service_id": service.id}, 1),
        ):
            wizard = self._wizard(half, together=True, **values)
            self.assertEqual(wizard.envelope_count, envelopes)
            wizard.action_send()
            self._run_outbox()
            letters = self._letters(half)
            self.assertEqual(letters.service_id, service)
            self.assertEqual(len(letters), envelopes)

    def test_bad_address(self):
        lost = self._create_customer("Sans ville", city=False)
        moves = self._invoices(4, partners=[self.customer, lost])
        wizard = self._wizard(moves, together=True)
        self.assertEqual(wizard.envelope_count, 3)
        wizard.action_send()
        self._run_outbox()
        states = sorted(self._letters(moves).mapped("state"))
        self.assertEqual(states, ["accepted", "rejected", "rejected"])
