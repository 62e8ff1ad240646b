from decimal import Decimal

from odoo import api, fields, models


class BeepostPostageReinvoice(models.Model):
    """A letter whose postage stands on a customer's invoice: once, and never again.

    It goes with the line of the invoice: whoever takes the line off a draft sets its
    letters free.
    """

    _name = "beepost.postage.reinvoice"
    _description = "Postage Invoiced to a Customer"
    _order = "id desc"
    _rec_name = "mailing_id"

    mailing_id = fields.Many2one(
        "beepost.mailing",
        string="Letter",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Line of the invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    company_id = fields.Many2one(related="mailing_id.company_id", store=True)
    mode = fields.Selection(
        [("charge", "Shipping and handling"), ("debours", "Disbursement (débours)")],
        required=True,
        readonly=True,
    )
    proof = fields.Char(
        readonly=True, help="Of a disbursement: the statement it was billed on."
    )
    credit_id = fields.Many2one(
        "account.move",
        string="Given back by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The credit note after which the letter may stand on another invoice.",
    )
    exact_cost = fields.Char(required=True, readonly=True)
    exact_amount = fields.Char(required=True, readonly=True)
    cost = fields.Float(
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_amounts",
        store=True,
        help="Without tax; of a disbursement with tax, as it is passed on.",
    )
    amount = fields.Float(
        string="Invoiced",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_amounts",
        store=True,
    )
    margin = fields.Float(
        digits=(12, 4), min_display_digits=2, compute="_compute_amounts", store=True
    )

    # Of what was given back, another invoice may charge it.
    _once = models.UniqueIndex(
        "(mailing_id) WHERE credit_id IS NULL",
        "The postage of this letter stands on an invoice already.",
    )

    def _standing(self):
        """Those that no credit note gave back."""
        return self.filtered(lambda one: not one.credit_id)

    @api.depends("exact_cost", "exact_amount")
    def _compute_amounts(self):
        for one in self:
            cost, amount = Decimal(one.exact_cost), Decimal(one.exact_amount)
            one.cost, one.amount, one.margin = cost, amount, amount - cost
