from decimal import Decimal

from odoo import api, fields, models

from ..tariff.difference import REASON_CODES
from ..tariff.money import CENT, rounded
from . import bill_words as words

MANAGER = "beepost_mail.group_manager"


class BeepostMailing(models.Model):
    """What was billed for a letter, and whom and what its cost belongs to.

    The amounts of the bill are for managers; they stay when the letter is erased.
    """

    _inherit = "beepost.mailing"

    bill_line_ids = fields.One2many(
        "beepost.postage.statement.line", "mailing_id", groups=MANAGER
    )
    bill_letter_ids = fields.One2many(
        "beepost.postage.statement.letter", "mailing_id", groups=MANAGER
    )
    billed_untaxed = fields.Float(
        string="Billed, without tax",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_billed",
        store=True,
        groups=MANAGER,
    )
    billed_difference = fields.Float(
        string="Billed less expected",
        digits=(12, 4),
        min_display_digits=2,
        compute="_compute_billed_difference",
        store=True,
        groups=MANAGER,
        help="Without tax. Above zero: billed too much.",
    )
    bill_reason = fields.Selection(
        [(code, words.SHORT[code]) for code in REASON_CODES],
        string="Likely reason of the difference",
        compute="_compute_billed_difference",
        store=True,
        groups=MANAGER,
    )
    bill_explanation = fields.Char(
        string="In words", compute="_compute_bill_explanation", groups=MANAGER
    )
    is_billed = fields.Boolean(
        string="Billed", compute="_compute_billed", store=True, groups=MANAGER
    )

    cost_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        index="btree_not_null",
        help="The company that the addressee belongs to.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The one that the greatest part of the invoice goes to; else the usual one"
        " of the BeePOST account.",
    )

    @api.depends("bill_line_ids.exact_amount")
    def _compute_billed(self):
        for letter in self:
            letter.is_billed = bool(letter.bill_line_ids)
            letter.billed_untaxed = letter._exact_billed()[0]

    @api.depends("bill_letter_ids.figures")
    def _compute_billed_difference(self):
        """As the newest statement has it: it counts what the former ones billed."""
        for letter in self:
            row = letter.bill_letter_ids.sorted("id")[-1:]
            letter.billed_difference = row.difference
            letter.bill_reason = row.reason

    @api.depends("bill_letter_ids.reasons")
    @api.depends_context("lang")
    def _compute_bill_explanation(self):
        for letter in self:
            row = letter.bill_letter_ids.sorted("id")[-1:]
            letter.bill_explanation = row.explanation

    def _exact_billed(self):
        """:return: (EUR without tax, EUR with tax), exact ``Decimal``"""
        self.ensure_one()
        untaxed = total = Decimal(0)
        for line in self.sudo().bill_line_ids:
            amount = Decimal(line.exact_amount)
            untaxed += amount
            total += amount * (100 + Decimal(line.exact_rate)) / 100
        return untaxed, total

    def _is_paid(self):
        """Whether the bills come to a cent at least: what is not billed, or was given
        back, can be passed on to nobody."""
        return rounded(self._exact_billed()[1], CENT) > 0

    # ------------------------------------------------------------------
    # Whom the cost belongs to
    # ------------------------------------------------------------------

    def _before_queue(self):
        # EXTENDS 'beepost_mail'
        self._set_analytic_account()
        return super()._before_queue()

    def _set_analytic_account(self):
        """Once, when the letter is ready: what is changed on an invoice later is
        another cost's matter."""
        shares = self._analytic_shares()
        for letter in self:
            of_letter = shares.get(letter, {})
            # Of two equal ones the first.
            best = max(of_letter, key=lambda key: (of_letter[key], -key), default=None)
            account = best or letter.account_id.sudo().analytic_account_id.id
            if account != letter.analytic_account_id.id:
                letter.analytic_account_id = account

    def _analytic_shares(self):
        """:return: {letter: {analytic account id: amount of its documents}}, by which
        the greatest is chosen; nothing is ever booked by these"""
        documents = self.document_ids.filtered(
            lambda line: line.res_model == "account.move" and line.kind == "document"
        )
        moves = self.env["account.move"].sudo().browse(documents.mapped("res_id"))
        per_move = {}
        lines = moves.exists().invoice_line_ids
        for line in lines.filtered("analytic_distribution"):
            shares = per_move.setdefault(line.move_id.id, {})
            for key, percent in line.analytic_distribution.items():
                # One account in each plan, as "3,17"; the first plan speaks.
                account = int(key.partition(",")[0])
                part = abs(line.balance) * percent
                shares[account] = shares.get(account, 0) + part
        every = {account for shares in per_move.values() for account in shares}
        known = set(
            self.env["account.analytic.account"].sudo().browse(every).exists().ids
        )
        found = {}
        for document in documents:
            shares = found.setdefault(document.mailing_id, {})
            for account, part in per_move.get(document.res_id, {}).items():
                if account in known:
                    shares[account] = shares.get(account, 0) + part
        return found

    def action_open_statements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_postage.action_statement"
        )
        statements = self.bill_letter_ids.statement_id
        action["domain"] = [("id", "in", statements.ids)]
        if len(statements) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = statements.id
        return action
