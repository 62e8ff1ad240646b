from itertools import islice

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .beepost_options import SHOWN


class BeepostSend(models.TransientModel):
    """*Send by post*, for one invoice or thousands, in the background.

    Core's batch wizard cannot choose how to send; this one does, and keeps its options
    with the lot.
    """

    _name = "beepost.send"
    _description = "Send by Post"
    _inherit = ["beepost.options"]

    move_ids = fields.Many2many("account.move", string="Documents", required=True)
    skip_posted = fields.Boolean(
        string="Leave out what was posted already", default=True
    )
    sendable_ids = fields.Many2many(
        "account.move",
        string="Documents to be sent",
        compute="_compute_sendable_ids",
    )
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

    def _options_depend_on(self):
        return ["move_ids"]

    def _option_companies(self):
        self.ensure_one()
        return self._posting_companies(self.move_ids.company_id)

    # By itself: all that the dialog says begins here, and it is looked up once.
    @api.depends("move_ids", "skip_posted")
    def _compute_sendable_ids(self):
        for wizard in self:
            obstacles = wizard.move_ids._origin._beepost_obstacles()
            wizard.sendable_ids = wizard._sendable(obstacles)

    @api.depends("sendable_ids")
    def _compute_summary(self):
        for wizard in self:
            moves, sendable = wizard.move_ids._origin, wizard.sendable_ids._origin
            obstacles = (moves - sendable)._beepost_obstacles()
            wizard.sendable_count = len(sendable)
            wizard.alerts = self.env["beepost.alerts"]._get(sendable) or False
            left_out = [
                f"{move.display_name} {reason}"
                for move, reason in islice(obstacles.items(), SHOWN)
            ]
            wizard.summary = wizard._summarise(
                len(moves), len(sendable), len(obstacles), left_out
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
        self._press_once()
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
        return self._tell_sent(len(moves))

    def _send_for(self, company, moves):
        lot = (
            self.env["beepost.lot"]
            .sudo()
            .create(self._prepare_lot_vals(company, len(moves)))
        )
        electronic = moves._beepost_must_be_electronic()
        chosen = self._options_for_each([(company, move.partner_id) for move in moves])
        options = {
            move: {
                **options,
                "is_copy": move in electronic,
                "lot_id": lot.id,
            }
            for move, options in zip(moves, chosen, strict=True)
        }
        ready = moves.filtered(lambda move: move.sudo().invoice_pdf_report_id)
        if ready:
            ready._beepost_post(options, self.env.user)
        self._render_later(moves - ready, options)

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

    def _prepare_lot_vals(self, company, count):
        values = super()._prepare_lot_vals(company, count)
        values["options"]["skip_posted"] = self.skip_posted
        return values
