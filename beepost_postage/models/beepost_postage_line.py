from odoo import api, fields, models
from odoo.exceptions import ValidationError

TAXES = [
    ("exempt", "Exempt"),
    ("standard", "With VAT"),
    ("debours", "Débours, without VAT"),
]


class BeepostPostagePart(models.AbstractModel):
    """What belongs to a grid and changes only while the grid is a draft."""

    _name = "beepost.postage.part"
    _description = "Part of a Postage Grid"

    grid_id = fields.Many2one(
        "beepost.postage.grid", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="grid_id.company_id", store=True)
    currency_id = fields.Many2one(related="grid_id.currency_id")
    price = fields.Float(
        string="Price without tax",
        digits=(16, 4),
        min_display_digits=2,
        help="Up to four decimals.",
    )
    tax = fields.Selection(
        TAXES,
        default="exempt",
        required=True,
        help="Universal-service post is exempt (CGI art. 261); some industrial mail and"
        " all printing and inserting bears VAT.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        grids = {vals.get("grid_id") for vals in vals_list} - {None, False}
        self.env["beepost.postage.grid"].browse(grids)._touch()
        return super().create(vals_list)

    def write(self, vals):
        self.grid_id._touch()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_touches_the_grid(self):
        self.grid_id._touch()


class BeepostPostageLine(models.Model):
    """One step: what a postal product costs in a zone, up to a weight or a number of
    sheets, that maximum included."""

    _name = "beepost.postage.line"
    _description = "Postage Step"
    _inherit = ["beepost.postage.part"]
    _order = "grid_id, product_id, zone_id, format_class, max_grams, max_sheets, id"

    product_id = fields.Many2one(
        "beepost.postage.product", required=True, ondelete="restrict"
    )
    zone_id = fields.Many2one(
        "beepost.postage.zone", required=True, ondelete="restrict"
    )
    format_class = fields.Char(
        help="Only for envelopes of this class (see the window profile). Empty: all."
    )
    max_grams = fields.Integer(string="Up to (g)", help="This weight included.")
    max_sheets = fields.Integer(
        string="Up to (sheets)", help="Instead of a weight; this number included."
    )
    min_quantity = fields.Integer(
        string="From (letters)",
        default=1,
        required=True,
        help="Only where at least so many letters are sent together. What counts is"
        " the envelopes of the lot that are there when a letter leaves: documents"
        " without a letter yet, letters that wait to share an envelope, and those that"
        " were cancelled or refused do not count.",
    )
    pricing = fields.Selection(
        [("fixed", "Its own price"), ("below_public", "Below the public price")],
        default="fixed",
        required=True,
    )
    discount = fields.Float(string="Discount (%)", digits=(5, 2))
    public_grams = fields.Integer(
        string="Of the public step (g)",
        help="The public price at this weight is what the discount counts from.",
    )
    per_kg = fields.Float(string="And per kg", digits=(16, 4), min_display_digits=2)
    per_10g = fields.Float(
        string="And per started 10 g", digits=(16, 4), min_display_digits=2
    )

    _one_maximum = models.Constraint(
        "CHECK((COALESCE(max_grams, 0) > 0) <> (COALESCE(max_sheets, 0) > 0))",
        "A step ends either at a weight in grams or at a number of sheets.",
    )
    _not_negative = models.Constraint(
        "CHECK(price >= 0 AND per_kg >= 0 AND per_10g >= 0 AND min_quantity > 0)",
        "Prices are not negative, and a step holds from one letter on.",
    )

    @api.depends("product_id", "zone_id", "max_grams", "max_sheets")
    def _compute_display_name(self):
        for line in self:
            sheets = self.env._("%s sheets", line.max_sheets)
            until = sheets if line.max_sheets else f"{line.max_grams} g"
            line.display_name = (
                f"{line.product_id.name}, {line.zone_id.name}, ≤ {until}"
            )

    def _matter(self):
        """What this line prices, whatever the weight."""
        return (self.product_id, self.zone_id, self.format_class or "")

    def _step_key(self):
        return (*self._matter(), self.max_grams, self.max_sheets, self.min_quantity)

    @api.constrains("pricing", "price", "per_kg", "per_10g", "discount", "public_grams")
    def _check_price(self):
        for line in self:
            if line.pricing == "fixed":
                if not (line.price or line.per_kg or line.per_10g):
                    raise ValidationError(
                        self.env._(
                            "Step %(line)s has no price. Nothing is posted for 0.00:"
                            " enter its price or remove the line.",
                            line=line.display_name,
                        )
                    )
                continue
            tariff = line.grid_id.tariff_id
            if not tariff.public_id or line.public_grams <= 0:
                raise ValidationError(
                    self.env._(
                        "Step %(line)s is priced below the public price: say below"
                        " which public step, and in the tariff which public prices.",
                        line=line.display_name,
                    )
                )
            low, high = tariff.discount_min, tariff.discount_max
            if not low <= line.discount <= high:
                raise ValidationError(
                    self.env._(
                        "Step %(line)s: a discount of %(discount)s %% is not between"
                        " %(low)s and %(high)s %%, as the tariff says. Correct one of"
                        " them.",
                        line=line.display_name,
                        discount=line.discount,
                        low=low,
                        high=high,
                    )
                )

    @api.constrains(
        "grid_id", "product_id", "zone_id", "format_class", "max_grams", "max_sheets"
    )
    def _check_duplicates(self):
        for grid in self.grid_id:
            grid._check_duplicate_steps()
