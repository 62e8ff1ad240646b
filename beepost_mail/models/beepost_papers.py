from odoo import api, models
from odoo.exceptions import UserError

from ..letter import kinds, office
from ..letter.intake import check_size
from ..letter.profile import DEFAULT_LIMITS
from ..letter.workshop import Workshop


class BeepostPapers(models.AbstractModel):
    """From reports and files to the PDFs that lie in envelopes.

    A report is made with the rights of who sends it, in the language of who gets it.
    """

    _name = "beepost.papers"
    _description = "Papers of a Letter"

    @api.model
    def _print(self, report, record, partner, company):
        """
        :param report: ``ir.actions.report`` of the model of ``record``
        :return: bytes of the PDF
        :raises UserError: what Odoo says of a report that cannot be printed
        """
        lang = partner.lang or company.partner_id.lang or self.env.lang
        printer = (
            self.env["ir.actions.report"]
            .with_company(company)
            .with_context(lang=lang, active_model=record._name, active_ids=record.ids)
        )
        content, kind = printer._render_qweb_pdf(report.sudo(), record.ids)
        if kind != "pdf" or kinds.kind_of(content) != kinds.PDF:
            raise UserError(
                self.env._("Report “%s” could not be made as a PDF.", report.name)
            )
        return content

    @api.model
    def _convert(self, name, content, limits=DEFAULT_LIMITS):
        """
        :return: bytes of a PDF: ``content`` itself where it is one
        :raises Refusal: the file cannot be printed, or is not what its name says
        """
        kind = kinds.check(name, content)
        check_size(name, content, limits)
        if kind == kinds.PDF:
            return content
        if kind == kinds.IMAGE:
            with Workshop() as workshop:
                return workshop.picture(name, content, limits)
        return office.as_pdf(name, content, kind, limits.max_bytes)
