from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beepost_grouping = fields.Selection(
        related="company_id.beepost_grouping", readonly=False
    )
    beepost_grouping_hour = fields.Float(
        related="company_id.beepost_grouping_hour", readonly=False
    )
    beepost_grouping_late = fields.Boolean(compute="_compute_beepost_grouping_late")

    @api.depends("beepost_grouping_hour", "company_id")
    def _compute_beepost_grouping_late(self):
        for settings in self:
            account = settings.company_id._beepost_account()
            settings.beepost_grouping_late = bool(
                account and settings.beepost_grouping_hour >= account.cutoff
            )
