from odoo import api, fields, models

from odoo.addons.beepost_mail.letter import envelope as paper
from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_mail.models.wording import sentence

from ..models import postage_words as words
from ..models.beepost_mailing import as_json
from ..tariff.step import refuse

MOST_PAGES = 10_000


class BeepostPostageTry(models.TransientModel):
    """What a letter that does not exist would cost."""

    _name = "beepost.postage.try"
    _description = "Try a Price"

    account_id = fields.Many2one(
        "beepost.account",
        required=True,
        default=lambda self: self.env.company._beepost_account(),
        help="Its window profile says how much an envelope holds and what it weighs.",
    )
    tariff_id = fields.Many2one(
        "beepost.postage.tariff",
        compute="_compute_tariff_id",
        precompute=True,
        store=True,
        readonly=False,
    )
    service_id = fields.Many2one(
        "beepost.service",
        required=True,
        default=lambda self: self.env["beepost.service"].search(
            [("code", "!=", False)], limit=1
        ),
    )
    pages = fields.Integer(default=1, required=True)
    duplex = fields.Boolean(string="Both sides")
    color = fields.Boolean(string="In colour")
    address_sheet = fields.Boolean()
    country_id = fields.Many2one(
        "res.country", required=True, default=lambda self: self.env.ref("base.fr")
    )
    zip = fields.Char(string="Postcode")
    day = fields.Date(
        string="Deposited on",
        required=True,
        compute="_compute_day",
        precompute=True,
        store=True,
        readonly=False,
        help="The day on which La Poste gets it: the grid of that day gives the price.",
    )
    quantity = fields.Integer(string="Letters together", default=1, required=True)
    total = fields.Char(compute="_compute_result")
    is_priced = fields.Boolean(compute="_compute_result")
    explanation = fields.Text(compute="_compute_result")

    @api.depends("account_id")
    def _compute_tariff_id(self):
        for wizard in self:
            wizard.tariff_id = wizard.tariff_id or wizard.account_id.tariff_id

    @api.depends("account_id")
    def _compute_day(self):
        for wizard in self:
            account = wizard.account_id
            now = fields.Datetime.now()
            wizard.day = wizard.day or (account and account._deposit_date(now))

    @api.depends(
        *("account_id", "tariff_id", "service_id", "pages", "duplex", "color"),
        *("address_sheet", "country_id", "zip", "day", "quantity"),
    )
    def _compute_result(self):
        for wizard in self:
            lines = wizard._unready()
            quote = None
            if not lines:
                quote, lines = wizard._try()
            wizard.is_priced = bool(quote)
            wizard.total = quote and words.euros(self.env, quote["total"])
            wizard.explanation = "\n".join(lines)

    def _unready(self):
        """What must be entered first, in words."""
        if not (self.account_id and self.tariff_id and self.service_id and self.day):
            return [
                self.env._("Choose an account, a tariff, a service and a day to price.")
            ]
        if not 0 < self.pages <= MOST_PAGES or self.quantity < 1:
            return [self.env._("A letter has a page at least, and there is one of it.")]
        return []

    def _try(self):
        """:return: (quote as JSON or None, sentences)"""
        Postage = self.env["beepost.postage"]
        self.tariff_id.check_access("read")
        try:
            parcel = self._as_parcel(Postage)
            (quote,) = Postage._quotes([(self.tariff_id, parcel)])
            if isinstance(quote, Refusal):
                raise quote
        except Refusal as refusal:
            return None, [self._reason(finding) for finding in refusal.findings]
        made = as_json(quote)
        return made, words.explain(self.env, made)

    def _as_parcel(self, Postage):
        """
        :raises Refusal: no envelope holds it, or it goes nowhere
        """
        profile = self.account_id.profile_id
        measure = paper.measure(
            [self.pages],
            duplex=self.duplex,
            address_sheet=self.address_sheet,
            profile=profile._as_room_profile(),
        )
        if not self.country_id:
            raise refuse("price.no_country")
        if not self.service_id.postage_product_ids:
            raise refuse("price.no_service_product", service=self.service_id.name)
        return Postage._parcel(
            self.service_id,
            (self.country_id.code, self.zip or ""),
            self.day,
            profile.envelope_ids.filtered(lambda e: e.code == measure.envelope)[:1],
            pages=self.pages,
            sheets=measure.sheets,
            weight_mg=measure.weight_mg,
            color=self.color,
            address_sheet=measure.address_sheet,
            quantity=self.quantity,
            document_pages=(self.pages,),
            duplex=self.duplex,
        )

    def _reason(self, finding):
        if finding.code.startswith("price."):
            return words.reason(self.env, finding)
        return sentence(self.env, finding)
