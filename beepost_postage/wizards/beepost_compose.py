from odoo import fields, models

from ..models import price_html

CHOICES = ("service_id", "color", "duplex", "address_sheet")


class BeepostCompose(models.TransientModel):
    """*Send by post* of any document: what the letter that is shown will cost, and what
    would cost less."""

    _inherit = "beepost.compose"

    price_html = fields.Html(
        string="Price", compute="_compute_estimate", sanitize=False
    )
    price = fields.Json(
        compute="_compute_estimate",
        help="The price for programs, amounts as text; empty as long as there is none.",
    )
    price_advice = fields.Json(compute="_compute_estimate")

    def _show_estimate(self, estimate):
        # EXTENDS 'beepost_mail'
        result = super()._show_estimate(estimate)
        price = estimate.get("price")
        self.price = price and price["quote"]
        self.price_html = price and price_html.of_estimate(self.env, price)
        self.price_advice = price and self._advice_rows(price["advice"])
        if price:  # which stands in a place of its own here
            self.estimate = estimate["paper"]
        return result

    def _advice_rows(self, advice):
        """Rows for the widget. What one addressee prefers is a choice from then on: a
        click changes one thing of it, and leaves the rest as it is."""
        partner = self.drafted_for_id
        usual = self._letter_options_of(partner, self.company_id)
        chosen = {name: usual[name] for name in CHOICES}
        return [
            {
                "sentence": row["sentence"],
                "label": self.env._("Apply"),
                "values": {
                    "own_options": False,
                    **{
                        name: self._client_value(name, value)
                        for name, value in {**chosen, **row["options"]}.items()
                    },
                },
            }
            for row in (advice if self.is_single else ())
        ] or False

    def _client_value(self, name, value):
        field = self._fields[name]
        if field.type != "many2one":
            return value
        record = self.env[field.comodel_name].browse(value)
        return {"id": record.id, "display_name": record.display_name}
