from odoo import api, fields, models

from ..models import price_html
from ..models.price_batch import Cases, collect

# Seconds for opening PDFs: while the dialog is worked out again, and by its button.
SECONDS_ASIDE, SECONDS_ASKED = 2, 20


class BeepostSend(models.TransientModel):
    """*Send by post*: what all the letters will cost, and how many cost what."""

    _name = "beepost.send"
    _inherit = ["beepost.send", "beepost.changes"]

    price_html = fields.Html(string="Price", compute="_compute_price", sanitize=False)
    price = fields.Json(
        compute="_compute_price",
        help="For programs, amounts as text: totals by currency, and how many letters"
        " have which price.",
    )
    price_advice = fields.Json(compute="_compute_price")
    uncounted_count = fields.Integer(compute="_compute_price")

    @api.depends(
        *("move_ids", "skip_posted", "own_options", "account_id", "service_id"),
        *("color", "duplex", "address_sheet", "changes", "planned_on"),
        "together",
    )
    def _compute_price(self):
        for wizard in self:
            batch = wizard._price_batch(SECONDS_ASIDE)
            services = wizard._change_services(wizard.move_ids._origin.company_id)
            wizard.uncounted_count = batch.not_counted
            wizard.price = batch.as_json(self.env)
            wizard.price_html = price_html.of_batch(self.env, batch)
            rows = wizard._change_rows(batch.savings(services))
            wizard.price_advice = (batch.letters and rows) or False

    # ------------------------------------------------------------------
    # The letters
    # ------------------------------------------------------------------

    def _price_batch(self, seconds):
        """
        :param seconds: for opening PDFs that nobody counted yet
        :return: ``price_batch.Batch``
        """
        self.ensure_one()
        drafts = self._drafts()
        self._count_drafts(drafts, seconds)
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
