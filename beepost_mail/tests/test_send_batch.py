"""*Send by post*: one invoice or many, and what is left out."""

from odoo import Command
from odoo.exceptions import UserError

from .sending import BatchCase


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
        self.assertIn("One of 5 documents will be", wizard.summary)
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

    def test_pressed_twice_for_a_second_letter(self):
        moves = self._invoices(2)
        self._post(*moves)
        wizard = self._wizard(moves, skip_posted=False)
        wizard.action_send()
        with self.assertRaises(UserError):
            wizard.action_send()
        self.assertEqual(len(self._letters(moves)), 4)

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
