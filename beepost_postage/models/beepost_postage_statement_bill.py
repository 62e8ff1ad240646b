from collections import defaultdict
from decimal import Decimal

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tariff.money import CENT, rounded
from .postage_words import euros

BILLS = ("in_invoice", "in_refund")


class BeepostPostageStatement(models.Model):
    """The vendor bill: made from a statement, or chosen to be checked against it.

    Each part is rounded to the cent once, on the bill; what that makes of the exact
    sum is said.
    """

    _inherit = "beepost.postage.statement"

    bill_id = fields.Many2one(
        "account.move",
        string="Vendor bill",
        copy=False,
        tracking=True,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', 'in', ('in_invoice', 'in_refund')),"
        " ('company_id', '=', company_id), ('state', '!=', 'cancel')]",
        help="Choose the bill that you have entered already, or make one from the"
        " statement.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        for bill in statements.bill_id:
            bill.check_access("read")
        return statements

    def write(self, vals):
        """Whoever says which bill it is sees how that differs: it must be one that he
        may read."""
        if vals.get("bill_id"):
            self.env["account.move"].browse(vals["bill_id"]).check_access("read")
        return super().write(vals)

    @api.constrains("bill_id")
    def _check_bill_id(self):
        for statement in self.sudo():
            if statement.bill_id and statement.bill_id.move_type not in BILLS:
                raise ValidationError(
                    self.env._(
                        "A statement is checked against a vendor bill or a vendor"
                        " credit note. Choose one of these for statement %(name)s.",
                        name=statement.name,
                    )
                )

    def _require_no_bill(self):
        for statement in self.filtered("bill_id"):
            raise UserError(
                self.env._(
                    "Statement %(name)s has a vendor bill, %(bill)s: its lines stay as"
                    " they are. Take the bill off the statement first.",
                    name=statement.name,
                    bill=statement.sudo().bill_id.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Make it
    # ------------------------------------------------------------------

    def action_make_bill(self):
        """A draft vendor bill with what is on the statement, by the user's own
        rights in accounting."""
        self.ensure_one()
        statement = self._manage(("compared", "done"), self.env._("Make a bill"))
        self.env["account.move"].check_access("create")
        statement._require_no_bill()
        if statement.account_id.gateway == "sandbox":
            raise UserError(
                self.env._(
                    "This is the statement of a practice account: nothing was posted,"
                    " and there is nothing to pay."
                )
            )
        if not statement.line_ids:
            raise UserError(
                self.env._("Nothing is billed on this statement: there is no bill.")
            )
        company = statement.company_id
        bill = (
            self.env["account.move"]
            .with_company(company)
            .create(statement._prepare_bill_vals())
        )
        statement.bill_id = bill
        words = statement.with_env(self.env)._rounding_words(bill)
        bill.message_post(
            body=Markup("<p>%s</p>%s")
            % (
                self.env._("Made from postage statement %s.", statement.name),
                Markup("<p>%s</p>") % words if words else "",
            )
        )
        return self.action_open_bill()

    def action_open_bill(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.bill_id.id,
            "view_mode": "form",
        }

    def _prepare_bill_vals(self):
        self.ensure_one()
        vendor = self.account_id.vendor_id
        if not vendor:
            raise UserError(
                self.env._(
                    "Account %(name)s does not say who bills its letters. An"
                    " administrator enters the vendor there.",
                    name=self.account_id.name,
                )
            )
        sign = -1 if self._billed_untaxed() < 0 else 1
        return {
            "move_type": "in_invoice" if sign > 0 else "in_refund",
            "partner_id": vendor.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "ref": self.name,
            "invoice_date": self.date_to,
            "invoice_origin": self.name,
            "invoice_line_ids": [
                Command.create(self._prepare_bill_line_vals(*part, sign))
                for part in self._bill_parts()
            ],
        }

    def _bill_parts(self):
        """:return: [(group, rate in percent, EUR without tax)], exact"""
        sums = defaultdict(Decimal)
        for line in self.line_ids:
            sums[line.group or "", Decimal(line.exact_rate)] += Decimal(
                line.exact_amount
            )
        order = {"postage": 0, "production": 1, "": 2}
        return [
            (group, rate, amount)
            for (group, rate), amount in sorted(
                sums.items(), key=lambda item: (order[item[0][0]], item[0][1])
            )
        ]

    def _prepare_bill_line_vals(self, group, rate, amount, sign):
        names = {
            "postage": self.env._("Postage (affranchissement)"),
            "production": self.env._("Printing and insertion"),
            "": self.env._("Letters"),
        }
        return {
            "name": self.env._(
                "%(what)s, %(since)s to %(until)s",
                what=names[group],
                since=self.date_from,
                until=self.date_to,
            ),
            "quantity": 1,
            "price_unit": rounded(amount * sign, CENT),
            "account_id": self.company_id._beepost_expense_account().id,
            "tax_ids": [Command.set(self.company_id._beepost_purchase_tax(rate).ids)],
        }

    def _rounding_words(self, bill):
        exact = self._billed_untaxed()
        on_bill = sum(
            (rounded(a, CENT) for _g, _r, a in self._bill_parts()), Decimal(0)
        )
        if exact == on_bill:
            return ""
        return self.env._(
            "Rounded to the cent, the parts come to %(bill)s without tax; the statement"
            " comes to %(statement)s exactly.",
            bill=euros(self.env, on_bill),
            statement=euros(self.env, exact),
        )
