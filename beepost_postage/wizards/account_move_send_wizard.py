from odoo import fields, models

from ..models import price_html


class AccountMoveSendWizard(models.TransientModel):
    """*Send* on one invoice: what the letter will cost, and what would cost less."""

    _inherit = "account.move.send.wizard"

    # With ``beepost_estimate``: the pages are counted once for all of them.
    beepost_price = fields.Json(
        compute="_compute_beepost_estimate",
        help="The price for programs, amounts as text; empty as long as there is none.",
    )
    beepost_price_html = fields.Html(
        string="Price", compute="_compute_beepost_estimate", sanitize=False
    )
    beepost_advice = fields.Json(compute="_compute_beepost_estimate")

    def _show_beepost_estimate(self, estimate):
        # EXTENDS 'beepost_mail'
        result = super()._show_beepost_estimate(estimate)
        price = estimate.get("price")
        self.beepost_price = price and price["quote"]
        self.beepost_price_html = price and price_html.of_estimate(self.env, price)
        self.beepost_advice = price and self._beepost_advice_rows(price["advice"])
        if price:  # which stands in a place of its own here
            self.beepost_estimate = estimate["paper"]
        return result

    def _beepost_advice_rows(self, advice):
        """Rows for the widget: what to say, and the fields that a click sets."""
        return [
            {
                "sentence": row["sentence"],
                "label": self.env._("Apply"),
                "values": {
                    f"beepost_{name}": self._beepost_client_value(name, value)
                    for name, value in row["options"].items()
                },
            }
            for row in advice
        ] or False

    def _beepost_client_value(self, name, value):
        field = self._fields[f"beepost_{name}"]
        if field.type != "many2one":
            return value
        record = self.env[field.comodel_name].browse(value)
        return {"id": record.id, "display_name": record.display_name}
