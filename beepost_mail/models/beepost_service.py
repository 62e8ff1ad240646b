from odoo import fields, models


class BeepostService(models.Model):
    """A postal service that letters can be sent with, as data."""

    _name = "beepost.service"
    _description = "Postal Service"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="The name by which the provider knows this service."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    tracked = fields.Boolean(help="The letter has a tracking number.")
    registered = fields.Boolean(
        help="Recommandé: handed over against signature, with legal effect."
    )
    acknowledgement = fields.Boolean(
        string="Acknowledgement of receipt", help="The signed AR comes back to you."
    )

    _code_unique = models.UniqueIndex(
        "(code, company_id) NULLS NOT DISTINCT",
        "Another postal service of this company has this code already.",
    )
