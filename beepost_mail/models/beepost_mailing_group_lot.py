from odoo import api, models
from odoo.fields import Domain

from .beepost_mailing import NOT_GONE
from .beepost_mailing_lot import HELD


class BeepostMailing(models.Model):
    """Envelopes that hold documents of several lots.

    Letters of a lot that is kept back are never put together. Where a lot is paused
    later, the whole envelope waits; where it is cancelled, only its documents stay
    behind.
    """

    _inherit = "beepost.mailing"

    @api.depends("grouped_ids.lot_id.state")
    def _compute_lot_state(self):
        # EXTENDS
        return super()._compute_lot_state()

    def _search_lot_state(self, operator, value):
        # EXTENDS
        own = super()._search_lot_state(operator, value)
        if own is NotImplemented:
            return own
        return own | Domain("grouped_ids", "any!", own)

    def _lots(self):
        # EXTENDS: those of all documents in the envelope
        lots = super()._lots() | self.sudo().grouped_ids.lot_id
        return lots.sorted(lambda lot: lot.state not in HELD)

    @api.model
    def _of_free_lots(self):
        # EXTENDS: whichever letter a document was made for
        free = super()._of_free_lots()
        return free & Domain("grouped_ids", "not any!", ~free)

    @api.model
    def _groupable_domain(self):
        # EXTENDS: what waits for somebody's decision stays as it is
        return super()._groupable_domain() & self._of_free_lots()

    # ------------------------------------------------------------------
    # The lot of the envelope is cancelled
    # ------------------------------------------------------------------

    def _leave_to_others(self):
        # EXTENDS
        result = super()._leave_to_others()
        for letter in self:
            heirs = letter.document_ids.home_id.filtered(
                lambda home: home.lot_id.state != "cancelled"
            )
            if heirs:
                letter._hand_on(heirs)
        return result

    def _hand_on(self, heirs):
        """The documents that were made for ``heirs`` leave this envelope together, in
        the first one's."""
        self.ensure_one()
        first, rest = heirs[0], heirs[1:]
        lines = self.document_ids.filtered(lambda line: line.home_id in heirs)
        if self.pdf_id:
            self._unprepare()
        for home, its in lines.grouped("home_id").items():
            its.write({"mailing_id": first.id, "home_id": home != first and home.id})
        first.write(
            {
                "state": "draft",
                "grouped_into_id": False,
                "planned_at": self.planned_at,
            }
        )
        rest.grouped_into_id = first
        text = first._author_env()._(
            "The lot of letter %(name)s, in whose envelope this document lay, was"
            " cancelled: it leaves without that one's documents.",
            name=self.name,
        )
        first._log_to_documents({first: text})
        first._snapshot_addresses()
        first._wake_outbox()

    # ------------------------------------------------------------------
    # The lot of some documents is cancelled
    # ------------------------------------------------------------------

    @api.model
    def _holding_cancelled(self, limit, domain):
        """Envelopes that have certainly not left, and hold documents of a cancelled lot
        that is not their own."""
        cancelled = Domain("lot_id", "any!", [("state", "=", "cancelled")])
        return self.sudo().search(
            Domain("state", "in", NOT_GONE)
            & Domain("in_doubt", "=", False)
            & Domain("grouped_ids", "any!", cancelled)
            & ~cancelled
            & domain,
            order="id",
            limit=limit,
        )

    def _take_cancelled_out(self):
        """
        :return: those of ``self`` that are not at work just now, without documents of
            cancelled lots
        """
        letters = self.sudo().try_lock_for_update()
        reason = self.env._("Its lot was cancelled.")
        for letter in letters:
            lines = letter.document_ids.filtered(
                lambda line: line.home_id.lot_id.state == "cancelled"
            )
            if lines == letter.document_ids:
                self._cancel_here(letter, reason)
            elif lines:
                letter._take_out(lines, reason)
        return letters


class BeepostLot(models.Model):
    _inherit = "beepost.lot"

    def _cancel_waiting(self, limit):
        # EXTENDS
        result = super()._cancel_waiting(limit)
        of_these = Domain("grouped_ids", "any!", [("lot_id", "in", self.ids)])
        self.env["beepost.mailing"]._holding_cancelled(
            limit, of_these
        )._take_cancelled_out()
        return result
