from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .beepost_lot import HELD


class BeepostMailing(models.Model):
    """Letters whose lot is kept back."""

    _inherit = "beepost.mailing"

    lot_state = fields.Selection(related="lot_id.state", string="State of the lot")

    def _leaving_domain(self):
        # EXTENDS: whether prepared or not
        return super()._leaving_domain() & Domain(
            "lot_id", "not any!", [("state", "in", HELD)]
        )

    def _cancel_with_lot(self):
        """Cancels those of ``self`` that are not at work just now.

        :return: those that were cancelled
        """
        letters = self.sudo().try_lock_for_update()
        if letters:
            self._cancel_here(letters, self.env._("Its lot was cancelled."))
        return letters

    def _require_lot(self, what):
        """What was cancelled together does not leave singly by mistake.

        :raises UserError: the lot of a letter was cancelled
        """
        cancelled = self.filtered(lambda m: m.sudo().lot_id.state == "cancelled")
        if cancelled:
            raise UserError(
                self.env._(
                    "%(what)s: not possible for letter %(name)s, whose lot was"
                    " cancelled. Send its document as a new letter.",
                    what=what,
                    name=cancelled[0].name,
                )
            )
