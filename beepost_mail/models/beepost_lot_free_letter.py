from odoo import models


class BeepostLot(models.Model):
    _inherit = "beepost.lot"

    def _count_rendering(self):
        # Letters of many addressees that are still to be made.
        counts = super()._count_rendering()
        for lot, count in (
            self.env["beepost.free.letter.addressee"]
            .sudo()
            ._read_group(
                [("letter_id.lot_id", "in", self.ids), ("state", "=", "todo")],
                ["letter_id"],
                ["__count"],
            )
        ):
            lot_id = lot.lot_id.id
            counts[lot_id] = counts.get(lot_id, 0) + count
        return counts
