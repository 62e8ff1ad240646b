from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.beepost_mail.letter.finding import Finding, Refusal

from . import postage_words as words
from . import price_html
from .beepost_mailing import NO_PRICE, SENT


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
    unpriced_reason = fields.Char(
        string="Why it is unpriced", compute="_compute_unpriced_reason"
    )
    price_step = fields.Char(string="Weight step", compute="_compute_price_words")
    price_warnings = fields.Html(compute="_compute_price_words", sanitize=False)
    price_explanation = fields.Html(
        string="How it is made", compute="_compute_price_words", sanitize=False
    )

    @api.depends("price_refusal")
    @api.depends_context("lang")
    def _compute_unpriced_reason(self):
        for letter in self:
            findings = [
                _in_words_of(letter, Finding.from_dict(one))
                for one in letter.price_refusal or ()
            ]
            letter.unpriced_reason = (
                words.reasons(self.env, Refusal(findings)) if findings else False
            )

    @api.depends("quote", "unpriced_count")
    @api.depends_context("lang")
    def _compute_price_words(self):
        for letter in self:
            quote, env = letter.quote, self.env
            if not quote:
                is_unpriced = letter.unpriced_count
                letter.price_label = env._("Unpriced") if is_unpriced else False
                letter.price_step = False
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

    def action_price_now(self):
        """Looks for a price of unpriced letters that have left; it else happens by
        itself once a day, and whenever a grid is published.

        :raises AccessError: not the user's to do
        :raises UserError: there still is none, or somebody is at work on them
        """
        what = self.env._("Look for its price now")
        letters = self._require(SENT, what, group="beepost_mail.group_manager")
        unpriced = letters.filtered("unpriced_count")
        if not unpriced._price_afterwards():
            raise UserError(
                unpriced[:1].with_env(self.env).unpriced_reason
                or self.env._("None of these letters is unpriced.")
            )
        return True

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
        for letter in self.filtered("price_refusal"):
            letter.price_refusal = [
                {**one, "params": {**one["params"], "country": "–"}}
                if "country" in one["params"]
                else one
                for one in letter.price_refusal
            ]
        return result


def _in_words_of(letter, finding):
    """The service by its name in the reader's language, not in the one of the day on
    which the letter left."""
    if "service" not in finding.params:
        return finding
    return replace(
        finding, params={**finding.params, "service": letter.service_id.name}
    )
