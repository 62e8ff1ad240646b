from itertools import islice

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.beepost_mailing_document import FILE
from ..models.beepost_postable import anonymous, name_of
from ..models.wording import sentence
from .beepost_options import SHOWN


class BeepostCompose(models.TransientModel):
    """*Send by post* for documents of any kind, one or thousands.

    Opening it renders nothing, and asks the database as often for a thousand documents
    as for one. One document is made into its letter at once; several are in the
    background (``beepost.lot.line``).
    """

    _name = "beepost.compose"
    _description = "Send Documents by Post"
    _inherit = ["beepost.options"]

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(string="Documents", readonly=True)
    is_single = fields.Boolean(compute="_compute_kind")
    is_file = fields.Boolean(compute="_compute_kind")

    line_ids = fields.One2many("beepost.compose.line", "wizard_id", string="Papers")
    available_report_ids = fields.Many2many(
        "ir.actions.report", compute="_compute_available_papers"
    )
    available_attachment_ids = fields.Many2many(
        "ir.attachment", compute="_compute_available_papers"
    )
    upload_ids = fields.Many2many(
        "ir.attachment",
        string="Enclosures",
        help="Files that go into each envelope behind the papers: PDF, images, and"
        " office files where LibreOffice is installed on the server.",
    )
    terms_ids = fields.Many2many(
        "beepost.terms",
        string="Terms and conditions",
        help="Go into each envelope once, at the end. An administrator of the post"
        " keeps them in Post → Configuration → Terms and conditions.",
    )

    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    address_kind = fields.Selection(
        [
            ("invoice", "Invoice address"),
            ("delivery", "Delivery address"),
            ("other", "Other address"),
        ],
        string="Address",
        help="Empty: the address of the addressee itself.",
    )
    address = fields.Text(string="In the window", compute="_compute_address")
    address_problem = fields.Text(compute="_compute_address")

    skip_posted = fields.Boolean(
        string="Leave out what was posted already", default=True
    )
    summary = fields.Html(compute="_compute_summary")
    sendable_count = fields.Integer(compute="_compute_summary")
    letter_count = fields.Integer(string="Posted before", compute="_compute_summary")
    alerts = fields.Json(compute="_compute_summary")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if not values.get("res_model"):
            values["res_model"] = context.get("active_model")
            values["res_ids"] = context.get("active_ids") or []
        if "line_ids" in fields_list and not values.get("line_ids"):
            reports = self.env["beepost.postable"]._reports(values["res_model"])
            values["line_ids"] = [
                Command.create({"report_id": report.id}) for report in reports[:1]
            ]
        return values

    def _records(self):
        """The documents that are there, with the user's own rights."""
        self.ensure_one()
        model = self.env.get(self.res_model or "")
        if model is None or model._abstract or model._transient:
            raise UserError(
                self.env._("Open this dialog from the documents that you want to post.")
            )
        return model.browse(self.res_ids or []).exists()

    # ------------------------------------------------------------------
    # What is offered
    # ------------------------------------------------------------------

    @api.depends("res_model", "res_ids")
    def _compute_kind(self):
        for wizard in self:
            wizard.is_single = len(wizard.res_ids or []) == 1
            wizard.is_file = wizard.res_model == FILE

    @api.depends("res_model", "res_ids")
    def _compute_available_papers(self):
        for wizard in self:
            reports = self.env["beepost.postable"]._reports(wizard.res_model)
            wizard.available_report_ids = reports
            wizard.available_attachment_ids = wizard._attached()

    def _attached(self):
        if not self.is_single or self.is_file:
            return self.env["ir.attachment"]
        return self.env["ir.attachment"].search(
            [("res_model", "=", self.res_model), ("res_id", "in", self.res_ids)]
        )

    def _options_depend_on(self):
        return ["res_model", "res_ids"]

    def _option_companies(self):
        self.ensure_one()
        readable = self._records()._filtered_access("read")
        companies = self.env["beepost.postable"]._companies(readable)
        return self._posting_companies(
            self.env["res.company"].union(*companies.values())
        )

    # ------------------------------------------------------------------
    # Addressee
    # ------------------------------------------------------------------

    @api.depends("res_model", "res_ids")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = False
            if wizard.is_single:
                readable = wizard._records()._filtered_access("read")
                found = self.env["beepost.postable"]._addressees(readable)
                wizard.partner_id = next(iter(found.values()), False)

    @api.depends("partner_id", "address_kind")
    def _compute_address(self):
        for wizard in self:
            wizard.address = wizard.address_problem = False
            if not wizard.partner_id:
                continue
            address, findings = wizard._recipient()._beepost_address()
            if address:
                wizard.address = "\n".join(address.lines)
            else:
                wizard.address_problem = "\n".join(
                    sentence(self.env, finding) for finding in findings
                )

    def _recipient(self):
        return self.env["beepost.postable"]._at_address(
            self.partner_id, self.address_kind
        )

    # ------------------------------------------------------------------
    # Who gets what
    # ------------------------------------------------------------------

    def _survey(self):
        """
        :return: (documents that will be sent, {document: why not}, posted before as
            ``beepost.postable._posted`` has them, addressees, companies)
        """
        self.ensure_one()
        postable = self.env["beepost.postable"]
        records = self._records()
        readable = records._filtered_access("read")
        addressees = postable._addressees(readable)
        if self.is_single and self.partner_id:
            addressees = dict.fromkeys(readable, self.partner_id)
        companies = postable._companies(readable)
        obstacles = postable._obstacles(addressees, companies)
        obstacles.update(self._obstacles_of_papers(readable))
        for record in records - readable:
            obstacles[record] = self.env._("cannot be read by you")
        posted = postable._posted(readable)
        sendable = readable.filtered(
            lambda record: (
                record not in obstacles
                and not (self.skip_posted and record.id in posted)
            )
        )
        return sendable, obstacles, posted, addressees, companies

    def _obstacles_of_papers(self, records):
        reasons = {}
        if self.is_file:
            return reasons
        if not (self.line_ids or self.upload_ids or self.terms_ids):
            reason = self.env._(
                "has no paper to post: choose a report, or add a file below"
            )
            return dict.fromkeys(records, reason)
        for report in self.line_ids.report_id:
            fitting = self.env["beepost.postable"]._fits(report, records)
            for record in records - fitting:
                reasons[record] = self.env._(
                    "is nothing that report “%s” can be made of", report.name
                )
        return reasons

    @api.depends(
        "res_model",
        "res_ids",
        "skip_posted",
        "partner_id",
        "address_kind",
        "line_ids.report_id",
        "line_ids.attachment_id",
        "upload_ids",
        "terms_ids",
    )
    def _compute_summary(self):
        for wizard in self:
            sendable, obstacles, posted, addressees, companies = wizard._survey()
            wizard.sendable_count = len(sendable)
            wizard.letter_count = sum(len(letters) for letters in posted.values())
            if wizard.is_single and wizard.partner_id:
                addressees = dict.fromkeys(sendable, wizard._recipient())
            alerts = self.env["beepost.alerts"]._get_for_documents(
                {record: addressees[record] for record in sendable},
                {record: companies[record] for record in sendable},
                {r: posted[r.id] for r in sendable if r.id in posted},
            )
            wizard.alerts = alerts or False
            left_out = [
                f"{name_of(record) if record in companies else anonymous(record)}"
                f" {reason}"
                for record, reason in islice(obstacles.items(), SHOWN)
            ]
            wizard.summary = wizard._summarise(
                len(wizard._records()), len(sendable), len(obstacles), left_out
            )

    def action_open_letters(self):
        """Letters that carry these documents: their whole story."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [
            (
                "document_ids",
                "any",
                [("res_model", "=", self.res_model), ("res_id", "in", self.res_ids)],
            )
        ]
        action["context"] = {}
        return action
