from odoo import fields, models
from odoo.fields import NO_ACCESS


class BeepostAccount(models.Model):
    """Who bills the letters of an account, and to what they are booked."""

    _inherit = "beepost.account"

    vendor_id = fields.Many2one(
        "res.partner",
        string="Billed by",
        tracking=True,
        ondelete="restrict",
        check_company=True,
        help="The vendor of the bills that are made from postage statements.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Usual analytic account",
        ondelete="set null",
        check_company=True,
        help="What a letter costs counts here where its invoice has no analytic"
        " distribution.",
    )
    # {role: column}, as the last file of this provider had them.
    statement_columns = fields.Json(groups=NO_ACCESS, copy=False)
    statement_ids = fields.One2many(
        "beepost.postage.statement", "account_id", groups="beepost_mail.group_manager"
    )
