import time
from datetime import timedelta

from odoo import fields, models

from .beepost_outbox import SLICE

# Letters whose company is settled in one transaction; seconds that counting their pages
# may take of the scheduled action's time, see ``beepost_outbox_prepare``.
GROUP_SLICE = 1000
COUNT_SECONDS = 8
# Core makes the PDFs of a lot meanwhile; one that it never makes keeps nobody longer.
LOT_PATIENCE = timedelta(days=1)


class BeepostOutbox(models.AbstractModel):
    """Letters that waited for company are put together before they are prepared."""

    _inherit = "beepost.outbox"

    def _prepare(self, account, workshop):
        # EXTENDS the preparation, in its transaction: letters put together are drafts,
        # which it finds at once
        self._put_due_together(account, workshop)
        return super()._prepare(account, workshop)

    def _put_due_together(self, account, workshop):
        """Settles whole addressees, the oldest first, until a slice is full; those that
        are left follow with the next one."""
        ready = self._due_for_company(account)
        if not ready:
            return
        ready = ready.try_lock_for_update()
        sure = ready.filtered(lambda m: not m.in_doubt and not m.first_sent_at)
        bad = self._count_those_in_company(sure, workshop)
        groups = [group for group in (sure - bad)._find_groups() if len(group) > 1]
        ready.grouping = False
        self.env["beepost.mailing"]._put_together(groups)

    def _due_for_company(self, account):
        """:return: letters that may leave now but for their wish to share an envelope,
        all to the same address or none"""
        Mailing = self.env["beepost.mailing"].with_context(
            beepost_putting_together=True
        )
        letters = self.env["beepost.mailing"].search(
            fields.Domain("account_id", "=", account.id)
            & fields.Domain("state", "=", "draft")
            & fields.Domain("grouping", "!=", False)
            & Mailing._leaving_domain(),
            order="id",
        )
        lots = letters.filtered(lambda m: m.grouping == "lot").lot_id
        oldest = fields.Datetime.now() - LOT_PATIENCE
        unfinished = lots.filtered(lambda lot: lot.create_date > oldest)
        rendering = unfinished._count_rendering() if unfinished else {}
        letters = letters.filtered(
            lambda m: m.grouping != "lot" or m.lot_id.id not in rendering
        )
        ready = letters.browse()
        for alike in _by_key(letters):
            if ready and len(ready) + len(alike) > GROUP_SLICE:
                break
            ready += alike
        return ready

    def _count_those_in_company(self, letters, workshop):
        """:return: letters that cannot be counted, or for which the time was too short:
        they leave on their own"""
        started, bad = time.monotonic(), letters.browse()
        for alike in _by_key(letters):
            if len(alike) > 1:
                left = COUNT_SECONDS - (time.monotonic() - started)
                bad |= alike._count_pages(workshop, left)
        return bad

    def _refuse_unsent(self, letters, findings):
        # EXTENDS: one bad document must not keep those that were only put together with
        # it. Each is prepared on its own again, and refused on its own.
        shared = letters.filtered(
            lambda m: len(m._homes()) > 1 and not (m.in_doubt or m.first_sent_at)
        )
        if shared:
            shared._separate(
                self.env._("Together they could not be prepared for the post.")
            )
        return super()._refuse_unsent(letters - shared, findings)

    def _cancel_with_lots(self, account):
        # EXTENDS: documents of cancelled lots in other envelopes
        result = super()._cancel_with_lots(account)
        letters = self.env["beepost.mailing"]._holding_cancelled(
            SLICE, fields.Domain("account_id", "=", account.id)
        )
        if letters and letters._take_cancelled_out() and len(letters) == SLICE:
            account._trigger_send()
        return result


def _by_key(letters):
    """Letters that go to the same address in the same way, the oldest first."""
    waiting = letters._as_waiting()
    return letters.grouped(lambda letter: waiting[letter].key).values()
