from odoo import fields, models

KINDS = [
    ("ar_paper", "Acknowledgement of receipt (AR) on paper, per letter"),
    ("ar_digital", "Acknowledgement of receipt (AR), digital, per letter"),
    ("tracking", "Tracking (suivi), per letter"),
    ("supplement", "Air supplement, per started 10 g"),
    ("print_page", "Printing, per page"),
    ("print_sheet", "Printing, per sheet"),
    ("color_page", "Colour, per page"),
    ("color_sheet", "Colour, per sheet"),
    ("insertion", "Insertion, per letter"),
    ("envelope", "Envelope, per letter"),
    ("address_sheet", "Address sheet, per letter"),
    ("return_envelope", "Return envelope, per letter"),
]


class BeepostPostageOption(models.Model):
    """What is paid beside the step, for as long as its own dates say."""

    _name = "beepost.postage.option"
    _description = "Postage Option"
    _inherit = ["beepost.postage.part"]
    _order = "grid_id, kind, id"

    kind = fields.Selection(KINDS, required=True)
    product_ids = fields.Many2many(
        "beepost.postage.product", string="Only with", help="Empty: with every product."
    )
    zone_id = fields.Many2one(
        "beepost.postage.zone",
        string="Only in",
        ondelete="restrict",
        help="Empty: in every zone.",
    )
    envelope = fields.Char(
        string="Only in envelope", help="Its code, C5 for instance. Empty: each."
    )
    above_grams = fields.Integer(
        string="Only above (g)", help="Letters of this weight or less do not pay it."
    )
    valid_from = fields.Date(help="Empty: as long as the grid.")
    valid_to = fields.Date(string="Until before", help="Empty: as long as the grid.")

    _not_negative = models.Constraint(
        "CHECK(price >= 0 AND COALESCE(above_grams, 0) >= 0)",
        "Prices and weights are not negative.",
    )
    _days = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_from IS NULL OR valid_from < valid_to)",
        "An option is in force for at least one day: the second date must be later"
        " than the first.",
    )
