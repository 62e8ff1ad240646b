from datetime import date

from odoo import fields, models

from ..letter.finding import ERROR, Finding


class ResCompany(models.Model):
    _inherit = "res.company"

    beepost_account_ids = fields.One2many(
        "beepost.account", "company_id", groups="beepost_mail.group_user"
    )
    beepost_account_id = fields.Many2one(
        "beepost.account",
        string="BeePOST account",
        help="Letters leave through this account unless another one is chosen.",
    )
    beepost_service_id = fields.Many2one("beepost.service", string="Usual service")
    beepost_color = fields.Boolean(string="Print in colour")
    beepost_duplex = fields.Boolean(string="Print on both sides", default=True)
    beepost_address_sheet = fields.Selection(
        [("auto", "Only if needed"), ("always", "Always"), ("never", "Never")],
        string="Address sheet",
        default="auto",
        required=True,
    )
    beepost_einvoice_from = fields.Date(
        string="Electronic invoices from",
        default=date(2027, 9, 1),
        help="From this day on your company must issue its domestic invoices to"
        " professionals electronically: 1 September 2026 for large and mid-size"
        " companies, 1 September 2027 for the others.",
    )
    beepost_portal = fields.Boolean(
        string="Customers may choose post in the portal", default=False
    )

    def _beepost_account(self, wanted_id=None):
        """The account that letters of this company leave through, or none.

        :param wanted_id: the one that the sender chose; another company's, or an
            archived one, is not taken
        """
        self.ensure_one()
        company = self.sudo()
        own = company.beepost_account_ids.filtered("active")
        wanted = own.filtered(lambda account: account.id == wanted_id)
        return wanted or own & company.beepost_account_id or own[:1]

    def _beepost_service(self, wanted_id=None):
        """The service for this company's letters.

        :param wanted_id: the one that was chosen; another company's is not taken
        """
        self.ensure_one()
        company = self.sudo()
        services = company.env["beepost.service"].search(
            [("company_id", "in", (False, self.id))]
        )
        wanted = services.filtered(lambda service: service.id == wanted_id)
        return wanted or services & company.beepost_service_id or services[:1]

    def _beepost_sender(self):
        """The return address.

        :return: (``letter.address.Address`` or None, findings): the errors of the
            sender's own address under codes ``sender.…``
        """
        self.ensure_one()
        address, findings = self.partner_id._beepost_address()
        if address:
            return address, ()
        errors = [finding for finding in findings if finding.level == ERROR]
        own = Finding("sender.incomplete", ERROR, {"company": self.name})
        return None, (own, *errors)
