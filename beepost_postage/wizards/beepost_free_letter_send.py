from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.beepost_mail.models.beepost_mailing_group_draft import Draft

from ..models import postage_words as words
from ..models import price_html
from ..models.price_batch import Cases, collect
from .price_rows import shown

# What a change for all letters changes. The free letter keeps it once for all.
OPTION_OF = {
    "both_sides": "duplex",
    "no_address_sheet": "address_sheet",
    "black_and_white": "color",
    "plain": "service_id",
}


class BeepostFreeLetterSend(models.TransientModel):
    """The last look at a free letter: what the one that is shown will cost, and what
    all would, each with as many pages. Nothing is printed for it."""

    _name = "beepost.free.letter.send"
    _inherit = ["beepost.free.letter.send", "beepost.changes"]

    price_hint = fields.Char(compute="_compute_price_hint")
    price_html = fields.Html(
        string="Price", compute="_compute_estimate", sanitize=False
    )
    price = fields.Json(
        compute="_compute_estimate",
        help="The price of the letter that is shown for programs, amounts as text;"
        " empty as long as there is none.",
    )
    total_html = fields.Html(
        string="All letters", compute="_compute_estimate", sanitize=False
    )
    total = fields.Json(
        compute="_compute_estimate",
        help="Of all letters for programs, if each has as many pages as the one that is"
        " shown; amounts as text.",
    )
    price_advice = fields.Json(compute="_compute_estimate")

    @api.depends("letter_id")
    def _compute_price_hint(self):
        for wizard in self:
            letter = wizard.letter_id
            wizard.price_hint = bool(letter and letter._account().tariff_id) and (
                self.env._("The price is worked out once this letter is shown.")
            )

    @api.depends("changes")
    def _compute_estimate(self):
        # EXTENDS 'beepost_mail'
        return super()._compute_estimate()

    def _show_estimate(self, estimate):
        # EXTENDS 'beepost_mail'
        result = super()._show_estimate(estimate)
        self.price, self.price_html, _advice = shown(self.env, estimate)
        self.total = self.total_html = self.price_advice = False
        if estimate.get("price"):  # which stands in a place of its own here
            self.estimate = estimate["paper"]
            self._show_total(self._drafts(estimate["document_pages"]))
        return result

    def _show_total(self, drafts):
        """:param drafts: list of ``Draft``, with their pages"""
        batch = self._price_batch(drafts)
        if len(drafts) > 1:
            self.total = batch.as_json(self.env)
            self.total_html = price_html.of_alike(self.env, batch)
        services = self._change_services(self.letter_id.company_id)
        savings = [
            (code, saving)
            for code, saving in batch.savings(services)
            if self._is_one_choice(code, drafts, services)
        ]
        self.price_advice = (batch.letters and self._change_rows(savings)) or False

    def _price_batch(self, drafts):
        """:return: ``price_batch.Batch``"""
        offered = self.letter_id.company_id._beepost_services()
        cases = Cases(self.env, drafts, offered)
        return collect(cases, [[draft] for draft in drafts])

    # ------------------------------------------------------------------
    # The letters
    # ------------------------------------------------------------------

    def _rows(self):
        """:return: addressees who get a letter"""
        rows = self.letter_id.addressee_ids
        return rows - rows._unpostable()

    def _drafts(self, pages):
        """
        :param pages: of each PDF of the letter that is shown
        :return: list of ``Draft``: the letters, each with as many pages
        """
        papers = list(self._papers().sudo())
        return [
            Draft(
                company=row.company_id,
                partner=row.partner_id,
                options=options,
                kinds=frozenset([row._name]),
                files=papers,
                enclosed=len(papers) - 1,
                pages=tuple(pages),
            )
            for row, options in self._options_by_row().items()
        ]

    def _options_by_row(self):
        company, rows = self.letter_id.company_id, self._rows()
        options = self._options_for_each([(company, row.partner_id) for row in rows])
        return dict(zip(rows, options, strict=True))

    def _options_of(self, partner, company):
        # EXTENDS 'beepost_mail'
        options = super()._options_of(partner, company)
        # As whoever makes the letter takes it.
        service = company._beepost_service(options["service_id"])
        return self._with_changes({**options, "service_id": service.id}, company)

    # ------------------------------------------------------------------
    # One change for all
    # ------------------------------------------------------------------

    def _is_one_choice(self, code, drafts, services):
        """Whether the letter can hold this change: where registered letters are among
        tracked ones, for example, no one service makes the tracked ones plain."""
        changed = (
            self._changed(draft.options, [code], services[draft.options["account_id"]])
            for draft in drafts
        )
        return len({options[OPTION_OF[code]] for options in changed}) == 1

    def _change_sentence(self, code, saving):
        # EXTENDS: of one letter it says no more than the other dialogs do
        if len(self._rows()) > 1:
            return super()._change_sentence(code, saving)
        return words.advice(self.env, code, saving)

    def _change_vals(self):
        """What was chosen to cost less, as the free letter itself has it.

        :raises UserError: it does not fit all addressees
        """
        values, codes = {}, self._change_codes()
        each = self._options_by_row().values() if codes else ()
        for name in (OPTION_OF[code] for code in codes):
            found = {options[name] for options in each}
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "What was chosen to cost less does not fit all addressees any"
                        " more: undo it."
                    )
                )
            for value in found:
                is_yes_no = isinstance(value, bool)
                values[name] = ("yes" if value else "no") if is_yes_no else value
        return values

    def action_send(self):
        # EXTENDS: a change that was chosen is a choice of the letter from then on
        self.ensure_one()
        self.check_access("read")
        if values := self._change_vals():
            self.letter_id.write(values)
        return super().action_send()
