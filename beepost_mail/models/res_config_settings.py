from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beepost_house_id = fields.Many2one(related="company_id.beepost_house_id")
    beepost_account_id = fields.Many2one(
        related="company_id.beepost_account_id", readonly=False
    )
    beepost_service_id = fields.Many2one(
        related="company_id.beepost_service_id", readonly=False
    )
    beepost_color = fields.Boolean(related="company_id.beepost_color", readonly=False)
    beepost_duplex = fields.Boolean(related="company_id.beepost_duplex", readonly=False)
    beepost_address_sheet = fields.Selection(
        related="company_id.beepost_address_sheet", readonly=False
    )
    beepost_einvoice_from = fields.Date(
        related="company_id.beepost_einvoice_from", readonly=False
    )
    beepost_portal = fields.Boolean(related="company_id.beepost_portal", readonly=False)
    beepost_layout = fields.Boolean(related="company_id.beepost_layout", readonly=False)
