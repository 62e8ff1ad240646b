from decimal import Decimal

from odoo import api, fields, models

from ..tariff.difference import REASON_CODES
from . import bill_words as words


class BeepostPostageStatementLetter(models.Model):
    """A letter of a statement: what was billed for it beside what was expected, and
    why they differ, in all likelihood."""

    _name = "beepost.postage.statement.letter"
    _description = "Letter on a Postage Statement"
    _order = "is_different desc, statement_id desc, id"
    _rec_name = "reference"

    statement_id = fields.Many2one(
        "beepost.postage.statement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    mailing_id = fields.Many2one(
        "beepost.mailing", string="Letter", index="btree_not_null", ondelete="set null"
    )
    reference = fields.Char(
        required=True, help="Of the letter; else as it stands on the statement."
    )
    line_ids = fields.One2many(
        "beepost.postage.statement.line", "letter_id", string="Billed lines"
    )
    is_different = fields.Boolean(string="To look at", index=True)
    # {"billed", "before", "expected", "difference", "taxes"}: exact, as text
    figures = fields.Json()
    billed = fields.Float(
        string="Billed, without tax",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_figures",
        store=True,
    )
    before = fields.Float(
        string="Billed elsewhere",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_figures",
        store=True,
        help="In other statements, without tax.",
    )
    expected = fields.Float(
        string="Expected, without tax",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_figures",
        store=True,
        help="The price that was frozen when the letter left.",
    )
    difference = fields.Float(
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_figures",
        store=True,
        help="All that was billed less what was expected, without tax.",
    )
    taxes_difference = fields.Float(
        string="Difference of VAT",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_figures",
        store=True,
    )
    reason = fields.Selection(
        [(code, words.SHORT[code]) for code in REASON_CODES],
        string="Likely reason",
        index=True,
        help="Empty: billed as expected.",
    )
    reasons = fields.Json(help="Codes and figures of all reasons, for programs.")
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("figures")
    def _compute_figures(self):
        for row in self:
            figures = row.figures or {}
            for name, key in (
                ("billed", "billed"),
                ("before", "before"),
                ("expected", "expected"),
                ("difference", "difference"),
                ("taxes_difference", "taxes"),
            ):
                row[name] = Decimal(figures.get(key) or 0)

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for row in self:
            row.explanation = words.explain(self.env, row.reasons or [])

    def _exact_sum(self, name):
        """:return: ``Decimal``"""
        return sum(
            (Decimal((row.figures or {}).get(name) or 0) for row in self), Decimal(0)
        )

    def action_open_letter(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "beepost.mailing",
            "res_id": self.mailing_id.id,
            "view_mode": "form",
        }
