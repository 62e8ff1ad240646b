from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MANAGER = "beepost_mail.group_manager"
# Documents that are reminders by their nature, where those addons are installed.
DUNNING_MODELS = (
    "account_followup.followup.line",
    "account.credit.control.line",
    "credit.control.line",
    "credit.control.communication",
    "account.overdue.reminder.step",
)


class BeepostMailing(models.Model):
    """Whether the postage of a letter may be invoiced to its customer, and where."""

    _inherit = "beepost.mailing"

    # Set by whoever makes the letter, for one whose documents do not tell.
    marked_dunning = fields.Boolean(readonly=True, copy=False)
    is_dunning = fields.Boolean(
        string="Reminder",
        compute="_compute_is_dunning",
        store=True,
        help="A reminder (relance, mise en demeure): its postage is never invoiced to"
        " the customer.",
    )
    reinvoice_ids = fields.One2many(
        "beepost.postage.reinvoice", "mailing_id", groups=MANAGER
    )
    is_reinvoiced = fields.Boolean(
        string="Postage invoiced",
        compute="_compute_is_reinvoiced",
        search="_search_is_reinvoiced",
        compute_sudo=True,
        help="Its postage stands on a customer's invoice, be it a draft still.",
    )
    reinvoice_margin = fields.Float(
        string="Margin on postage",
        digits=(12, 4),
        compute="_compute_reinvoice_margin",
        groups=MANAGER,
    )
    reinvoiced_amount = fields.Float(
        string="Postage invoiced, amount",
        digits=(12, 4),
        compute="_compute_reinvoice_margin",
        groups=MANAGER,
    )

    @api.depends("service_id", "document_ids.res_model", "marked_dunning")
    def _compute_is_dunning(self):
        """As the service was when the letter was made: what changes on it later does
        not make a reminder of a letter, nor the contrary."""
        for letter in self:
            models_ = set(letter.document_ids.mapped("res_model"))
            letter.is_dunning = bool(
                letter.marked_dunning
                or letter.service_id.is_dunning
                or models_ & set(DUNNING_MODELS)
            )

    @api.depends("reinvoice_ids")
    def _compute_is_reinvoiced(self):
        for letter in self:
            letter.is_reinvoiced = bool(letter.reinvoice_ids)

    def _search_is_reinvoiced(self, operator, value):
        if operator != "in":
            return NotImplemented
        # By ids: a domain on the records themselves would need the right to read them.
        Reinvoice = self.env["beepost.postage.reinvoice"].sudo()
        Reinvoice.flush_model(["mailing_id"])
        known = Reinvoice._search([]).subselect("mailing_id")
        reinvoiced = Domain("id", "in", known)
        wanted = Domain.FALSE
        for one in value:
            wanted |= reinvoiced if one else ~reinvoiced
        return wanted

    @api.depends("reinvoice_ids.margin", "reinvoice_ids.amount")
    def _compute_reinvoice_margin(self):
        for letter in self:
            letter.reinvoice_margin = sum(letter.reinvoice_ids.mapped("margin"))
            letter.reinvoiced_amount = sum(letter.reinvoice_ids.mapped("amount"))

    def _prepare_successor_vals(self, user):
        # EXTENDS 'beepost_mail': a reminder that is sent again is a reminder
        vals = super()._prepare_successor_vals(user)
        return {**vals, "marked_dunning": self.is_dunning}

    # ------------------------------------------------------------------
    # Which
    # ------------------------------------------------------------------

    @api.model
    def _reinvoice_domain(self, company, partner):
        """Letters about this customer whose postage may stand on an invoice.

        :param partner: the commercial one
        """
        return (
            Domain("company_id", "=", company.id)
            & Domain("cost_partner_id", "=", partner.id)
            & Domain("state", "=", "accepted")
            & Domain("is_practice", "=", False)
            & Domain("is_dunning", "=", False)
            & Domain("priced_for", "!=", False)
            & Domain("is_reinvoiced", "=", False)
        )

    def _under_mandate(self, partner, company):
        """Those of ``self`` that were posted under this customer's mandate."""
        partner = partner.sudo().with_company(company)
        since = partner.beepost_mandate and partner.beepost_mandate_date
        if not since:
            return self.browse()
        return self.filtered(lambda letter: letter.priced_for >= since)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_mark_dunning(self):
        """These are reminders: nobody pays their postage but we."""
        letters = self._markable(self.env._("It is a reminder"))
        charged = letters.filtered("is_reinvoiced")
        if charged:
            raise UserError(
                self.env._(
                    "The postage of letter %(name)s stands on invoice %(invoice)s."
                    " Take its line off that invoice first, or credit it.",
                    name=charged[0].name,
                    invoice=charged[0].reinvoice_ids.move_id.display_name,
                )
            )
        letters.marked_dunning = True
        return True

    def action_unmark_dunning(self):
        self._markable(self.env._("It is no reminder")).marked_dunning = False
        return True

    def _markable(self, what):
        return self._require(
            tuple(dict(self._fields["state"].selection)),
            what,
        )

    def action_open_reinvoice(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.sudo().reinvoice_ids.move_id.id,
            "view_mode": "form",
        }
