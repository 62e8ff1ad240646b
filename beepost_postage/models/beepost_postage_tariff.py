from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BeepostPostageTariff(models.Model):
    """A price list through the years (fr: *barème*): its dated grids follow each other.

    The public one is La Poste's; a contract is what a company has agreed upon with its
    provider. An account names the tariff that its letters are priced by.
    """

    _name = "beepost.postage.tariff"
    _description = "Postage Tariff"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "kind desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("public", "Public prices"), ("contract", "Contract")],
        required=True,
        default="contract",
    )
    provider = fields.Char(help="Whose prices these are: La Poste, BeePOST …")
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.ref("base.EUR"),
    )
    public_id = fields.Many2one(
        "beepost.postage.tariff",
        string="Public prices to compare with",
        domain="[('kind', '=', 'public')]",
        check_company=True,
        ondelete="restrict",
        help="Discounts of this contract count from these prices.",
    )
    discount_min = fields.Float(
        string="Usual discount from (%)",
        default=15.0,
        digits=(5, 2),
        help="BeePOST's offer: 15 to 35 % below the public price. A line outside these"
        " bounds is refused.",
    )
    discount_max = fields.Float(
        string="Usual discount up to (%)", default=35.0, digits=(5, 2)
    )
    near_mg = fields.Integer(
        string="Warn near a step (mg)",
        default=500,
        help="A letter this near to the end of a weight step gets a warning: paper and"
        " envelopes vary.",
    )
    grid_ids = fields.One2many("beepost.postage.grid", "tariff_id")
    account_ids = fields.One2many("beepost.account", "tariff_id")
    current_grid_ids = fields.Many2many(
        "beepost.postage.grid",
        string="In force today",
        compute="_compute_current_grid_ids",
    )

    _sane = models.Constraint(
        "CHECK(near_mg >= 0 AND 0 <= discount_min AND discount_min <= discount_max"
        " AND discount_max < 100)",
        "The usual discount goes from a smaller to a greater percentage below 100, and"
        " the warning distance is not negative.",
    )

    @api.constrains("kind", "public_id")
    def _check_public(self):
        for tariff in self:
            if tariff.kind == "public" and tariff.public_id:
                raise ValidationError(
                    self.env._("Public prices do not count from other public prices.")
                )
            if tariff.public_id and tariff.public_id.kind != "public":
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is a contract: choose a tariff of public prices to"
                        " compare with.",
                        name=tariff.public_id.name,
                    )
                )
            if tariff.public_id.currency_id - tariff.currency_id:
                raise ValidationError(
                    self.env._("Both price lists must be in the same currency.")
                )

    @api.depends("grid_ids.state", "grid_ids.valid_from", "grid_ids.valid_to")
    def _compute_current_grid_ids(self):
        today = self._paris_today()
        for tariff in self:
            tariff.current_grid_ids = tariff._grids_on(today)

    def _grids_on(self, day):
        """Published grids in force on ``day``, a Paris day."""
        return self.grid_ids.filtered(
            lambda grid: (
                grid._is_published()
                and grid.valid_from <= day
                and (not grid.valid_to or day < grid.valid_to)
            )
        )

    @api.model
    def _paris_today(self):
        paris = self.with_context(tz="Europe/Paris")
        return fields.Date.context_today(paris)
