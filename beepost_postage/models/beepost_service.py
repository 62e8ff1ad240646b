from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BeepostService(models.Model):
    _inherit = "beepost.service"

    postage_product_ids = fields.Many2many(
        "beepost.postage.product",
        string="Posted as",
        help="The postal products of price lists that this service is posted as: one"
        " at home and another one abroad, for instance.",
    )
    postage_ar = fields.Selection(
        [("ar_paper", "On paper"), ("ar_digital", "Digital")],
        string="AR comes back",
        default="ar_paper",
        help="How the signed acknowledgement of receipt comes back, and is priced.",
    )
    postage_tracking = fields.Boolean(
        string="Tracking is an option",
        help="Price lists have no tracked product for this service: the option"
        " “Tracking (suivi)” is added to the plain one.",
    )

    @api.constrains("acknowledgement", "postage_ar")
    def _check_postage_ar(self):
        for service in self:
            if service.acknowledgement and not service.postage_ar:
                raise ValidationError(
                    self.env._(
                        "Service %(name)s has an acknowledgement of receipt: say"
                        " whether it comes back on paper or digitally.",
                        name=service.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "postage_product_ids" in vals:
            self.env["beepost.mailing"]._price_soon()
        return result

    def _wanted_options(self):
        """Kinds of options without whose price this service has none."""
        self.ensure_one()
        wanted = set()
        if self.acknowledgement:
            wanted.add(self.postage_ar)
        if self.postage_tracking:
            wanted.add("tracking")
        return frozenset(wanted)
