"""*Send by post*: one invoice or many, in the background."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import BeepostCommon, ScriptedGateway, receipt
from .test_mailing import refusing

REPORT = "odoo.addons.base.models.ir_actions_report.IrActionsReport"


class BatchCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.env.user + cls.accountant).lang = "en_US"

    def _wizard(self, moves, user=None, **values):
        action = moves.with_user(user or self.env.user).action_beepost_send()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.env.user)
            .with_context(**action["context"])
            .create(values)
        )

    def _invoices(self, count, pdf=True, partners=None):
        """Posted invoices, made together (a form for each takes its time)."""
        partners = partners or [self.customer]
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partners[number % len(partners)].id,
                    "company_id": self.company.id,
                    "invoice_date": date(2019, 1, 1),
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 10.0})
                    ],
                }
                for number in range(count)
            ]
        )
        moves.action_post()
        if pdf:
            for move in moves:
                self._attach_legal_pdf(move)
        return moves

    def _letters(self, moves):
        return moves.sudo().beepost_document_ids.mailing_id

    def _render(self):
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))


class TestSendByPost(BatchCase):
    def test_one(self):
        move = self._create_invoice()
        wizard = self._wizard(move, self.accountant)
        self.assertEqual(wizard.sendable_count, 1)
        answer = wizard.action_send()
        self.assertEqual(answer["params"]["type"], "success")
        letter = self._letters(move)
        self.assertEqual(letter.state, "draft")
        self.assertEqual(letter.user_id, self.accountant)
        self.assertEqual(letter.lot_id.user_id, self.accountant)
        self.assertEqual(letter.lot_id.expected, 1)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.account.sudo().cron_id.id)]
        )
        self.assertTrue(triggers)

    def test_many_in_one_lot(self):
        moves = self._invoices(5)
        self._wizard(moves).action_send()
        letters = self._letters(moves)
        self.assertEqual(len(letters), 5)
        self.assertEqual(len(letters.lot_id), 1)
        self.assertEqual(
            letters.lot_id.action_open_letters()["domain"],
            [("lot_id", "=", letters.lot_id.id)],
        )

    def test_from_the_menu_of_actions(self):
        move = self._create_invoice()
        action = self.env.ref("beepost_mail.action_send_by_post")
        opened = action.with_context(
            active_model="account.move", active_ids=move.ids, active_id=move.id
        ).run()
        self.assertEqual(opened["res_model"], "beepost.send")
        self.assertEqual(opened["context"]["default_move_ids"], move.ids)
        self.assertEqual(action.binding_view_types, "list,form")

    def test_preferred_options(self):
        service = self.env.ref("beepost_mail.service_tracked")
        picky = self._create_customer(
            "Difficile", beepost_color="yes", beepost_service_id=service.id
        )
        moves = self._invoices(2, partners=[self.customer, picky])
        wizard = self._wizard(moves, own_options=True)
        wizard.color = False
        wizard.action_send()
        usual, own = (self._letters(move) for move in moves)
        self.assertEqual((usual.color, usual.service_id.code), (False, "lettre"))
        self.assertEqual((own.color, own.service_id.code), (True, "lettre_suivie"))

    def test_options_of_the_lot(self):
        picky = self._create_customer(
            "Difficile", beepost_color="yes", beepost_duplex="yes"
        )
        moves = self._invoices(2, partners=[self.customer, picky])
        service = self.env.ref("beepost_mail.service_registered")
        self._wizard(
            moves,
            own_options=False,
            service_id=service.id,
            color=False,
            duplex=False,
            address_sheet="always",
        ).action_send()
        letters = self._letters(moves)
        for letter in letters:
            self.assertEqual(
                (letter.service_id, letter.color, letter.duplex, letter.address_sheet),
                (service, False, False, "always"),
            )
        self.assertEqual(letters.lot_id.options["service_id"], service.id)
        self.assertEqual(letters.lot_id.options["address_sheet"], "always")

    def test_remote_client_may_give_some_options_only(self):
        self.company.write({"beepost_duplex": True, "beepost_address_sheet": "always"})
        move = self._create_invoice()
        self.env["beepost.send"].create(
            {"move_ids": move.ids, "own_options": False, "color": True}
        ).action_send()
        letter = self._letters(move)
        self.assertEqual(
            (letter.color, letter.duplex, letter.address_sheet, letter.service_id.code),
            (True, True, "always", "lettre"),
        )

    def test_copies_are_marked(self):
        body = self._create_customer("Mairie", beepost_public_body=True)
        moves = self._invoices(2, partners=[self.customer, body])
        wizard = self._wizard(moves)
        self.assertIn("beepost_electronic", wizard.alerts)
        wizard.action_send()
        self.assertEqual([self._letters(move).is_copy for move in moves], [False, True])

    def test_chosen_account(self):
        second = self.account.copy({"name": "Second"})
        move = self._create_invoice()
        wizard = self._wizard(move)
        self.assertEqual((wizard.account_count, wizard.account_id), (2, self.account))
        wizard.account_id = second
        wizard.action_send()
        self.assertEqual(self._letters(move).account_id, second)


class TestLeftOut(BatchCase):
    def test_what_cannot_be_posted_is_named(self):
        good = self._create_invoice()
        draft = self.init_invoice(
            "out_invoice",
            partner=self.customer,
            amounts=[1.0],
            company=self.company,
        )
        bill = self.init_invoice(
            "in_invoice",
            partner=self.customer,
            amounts=[1.0],
            company=self.company,
            post=True,
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {"account_id": self.company_data["default_account_revenue"].id}
                    )
                ],
            }
        )
        cancelled = self._create_invoice()
        cancelled.button_cancel()
        wizard = self._wizard(good + draft + bill + entry + cancelled)
        self.assertEqual(wizard.sendable_count, 1)
        self.assertIn("1 of 5", wizard.summary)
        self.assertIn(bill.name, wizard.summary)
        self.assertIn("customer invoice", wizard.summary)
        wizard.action_send()
        self.assertEqual(len(self._letters(wizard.move_ids)), 1)

    def test_names_are_escaped(self):
        move = self._create_invoice()
        move.button_draft()
        move.name = "<script>1</script>"
        wizard = self._wizard(move)
        self.assertNotIn("<script>", wizard.summary)

    def test_long_lists_are_cut(self):
        moves = self._invoices(15)
        moves.button_draft()
        wizard = self._wizard(moves)
        self.assertEqual(wizard.summary.count("<li>"), 10)
        self.assertIn("5 more", wizard.summary)

    def test_nothing_to_send(self):
        move = self._create_invoice()
        move.button_draft()
        wizard = self._wizard(move)
        self.assertFalse(wizard.sendable_count)
        with self.assertRaisesRegex(UserError, "None of these documents"):
            wizard.action_send()
        self.assertFalse(self.env["beepost.lot"].search([]))

    def test_company_without_account(self):
        self.account.active = False
        move = self._create_invoice()
        wizard = self._wizard(move)
        self.assertFalse(wizard.sendable_count)
        self.assertIn(self.company.name, wizard.summary)

    def test_posted_already(self):
        """Every letter counts, not the last one: it may have been cancelled."""
        for states, skipped in (
            (["accepted"], True),
            (["draft"], True),
            (["ready"], True),
            (["queued"], True),
            (["sending"], True),
            (["unknown"], True),
            (["rejected"], False),
            (["cancelled"], False),
            (["accepted", "cancelled"], True),
            (["unknown", "rejected"], True),
        ):
            move = self._create_invoice()
            for state in states:
                self._post(move).sudo().state = state
            with self.subTest(states=states):
                wizard = self._wizard(move)
                self.assertEqual(wizard.sendable_count, 0 if skipped else 1)
                if skipped:
                    self.assertIn("posted already", wizard.summary)
                    with self.assertRaises(UserError):
                        wizard.action_send()
                wizard.skip_posted = False
                self.assertEqual(wizard.sendable_count, 1)
                self.assertEqual(
                    bool(
                        {"beepost_posted", "beepost_waiting"} & set(wizard.alerts or ())
                    ),
                    skipped,
                    "a second letter is announced",
                )

    def test_pressed_twice(self):
        moves = self._invoices(3)
        wizard = self._wizard(moves)
        wizard.action_send()
        with self.assertRaises(UserError):
            wizard.action_send()
        with self.assertRaises(UserError):
            self._wizard(moves, self.accountant).action_send()
        self.assertEqual(len(self._letters(moves)), 3)

    def test_pressed_twice_before_the_pdf_exists(self):
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()
        with self.assertRaises(UserError):
            self._wizard(move, self.accountant).action_send()
        self._render()
        self.assertEqual(len(self._letters(move)), 1)

    def test_waiting_e_mail_is_not_lost(self):
        """Core keeps one slot for background sending: it must not be overwritten."""
        move = self._create_invoice(pdf=False)
        by_mail = {
            "author_user_id": self.accountant.id,
            "author_partner_id": self.accountant.partner_id.id,
        }
        move.sending_data = by_mail
        wizard = self._wizard(move)
        self.assertIn("in the background", wizard.summary)
        with self.assertRaises(UserError):
            wizard.action_send()
        self.assertEqual(move.sending_data, by_mail)

    def test_bad_addresses_are_announced_and_refused(self):
        bad = self._create_customer("Sans ville", city=False)
        moves = self._invoices(2, partners=[self.customer, bad])
        wizard = self._wizard(moves)
        alert = wizard.alerts["beepost_address"]
        self.assertEqual(alert["level"], "warning", "the good ones leave")
        self.assertIn(moves[1].name, alert["message"])
        wizard.action_send()
        self.assertEqual(moves.mapped("beepost_state"), ["waiting", "rejected"])


class TestPdfIsMissing(BatchCase):
    def test_core_makes_the_pdf_then_we_post(self):
        moves = self._invoices(3, pdf=False)
        ready = self._create_invoice()
        service = self.env.ref("beepost_mail.service_tracked")
        self._wizard(
            moves + ready,
            self.accountant,
            own_options=False,
            service_id=service.id,
            color=True,
            duplex=True,
            address_sheet="auto",
        ).action_send()
        lot = self._letters(ready).lot_id
        self.assertFalse(self._letters(moves))
        self.assertTrue(all(moves.mapped("is_being_sent")))
        self.assertEqual((lot.expected, lot.waiting_count), (4, 4))
        self._render()
        letters = self._letters(moves)
        self.assertEqual(len(letters), 3)
        self.assertEqual(letters.user_id, self.accountant)
        self.assertEqual(letters.lot_id, lot)
        self.assertEqual(letters.service_id, service)
        self.assertEqual(letters.mapped("color"), [True] * 3)
        self.assertFalse(any(moves.mapped("sending_data")))
        for move in moves:
            self.assertEqual(
                self._letters(move).document_ids.sudo().attachment_id,
                move.invoice_pdf_report_id,
            )
            mails = move.message_ids.filtered(lambda m: m.message_type == "comment")
            self.assertFalse(mails, "by post only, whatever the customer prefers")

    def test_customer_prefers_email(self):
        self.customer.invoice_sending_method = "email"
        self.customer.email = "client@example.com"
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()
        self._render()
        self.assertEqual(len(self._letters(move)), 1)
        self.assertFalse(move.message_ids.partner_ids)

    def test_scheduled_action_is_off(self):
        self.env.ref("account.ir_cron_account_move_send").active = False
        move = self._create_invoice(pdf=False)
        with self.assertRaisesRegex(UserError, "switched off"):
            self._wizard(move).action_send()
        self.env.invalidate_all()
        self.assertFalse(move.sending_data)
        ready = self._create_invoice()
        self._wizard(ready).action_send()
        self.assertTrue(self._letters(ready), "a PDF that exists needs no such action")

    def test_pdf_that_cannot_be_made_is_not_lost_silently(self):
        moves = self._invoices(2, pdf=False)
        self._wizard(moves).action_send()
        lot = self.env["beepost.lot"].search([])

        def fail(self, invoice, invoice_data):
            if invoice == moves[0]:
                invoice_data["error"] = {"error_title": "No such report"}

        with patch.object(
            type(self.env["account.move.send"]),
            "_hook_invoice_document_before_pdf_report_render",
            fail,
        ):
            self._render()
        self.assertEqual([len(self._letters(move)) for move in moves], [0, 1])
        self.assertIn("No such report", self._bodies(moves[0]))
        lot.invalidate_recordset()
        self.assertEqual((lot.missing_count, lot.waiting_count), (1, 1))

    def test_reset_before_the_pdf_exists(self):
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()
        move.button_draft()
        self._render()
        self.assertFalse(self._letters(move))
        move.action_post()
        self._render()
        self.assertFalse(self._letters(move), "an old order is no order")
        lot = self.env["beepost.lot"].search([])
        self.assertEqual((lot.missing_count, lot.waiting_count), (1, 0))

    def test_account_archived_meanwhile(self):
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()
        self.account.active = False
        self._render()
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertFalse(self._letters(move))
        self.assertIn("Not sent by post", self._bodies(move))

    @mute_logger("odoo.addons.beepost_mail.models.account_move_send")
    def test_fault_of_ours_stands_in_the_lot(self):
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()

        def broken(*args, **kwargs):
            raise ZeroDivisionError("ours")

        with patch.object(type(move), "_prepare_beepost_mailing_vals", broken):
            self._render()
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertIn("Not sent by post", self._bodies(move))
        lot = self.env["beepost.lot"].search([])
        self.assertEqual((lot.missing_count, lot.progress), (1, 100.0))


class TestLot(BatchCase):
    def test_counters(self):
        bad = self._create_customer("Sans ville", city=False)
        moves = self._invoices(4, partners=[self.customer, self.customer, bad])
        self._wizard(moves).action_send()
        letters = self._letters(moves).sorted("id")
        lot = letters.lot_id
        self.assertEqual(
            (lot.letter_count, lot.accepted_count, lot.refused_count), (4, 0, 1)
        )
        self.assertEqual((lot.waiting_count, lot.progress), (3, 25.0))
        letters[0].action_cancel()
        refused = letters[1].client_reference

        def picky(sent):
            return tuple(
                receipt(m, *refusing_reasons if m.client_reference == refused else ())
                for m in sent
            )

        refusing_reasons = refusing().script[0]([letters[1]])[0].reasons
        with self._gateway(ScriptedGateway([picky])):
            self._run_outbox()
        lot.invalidate_recordset()
        self.assertEqual(
            (lot.accepted_count, lot.refused_count, lot.waiting_count, lot.progress),
            (1, 2, 0, 100.0),
        )
        self.assertFalse(lot.missing_count)

    def test_two_lots_at_once(self):
        first, second = self._invoices(1), self._invoices(2)
        self._wizard(first).action_send()
        self._wizard(second).action_send()
        lots = self.env["beepost.lot"].search([], order="id")
        self.assertEqual(lots.mapped("letter_count"), [1, 2])
        self.assertEqual(lots.mapped("waiting_count"), [1, 2])


class TestTwoCompanies(BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr")
        cls.company_b = cls.setup_other_company(name="B", country_id=france.id)[
            "company"
        ]
        cls.company_b.partner_id.write(
            {"street": "1 place Bellecour", "zip": "69002", "city": "Lyon"}
        )
        cls.account_b = cls.env["beepost.account"].create(
            {"name": "B", "company_id": cls.company_b.id}
        )
        cls.move_a = cls._create_invoice()
        cls.move_b = cls.init_invoice(
            "out_invoice",
            partner=cls.customer,
            amounts=[1.0],
            company=cls.company_b,
            post=True,
        )
        cls._attach_legal_pdf(cls.move_b)
        cls.moves = cls.move_a + cls.move_b

    def test_each_through_its_own_account_and_lot(self):
        self.company_b.beepost_color = True
        wizard = self._wizard(self.moves)
        self.assertFalse(wizard.account_count, "no account serves both")
        wizard.action_send()
        letter_a, letter_b = (self._letters(move) for move in self.moves)
        self.assertEqual(letter_a.account_id, self.account)
        self.assertEqual(letter_b.account_id, self.account_b)
        self.assertNotEqual(letter_a.lot_id, letter_b.lot_id)
        self.assertEqual(letter_b.lot_id.company_id, self.company_b)
        self.assertEqual((letter_a.color, letter_b.color), (False, True))

    def test_other_company_without_account(self):
        self.account_b.active = False
        wizard = self._wizard(self.moves)
        self.assertEqual(wizard.sendable_count, 1)
        self.assertIn(self.company_b.name, wizard.summary)
        wizard.action_send()
        self.assertTrue(self._letters(self.move_a))
        self.assertFalse(self._letters(self.move_b))

    def test_service_of_one_company(self):
        own = self.env["beepost.service"].create(
            {"name": "Own", "code": "own", "company_id": self.company.id}
        )
        wizard = self._wizard(self.moves, own_options=False, service_id=own.id)
        with self.assertRaises(UserError) as caught:
            wizard.action_send()
        self.assertIn("Own", str(caught.exception))
        self.assertFalse(self._letters(self.moves))
        self._wizard(self.move_a, own_options=False, service_id=own.id).action_send()
        self.assertEqual(self._letters(self.move_a).service_id, own)


class TestGrowth(BatchCase):
    """What grows with the number of letters must grow slowly."""

    def _queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _send(self, moves):
        self._wizard(moves, self.accountant).action_send()

    def test_queries_a_letter(self):
        self._send(self._invoices(2))  # warms what is read once
        few = self._queries(self._send, self._invoices(10))
        many = self._queries(self._send, self._invoices(50))
        self.assertLess((many - few) / 40, 3, f"{few} for 10, {many} for 50")

    def test_queries_of_the_list(self):
        """Reading letters and lots does not ask for each of them."""
        self._send(self._invoices(3))
        names = ["name", "state", "address", "error", "partner_id", "sheets"]

        def read():
            Mailing = self.env["beepost.mailing"].with_user(self.accountant)
            Mailing.search([]).read(names)
            Lot = self.env["beepost.lot"].with_user(self.accountant)
            Lot.search([]).read(["progress", "letter_count", "missing_count"])

        read()
        few = self._queries(read)
        for _lot in range(4):
            self._send(self._invoices(5))
        many = self._queries(read)
        self.assertLessEqual(many - few, 2, f"{few} for 3, {many} for 23")

    def test_queries_of_the_invoice_list(self):
        moves = self._invoices(20)
        self._send(moves[:15])

        def read(some):
            some.with_user(self.accountant).read(["beepost_state", "beepost_count"])

        read(moves[:2])
        few = self._queries(read, moves[:2])
        many = self._queries(read, moves)
        self.assertLessEqual(many, few + 2)

    def test_queries_of_partners(self):
        partners = self.env["res.partner"].union(
            *(self._create_customer(f"Client {number}") for number in range(12))
        )
        self._send(self._invoices(12, partners=partners))

        def read(some):
            some.with_user(self.accountant).read(["beepost_mailing_count"])

        read(partners[:1])
        few = self._queries(read, partners[:1])
        many = self._queries(read, partners)
        self.assertLessEqual(many, few + 2)
