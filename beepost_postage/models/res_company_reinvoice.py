from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.beepost_mail.letter.calendar import paris_day

MANAGER = "beepost_mail.group_manager"


class ResCompany(models.Model):
    """Whether, and how, postage is invoiced to those whom letters are about."""

    _inherit = "res.company"

    beepost_reinvoice = fields.Selection(
        [
            ("no", "No"),
            ("charge", "As shipping and handling (ports et frais accessoires)"),
            ("debours", "As a disbursement (débours), for customers with a mandate"),
        ],
        string="Invoice postage to customers",
        default="no",
        required=True,
        help="Shipping and handling: a line on 7085 with the tax of the main supply. A"
        " disbursement: at cost, without tax, through 467, and only for customers who"
        " gave a mandate. Reminders are never charged.",
    )
    beepost_reinvoice_since = fields.Date(
        string="Letters from this day on",
        compute="_compute_beepost_reinvoice_since",
        store=True,
        readonly=False,
        groups=MANAGER,
        help="The postage of letters that BeePOST accepted before this day is never"
        " invoiced. At first the day on which postage began to be invoiced.",
    )
    beepost_reinvoice_by = fields.Selection(
        [("margin", "What the letter cost, and a margin"), ("fixed", "A fixed price")],
        string="Amount of shipping and handling",
        default="margin",
        required=True,
        groups=MANAGER,
    )
    beepost_reinvoice_margin = fields.Float(
        string="Margin (%)", digits=(6, 2), groups=MANAGER
    )
    beepost_reinvoice_price = fields.Float(
        string="Price per letter, without tax",
        digits=(12, 4),
        min_display_digits=2,
        groups=MANAGER,
    )
    beepost_charge_account_id = fields.Many2one(
        "account.account",
        string="Account of postage invoiced",
        check_company=True,
        ondelete="set null",
        groups=MANAGER,
        help="Empty: 708500, or the first account of this company that begins with"
        " 7085 (ports et frais accessoires facturés).",
    )
    beepost_debours_account_id = fields.Many2one(
        "account.account",
        string="Account of disbursements (débours)",
        check_company=True,
        ondelete="set null",
        groups=MANAGER,
        help="Empty: 467000, or the first account of this company that begins with"
        " 467.",
    )

    @api.depends("beepost_reinvoice")
    def _compute_beepost_reinvoice_since(self):
        """Nobody who switches it on means letters of years ago."""
        for company in self:
            if company.beepost_reinvoice == "no":
                company.beepost_reinvoice_since = False
            elif not company.beepost_reinvoice_since:
                company.beepost_reinvoice_since = paris_day(datetime.now(timezone.utc))

    @api.constrains("beepost_reinvoice", "beepost_reinvoice_since")
    def _check_beepost_reinvoice_since(self):
        for company in self.sudo():
            on = company.beepost_reinvoice != "no"
            if on and not company.beepost_reinvoice_since:
                raise ValidationError(
                    self.env._(
                        "Enter from which day on the postage of letters is invoiced."
                    )
                )

    @api.constrains(
        "beepost_reinvoice",
        "beepost_reinvoice_by",
        "beepost_reinvoice_margin",
        "beepost_reinvoice_price",
    )
    def _check_beepost_reinvoice(self):
        for company in self.sudo():
            if company.beepost_reinvoice_margin < 0:
                raise ValidationError(
                    self.env._(
                        "A margin on postage is not negative. Choose a fixed price if"
                        " customers are to pay less than postage costs."
                    )
                )
            fixed = company.beepost_reinvoice_by == "fixed"
            if company.beepost_reinvoice_price < 0 or (
                company.beepost_reinvoice == "charge"
                and fixed
                and not company.beepost_reinvoice_price
            ):
                raise ValidationError(
                    self.env._("Enter what a customer pays for a letter, above zero.")
                )

    def _beepost_reinvoice_account(self, mode):
        """:param mode: ``charge`` or ``debours``
        :raises UserError: none is set, and the chart has none
        """
        company = self.sudo()
        own, code = {
            "charge": (company.beepost_charge_account_id, "7085"),
            "debours": (company.beepost_debours_account_id, "467"),
        }[mode]
        account = own or company._beepost_account_like(code)
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account that begins with %(code)s. An"
                    " administrator chooses one in the settings of the post.",
                    company=company.name,
                    code=code,
                )
            )
        return account
