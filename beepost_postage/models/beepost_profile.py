from odoo import fields, models


class BeepostProfileEnvelope(models.Model):
    _inherit = "beepost.profile.envelope"

    format_class = fields.Char(
        help="The format class that price lists have for this envelope, if any."
    )
