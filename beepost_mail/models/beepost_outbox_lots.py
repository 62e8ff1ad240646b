from odoo import models
from odoo.fields import Domain

from .beepost_mailing import NOT_GONE
from .beepost_outbox import SLICE


class BeepostOutbox(models.AbstractModel):
    """Lots that somebody pauses or cancels while their letters leave."""

    _inherit = "beepost.outbox"

    def _run(self, account):
        # EXTENDS: also where the account itself is stopped
        result = super()._run(account)
        self._retrying(account, lambda: self._cancel_with_lots(account))
        self._retrying(account, self.env["beepost.lot"]._close_finished)
        return result

    def _share_lots(self, account, letters):
        """Those of ``letters`` whose lots stay as they are until the claim is
        committed: whoever pauses a lot waits for that instant, and from then on none
        of its letters leaves.

        Where somebody was first and is at work on the lot, its letters are left out;
        where he has committed already, PostgreSQL makes this transaction start again.
        """
        lots = letters._lots()
        if not lots:
            return letters
        self.env.cr.execute(
            "SELECT id FROM beepost_lot WHERE id = ANY(%s) FOR SHARE SKIP LOCKED",
            [lots.ids],
        )
        shared = {lot_id for (lot_id,) in self.env.cr.fetchall()}
        if len(shared) < len(lots):
            account._trigger_send()  # others may wait behind them
        return letters.filtered(lambda m: shared.issuperset(m._lots().ids))

    def _cancel_with_lots(self, account):
        """Letters that were at work, or not made yet, when their lot was cancelled."""
        letters = self.env["beepost.mailing"].search(
            Domain("account_id", "=", account.id)
            & Domain("state", "in", NOT_GONE)
            & Domain("in_doubt", "=", False)
            & Domain("lot_id", "any!", [("state", "=", "cancelled")]),
            order="id",
            limit=SLICE,
        )
        if letters and letters._cancel_with_lot() and len(letters) == SLICE:
            account._trigger_send()
