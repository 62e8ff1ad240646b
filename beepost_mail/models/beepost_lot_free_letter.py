from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from .beepost_lot import HELD, record_link


class BeepostLot(models.Model):
    """A lot whose letters are made of one text, for each addressee."""

    _inherit = "beepost.lot"

    free_letter_ids = fields.One2many("beepost.free.letter", "lot_id", readonly=True)

    def _rows_to_make(self):
        """Addressees whose letters belong into these lots; of a text that is a draft
        again nothing is made."""
        return (
            self.env["beepost.free.letter.addressee"]
            .sudo()
            .search(
                [
                    ("letter_id.lot_id", "in", self.ids),
                    ("letter_id.state", "=", "making"),
                    ("state", "=", "todo"),
                ]
            )
        )

    def _count_rendering(self):
        # EXTENDS: letters of many addressees that are still to be made
        counts = super()._count_rendering()
        for letter, rows in self._rows_to_make().grouped("letter_id").items():
            counts[letter.lot_id.id] = counts.get(letter.lot_id.id, 0) + len(rows)
        return counts

    def _drop_rendering(self):
        # EXTENDS: those at work just now are made, and cancelled with their lot
        dropped = super()._drop_rendering()
        rows = self._rows_to_make().try_lock_for_update()
        rows._leave_out(self._dropped_words())
        return dropped + len(rows)

    def action_resume(self):
        # EXTENDS: goes on making them
        result = super().action_resume()
        if self._rows_to_make():
            self.env.ref("beepost_mail.cron_free_letter").sudo()._trigger()
        return result

    @api.depends("free_letter_ids.addressee_ids.state")
    def _compute_missing_list(self):
        # EXTENDS: the text names them and says why, to those who may read it
        result = super()._compute_missing_list()
        for lot in self:
            failed = lot.sudo().free_letter_ids.addressee_ids.filtered(
                lambda row: row.state == "failed"
            )
            letters = failed.letter_id.with_env(lot.env)._filtered_access("read")
            if letters:
                items = [
                    Markup("<li>%s</li>")
                    % record_link(letter, f"/odoo/{letter._name}/{letter.id}")
                    for letter in letters
                ]
                more = Markup("<ul>%s</ul>") % Markup().join(items)
                lot.missing_list = (lot.missing_list or Markup()) + more
        return result


class BeepostFreeLetterAddressee(models.Model):
    _inherit = "beepost.free.letter.addressee"

    def _due_domain(self):
        """Whose turn it is to be made: not those whose lot is kept back."""
        return (
            Domain("state", "=", "todo")
            & Domain("letter_id.state", "=", "making")
            & Domain("letter_id.lot_id", "not any!", [("state", "in", HELD)])
        )

    def _leave_out(self, reason):
        """No letter is made for these, and ``reason`` stands beside their names."""
        self.write({"state": "out", "error": reason})
        for letter in self.letter_id:
            letter._finish()
