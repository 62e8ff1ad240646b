from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """A credit note that gives all the postage of an invoice back sets its letters
    free: the new invoice may charge them."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._beepost_release_credited()
        return posted

    def _beepost_release_credited(self):
        for refund in self.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        ):
            invoice = refund.reversed_entry_id.sudo()
            charged = invoice.line_ids.beepost_reinvoice_ids._standing()
            if not charged:
                continue
            credits = invoice.reversal_move_ids.filtered(lambda m: m.state == "posted")
            given_back = credits._beepost_postage_total()
            whole = invoice._beepost_postage_total()
            if invoice.currency_id.compare_amounts(given_back, whole) >= 0:
                charged.credit_id = refund.id

    def _beepost_postage_total(self):
        lines = self.invoice_line_ids.filtered("is_beepost_postage")
        return sum(lines.mapped("price_subtotal"))

    def button_draft(self):
        credited = self._beepost_charge_again()
        result = super().button_draft()
        credited.credit_id = False
        return result

    def button_cancel(self):
        credited = self._beepost_charge_again()
        result = super().button_cancel()
        credited.credit_id = False
        return result

    def _beepost_charge_again(self):
        """Without these credit notes their invoices charge letters again.

        :return: ``beepost.postage.reinvoice`` that stand again, as superuser
        :raises UserError: another invoice charges one of the letters by now
        """
        Reinvoice = self.env["beepost.postage.reinvoice"].sudo()
        credited = Reinvoice.search([("credit_id", "in", self.ids)])
        others = Reinvoice.search(
            [
                ("mailing_id", "in", credited.mailing_id.ids),
                ("credit_id", "=", False),
            ],
            limit=1,
        )
        if others:
            raise UserError(
                self.env._(
                    "This credit note gave the postage of letter %(letter)s back, and"
                    " invoice %(invoice)s charges it by now. Take its line of postage"
                    " off there first, or credit it.",
                    letter=others.mailing_id.name,
                    invoice=others.move_id.display_name,
                )
            )
        return credited
