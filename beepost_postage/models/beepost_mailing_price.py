from odoo import api, fields, models

from . import postage_words as words
from . import price_html
from .beepost_mailing import NO_PRICE


class BeepostMailing(models.Model):
    """The frozen price on the screens, and what becomes of it later."""

    _inherit = "beepost.mailing"

    price_near_step = fields.Boolean(
        string="Near a weight step",
        readonly=True,
        copy=False,
        help="So near to the end of a weight step that the scales of the post may find"
        " another price.",
    )
    price_label = fields.Char(string="Price", compute="_compute_price_words")
    price_step = fields.Char(string="Weight step", compute="_compute_price_words")
    price_warnings = fields.Html(compute="_compute_price_words", sanitize=False)
    price_explanation = fields.Html(
        string="How it is made", compute="_compute_price_words", sanitize=False
    )

    @api.depends("quote")
    @api.depends_context("lang")
    def _compute_price_words(self):
        for letter in self:
            quote, env = letter.quote, self.env
            if not quote:
                letter.price_label = letter.price_step = False
                letter.price_warnings = letter.price_explanation = False
                continue
            currency = letter.currency_id
            letter.price_label = words.euros(env, quote["total"], currency)
            letter.price_step = words.step(env, quote)
            letter.price_warnings = price_html.listed(words.warnings(env, quote))
            letter.price_explanation = price_html.listed(
                words.explain(env, quote, currency)
            )

    def _prepare_price_vals(self, quote):
        # EXTENDS
        values = super()._prepare_price_vals(quote)
        return {**values, "price_near_step": bool(quote.warnings)}

    def action_open_tariff(self):
        """:return: action that opens what the letter is to be priced by"""
        self.ensure_one()
        return self.account_id.sudo().tariff_id.with_env(self.env).get_formview_action()

    # ------------------------------------------------------------------
    # Letters that did not leave cost nothing
    # ------------------------------------------------------------------

    def _after_rejected(self):
        # EXTENDS 'beepost_mail'
        result = super()._after_rejected()
        self.write(NO_PRICE)
        return result

    @api.model
    def _cancel_here(self, letters, reason=""):
        # EXTENDS 'beepost_mail'
        result = super()._cancel_here(letters, reason)
        # What BeePOST had already keeps the price that it left with: it may be billed.
        letters.filtered(lambda letter: not letter.first_sent_at).write(NO_PRICE)
        return result

    def _erase_personal_data(self):
        # EXTENDS 'beepost_mail': amounts stay, where the letter went does not
        result = super()._erase_personal_data()
        for letter in self.filtered("quote"):
            letter.quote = {**letter.quote, "country": None, "zip": None}
        return result
