import base64
import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..letter.finding import Refusal
from ..letter.job import Document, Job
from ..letter.workshop import Workshop
from ..models.beepost_mailing import OPTION_FIELDS
from ..models.wording import sentence


class BeepostCompose(models.TransientModel):
    """The letter before it is made: rendered on demand only, and never posted as such.

    What was changed since is told by ``preview_key``.
    """

    _inherit = "beepost.compose"

    estimate = fields.Char(string="Paper", compute="_compute_estimate")
    preview_key = fields.Char(readonly=True)
    # The papers apart, as the estimate counts them.
    draft_ids = fields.Many2many(
        "ir.attachment", "beepost_compose_draft_rel", readonly=True
    )
    drafted_for_id = fields.Many2one("res.partner", readonly=True)
    preview_pdf = fields.Binary(string="Preview", readonly=True)
    preview_remarks = fields.Text(string="Repairs and remarks", readonly=True)
    has_preview = fields.Boolean(compute="_compute_has_preview")

    def _choice_key(self):
        """What the envelope holds and to whom it goes, and how it is printed: two lines
        of text."""
        self.ensure_one()
        papers = [
            [
                (line.report_id._origin.id, line.attachment_id._origin.id)
                for line in self._lines()
            ],
            self.upload_ids._origin.ids,
            self.terms_ids._origin.ids,
            [self.partner_id._origin.id, self.address_kind],
        ]
        printed = [self.own_options, self.duplex, self.address_sheet]
        return f"{json.dumps(papers)}\n{json.dumps(printed)}"

    def _are_drafts_right(self):
        """Whether ``draft_ids`` are still the papers, however these are printed."""
        self.ensure_one()
        made, now = (self.preview_key or "").split("\n"), self._choice_key().split("\n")
        return made[0] == now[0]

    @api.depends(
        "preview_key",
        "line_ids.report_id",
        "line_ids.attachment_id",
        "upload_ids",
        "terms_ids",
        "partner_id",
        "address_kind",
        "own_options",
        "duplex",
        "address_sheet",
    )
    def _compute_has_preview(self):
        for wizard in self:
            key = wizard.preview_key
            wizard.has_preview = bool(key) and key == wizard._choice_key()

    @api.depends(
        *("has_preview", "draft_ids", "account_id", "own_options", "service_id"),
        *("color", "duplex", "address_sheet", "planned_on", "sendable_count"),
    )
    def _compute_estimate(self):
        for wizard in self:
            wizard._show_estimate(wizard._get_estimate())

    def _show_estimate(self, estimate):
        """Hook: what another addon put into the estimate, it shows here.

        :param estimate: as ``beepost.estimate._get_estimate`` makes it
        """
        self.estimate = estimate["sentence"]

    def _get_estimate(self):
        self.ensure_one()
        drafts, partner = self.draft_ids._origin, self.drafted_for_id
        if not self._are_drafts_right():
            drafts, partner = drafts[:0], self.partner_id and self._recipient()
        options = self._letter_options_of(partner, self.company_id)
        if self.is_single:
            options["res_model"] = self.res_model
        estimate = self.env["beepost.estimate"]._get_estimate(
            self.company_id, partner, drafts, options
        )
        if not drafts and self.sendable_count:  # else there is no such button
            estimate["sentence"] += " " + self.env._(
                "Press “Preview” to know them now."
            )
        return estimate

    def _letter_options_of(self, partner, company):
        usual = partner._beepost_options(company)
        options = self._choose_options(usual)
        # A price may depend on the day.
        names = (*OPTION_FIELDS, "planned_at")
        return {name: options.get(name, False) for name in names}

    def action_preview(self):
        """Makes the letter of the first document as it would be posted; shows it."""
        self.ensure_one()
        sendable, *_rest, addressees, companies = self._survey()
        record = sendable[:1]
        if not record:
            raise UserError(
                self.env._(
                    "None of these documents can be sent by post. The list above says"
                    " why."
                )
            )
        self._check_papers()
        company = companies[record]
        partner = self.env["beepost.postable"]._at_address(
            addressees[record], self.address_kind
        )
        try:
            papers = self._preview_papers(record, partner, company)
            prepared = self._prepare_preview(papers, partner, company)
        except Refusal as refusal:
            reasons = [sentence(self.env, one) for one in refusal.findings]
            raise UserError("\n".join(reasons)) from refusal
        drafts = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in papers
            ]
        )
        self.draft_ids.unlink()
        remarks = [sentence(self.env, one) for one in prepared.findings]
        if added := self._added_words(prepared):
            remarks.insert(0, added)
        self.write(
            {
                "draft_ids": [Command.set(drafts.ids)],
                "drafted_for_id": partner.id,
                "preview_pdf": base64.b64encode(prepared.pdf),
                "preview_remarks": "\n".join(remarks) or False,
                "preview_key": self._choice_key(),
            }
        )
        return self._reopen()

    def _added_words(self, prepared):
        """Why the PDF has more pages than the papers that the estimate counts; empty
        when it has not."""
        env, total = self.env, sum(prepared.document_pages)
        figures = {"pages": prepared.pages, "sheets": prepared.sheets}
        if prepared.pages == total:
            return ""
        if not prepared.address_sheet:
            return env._(
                "In the PDF below: %(pages)s pages on %(sheets)s sheets, blank backs"
                " included.",
                **figures,
            )
        if prepared.pages == total + 1:
            return env._(
                "In the PDF below: %(pages)s pages on %(sheets)s sheets, address sheet"
                " included.",
                **figures,
            )
        return env._(
            "In the PDF below: %(pages)s pages on %(sheets)s sheets, address sheet and"
            " blank backs included.",
            **figures,
        )

    def _preview_papers(self, record, partner, company):
        """:return: list of (name, bytes), in the order of the envelope"""
        papers, made = self.env["beepost.papers"], []
        files = self._converted()
        rest = self._enclosed()
        if self.is_file:
            made.append((record.name, papers._convert(record.name, record.raw or b"")))
        for line in self._lines():
            report, file = line.report_id, line.attachment_id.sudo()
            if report:
                content = papers._print(report, record, partner, company)
                made.append((report.name, content))
            else:
                made.append((rest.pop(file), files[file]))
        return made + [(name, files[file]) for file, name in rest.items()]

    def _prepare_preview(self, papers, partner, company):
        address, findings = partner._beepost_address()
        sender, sender_findings = company._beepost_sender()
        if not address or not sender:
            raise Refusal([*findings, *sender_findings])
        options = self._letter_options_of(partner, company)
        account = company._beepost_account(options["account_id"])
        with Workshop() as workshop:
            return workshop.prepare(
                Job(
                    documents=tuple(Document(name, pdf) for name, pdf in papers),
                    recipient=address.lines,
                    sender=sender.lines,
                    duplex=options["duplex"],
                    address_sheet=options["address_sheet"],
                    profile=account.profile_id._as_room_profile(),
                    limits=account._letter_limits(),
                )
            )
