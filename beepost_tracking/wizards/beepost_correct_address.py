from odoo import fields, models
from odoo.exceptions import UserError


class BeepostCorrectAddress(models.TransientModel):
    """The same dialog for a letter that came back: it stays as it is, and a new one
    goes to the corrected address. The letter's own facts decide which of the two."""

    _inherit = "beepost.correct.address"

    return_state = fields.Selection(
        related="mailing_id.return_state", related_sudo=False
    )
    return_notice = fields.Char(related="mailing_id.return_notice", related_sudo=False)

    def action_correct(self):
        # EXTENDS 'beepost_mail'
        self.ensure_one()
        if not self.mailing_id.sudo().return_state:
            return super().action_correct()
        self.mailing_id.check_access("read")
        letter, reasons = self.mailing_id._hold_for_posting_again()
        if reasons:
            raise UserError("\n".join(reasons.values()))
        if self.preview == letter.recipient:
            raise UserError(letter.with_env(self.env)._same_address_words())
        self.partner_id.write(self._prepare_partner_vals())
        return letter._post_again()._open_successors(self.env)
