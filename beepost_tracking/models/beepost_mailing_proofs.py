from odoo import fields, models


class BeepostMailing(models.Model):
    _inherit = "beepost.mailing"

    proof_ids = fields.One2many("beepost.proof", "mailing_id", readonly=True)
