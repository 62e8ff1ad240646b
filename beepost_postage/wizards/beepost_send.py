from odoo import fields, models

from ..models import postage_words as words
from ..models import price_html
from ..models.price_batch import Cases, collect
from ..models.price_case import as_choice, as_service
from ..tariff import advice

# Seconds for opening PDFs: while the dialog is worked out again, and by its button.
SECONDS_ASIDE, SECONDS_ASKED = 2, 20


class BeepostSend(models.TransientModel):
    """*Send by post*: what all the letters will cost, and how many cost what."""

    _inherit = "beepost.send"

    # Codes of ``tariff.advice.CHANGES`` with commas between them.
    changes = fields.Char(
        help="Changes for all letters that they fit, on top of each one's own options."
    )
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
        services = self._change_services()
        self.uncounted_count = batch.not_counted
        self.price = batch.as_json(self.env)
        self.price_html = price_html.of_batch(self.env, batch)
        rows = [*self._chosen_rows(), *self._advice_rows(batch.savings(services))]
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

    def _change_codes(self):
        codes = (self.changes or "").split(",")
        return [code for code in codes if code in advice.CHANGES]

    def _change_services(self):
        """:return: {account id: services that its letters may take, in order}"""
        found = {}
        for company in self.move_ids._origin.company_id:
            services = [as_service(s) for s in company._beepost_services()]
            for account in company._beepost_accounts():
                found[account.id] = services
        return found

    def _options_of(self, partner, company):
        # EXTENDS 'beepost_mail'
        return self._with_changes(super()._options_of(partner, company), company)

    def _drafts_depend_on(self):
        # EXTENDS 'beepost_mail'
        return [*super()._drafts_depend_on(), "changes"]

    def _with_changes(self, options, company):
        """Options of a letter of ``company``, after what was chosen for all letters."""
        codes = self._change_codes()
        if not codes:
            return options
        offered = company._beepost_services()
        services = {service.id: as_service(service) for service in offered}
        choice = as_choice(options, services)
        for code in codes:
            choice = advice.changed(choice, code, services.values())
        return {
            **options,
            "service_id": choice.service.key,
            "duplex": choice.duplex,
            "color": choice.color,
            "address_sheet": choice.address_sheet,
        }

    def _prepare_lot_vals(self, company, count):
        # EXTENDS 'beepost_mail'
        values = super()._prepare_lot_vals(company, count)
        values["options"]["changes"] = self._change_codes()
        return values

    def _chosen_rows(self):
        codes = self._change_codes()
        return [
            {
                "sentence": words.chosen_for_all(self.env, code),
                "label": self.env._("Undo"),
                "values": {"changes": ",".join(c for c in codes if c != code)},
            }
            for code in codes
        ]

    def _advice_rows(self, savings):
        codes = self._change_codes()
        return [
            {
                "sentence": words.advice_for_all(self.env, code, saving),
                "label": self.env._("Apply"),
                "values": {"changes": ",".join([*codes, code])},
            }
            for code, saving in savings
            if code not in codes
        ]

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
