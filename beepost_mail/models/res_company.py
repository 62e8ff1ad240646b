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
    beepost_house_id = fields.Many2one(
        "res.company",
        string="Posts through",
        compute="_compute_beepost_house_id",
        help="A branch without a BeePOST account of its own takes account, service and"
        " defaults of the nearest company above it.",
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

    def _compute_beepost_house_id(self):
        for company in self:
            company.beepost_house_id = company._beepost_house()

    def _beepost_house(self):
        """The company whose account, service and defaults hold for letters of this one:
        itself, or for a branch without an account the nearest company above that has
        one. The sender on the envelope is always the branch.

        :return: ``res.company`` as superuser
        """
        self.ensure_one()
        company = self.sudo()
        # From the root down to the company itself.
        for house in reversed(company.parent_ids):
            if house.beepost_account_ids.filtered("active"):
                return house
        return company

    def _beepost_accounts(self):
        """Accounts that letters of this company may leave through, as superuser."""
        return self._beepost_house().beepost_account_ids.filtered("active")

    def _beepost_account(self, wanted_id=None):
        """The account that letters of this company leave through, or none.

        :param wanted_id: the one that the sender chose; another company's, or an
            archived one, is not taken
        """
        own = self._beepost_accounts()
        wanted = own.filtered(lambda account: account.id == wanted_id)
        return wanted or own & self._beepost_house().beepost_account_id or own[:1]

    def _beepost_services(self):
        """Services for letters of this company: shared ones, its own, and those of the
        companies above it; as superuser."""
        self.ensure_one()
        company = self.sudo()
        return company.env["beepost.service"].search(
            [("company_id", "in", [False, *company.parent_ids.ids])]
        )

    def _beepost_service(self, wanted_id=None):
        """The service for this company's letters.

        :param wanted_id: the one that was chosen; another company's is not taken
        """
        services = self._beepost_services()
        wanted = services.filtered(lambda service: service.id == wanted_id)
        usual = services & self._beepost_house().beepost_service_id
        return wanted or usual or services[:1]

    def _beepost_misfit(self, account, service):
        """Why the account or the service that somebody chose cannot serve this company.

        :return: a sentence, or ""
        """
        if account and account.id not in self._beepost_accounts().ids:
            return self._beepost_misfit_words(account)
        # Asked for every letter of a lot: nothing is searched where nothing was chosen.
        if service and service.id not in self._beepost_services().ids:
            return self._beepost_misfit_words(service)
        return ""

    def _beepost_misfit_words(self, chosen):
        return self.env._(
            "“%(chosen)s” cannot be used for documents of %(company)s: send"
            " those apart, or choose another one.",
            chosen=chosen.sudo().name,
            company=self.name,
        )

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
