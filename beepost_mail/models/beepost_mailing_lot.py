from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .beepost_lot import HELD


class BeepostMailing(models.Model):
    """Letters whose lot is kept back."""

    _inherit = "beepost.mailing"

    lot_state = fields.Selection(
        selection=lambda self: (
            self.env["beepost.lot"]._fields["state"]._description_selection(self.env)
        ),
        string="State of the lot",
        compute="_compute_lot_state",
        search="_search_lot_state",
    )

    @api.depends("lot_id.state")
    def _compute_lot_state(self):
        for letter in self:
            letter.lot_state = letter._lots()[:1].state

    def _search_lot_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("lot_id", "any!", [("state", "in", value)])

    def _lots(self):
        """Hook: lots that letters leave with, as superuser; those that keep them back
        come first."""
        return self.sudo().lot_id.sorted(lambda lot: lot.state not in HELD)

    def _leaving_domain(self):
        # EXTENDS: whether prepared or not
        return super()._leaving_domain() & self._of_free_lots()

    @api.model
    def _of_free_lots(self):
        """Domain of letters that no lot keeps back."""
        return Domain("lot_id", "not any!", [("state", "in", HELD)])

    def _cancel_with_lot(self):
        """Cancels those of ``self`` that are not at work just now.

        :return: those that were cancelled
        """
        letters = self.sudo().try_lock_for_update()
        if letters:
            letters._leave_to_others()
            self._cancel_here(letters, self.env._("Its lot was cancelled."))
        return letters

    def _leave_to_others(self):
        """Hook: these are about to be cancelled with their lot; what lies in them and
        is not of it goes on without them."""

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
