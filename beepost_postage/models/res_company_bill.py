from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tariff.money import text


class ResCompany(models.Model):
    _inherit = "res.company"

    beepost_without_price = fields.Selection(
        [
            ("leave", "They leave, marked unpriced"),
            ("hold", "They wait for a price"),
        ],
        string="Letters without a price",
        default="leave",
        required=True,
        help="What becomes of a letter that no grid gives a price for. Unpriced letters"
        " are counted apart wherever prices are added up, and get their price as soon"
        " as a grid covers their day of deposit.",
    )
    beepost_expense_account_id = fields.Many2one(
        "account.account",
        string="Account of postage bought",
        check_company=True,
        ondelete="set null",
        groups="beepost_mail.group_manager",
        help="Empty: 626000, or the first account of this company that begins with"
        " 626 (frais postaux).",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("beepost_without_price") == "leave":
            accounts = self.sudo().with_context(active_test=False).beepost_account_ids
            accounts._release_unpriced()
        return result

    def _beepost_account_like(self, code):
        """The account of this company whose code is ``code`` filled up with zeros, else
        the first one that begins so."""
        self.ensure_one()
        accounts = (
            self.env["account.account"]
            .sudo()
            .with_company(self)
            .search(
                Domain("code", "=like", f"{code}%")
                & Domain(self.env["account.account"]._check_company_domain(self))
                & Domain("active", "=", True)
            )
            .sorted("code")
        )
        exact = accounts.filtered(lambda account: account.code.strip("0") == code)
        return (exact or accounts)[:1]

    def _beepost_expense_account(self):
        """:raises UserError: none is set, and the chart has none"""
        account = self.sudo().beepost_expense_account_id or self._beepost_account_like(
            "626"
        )
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account that begins with 626 (frais postaux)."
                    " An administrator chooses one in the settings of the post.",
                    company=self.name,
                )
            )
        return account

    def _beepost_purchase_tax(self, rate):
        """The company's tax on services bought, of so many percent; none where the line
        is exempt.

        :param rate: ``Decimal``, percent
        :raises UserError: the company has no such tax
        """
        self.ensure_one()
        Tax = self.env["account.tax"].sudo()
        if not rate:
            return Tax
        taxes = Tax.search(
            Domain(Tax._check_company_domain(self))
            & Domain("type_tax_use", "=", "purchase")
            & Domain("amount_type", "=", "percent")
            & Domain("amount", "=", float(rate))
            & Domain("country_id", "=", self.account_fiscal_country_id.id)
        ).filtered(_is_ordinary)
        # For services, else for everything, else what there is.
        rank = {"service": 0, False: 1, "consu": 2}
        taxes = taxes.sorted(lambda tax: (rank[tax.tax_scope], tax.sequence, tax.id))
        if not taxes:
            raise UserError(
                self.env._(
                    "%(company)s has no purchase tax of %(rate)s %%. Make one, or"
                    " correct the statement.",
                    company=self.name,
                    rate=text(rate),
                )
            )
        return taxes[:1]


def _is_ordinary(tax):
    """Neither included in the price, nor reverse charge, nor deductible in part."""
    parts = tax.invoice_repartition_line_ids.filtered(
        lambda part: part.repartition_type == "tax"
    )
    return not tax.price_include and parts.mapped("factor_percent") == [100.0]
