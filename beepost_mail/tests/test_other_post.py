"""A customer who prefers Odoo's own kind of post, where a BeePOST account exists."""

from odoo.tests import Form

from .sending import BatchCase


class TestOtherPost(BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        known = dict(cls.env["res.partner"]._fields["invoice_sending_method"].selection)
        # Installed beside in our own runs; without it nobody can prefer it.
        cls.preference = "snailmail" if "snailmail" in known else "beepost"
        cls.customer.invoice_sending_method = cls.preference

    def _snail_letters(self, moves):
        if "snailmail.letter" not in self.env:
            return []
        return self.env["snailmail.letter"].search([("res_id", "in", moves.ids)])

    def _send_batch(self, moves):
        """Core's own wizard, which only knows what customers prefer."""
        wizard = self.env["account.move.send.batch.wizard"].create(
            {"move_ids": moves.ids}
        )
        wizard.action_send_and_print()
        self._render()
        return wizard

    def test_batch_leaves_by_beepost_alone(self):
        moves = self._invoices(2)
        wizard = self._send_batch(moves)
        self.assertEqual(list(wizard.summary_data), ["beepost"])
        self.assertFalse(self._snail_letters(moves))
        letters = self._letters(moves)
        self.assertEqual(len(letters), 2)
        self.assertEqual(letters.account_id, self.account)

    def test_dialog_offers_ours(self):
        form = Form(
            self.env["account.move.send.wizard"].with_context(
                active_model="account.move", active_ids=self._invoices(1).ids
            )
        )
        self.assertTrue(form.beepost_selected)

    def test_without_an_account_the_preference_is_what_it_says(self):
        self.account.active = False
        move = self._invoices(1)
        methods = self.env["account.move.send"]._get_default_sending_methods(move)
        self.assertEqual(methods, {self.preference})
        self.account.active = True
        methods = self.env["account.move.send"]._get_default_sending_methods(move)
        self.assertEqual(methods, {"beepost"})

    def test_other_preferences_stay(self):
        self.customer.invoice_sending_method = "email"
        move = self._invoices(1)
        methods = self.env["account.move.send"]._get_default_sending_methods(move)
        self.assertEqual(methods, {"email"})
