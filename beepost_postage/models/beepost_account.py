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
        help="What letters of this account are priced by. Without a tariff they leave"
        " unpriced.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("tariff_id"):
            self.env["beepost.mailing"]._price_soon()
        return result

    def _holds_unpriced(self):
        """Whether letters of this account wait until they have a price, as its company
        chose in the settings."""
        return self.sudo().company_id.beepost_without_price == "hold"

    def _release_unpriced(self):
        """Letters of these accounts that waited for a price leave without one."""
        self.env["beepost.mailing"].sudo().search(
            [
                ("account_id", "in", self.ids),
                ("state", "=", "ready"),
                ("price_missing", "=", True),
            ]
        )._release_for_price()
