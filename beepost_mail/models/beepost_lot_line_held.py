from odoo import api, fields, models
from odoo.exceptions import UserError

from .beepost_outbox import CONCURRENCY_ERRORS


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

    @api.model
    def _cron_make(self):
        # EXTENDS: only now is what was at work seen by nobody else
        result = super()._cron_make()
        self._drop_cancelled()
        return result

    @api.model
    def _drop_cancelled(self):
        """Lines that were at work when their lot was cancelled, and of which no letter
        came: they are counted as cancelled, so that the lot can end."""
        late = [("state", "=", "waiting"), ("lot_id.state", "=", "cancelled")]
        lots = self.search(late).lot_id
        if not lots:
            return
        try:
            with self.env.cr.savepoint():
                lots._drop_late()
                lots._wake_to_close()
        except CONCURRENCY_ERRORS:
            # Somebody was faster, the outbox perhaps: looks again.
            self.env.cr.rollback()
            lots._trigger_make()
        self.env["beepost.outbox"]._commit()

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
        free = lines.try_lock_for_update()
        free.state = "dropped"
        if lines - free:
            self._trigger_make()  # once the run is over it drops what it did not make
        return dropped + len(free)

    def action_make_again(self):
        # EXTENDS
        if self.sudo().filtered(lambda lot: lot.state == "cancelled"):
            self.check_access("read")
            raise UserError(
                self.env._("This lot was cancelled: send its documents anew.")
            )
        return super().action_make_again()
