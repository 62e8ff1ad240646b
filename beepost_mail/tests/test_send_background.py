"""PDFs that core makes first, lots, two companies at once."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import ScriptedGateway, receipt
from .letters import refusing
from .sending import BatchCase


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
        self._assert_author_is_told(moves[0])
        self.assertNotIn("Not sent by post", self._bodies(moves[1]))

    def _assert_author_is_told(self, move, author=None):
        self.assertEqual(self._bodies(move).count("Not sent by post"), 1)
        activity = move.sudo().activity_ids
        self.assertEqual(activity.user_id, author or self.env.user)
        self.assertIn(move.name, activity.summary)

    def test_error_that_core_retries_itself(self):
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()

        def fail(self, invoice, invoice_data):
            invoice_data["error"] = {"error_title": "Busy", "retry": True}

        with patch.object(
            type(self.env["account.move.send"]),
            "_hook_invoice_document_before_pdf_report_render",
            fail,
        ):
            self._render()
        self.assertNotIn("Not sent by post", self._bodies(move))
        lot = self.env["beepost.lot"].search([])
        self.assertEqual((lot.missing_count, lot.waiting_count), (0, 1))
        self._render()
        self.assertTrue(self._letters(move))

    @mute_logger("odoo.addons.beepost_mail.models.account_move_send_failure")
    def test_invoice_that_cannot_be_printed_keeps_no_other(self):
        moves = self._invoices(3, pdf=False)
        self._wizard(moves, self.accountant).action_send()
        lot = self.env["beepost.lot"].search([])
        Report = type(self.env["ir.actions.report"])
        real = Report._pre_render_qweb_pdf

        def broken(self, report_ref, res_ids=None, data=None):
            if moves[1].id in res_ids:
                raise ValueError("wkhtmltopdf failed")
            return real(self, report_ref, res_ids=res_ids, data=data)

        with patch.object(Report, "_pre_render_qweb_pdf", broken):
            self._render()
        self.assertEqual([len(self._letters(move)) for move in moves], [1, 0, 1])
        lot.invalidate_recordset()
        self.assertEqual((lot.missing_count, lot.waiting_count), (1, 2))
        self.assertIn("wkhtmltopdf failed", self._bodies(moves[1]))
        self._assert_author_is_told(moves[1], self.accountant)
        self.assertFalse(
            moves[1].sending_data, "it is sent again when somebody says so"
        )

    @mute_logger("odoo.addons.beepost_mail.models.account_move_send_failure")
    def test_nobody_who_could_be_told_stops_no_batch(self):
        moves = self._invoices(2, pdf=False)
        self._wizard(moves).action_send()

        def fail(self, invoice, invoice_data):
            if invoice == moves[0]:
                invoice_data["error"] = {"error_title": "No such report"}

        def no_activity(*args, **kwargs):
            raise ZeroDivisionError

        with (
            patch.object(
                type(self.env["account.move.send"]),
                "_hook_invoice_document_before_pdf_report_render",
                fail,
            ),
            patch.object(type(moves), "activity_schedule", no_activity),
        ):
            self._render()
        self.assertTrue(self._letters(moves[1]))

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

    def test_cancelled_before_the_pdf_exists(self):
        move = self._create_invoice(pdf=False)
        self._wizard(move).action_send()
        move.button_cancel()
        self._render()
        self.assertFalse(self._letters(move))
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
        self.assertNotIn(own, self._wizard(self.moves).available_service_ids)
        wizard = self._wizard(self.moves, own_options=False, service_id=own.id)
        with self.assertRaises(UserError) as caught:
            wizard.action_send()
        self.assertIn("Own", str(caught.exception))
        self.assertFalse(self._letters(self.moves))
        self._wizard(self.move_a, own_options=False, service_id=own.id).action_send()
        self.assertEqual(self._letters(self.move_a).service_id, own)

    def _own_service(self, company, code):
        service = self.env["beepost.service"].create(
            {"name": code, "code": code, "company_id": company.id}
        )
        company.beepost_service_id = service
        return service

    def test_each_with_its_own_defaults(self):
        """What nobody chose is no company's but each one's."""
        services = (
            self._own_service(self.company, "a"),
            self._own_service(self.company_b, "b"),
        )
        self.company.beepost_address_sheet = "always"
        wizard = self._wizard(self.moves, own_options=False)
        self.assertFalse(wizard.account_id)
        self.assertFalse(wizard.service_id)
        self.assertFalse(wizard.address_sheet)
        wizard.action_send()
        letters = [self._letters(move) for move in self.moves]
        self.assertEqual([m.service_id for m in letters], list(services))
        self.assertEqual([m.address_sheet for m in letters], ["always", "auto"])
        self.assertEqual(
            [m.lot_id.options["account_id"] for m in letters],
            [self.account.id, self.account_b.id],
        )

    def test_one_choice_for_both(self):
        service = self.env.ref("beepost_mail.service_tracked")
        wizard = self._wizard(self.moves)
        self.assertIn(service, wizard.available_service_ids)
        self._wizard(
            self.moves,
            own_options=False,
            service_id=service.id,
            address_sheet="always",
        ).action_send()
        for move in self.moves:
            letter = self._letters(move)
            self.assertEqual(
                (letter.service_id, letter.address_sheet), (service, "always")
            )

    def test_account_of_one_company(self):
        wizard = self._wizard(self.moves, account_id=self.account.id)
        with self.assertRaisesRegex(UserError, self.company_b.name):
            wizard.action_send()
        self.assertFalse(self._letters(self.moves))

    def test_companies_that_print_differently(self):
        self.company_b.beepost_color = True
        wizard = self._wizard(self.moves, own_options=False)
        with self.assertRaisesRegex(UserError, "In colour"):
            wizard.action_send()
        self.assertFalse(self._letters(self.moves))

    def test_dialog_takes_no_other_companys(self):
        dialog = self.env["account.move.send.wizard"].with_context(
            active_model="account.move", active_ids=self.move_a.ids
        )
        foreign = self._own_service(self.company_b, "b")
        for values in (
            {"beepost_service_id": foreign.id},
            {"beepost_account_id": self.account_b.id},
        ):
            wizard = dialog.create({"sending_methods": ["beepost"], **values})
            self.assertNotIn(foreign, wizard.beepost_available_service_ids)
            self.assertEqual(wizard.beepost_available_account_ids, self.account)
            with self.assertRaisesRegex(UserError, self.company.name):
                wizard.action_send_and_print()
            self.assertFalse(self._letters(self.move_a))
