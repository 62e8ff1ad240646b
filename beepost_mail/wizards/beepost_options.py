import functools
from operator import and_

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

SHOWN = 10
CHOICES = ("own_options", "service_id", "color", "duplex", "address_sheet")


class BeepostOptions(models.AbstractModel):
    """How letters are to be sent, in any dialog that sends documents.

    A dialog says by :meth:`_option_companies` whose documents it sends, and by
    :meth:`_options_depend_on` what that hangs on.
    """

    _name = "beepost.options"
    _description = "Options of Letters"
    _inherit = ["beepost.sending.dialog"]

    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    own_options = fields.Boolean(
        string="As each addressee prefers",
        default=True,
        help="Takes service, colour and sides from the addressee's own preference, else"
        " from the company's.",
    )
    account_count = fields.Integer(compute="_compute_company_id")
    account_id = fields.Many2one(
        "beepost.account",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_account_ids)]",
    )
    service_id = fields.Many2one(
        "beepost.service",
        compute="_compute_service_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_service_ids)]",
    )
    available_account_ids = fields.Many2many(
        "beepost.account", compute="_compute_company_id"
    )
    available_service_ids = fields.Many2many(
        "beepost.service", compute="_compute_company_id"
    )
    color = fields.Boolean(
        string="In colour", compute="_compute_color", store=True, readonly=False
    )
    duplex = fields.Boolean(
        string="Both sides", compute="_compute_duplex", store=True, readonly=False
    )
    address_sheet = fields.Selection(
        [("auto", "Only if needed"), ("always", "Always"), ("never", "Never")],
        compute="_compute_address_sheet",
        store=True,
        readonly=False,
    )

    is_sent = fields.Boolean(readonly=True)

    def _option_companies(self):
        """:return: the companies whose documents are sent; at least one"""
        raise NotImplementedError

    def _options_depend_on(self):
        """:return: names of fields that :meth:`_option_companies` reads"""
        return []

    @api.depends(lambda self: self._options_depend_on())
    def _compute_company_id(self):
        for wizard in self:
            companies = wizard._option_companies()
            wizard.company_id = companies[:1]
            # What can be chosen serves all companies of the documents.
            accounts = [company._beepost_accounts() for company in companies]
            services = [company._beepost_services() for company in companies]
            wizard.available_account_ids = functools.reduce(and_, accounts).ids
            wizard.available_service_ids = functools.reduce(and_, services).ids
            wizard.account_count = len(wizard.available_account_ids)

    # Each on its own: a remote client may give some options and leave the others. What
    # two companies do differently is left empty: then each goes its own way.
    @api.depends(lambda self: self._options_depend_on())
    def _compute_account_id(self):
        for wizard in self:
            wizard.account_id = wizard._usual(lambda c: c._beepost_account())

    @api.depends(lambda self: self._options_depend_on())
    def _compute_service_id(self):
        for wizard in self:
            wizard.service_id = wizard._usual(lambda c: c._beepost_service())

    @api.depends(lambda self: self._options_depend_on())
    def _compute_color(self):
        for wizard in self:
            wizard.color = wizard._usual(lambda c: c._beepost_house().beepost_color)

    @api.depends(lambda self: self._options_depend_on())
    def _compute_duplex(self):
        for wizard in self:
            wizard.duplex = wizard._usual(lambda c: c._beepost_house().beepost_duplex)

    @api.depends(lambda self: self._options_depend_on())
    def _compute_address_sheet(self):
        for wizard in self:
            wizard.address_sheet = wizard._usual(
                lambda c: c._beepost_house().beepost_address_sheet
            )

    def _usual(self, usual_of):
        """:return: what all companies of the documents usually do, else False"""
        values = {usual_of(company) for company in self._option_companies()}
        return values.pop() if len(values) == 1 else False

    def _posting_companies(self, companies):
        """Those of ``companies`` that something can be sent for; else the first one at
        hand."""
        posting = companies.filtered(lambda company: company._beepost_account())
        return posting or companies[:1] or self.env.company

    def _check_choice(self, companies):
        """Nothing that was chosen for one company is taken, or left out, for another.

        :raises UserError: the documents of some company must be sent apart
        """
        service = self.service_id
        if self.own_options:
            service = service.browse()
        for company in companies:
            misfit = company._beepost_misfit(self.account_id, service)
            if misfit:
                raise UserError(misfit)
        houses = self.env["res.company"].union(*(c._beepost_house() for c in companies))
        for name in ("color", "duplex"):
            # A box has no third state, in which each company would go its own way.
            if not self.own_options and len(set(houses.mapped(f"beepost_{name}"))) > 1:
                raise UserError(
                    self.env._(
                        "The companies of these documents print differently (%s): send"
                        " the documents of each company apart.",
                        self._fields[name]._description_string(self.env),
                    )
                )

    def _choose_options(self, usual):
        """
        :param usual: what the addressee prefers (``res.partner._beepost_options``)
        :return: the options of a letter, after what was chosen here
        """
        self.ensure_one()
        options = dict(usual)
        if not self.own_options:
            options["color"], options["duplex"] = self.color, self.duplex
            for name in ("service_id", "address_sheet"):
                options[name] = plain(self[name]) or options[name]
        options["account_id"] = self.account_id.id or options["account_id"]
        return options

    def _summarise(self, total, sendable, obstacles, left_out):
        """
        :param obstacles: how many of ``total`` cannot be sent
        :param left_out: sentences about the first ``SHOWN`` of those
        """
        posted = total - obstacles - sendable
        more = obstacles - SHOWN
        items = [Markup("<li>%s</li>") % text for text in left_out]
        return Markup("<p>%s</p>%s%s%s") % (
            self._sendable_words(sendable, total),
            Markup("<p>%s</p>") % self._posted_words(posted) if posted else "",
            Markup("<ul>%s</ul>") % Markup().join(items) if items else "",
            self.env._("and %s more.", more) if more > 0 else "",
        )

    def _sendable_words(self, count, total):
        if not count:
            return self.env._("No document will be sent by post.")
        if total == 1:
            return self.env._("The document will be sent by post.")
        if count == total:
            return self.env._("%s documents will be sent by post.", total)
        if count == 1:
            return self.env._("One of %s documents will be sent by post.", total)
        return self.env._(
            "%(count)s of %(total)s documents will be sent by post.",
            count=count,
            total=total,
        )

    def _posted_words(self, count):
        if count == 1:
            return self.env._("One document is left out: it was posted already.")
        return self.env._("%s are left out: posted already.", count)

    def _press_once(self):
        """:raises UserError: the button of this dialog was pressed before"""
        if self.is_sent:
            raise UserError(self.env._("These documents were sent with this dialog."))
        # Two presses at once meet on this row: one starts again, and ends above.
        self.is_sent = True

    def _tell_sent(self, count):
        if count == 1:
            return self._close_with(
                self.env._(
                    "The document is being sent in the background. You can go on"
                    " working."
                )
            )
        return self._close_with(
            self.env._(
                "%s documents are being sent in the background. You can go on working.",
                count,
            )
        )

    def _lot_name(self, count, when):
        if count == 1:
            return self.env._("1 document, %(when)s", when=when)
        return self.env._("%(count)s documents, %(when)s", count=count, when=when)

    def _prepare_lot_vals(self, company, count):
        return {
            "name": self._lot_name(
                count,
                format_datetime(self.env, fields.Datetime.now(), dt_format="short"),
            ),
            "company_id": company.id,
            "user_id": self.env.user.id,
            "expected": count,
            "options": {
                "account_id": company._beepost_account(self.account_id.id).id,
                **{name: plain(self[name]) for name in CHOICES},
            },
        }


def plain(value):
    return value.id if isinstance(value, models.Model) else value
