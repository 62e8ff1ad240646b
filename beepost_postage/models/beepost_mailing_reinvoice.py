from datetime import datetime, time, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.beepost_mail.letter.calendar import PARIS

MANAGER = "beepost_mail.group_manager"
CUSTOMER_MOVES = ("out_invoice", "out_refund", "out_receipt")
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
    marked_customer = fields.Boolean(
        string="Charged to the customer",
        readonly=True,
        copy=False,
        help="Its documents do not tell that it is a customer's matter; a person did.",
    )
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
        min_display_digits=2,
        compute="_compute_reinvoice_margin",
        groups=MANAGER,
    )
    reinvoiced_amount = fields.Float(
        string="Postage invoiced, amount",
        digits=(12, 4),
        min_display_digits=2,
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

    @api.depends("reinvoice_ids.credit_id")
    def _compute_is_reinvoiced(self):
        for letter in self:
            letter.is_reinvoiced = bool(letter.reinvoice_ids._standing())

    def _search_is_reinvoiced(self, operator, value):
        if operator != "in":
            return NotImplemented
        # By ids: a domain on the records themselves would need the right to read them.
        Reinvoice = self.env["beepost.postage.reinvoice"].sudo()
        Reinvoice.flush_model(["mailing_id", "credit_id"])
        known = Reinvoice._search([("credit_id", "=", False)]).subselect("mailing_id")
        reinvoiced = Domain("id", "in", known)
        wanted = Domain.FALSE
        for one in value:
            wanted |= reinvoiced if one else ~reinvoiced
        return wanted

    @api.depends("reinvoice_ids.margin", "reinvoice_ids.credit_id")
    def _compute_reinvoice_margin(self):
        for letter in self:
            standing = letter.reinvoice_ids._standing()
            letter.reinvoice_margin = sum(standing.mapped("margin"))
            letter.reinvoiced_amount = sum(standing.mapped("amount"))

    def _prepare_successor_vals(self, user):
        # EXTENDS 'beepost_mail': a reminder that is sent again is a reminder
        vals = super()._prepare_successor_vals(user)
        return {**vals, "marked_dunning": self.is_dunning}

    # ------------------------------------------------------------------
    # Which
    # ------------------------------------------------------------------

    @api.model
    def _reinvoice_domain(self, company, partner, since):
        """Letters about this customer whose postage may stand on an invoice.

        :param partner: the commercial one
        :param since: the first day, in Paris, on which BeePOST accepted them
        """
        return (
            Domain("company_id", "=", company.id)
            & Domain("cost_partner_id", "=", partner.id)
            & Domain("state", "=", "accepted")
            & Domain("accepted_at", ">=", _midnight(since))
            & Domain("is_practice", "=", False)
            & Domain("is_dunning", "=", False)
            & Domain("priced_for", "!=", False)
            & Domain("is_reinvoiced", "=", False)
        )

    @api.model
    def _customer_documents(self):
        """Hook: documents that are a customer's matter; another addon adds its own.

        :return: {model: domain of its records that are}
        """
        return {
            "account.move": Domain("move_type", "in", CUSTOMER_MOVES),
            "account.payment": Domain("partner_type", "=", "customer"),
            "sale.order": Domain.TRUE,
            "stock.picking": Domain("picking_type_code", "=", "outgoing"),
        }

    def _for_customers(self):
        """Those of ``self`` whose every document is a customer's matter, or which a
        person marked so: an order to a supplier, or a letter that somebody wrote, is
        charged to nobody by itself."""
        own = self.sudo()
        lines = own.document_ids.filtered(lambda line: line.kind == "document")
        where, ids = lines._chatters(), {}
        for model, id_ in where.values():
            ids.setdefault(model, set()).add(id_)
        good = set()
        for model, domain in self._customer_documents().items():
            if model in ids and model in self.env:
                records = self.env[model].sudo().with_context(active_test=False)
                found = records.search(domain & Domain("id", "in", ids[model]))
                good |= {(model, id_) for id_ in found.ids}
        chosen = own.filtered("marked_customer")
        for letter, its in lines.grouped("mailing_id").items():
            if all(where[line] in good for line in its):
                chosen += letter
        return self & chosen.with_env(self.env)

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
                    invoice=charged[0].reinvoice_ids._standing().move_id.display_name,
                )
            )
        letters.marked_dunning = True
        return True

    def action_unmark_dunning(self):
        self._markable(self.env._("It is no reminder")).marked_dunning = False
        return True

    def action_mark_customer(self):
        """The customer may be charged for these, whatever lies in them."""
        self._markable(self.env._("Charge to the customer")).marked_customer = True
        return True

    def action_unmark_customer(self):
        what = self.env._("Do not charge to the customer")
        self._markable(what).marked_customer = False
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
            "res_id": self.sudo().reinvoice_ids._standing().move_id.id,
            "view_mode": "form",
        }


def _midnight(day):
    """As Odoo keeps moments: naive, in UTC. Without a day none is late enough."""
    if not day:
        return datetime.max.replace(microsecond=0)
    moment = datetime.combine(day, time.min, PARIS)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
