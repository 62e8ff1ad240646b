from odoo import Command, models


class BeepostSend(models.TransientModel):
    _inherit = "beepost.send"

    def _render_later(self, moves, options):
        # EXTENDS: the lot knows of whom it expects letters
        for lot_id, of_lot in moves.grouped(lambda m: options[m]["lot_id"]).items():
            lot = self.env["beepost.lot"].sudo().browse(lot_id)
            lot.ordered_move_ids = [Command.set(of_lot.ids)]
        return super()._render_later(moves, options)
