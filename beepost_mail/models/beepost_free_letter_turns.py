from odoo import api, models
from odoo.fields import Domain

from .beepost_free_letter_make import SLICE
from .beepost_lot_line import MAX_ATTEMPTS


class BeepostFreeLetterAddressee(models.Model):
    """Whose turn it is in a run of the scheduled action. What the server died of once
    is tried alone the next time, and not for ever."""

    _inherit = "beepost.free.letter.addressee"

    @api.model
    def _claim(self):
        """Counts the attempt and commits it, before anything can die of it.

        :return: addressees of one letter whose turn it is; one that a run died of comes
            alone, after all others. Rows that are locked elsewhere are left aside.
        """
        seen = claimed = self.browse()
        while not claimed:
            rows = self.search(
                self._due_domain() & Domain("id", "not in", seen.ids),
                order="attempts, letter_id, id",
                limit=SLICE,
            )
            if not rows:
                return rows
            first = rows[0]
            alike = rows.filtered(
                lambda row, first=first: (
                    not row.attempts and row.letter_id == first.letter_id
                )
            )
            rows = alike or first
            seen += rows
            claimed = rows.try_lock_for_update()
        for attempts, alike in claimed.grouped("attempts").items():
            alike.attempts = attempts + 1
        self.env["ir.cron"]._commit_progress()
        return claimed

    def _fail_worn(self):
        """:return: the others; these say why they are not tried again"""
        worn = self.filtered(lambda row: row.attempts > MAX_ATTEMPTS)
        for row in worn:
            author = row.with_context(lang=row.letter_id.sender_id.lang)
            row.write(
                {
                    "state": "failed",
                    "error": author.env._(
                        "The server broke off each time that it printed this letter."
                        " Your administrator finds more in the server's log."
                    ),
                }
            )
        return self - worn
