from odoo import fields, models

from ..models import price_html
from ..models.price_batch import Cases, collect

# Seconds for opening PDFs: while the dialog is worked out again, and by its button.
SECONDS_ASIDE, SECONDS_ASKED = 2, 20


class BeepostSend(models.TransientModel):
    """*Send by post*: what all the letters will cost, and how many cost what."""

    _name = "beepost.send"
    _inherit = ["beepost.send", "beepost.changes"]

    price_html = fields.Html(
        string="Price", compute="_compute_from_drafts", sanitize=False
    )
    price = fields.Json(
        compute="_compute_from_drafts",
        help="For programs, amounts as text: totals by currency, and how many letters"
        " have which price.",
    )
    price_advice = fields.Json(compute="_compute_from_drafts")
    uncounted_count = fields.Integer(compute="_compute_from_drafts")

    def _tell_of(self, drafts):
        # EXTENDS 'beepost_mail'
        result = super()._tell_of(drafts)
        batch = self._price_batch(drafts)
        services = self._change_services(self.move_ids._origin.company_id)
        self.uncounted_count = batch.not_counted
        self.price = batch.as_json(self.env)
        self.price_html = price_html.of_batch(self.env, batch)
        rows = self._change_rows(batch.savings(services))
        self.price_advice = (batch.letters and rows) or False
        return result

    # ------------------------------------------------------------------
    # The letters
    # ------------------------------------------------------------------

    def _seconds_to_count(self):
        # EXTENDS: the price of many letters is worth a little more time
        return SECONDS_ASIDE

    def _price_batch(self, drafts):
        """
        :param drafts: of all letters, with the pages that are known
        :return: ``price_batch.Batch``
        """
        self.ensure_one()
        envelopes = [[draft] for draft in drafts]
        if self.together:
            sharing = self._share(drafts)
            envelopes = [
                [sharing.drafts[one] for one in group] for group in sharing.groups
            ]
        offered = self.env["beepost.service"].union(
            *(company._beepost_services() for company in self.move_ids.company_id)
        )
        return collect(Cases(self.env, drafts, offered), envelopes)

    # ------------------------------------------------------------------
    # One change for all
    # ------------------------------------------------------------------

    def _options_of(self, partner, company):
        # EXTENDS 'beepost_mail'
        return self._with_changes(super()._options_of(partner, company), company)

    def _drafts_depend_on(self):
        # EXTENDS 'beepost_mail'
        return [*super()._drafts_depend_on(), "changes"]

    def _prepare_lot_vals(self, company, count):
        # EXTENDS 'beepost_mail'
        values = super()._prepare_lot_vals(company, count)
        values["options"]["changes"] = self._change_codes()
        return values

    # ------------------------------------------------------------------
    # Counting pages
    # ------------------------------------------------------------------

    def action_count_pages(self):
        """Opens PDFs for a while; the dialog then says what is left.

        :return: action that shows the dialog again
        """
        self.ensure_one()
        moves = self._sendable(self.move_ids._beepost_obstacles())
        moves.check_access("read")
        files = moves.sudo().invoice_pdf_report_id
        self.env["beepost.page.count"]._count(files, SECONDS_ASKED)
        return self._reopen()
