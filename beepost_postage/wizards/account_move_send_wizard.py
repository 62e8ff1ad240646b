from odoo import fields, models

from .price_rows import advice_rows, shown


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
        self.beepost_price, self.beepost_price_html, advice = shown(self.env, estimate)
        self.beepost_advice = advice_rows(
            self,
            advice,
            lambda options: {f"beepost_{name}": v for name, v in options.items()},
        )
        if estimate.get("price"):  # which stands in a place of its own here
            self.beepost_estimate = estimate["paper"]
        return result
