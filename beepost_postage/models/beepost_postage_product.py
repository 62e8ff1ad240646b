from odoo import fields, models


class BeepostPostageProduct(models.Model):
    """A postal product as price lists name it: *lettre verte*, *recommandé R1* …

    A service of the house (``beepost.service``) is posted as one of them at home and
    as another one abroad.
    """

    _name = "beepost.postage.product"
    _description = "Postal Product"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="As price lists that are imported call this product."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another postal product has this code already."
    )
