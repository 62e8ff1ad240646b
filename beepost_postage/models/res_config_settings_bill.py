from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beepost_without_price = fields.Selection(
        related="company_id.beepost_without_price", readonly=False
    )
    beepost_expense_account_id = fields.Many2one(
        related="company_id.beepost_expense_account_id", readonly=False
    )
    beepost_reinvoice = fields.Selection(
        related="company_id.beepost_reinvoice", readonly=False
    )
    beepost_reinvoice_since = fields.Date(
        related="company_id.beepost_reinvoice_since", readonly=False
    )
    beepost_reinvoice_by = fields.Selection(
        related="company_id.beepost_reinvoice_by", readonly=False
    )
    beepost_reinvoice_margin = fields.Float(
        related="company_id.beepost_reinvoice_margin", readonly=False
    )
    beepost_reinvoice_price = fields.Float(
        related="company_id.beepost_reinvoice_price", readonly=False
    )
    beepost_charge_account_id = fields.Many2one(
        related="company_id.beepost_charge_account_id", readonly=False
    )
    beepost_debours_account_id = fields.Many2one(
        related="company_id.beepost_debours_account_id", readonly=False
    )

    @api.onchange("beepost_reinvoice")
    def _onchange_beepost_reinvoice(self):
        if self.beepost_reinvoice != "no" and not self.beepost_reinvoice_since:
            self.beepost_reinvoice_since = fields.Date.context_today(self)
