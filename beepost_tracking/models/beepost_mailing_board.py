from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..journey import promise
from ..journey.codes import EXCEPTION, FAILED

RED = 1  # as the web client counts its colours
TOLD = ("stage_id", "status")  # what is told of a letter, never set by a person


class BeepostMailing(models.Model):
    """What the screens show of a letter beyond its own columns."""

    _inherit = "beepost.mailing"

    stage_color = fields.Integer(related="stage_id.color")
    stage_ends = fields.Boolean(related="stage_id.ends")
    is_tracked = fields.Boolean(related="service_id.tracked", string="Tracked letter")
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        help="Should be at La Poste by now, and is not.",
    )
    card_color = fields.Integer(compute="_compute_card_color")
    amount = fields.Monetary(
        compute="_compute_amount",
        currency_field="amount_currency_id",
        help="Total of the invoices in the envelope, where you may read them.",
    )
    amount_currency_id = fields.Many2one("res.currency", compute="_compute_amount")

    @api.depends("promise", "deposit_date", "status")
    def _compute_is_late(self):
        for letter in self:
            letter.is_late = (
                letter.promise == promise.MISSED
                and not letter.deposit_date
                and letter.status in ("received", "producing", EXCEPTION)
            )

    @api.depends("is_late", "status", "stage_color")
    def _compute_card_color(self):
        for letter in self:
            alarming = letter.is_late or letter.status in FAILED
            letter.card_color = RED if alarming else letter.stage_color

    @api.depends("document_ids")
    @api.depends_context("uid")
    def _compute_amount(self):
        """One currency or no amount: nobody reads the sum of euros and francs."""
        lines = self._readable_content().sudo().document_ids
        ids_by_letter = {}
        for line in lines:
            if line.res_model == "account.move" and line.kind == "document":
                ids_by_letter.setdefault(line.mailing_id.id, []).append(line.res_id)
        Move = self.env["account.move"]
        all_ids = [move_id for ids in ids_by_letter.values() for move_id in ids]
        for letter in self:
            moves = Move.browse(ids_by_letter.get(letter.id, ())).with_prefetch(all_ids)
            currency = moves.currency_id
            single = len(currency) == 1
            letter.amount_currency_id = currency if single else False
            letter.amount = (
                sum(moves.mapped("amount_total_in_currency_signed")) if single else 0.0
            )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS 'base': a letter that is not due yet, or that promises nothing, is
        # neither kept nor missed, and a column of numbers cannot say so.
        if aggregate_spec != "promise_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "AVG(%s) FILTER (WHERE %s IN %s)",
            self._field_to_sql(self._table, "promise_rate", query),
            self._field_to_sql(self._table, "promise", query),
            (promise.KEPT, promise.MISSED),
        )

    def write(self, vals):
        if not self.env.su and any(name in vals for name in TOLD):
            raise AccessError(
                self.env._(
                    "Nobody moves a letter by hand: its stage follows from what"
                    " BeePOST and La Poste tell of it. Press “Read statuses now” on"
                    " the account to learn the latest."
                )
            )
        return super().write(vals)
