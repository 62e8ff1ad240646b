import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..letter import kinds


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
        for terms in self:
            try:
                content = base64.b64decode(terms.with_context(bin_size=False).file)
            except (binascii.Error, TypeError):
                content = b""
            if kinds.kind_of(content) != kinds.PDF:
                raise ValidationError(
                    self.env._(
                        "The file of “%s” is not a PDF: save it as PDF, then choose it"
                        " again.",
                        terms.name,
                    )
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
