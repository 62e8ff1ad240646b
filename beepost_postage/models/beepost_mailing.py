from odoo import api, fields, models

from odoo.addons.beepost_mail.letter.finding import Refusal

from ..tariff import money
from ..tariff.grid import POSTAGE, PRODUCTION
from ..tariff.step import refuse
from . import postage_words as words
from .price_field import Price

# In BeePOST's hands, or beyond: until then a letter is priced as it leaves.
SENT = ("accepted", "unknown", "cancelled")


class BeepostMailing(models.Model):
    """The price of a letter, frozen when it leaves.

    Calculated when its PDF is ready, and once more as it leaves if the day on which
    La Poste gets it has moved since (a letter that is sent on 31 December is priced by
    January's grid), or the number of letters that are sent with it has changed.

    Where nothing gives a price the letter leaves *unpriced*, with the reason, and is
    priced once a grid covers its day; or it waits, if its company wants that.
    """

    _inherit = "beepost.mailing"

    _UNPRICED_SLICE = 200  # letters priced afterwards in one transaction

    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", string="Currency of the price"
    )
    priced_for = fields.Date(
        string="Priced for deposit on",
        readonly=True,
        copy=False,
        help="The day, in Paris, on which La Poste is to get the letter: the grid of"
        " that day gives the price.",
    )
    # Exact amounts are in ``quote``, as text; these columns are for lists and sums.
    price_untaxed = Price(
        string="Price without tax",
        digits=(12, 4),
        min_display_digits=2,
        readonly=True,
        copy=False,
    )
    price_taxes = Price(
        string="VAT", digits=(12, 4), min_display_digits=2, readonly=True, copy=False
    )
    price_total = Price(
        string="Price with tax",
        digits=(12, 4),
        min_display_digits=2,
        readonly=True,
        copy=False,
    )
    price_postage = Price(
        string="Postage (affranchissement), without tax",
        digits=(12, 4),
        min_display_digits=2,
        readonly=True,
        copy=False,
    )
    price_production = Price(
        string="Printing and insertion, without tax",
        digits=(12, 4),
        min_display_digits=2,
        readonly=True,
        copy=False,
    )
    postage_grid_id = fields.Many2one(
        "beepost.postage.grid",
        string="Grid",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    postage_public_grid_id = fields.Many2one(
        "beepost.postage.grid",
        string="Public grid of the discount",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    postage_line_id = fields.Many2one(
        "beepost.postage.line",
        string="Step",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    quote = fields.Json(readonly=True, copy=False)
    price_missing = fields.Boolean(
        readonly=True,
        copy=False,
        help="Nothing gives a price: the letter waits for one, or is unpriced.",
    )
    # A number, so that lists and pivots add it up beside the prices.
    unpriced_count = fields.Integer(
        string="Unpriced letters",
        readonly=True,
        copy=False,
        help="1 for a letter that leaves, or has left, without a price.",
    )
    # In codes and figures: the words are those of whoever reads them.
    price_refusal = fields.Json(readonly=True, copy=False)

    def _compute_currency_id(self):
        euro = self.env.ref("base.EUR")
        for letter in self:
            letter.currency_id = letter.sudo().postage_grid_id.currency_id or euro

    # ------------------------------------------------------------------
    # When it is priced
    # ------------------------------------------------------------------

    def _before_queue(self):
        # EXTENDS 'beepost_mail'
        held = super()._before_queue()
        return {**self._freeze_prices(), **held}

    def _before_hand_over(self):
        # EXTENDS 'beepost_mail'
        held = super()._before_hand_over()
        former = self._with_former_price()
        return {**former._freeze_prices(), **held} if former else held

    def _with_former_price(self):
        """Letters whose price was made for another day, or for another number of
        letters: of those that were to be sent with them some may have been refused or
        cancelled since, and some have joined. Unpriced ones are tried again."""
        now = fields.Datetime.now()
        days = {account: account._deposit_date(now) for account in self.account_id}
        together = self._count_together()
        return self.filtered(
            lambda m: (
                m.priced_for != days[m.account_id]
                or (m.quote or {}).get("quantity", together[m]) != together[m]
                or (m.unpriced_count and m.account_id.tariff_id)
            )
        )

    def _count_together(self):
        """:return: {letter: envelopes that are sent together with it, itself too}"""
        envelopes = self.lot_id._count_envelopes()
        return {letter: envelopes.get(letter.lot_id.id, 1) for letter in self}

    def _freeze_prices(self):
        """Writes on each letter what it costs, or why nothing says so.

        :return: {letter that waits: why it has no price, in its author's language};
            none where the company lets unpriced letters leave
        """
        now = fields.Datetime.now()
        days = {account: account._deposit_date(now) for account in self.account_id}
        held, known = {}, {}
        quotes = self._quotes_on({letter: days[letter.account_id] for letter in self})
        self._use_grids(quotes.values())
        self._lock_grids(self.account_id.tariff_id)
        for letter, quote in quotes.items():
            before = letter.quote
            if isinstance(quote, Refusal):
                account = letter.account_id
                if account.tariff_id and account._holds_unpriced():
                    # Many wait for one reason: its words are looked up once.
                    key = letter.user_id.lang, str(quote)
                    if key not in known:
                        known[key] = words.reasons(letter._author_env(), quote)
                    held[letter] = known[key]
                    letter.write({**NO_PRICE, "price_missing": True})
                else:
                    letter._leave_unpriced(days[account], quote)
                continue
            letter.write(letter._prepare_price_vals(quote))
            if before and before["total"] != letter.quote["total"]:
                letter._tell_new_price(before)
        return held

    def _leave_unpriced(self, day, refusal):
        """
        :param day: the Paris day on which La Poste gets the letter
        """
        self.ensure_one()
        values = {
            **NO_PRICE,
            "priced_for": day,
            "price_missing": True,
            "unpriced_count": 1,
            "price_refusal": [_without_postcode(f) for f in refusal.findings],
        }
        if any((self[name] or False) != value for name, value in values.items()):
            self.write(values)

    def _use_grids(self, quotes):
        """Marks the grids that give their first price. Whoever changes one of them
        meanwhile sees no letter yet, and would only wait for a lock: a row that was
        written makes that transaction begin again.

        Before :meth:`_lock_grids`: two that price would else wait for each other.
        """
        steps = [quote.step for quote in quotes if not isinstance(quote, Refusal)]
        grids = {step.grid.key for step in steps}
        grids |= {step.public_grid.key for step in steps if step.public_grid}
        self.env.cr.execute(
            """
            UPDATE beepost_postage_grid SET is_used = TRUE
             WHERE id IN (
                 SELECT id FROM beepost_postage_grid
                  WHERE id = ANY(%s) AND is_used IS NOT TRUE
                  ORDER BY id FOR UPDATE
             )
            """,
            [sorted(grids)],
        )
        self.env["beepost.postage.grid"].browse(grids).invalidate_recordset(["is_used"])

    def _lock_grids(self, tariffs):
        """Whoever changed one of these grids meanwhile makes this transaction begin
        again: a letter never bears a price that its grid does not give."""
        self.env.cr.execute(
            "SELECT id FROM beepost_postage_grid WHERE tariff_id = ANY(%s) FOR SHARE",
            [(tariffs | tariffs.public_id).ids],
        )

    def _tell_new_price(self, before):
        """
        :param before: its former quote, as :func:`as_json`
        """
        env = self._author_env()
        figures = {
            "price": words.euros(env, self.quote["total"]),
            "before": words.euros(env, before["total"]),
        }
        if before["day"] == self.quote["day"]:
            body = env._(
                "Letters sent together: %(count)s instead of %(former)s. The price of"
                " this one is now %(price)s instead of %(before)s, tax included.",
                count=self.quote["quantity"],
                former=before["quantity"],
                **figures,
            )
        else:
            body = env._(
                "The letter reaches La Poste on %(day)s: its price is now %(price)s"
                " instead of %(before)s, tax included.",
                day=words.format_date(env, self.priced_for),
                **figures,
            )
        self._message_log(body=body)

    def _quotes_on(self, days):
        """
        :param days: {letter: the Paris day on which La Poste gets it}
        :return: {letter: ``tariff.quote.Quote`` or ``Refusal``}
        """
        wanted, made = [], {}
        together = self._count_together()
        for letter, day in days.items():
            try:
                parcel = letter._as_parcel(day, together[letter])
            except Refusal as refusal:
                made[letter] = refusal
            else:
                wanted.append((letter, letter.account_id.tariff_id, parcel))
        quotes = self.env["beepost.postage"]._quotes([row[1:] for row in wanted])
        made.update(
            {letter: quote for (letter, *_), quote in zip(wanted, quotes, strict=True)}
        )
        return made

    def _as_parcel(self, day, quantity):
        """
        :param quantity: letters that are sent together
        :raises Refusal: the letter cannot be priced at all
        """
        self.ensure_one()
        letter = self.sudo()
        if not letter.account_id.tariff_id:
            raise refuse("price.no_tariff", account=letter.account_id.name)
        if not letter.country_code:
            raise refuse("price.no_country")
        if not letter.service_id.postage_product_ids:
            raise refuse("price.no_service_product", service=letter.service_id.name)
        envelopes = letter.account_id.profile_id.envelope_ids
        pages = letter.document_ids._printed().mapped("pages")
        return self.env["beepost.postage"]._parcel(
            letter.service_id,
            (letter.country_code, letter.zip_code or ""),
            day,
            envelopes.filtered(lambda e: e.code == letter.envelope)[:1],
            pages=sum(pages),
            document_pages=pages,
            duplex=letter.duplex,
            sheets=letter.sheets,
            weight_mg=letter.weight_mg,
            color=letter.color,
            address_sheet=letter.has_address_sheet,
            quantity=quantity,
        )

    def _prepare_price_vals(self, quote):
        return {
            "priced_for": quote.parcel.day,
            "price_untaxed": quote.untaxed,
            "price_taxes": quote.taxes,
            "price_total": quote.total,
            "price_postage": quote.amount(POSTAGE),
            "price_production": quote.amount(PRODUCTION),
            "postage_grid_id": quote.step.grid.key,
            "postage_public_grid_id": getattr(quote.step.public_grid, "key", False),
            "postage_line_id": quote.step.line.key,
            # The postcode is a part of the address: not for every reader of a price.
            "quote": {**as_json(quote), "zip": None},
            "price_missing": False,
            "unpriced_count": 0,
            "price_refusal": False,
        }

    def _release_for_price(self):
        """Letters that waited for a price are prepared again; one that is at work just
        now finds out by itself."""
        letters = self.try_lock_for_update().filtered(lambda m: m.state == "ready")
        for letter in letters:
            letter._restart()
        letters._wake_outbox()

    # ------------------------------------------------------------------
    # Unpriced letters get their price afterwards
    # ------------------------------------------------------------------

    @api.model
    def _price_soon(self):
        """What was missing may be there now: the scheduled action looks."""
        name = "beepost_postage.ir_cron_price_unpriced"
        # While the addon is being installed there is none yet, and nothing to price.
        if cron := self.env.ref(name, raise_if_not_found=False):
            cron.sudo()._trigger()

    @api.model
    def _cron_price_unpriced(self):
        """Prices letters that left unpriced, by the grids that cover their days; those
        that still have no price are looked at again tomorrow, or sooner if a grid is
        published."""
        domain = [("unpriced_count", "=", 1), ("state", "in", SENT)]
        domain += [("account_id.tariff_id", "!=", False), ("priced_for", "!=", False)]
        last = 0
        while letters := self.search(
            [*domain, ("id", ">", last)], order="id", limit=self._UNPRICED_SLICE
        ):
            last = letters[-1].id
            priced = letters.try_lock_for_update()._price_afterwards()
            self.env["ir.cron"]._commit_progress(len(priced))

    def _price_afterwards(self):
        """Each by the grid of the day on which La Poste got it.

        :return: those of ``self`` that have a price now
        """
        quotes = self._quotes_on({letter: letter.priced_for for letter in self})
        self._use_grids(quotes.values())
        self._lock_grids(self.account_id.tariff_id)
        priced = self.browse()
        for letter, quote in quotes.items():
            if isinstance(quote, Refusal):
                letter._leave_unpriced(letter.priced_for, quote)
                continue
            letter.write(letter._prepare_price_vals(quote))
            priced |= letter
        for letter in priced:
            env = letter._author_env()
            letter._message_log(
                body=env._(
                    "The letter left unpriced. It has its price now: %(price)s, tax"
                    " included, for the deposit on %(day)s.",
                    price=words.euros(env, letter.quote["total"]),
                    day=words.format_date(env, letter.priced_for),
                )
            )
        return priced

    def _drop_pdf(self):
        # EXTENDS 'beepost_mail': another PDF, another price
        self.write(NO_PRICE)
        return super()._drop_pdf()


NO_PRICE = dict.fromkeys(
    (
        "priced_for",
        "price_untaxed",
        "price_taxes",
        "price_total",
        "price_postage",
        "price_production",
        "postage_grid_id",
        "postage_public_grid_id",
        "postage_line_id",
        "quote",
        "price_missing",
        "unpriced_count",
        "price_refusal",
        "price_near_step",
    ),
    False,
)


def _without_postcode(finding):
    """It is a part of the address: not for every reader of a price."""
    kept = finding.as_dict()
    kept["params"].pop("zip", None)
    return kept


def as_json(quote):
    """A quote with all that its explanation needs, amounts as text.

    :return: dict that JSON can hold; the record keys name grids, lines and options
    """
    parcel, step = quote.parcel, quote.step
    return {
        "service": parcel.service,
        "product": step.line.product,
        "country": parcel.where.country,
        "zip": parcel.where.zip,
        "zone": quote.zone.code,
        "priced_as": step.zone,
        "day": parcel.day.isoformat(),
        "pages": parcel.pages,
        "document_pages": list(parcel.document_pages),
        "duplex": parcel.duplex,
        "paper_gsm": parcel.paper_gsm,
        "sheets": parcel.sheets,
        "address_sheet": parcel.address_sheet,
        "envelope": parcel.envelope,
        "envelope_mg": parcel.envelope_mg,
        "weight_mg": parcel.weight_mg,
        "quantity": parcel.quantity,
        "grid": step.grid.name,
        "grid_key": step.grid.key,
        "confirmed": step.grid.confirmed,
        "max_grams": step.line.max_grams,
        "max_sheets": step.line.max_sheets,
        "line_price": str(step.line.price),
        "per_kg": str(step.line.per_kg),
        "per_10g": str(step.line.per_10g),
        "round_to": str(step.grid.round_to),
        "discount": str(step.line.discount) if step.public_grid else None,
        "public_grid": step.public_grid.name if step.public_grid else None,
        "public_grid_key": step.public_grid.key if step.public_grid else None,
        "public_grams": step.line.public_grams if step.public_grid else None,
        "public_price": str(step.public_price) if step.public_grid else None,
        "charges": [
            {
                "kind": charge.kind,
                "group": charge.group,
                "key": charge.key,
                "quantity": charge.quantity,
                "unit": charge.unit,
                "price": money.text(charge.price),
                "amount": money.text(charge.amount),
                "tax": charge.tax,
                "tax_rate": str(charge.tax_rate),
            }
            for charge in quote.charges
        ],
        "untaxed": money.text(quote.untaxed),
        "taxes": money.text(quote.taxes),
        "total": money.text(quote.total),
        "warnings": [finding.as_dict() for finding in quote.warnings],
    }
