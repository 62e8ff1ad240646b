from odoo import fields, models


class BeepostService(models.Model):
    _inherit = "beepost.service"

    is_dunning = fields.Boolean(
        string="For reminders",
        help="Letters of this service are reminders (relances, mises en demeure): their"
        " postage is never invoiced to the customer.",
    )
