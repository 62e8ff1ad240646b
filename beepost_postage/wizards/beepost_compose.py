from odoo import fields, models

from .price_rows import advice_rows, shown

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
        self.price, self.price_html, advice = shown(self.env, estimate)
        self.price_advice = bool(advice) and self._advice_rows(advice)
        if estimate.get("price"):  # which stands in a place of its own here
            self.estimate = estimate["paper"]
        return result

    def _advice_rows(self, advice):
        """What one addressee prefers is a choice from then on: a click changes one
        thing of it, and leaves the rest as it is."""
        if not self.is_single:
            return False
        usual = self._letter_options_of(self.drafted_for_id, self.company_id)
        chosen = {name: usual[name] for name in CHOICES}
        return advice_rows(
            self, advice, lambda options: {"own_options": False, **chosen, **options}
        )
