import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..letter import kinds
from ..letter.finding import Refusal, errors
from ..letter.job import Document, Job
from ..letter.profile import DEFAULT, DEFAULT_LIMITS
from ..letter.workshop import Workshop
from .wording import sentence


class BeepostTerms(models.Model):
    """Terms and conditions that go into an envelope once, whatever else lies there."""

    _name = "beepost.terms"
    _description = "Terms and Conditions to Enclose"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    file = fields.Binary(string="PDF", required=True, attachment=True)
    file_name = fields.Char()

    @api.constrains("file")
    def _check_file(self):
        """Now, not when a thousand letters are made. Terms saved before stay."""
        with Workshop() as workshop:
            for terms in self:
                terms._check_pdf(workshop)

    def _check_pdf(self, workshop):
        try:
            content = base64.b64decode(self.with_context(bin_size=False).file)
        except (binascii.Error, TypeError):
            content = b""
        if kinds.kind_of(content) != kinds.PDF:
            raise ValidationError(
                self.env._(
                    "The file of “%s” is not a PDF: save it as PDF, then choose it"
                    " again.",
                    self.name,
                )
            )
        try:
            workshop.prepare(self._trial_letter(content))
        except Refusal as refusal:
            reasons = [sentence(self.env, one) for one in errors(refusal.findings)]
            raise ValidationError("\n".join(reasons)) from refusal

    def _trial_letter(self, content):
        """The smallest letter that ``content`` can be part of: terms show no address,
        so another sheet always lies before them."""
        account = (self.company_id or self.env.company)._beepost_account()
        return Job(
            documents=(Document(self.name, content),),
            recipient=("X",),
            address_sheet="always",
            profile=account.profile_id._as_room_profile() if account else DEFAULT,
            limits=account._letter_limits() if account else DEFAULT_LIMITS,
        )

    def _files(self):
        """:return: {terms: ir.attachment with the PDF, as superuser}"""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "in", self.ids),
                ]
            )
        )
        by_terms = files.grouped("res_id")
        return {terms: by_terms[terms.id] for terms in self}
