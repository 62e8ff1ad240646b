from odoo import fields, models
from odoo.exceptions import UserError


class BeepostLotLine(models.Model):
    """Documents of a lot that was planned, or cancelled before its letters were made.

    Of a paused lot letters are made as always: they wait like the others.
    """

    _inherit = "beepost.lot.line"

    state = fields.Selection(
        selection_add=[("dropped", "Cancelled")], ondelete={"dropped": "cascade"}
    )

    def _due_domain(self):
        # EXTENDS
        return [*super()._due_domain(), ("lot_id.state", "!=", "cancelled")]

    def _letter_options(self, lot):
        # EXTENDS: the day that was chosen for the whole lot
        options = super()._letter_options(lot)
        day = fields.Date.to_date(lot.options.get("planned_on") or False)
        if day:
            wanted = options.get("account_id") or lot.options.get("account_id")
            account = lot.company_id._beepost_account(wanted)
            options["planned_at"] = account._planned_moment(day)
        return options


class BeepostLot(models.Model):
    _inherit = "beepost.lot"

    def _drop_rendering(self):
        # EXTENDS: one at work just now is made, and cancelled with its lot
        dropped = super()._drop_rendering()
        lines = self.sudo().line_ids.filtered(lambda line: line.state == "waiting")
        lines = lines.try_lock_for_update()
        lines.state = "dropped"
        return dropped + len(lines)

    def action_make_again(self):
        # EXTENDS
        if self.sudo().filtered(lambda lot: lot.state == "cancelled"):
            self.check_access("read")
            raise UserError(
                self.env._("This lot was cancelled: send its documents anew.")
            )
        return super().action_make_again()
