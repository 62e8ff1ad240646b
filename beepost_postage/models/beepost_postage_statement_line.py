from decimal import Decimal

from odoo import api, fields, models

from .beepost_postage_label import GROUPS


class BeepostPostageStatementLine(models.Model):
    """One line of a provider's statement, as it was billed: a letter has several,
    postage and production for instance."""

    _name = "beepost.postage.statement.line"
    _description = "Line of a Postage Statement"
    _order = "statement_id, billed_on, id"
    _rec_name = "label"

    statement_id = fields.Many2one(
        "beepost.postage.statement", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="statement_id.account_id", store=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    letter_id = fields.Many2one(
        "beepost.postage.statement.letter", index="btree_not_null", ondelete="set null"
    )
    mailing_id = fields.Many2one(
        "beepost.mailing", string="Letter", index="btree_not_null", ondelete="set null"
    )
    # As billed: they stay, whatever becomes of the letter.
    client_reference = fields.Char(string="Our reference")
    provider_reference = fields.Char(string="BeePOST reference")
    label = fields.Char(required=True)
    group = fields.Selection(
        GROUPS, string="Part", help="Empty: the label does not tell."
    )
    exact_amount = fields.Char(required=True)
    exact_rate = fields.Char(required=True)
    amount = fields.Float(
        string="Amount without tax",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_amount",
        store=True,
    )
    tax_rate = fields.Float(
        string="VAT (%)",
        digits=(5, 2),
        compute="_compute_amount",
        store=True,
        aggregator=None,
    )
    billed_on = fields.Date(required=True)
    fingerprint = fields.Char(required=True)

    _once = models.Constraint(
        "UNIQUE(account_id, fingerprint)",
        "This line of the statement was brought in already. Try again.",
    )

    @api.depends("exact_amount", "exact_rate")
    def _compute_amount(self):
        for line in self:
            line.amount = Decimal(line.exact_amount)
            line.tax_rate = Decimal(line.exact_rate)
