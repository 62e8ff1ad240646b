import functools
from operator import and_

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

SHOWN = 10


class BeepostSend(models.TransientModel):
    """*Send by post*, for one invoice or thousands, in the background.

    Core's batch wizard cannot choose how to send; this one does, and keeps its options
    with the lot.
    """

    _name = "beepost.send"
    _description = "Send by Post"

    move_ids = fields.Many2many("account.move", string="Documents", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    own_options = fields.Boolean(
        string="As each customer prefers",
        default=True,
        help="Takes service, colour and sides from the customer's own preference, else"
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
    skip_posted = fields.Boolean(
        string="Leave out what was posted already", default=True
    )
    is_sent = fields.Boolean(readonly=True)
    summary = fields.Html(compute="_compute_summary")
    sendable_count = fields.Integer(compute="_compute_summary")
    alerts = fields.Json(compute="_compute_summary")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "move_ids" in fields_list and not values.get("move_ids"):
            if self.env.context.get("active_model") == "account.move":
                ids = self.env.context.get("active_ids", [])
                values["move_ids"] = [Command.set(ids)]
        return values

    @api.depends("move_ids")
    def _compute_company_id(self):
        for wizard in self:
            companies = wizard._companies()
            wizard.company_id = companies[:1]
            # What can be chosen serves all companies of the documents.
            accounts = [company._beepost_accounts() for company in companies]
            services = [company._beepost_services() for company in companies]
            wizard.available_account_ids = functools.reduce(and_, accounts).ids
            wizard.available_service_ids = functools.reduce(and_, services).ids
            wizard.account_count = len(wizard.available_account_ids)

    def _companies(self):
        """Companies that something can be sent for; else the first one at hand."""
        self.ensure_one()
        companies = self.move_ids.company_id
        posting = companies.filtered(lambda company: company._beepost_account())
        return posting or companies[:1] or self.env.company

    # Each on its own: a remote client may give some options and leave the others. What
    # two companies do differently is left empty: then each goes its own way.
    @api.depends("move_ids")
    def _compute_account_id(self):
        for wizard in self:
            wizard.account_id = wizard._usual(lambda c: c._beepost_account())

    @api.depends("move_ids")
    def _compute_service_id(self):
        for wizard in self:
            wizard.service_id = wizard._usual(lambda c: c._beepost_service())

    @api.depends("move_ids")
    def _compute_color(self):
        for wizard in self:
            wizard.color = wizard._usual(lambda c: c._beepost_house().beepost_color)

    @api.depends("move_ids")
    def _compute_duplex(self):
        for wizard in self:
            wizard.duplex = wizard._usual(lambda c: c._beepost_house().beepost_duplex)

    @api.depends("move_ids")
    def _compute_address_sheet(self):
        for wizard in self:
            wizard.address_sheet = wizard._usual(
                lambda c: c._beepost_house().beepost_address_sheet
            )

    def _usual(self, usual_of):
        """:return: what all companies of the documents usually do, else False"""
        values = {usual_of(company) for company in self._companies()}
        return values.pop() if len(values) == 1 else False

    @api.depends("move_ids", "skip_posted")
    def _compute_summary(self):
        for wizard in self:
            moves = wizard.move_ids._origin
            obstacles = moves._beepost_obstacles()
            sendable = wizard._sendable(obstacles)
            wizard.sendable_count = len(sendable)
            wizard.alerts = self.env["beepost.alerts"]._get(sendable) or False
            left_out = [
                Markup("<li>%s %s</li>") % (move.display_name, reason)
                for move, reason in obstacles.items()
            ]
            posted = len(moves) - len(obstacles) - len(sendable)
            more = len(left_out) - SHOWN
            wizard.summary = Markup("<p>%s</p>%s%s%s") % (
                self.env._(
                    "%(count)s of %(total)s documents will be sent by post.",
                    count=len(sendable),
                    total=len(moves),
                ),
                Markup("<p>%s</p>")
                % self.env._("%s are left out: posted already.", posted)
                if posted
                else "",
                Markup("<ul>%s</ul>") % Markup().join(left_out[:SHOWN])
                if left_out
                else "",
                self.env._("and %s more.", more) if more > 0 else "",
            )

    def _sendable(self, obstacles):
        self.ensure_one()
        moves = self.move_ids._origin.filtered(lambda move: move not in obstacles)
        if self.skip_posted:
            # Any letter counts: the last one may have been cancelled.
            moves = moves.filtered(
                lambda move: (
                    not (
                        move._beepost_posted_letters()
                        or move._beepost_waiting_letters()
                    )
                )
            )
        return moves

    def action_send(self):
        """Makes the lot and returns at once: PDFs and letters follow in the
        background."""
        self.ensure_one()
        if self.is_sent:
            raise UserError(self.env._("These documents were sent with this dialog."))
        # Two presses at once meet on this row: one starts again, and ends above.
        self.is_sent = True
        moves = self._sendable(self.move_ids._beepost_obstacles())
        moves.check_access("read")
        if not moves:
            raise UserError(
                self.env._(
                    "None of these documents can be sent by post. The list above says"
                    " why."
                )
            )
        self.env["beepost.mailing"].check_access("read")
        self._check_choice(moves.company_id)
        for company, of_company in moves.grouped("company_id").items():
            self._send_for(company, of_company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Sending by post"),
                "message": self.env._(
                    "%s documents are being sent in the background. You can go on"
                    " working.",
                    len(moves),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

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

    def _send_for(self, company, moves):
        lot = self.env["beepost.lot"].sudo().create(self._prepare_lot_vals(moves))
        electronic = moves._beepost_must_be_electronic()
        options = {
            move: {
                **self._options_for(move),
                "is_copy": move in electronic,
                "lot_id": lot.id,
            }
            for move in moves
        }
        ready = moves.filtered(lambda move: move.sudo().invoice_pdf_report_id)
        if ready:
            ready._beepost_post(options, self.env.user)
        self._render_later(moves - ready, options)

    def _options_for(self, move):
        options = move.partner_id._beepost_options(move.company_id)
        if not self.own_options:
            options["color"], options["duplex"] = self.color, self.duplex
            for name in ("service_id", "address_sheet"):
                options[name] = _plain(self[name]) or options[name]
        options["account_id"] = self.account_id.id or options["account_id"]
        return options

    def _render_later(self, moves, options):
        """Core's own scheduled action renders the legal PDFs, then hands over to us."""
        if not moves:
            return
        cron = self.env.ref("account.ir_cron_account_move_send").sudo()
        if not cron.active:
            raise UserError(
                self.env._(
                    "The scheduled action “%s” is switched off: the PDFs of these"
                    " invoices cannot be made in the background. Ask your administrator"
                    " to switch it on.",
                    cron.name,
                )
            )
        for move in moves.sudo():
            move.sending_data = {
                "author_user_id": self.env.user.id,
                "author_partner_id": self.env.user.partner_id.id,
                "beepost_only": True,
                "beepost_options": options[move.sudo(False)],
            }
        cron._trigger()

    def _prepare_lot_vals(self, moves):
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        account = moves.company_id._beepost_account(self.account_id.id)
        return {
            "name": self.env._(
                "%(count)s documents, %(when)s",
                count=len(moves),
                when=now.strftime("%Y-%m-%d %H:%M"),
            ),
            "company_id": moves.company_id.id,
            "user_id": self.env.user.id,
            "expected": len(moves),
            "options": {
                "account_id": account.id,
                **{
                    name: _plain(self[name])
                    for name in (
                        "own_options",
                        "service_id",
                        "color",
                        "duplex",
                        "address_sheet",
                        "skip_posted",
                    )
                },
            },
        }


def _plain(value):
    return value.id if isinstance(value, models.Model) else value
