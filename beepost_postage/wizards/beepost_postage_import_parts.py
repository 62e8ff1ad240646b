from odoo import fields, models

FIELDS = [
    ("kind", "Kind: step or option"),
    ("product", "Postal product"),
    ("zone", "Zone"),
    ("format_class", "Format class"),
    ("max_grams", "Up to (g)"),
    ("max_sheets", "Up to (sheets)"),
    ("min_quantity", "From (letters)"),
    ("pricing", "Own price or discount"),
    ("price", "Price without tax"),
    ("per_kg", "And per kg"),
    ("per_10g", "And per started 10 g"),
    ("discount", "Discount (%)"),
    ("public_grams", "Of the public step (g)"),
    ("tax", "Tax"),
    ("envelope", "Only in envelope"),
    ("above_grams", "Only above (g)"),
    ("option_from", "Option: first day"),
    ("option_to", "Option: last day"),
    ("valid_from", "Grid: first day"),
    ("valid_to", "Grid: last day"),
    ("currency", "Currency"),
    ("vat_rate", "VAT (%)"),
    ("round_to", "Rounding of discounted prices"),
    ("origin", "Where it comes from"),
]


class BeepostPostageImportColumn(models.TransientModel):
    """What a column of the file is."""

    _name = "beepost.postage.import.column"
    _description = "Column of a Price List"
    _order = "position, id"

    wizard_id = fields.Many2one(
        "beepost.postage.import", required=True, ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    letter = fields.Char(string="Column", readonly=True)
    name = fields.Char(string="Header", readonly=True)
    sample = fields.Char(string="First value", readonly=True)
    field = fields.Selection(
        FIELDS, string="Is read as", help="Empty: this column is not read."
    )


class BeepostPostageImportFault(models.TransientModel):
    """What is wrong or doubtful, and where."""

    _name = "beepost.postage.import.fault"
    _description = "Fault of a Price List"
    _order = "is_warning, id"

    wizard_id = fields.Many2one(
        "beepost.postage.import", required=True, ondelete="cascade"
    )
    is_warning = fields.Boolean()
    code = fields.Char()
    row = fields.Char(help="As a spreadsheet counts, the header included.")
    column = fields.Char()
    cell = fields.Char()
    message = fields.Char(string="What is the matter")
