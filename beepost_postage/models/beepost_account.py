from odoo import fields, models


class BeepostAccount(models.Model):
    _inherit = "beepost.account"

    tariff_id = fields.Many2one(
        "beepost.postage.tariff",
        tracking=True,
        ondelete="restrict",
        domain="['|', ('company_id', '=', False),"
        " ('company_id', 'parent_of', company_id)]",
        default=lambda self: self.env.ref(
            "beepost_postage.tariff_beepost", raise_if_not_found=False
        ),
        help="What letters of this account are priced by; without a price they do not"
        " leave. Without a tariff they leave unpriced.",
    )
