from collections import defaultdict
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models

from ..tariff.money import CENT, HUNDRED, rounded
from .postage_words import euros

MOST_BY_ROUNDING = 5 * CENT


class BeepostPostageStatement(models.Model):
    """What the vendor bill has otherwise than its statement."""

    _inherit = "beepost.postage.statement"

    bill_remarks = fields.Html(
        string="Bill beside statement", compute="_compute_bill_remarks"
    )
    is_bill_right = fields.Boolean(compute="_compute_bill_remarks")
    is_bill_wrong = fields.Boolean(compute="_compute_bill_remarks")

    @api.depends("bill_id", "line_ids.exact_amount")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_bill_remarks(self):
        for statement in self:
            wrong, rounding = [], []
            if statement.bill_id and not statement.bill_id.has_access("read"):
                statement.is_bill_wrong = statement.is_bill_right = False
                statement.bill_remarks = _list(
                    [
                        self.env._(
                            "Whether the vendor bill comes to what the statement"
                            " says is shown to those who may read that bill: it takes"
                            " rights in accounting."
                        )
                    ]
                )
                continue
            if statement.bill_id:
                wrong, rounding = statement._bill_differences()
            statement.is_bill_wrong = bool(wrong)
            statement.is_bill_right = bool(statement.bill_id) and not wrong
            statement.bill_remarks = _list([*wrong, *rounding])

    def _bill_differences(self):
        """What the bill has otherwise than the statement, in words, for whoever may
        read the bill; its taxes and partners are read for him.

        :return: (what is wrong, what rounding may have made)
        """
        self.ensure_one()
        self.bill_id.check_access("read")
        bill = self.sudo().bill_id
        env = self.env
        remarks = []
        if bill.state == "cancel":
            remarks.append(env._("The bill is cancelled."))
        vendor = self.sudo().account_id.vendor_id.commercial_partner_id
        if vendor and bill.commercial_partner_id != vendor:
            remarks.append(
                env._(
                    "The bill is of %(partner)s, the account's vendor is %(vendor)s.",
                    partner=bill.commercial_partner_id.name or "?",
                    vendor=vendor.name,
                )
            )
        if bill.currency_id != self.currency_id:
            remarks.append(
                env._(
                    "The bill is in %(theirs)s, the statement in %(ours)s.",
                    theirs=bill.currency_id.name,
                    ours=self.currency_id.name,
                )
            )
            return remarks, []
        wrong, rounding = self._sum_differences(bill)
        return remarks + wrong, rounding

    def _sum_differences(self, bill):
        """By rate of VAT, then the whole.

        :return: (what is wrong, what rounding may have made)
        """
        env = self.env
        sign = -1 if bill.move_type == "in_refund" else 1
        ours, theirs = defaultdict(Decimal), defaultdict(Decimal)
        for _group, rate, amount in self._bill_parts():
            ours[rate] += amount
        half_cents = defaultdict(Decimal)
        lines = bill.invoice_line_ids.filtered(lambda m: m.display_type == "product")
        for line in lines:
            rate = sum(
                (_exact(tax.amount) for tax in line.tax_ids.flatten_taxes_hierarchy()),
                Decimal(0),
            )
            theirs[rate] += sign * _exact(line.price_subtotal)
            half_cents[rate] += 1
        wrong, rounding = [], []
        for rate in sorted({*ours, *theirs}):
            if ours[rate] == theirs[rate]:
                continue
            remark = env._(
                "VAT of %(rate)s %%: the bill has %(theirs)s without tax, the"
                " statement %(ours)s.",
                rate=f"{rate.normalize():f}",
                theirs=euros(env, theirs[rate]),
                ours=euros(env, ours[rate]),
            )
            if _may_be_rounding(theirs[rate] - ours[rate], half_cents[rate]):
                rounding.append(remark)
            else:
                wrong.append(remark)
        whole = self._billed_untaxed()
        taxes = sum((a * r / HUNDRED for r, a in ours.items()), Decimal(0))
        total = sign * _exact(bill.amount_total)
        # The tax of what was rounded, which is rounded itself.
        with_tax = sum(
            (n * (1 + rate / HUNDRED) + (n if rate else 0))
            for rate, n in half_cents.items()
        )
        if total != rounded(whole + taxes, CENT):
            remark = self._total_words(total, rounded(whole + taxes, CENT))
            if _may_be_rounding(total - whole - taxes, with_tax):
                rounding.append(remark)
            else:
                wrong.append(remark)
        return wrong, rounding

    def _total_words(self, theirs, ours):
        env = self.env
        if theirs > ours:
            return env._(
                "With tax the bill comes to %(theirs)s, the statement to %(ours)s:"
                " %(difference)s too much.",
                theirs=euros(env, theirs),
                ours=euros(env, ours),
                difference=euros(env, theirs - ours),
            )
        return env._(
            "With tax the bill comes to %(theirs)s, the statement to %(ours)s:"
            " %(difference)s too little.",
            theirs=euros(env, theirs),
            ours=euros(env, ours),
            difference=euros(env, ours - theirs),
        )


def _may_be_rounding(difference, half_cents):
    """Half a cent for each amount of the bill, and a few cents in all, however many
    lines it has."""
    return abs(difference) <= min(half_cents * CENT / 2, MOST_BY_ROUNDING)


def _list(remarks):
    if not remarks:
        return False
    items = Markup().join(Markup("<li>%s</li>") % remark for remark in remarks)
    return Markup("<ul>%s</ul>") % items


def _exact(amount):
    """An amount of accounting, which Odoo keeps rounded, as what it is printed as."""
    return Decimal(repr(amount))
