from odoo import api, fields, models

from .res_company import ACCOUNTING_YEARS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beepost_image_months = fields.Integer(
        related="company_id.beepost_image_months", readonly=False
    )
    beepost_evidence_years = fields.Integer(
        related="company_id.beepost_evidence_years", readonly=False
    )
    beepost_evidence_too_short = fields.Boolean(
        compute="_compute_beepost_evidence_too_short"
    )

    @api.depends("beepost_evidence_years")
    def _compute_beepost_evidence_too_short(self):
        for settings in self:
            settings.beepost_evidence_too_short = (
                settings.beepost_evidence_years < ACCOUNTING_YEARS
            )
