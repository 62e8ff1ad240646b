from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.beepost_mailing import OPTION_FIELDS


class AccountMoveSendWizard(models.TransientModel):
    """*Send* on one invoice: the options of the letter, beside the other ways."""

    _inherit = "account.move.send.wizard"

    beepost_selected = fields.Boolean(compute="_compute_beepost_selected")
    beepost_account_count = fields.Integer(compute="_compute_beepost_available")
    beepost_account_id = fields.Many2one(
        "beepost.account",
        string="Account",
        compute="_compute_beepost_account_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', beepost_available_account_ids)]",
    )
    beepost_available_account_ids = fields.Many2many(
        "beepost.account", compute="_compute_beepost_available"
    )
    beepost_available_service_ids = fields.Many2many(
        "beepost.service", compute="_compute_beepost_available"
    )
    beepost_service_id = fields.Many2one(
        "beepost.service",
        string="Service",
        compute="_compute_beepost_service_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', beepost_available_service_ids)]",
    )
    beepost_color = fields.Boolean(
        string="In colour",
        compute="_compute_beepost_color",
        store=True,
        readonly=False,
    )
    beepost_duplex = fields.Boolean(
        string="Both sides",
        compute="_compute_beepost_duplex",
        store=True,
        readonly=False,
    )
    beepost_address_sheet = fields.Selection(
        [("auto", "Only if needed"), ("always", "Always"), ("never", "Never")],
        string="Address sheet",
        compute="_compute_beepost_address_sheet",
        store=True,
        readonly=False,
    )
    beepost_is_copy = fields.Boolean(
        string="Copy by post",
        compute="_compute_beepost_is_copy",
        store=True,
        readonly=False,
    )
    # The newest letter when the dialog was opened: the alerts speak of that moment.
    beepost_known_letter = fields.Integer(
        compute="_compute_beepost_known_letter", store=True, readonly=False
    )
    beepost_address = fields.Text(
        string="In the window", compute="_compute_beepost_address"
    )
    beepost_estimate = fields.Char(string="Paper", compute="_compute_beepost_estimate")

    @api.depends("sending_methods")
    def _compute_beepost_selected(self):
        for wizard in self:
            wizard.beepost_selected = "beepost" in (wizard.sending_methods or [])

    @api.depends("company_id")
    def _compute_beepost_available(self):
        for wizard in self:
            company = wizard.company_id
            wizard.beepost_available_account_ids = company._beepost_accounts().ids
            wizard.beepost_available_service_ids = company._beepost_services().ids
            wizard.beepost_account_count = len(wizard.beepost_available_account_ids)

    def _beepost_preference(self, name):
        self.ensure_one()
        move = self.move_id
        return move.partner_id._beepost_options(move.company_id)[name]

    # Each on its own: a remote client may give some options and leave the others.
    @api.depends("move_id")
    def _compute_beepost_account_id(self):
        for wizard in self:
            wizard.beepost_account_id = wizard._beepost_preference("account_id")

    @api.depends("move_id")
    def _compute_beepost_service_id(self):
        for wizard in self:
            wizard.beepost_service_id = wizard._beepost_preference("service_id")

    @api.depends("move_id")
    def _compute_beepost_color(self):
        for wizard in self:
            wizard.beepost_color = wizard._beepost_preference("color")

    @api.depends("move_id")
    def _compute_beepost_duplex(self):
        for wizard in self:
            wizard.beepost_duplex = wizard._beepost_preference("duplex")

    @api.depends("move_id")
    def _compute_beepost_address_sheet(self):
        for wizard in self:
            wizard.beepost_address_sheet = wizard._beepost_preference("address_sheet")

    @api.depends("move_id")
    def _compute_beepost_is_copy(self):
        for wizard in self:
            wizard.beepost_is_copy = bool(wizard.move_id._beepost_must_be_electronic())

    @api.depends("move_id")
    def _compute_beepost_known_letter(self):
        for wizard in self:
            wizard.beepost_known_letter = wizard.move_id._beepost_letters()[:1].id

    @api.depends("move_id")
    def _compute_beepost_address(self):
        for wizard in self:
            move = wizard.move_id
            address, _findings = move.partner_id._beepost_address()
            wizard.beepost_address = "\n".join(address.lines) if address else False

    @api.depends(
        "beepost_selected",
        "beepost_account_id",
        "beepost_duplex",
        "beepost_color",
        "beepost_service_id",
        "beepost_address_sheet",
        "beepost_planned_on",
        "mail_attachments_widget",
    )
    def _compute_beepost_estimate(self):
        for wizard in self:
            selected = wizard.beepost_selected
            wizard._show_beepost_estimate(
                wizard._get_beepost_estimate() if selected else {}
            )

    def _show_beepost_estimate(self, estimate):
        """Hook: what another addon put into the estimate, it shows here.

        :param estimate: as ``beepost.estimate._get_estimate`` makes it; empty: none
        """
        self.beepost_estimate = estimate.get("sentence", False)

    def _get_beepost_estimate(self):
        self.ensure_one()
        move = self.move_id
        legal = move.sudo().invoice_pdf_report_id
        enclosures, _left_out = self._beepost_enclosures(
            move,
            {"mail_attachments_widget": self.mail_attachments_widget},
            self.env.user,
        )
        return self.env["beepost.estimate"]._get_estimate(
            move.company_id,
            move.partner_id,
            legal and legal + enclosures.sudo(),
            {**self._beepost_options(), "res_model": move._name},
        )

    @api.depends("beepost_selected")
    def _compute_attachments_not_supported(self):
        # EXTENDS 'account'
        result = super()._compute_attachments_not_supported()
        for wizard in self.filtered("beepost_selected"):
            unsupported = dict(wizard.attachments_not_supported or {})
            for data in wizard.mail_attachments_widget or []:
                is_pdf = data.get("mimetype") == "application/pdf"
                if data.get("manual") and not is_pdf:
                    unsupported[data["id"]] = self.env._("only PDF files can be posted")
                elif not data.get("manual") and (
                    not is_pdf
                    or data.get("mail_template_id")
                    or data.get("dynamic_report")
                ):
                    unsupported[data["id"]] = self.env._(
                        "goes with the e-mail, not into the envelope"
                    )
            wizard.attachments_not_supported = unsupported
        return result

    def action_send_and_print(self, allow_fallback_pdf=False):
        # EXTENDS 'account'
        if self.beepost_selected:
            self._beepost_check_nobody_else_sent()
            misfit = self.company_id._beepost_misfit(
                self.beepost_account_id, self.beepost_service_id
            )
            if misfit:
                raise UserError(misfit)
        return super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)

    def _beepost_check_nobody_else_sent(self):
        newest = self.move_id._beepost_letters()[:1]
        if newest.id > self.beepost_known_letter and newest.state not in (
            "rejected",
            "cancelled",
        ):
            raise UserError(
                self.env._(
                    "%(user)s has sent this invoice by post since this dialog was"
                    " opened. Open it again if you want a second letter.",
                    user=newest.user_id.name,
                )
            )

    def _beepost_options(self):
        self.ensure_one()
        options = {}
        for name in OPTION_FIELDS:
            value = self[f"beepost_{name}"]
            options[name] = value.id if isinstance(value, models.Model) else value
        return options

    def _get_sending_settings(self):
        # EXTENDS 'account'
        settings = super()._get_sending_settings()
        if self.beepost_selected:
            settings["beepost_options"] = self._beepost_options()
        return settings
