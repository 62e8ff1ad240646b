from odoo import fields, models


class BeepostService(models.Model):
    _inherit = "beepost.service"

    delivery_days = fields.Integer(
        string="Working days until delivery",
        default=3,
        help="From the deposit, as La Poste announces it: a plain letter is expected on"
        " that day, and nobody learns whether it came.",
    )

    _delivery_days = models.Constraint(
        "CHECK(delivery_days >= 0)", "A delivery takes no negative number of days."
    )
