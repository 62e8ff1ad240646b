from odoo import api, fields, models


class BeepostPostageGrid(models.Model):
    """Lets the next line of a list begin like the last one."""

    _inherit = "beepost.postage.grid"

    last_product_id = fields.Many2one(
        "beepost.postage.product", compute="_compute_last_line"
    )
    last_zone_id = fields.Many2one("beepost.postage.zone", compute="_compute_last_line")
    last_tax = fields.Char(compute="_compute_last_line")
    last_pricing = fields.Char(compute="_compute_last_line")

    @api.depends("line_ids.product_id", "line_ids.zone_id", "line_ids.tax")
    def _compute_last_line(self):
        for grid in self:
            last = grid.line_ids[-1:]
            grid.last_product_id = last.product_id
            grid.last_zone_id = last.zone_id
            grid.last_tax = last.tax or "exempt"
            grid.last_pricing = last.pricing or "fixed"
