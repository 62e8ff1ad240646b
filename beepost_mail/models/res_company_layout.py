from odoo import api, fields, models

VIEW = "beepost_mail.external_layout_window"
PAPER = "beepost_mail.paperformat_window"


class ResCompany(models.Model):
    _inherit = "res.company"

    beepost_layout = fields.Boolean(
        string="Address in the window",
        compute="_compute_beepost_layout",
        inverse="_inverse_beepost_layout",
        help="Invoices and other documents in a layout, and on a paper format, whose"
        " address block falls into the envelope's window. Unticking puts the former"
        " ones back.",
    )
    beepost_former_layout_id = fields.Many2one("ir.ui.view")
    beepost_former_paperformat_id = fields.Many2one("report.paperformat")

    @api.depends("external_report_layout_id")
    def _compute_beepost_layout(self):
        ours = self.env.ref(VIEW)
        for company in self:
            company.beepost_layout = company.external_report_layout_id == ours

    def _inverse_beepost_layout(self):
        ours, our_paper = self.env.ref(VIEW), self.env.ref(PAPER)
        for company in self:
            used = company.external_report_layout_id == ours
            if company.beepost_layout == used:
                continue
            layout = company.beepost_former_layout_id if used else ours
            paper = company._beepost_other_paper() if used else our_paper
            company.write(
                {"external_report_layout_id": layout.id, "paperformat_id": paper.id}
            )

    def _beepost_other_paper(self):
        """The paper format for any other layout than ours."""
        self.ensure_one()
        if self.paperformat_id != self.env.ref(PAPER):
            return self.paperformat_id
        return self.beepost_former_paperformat_id or self.env.ref(
            "base.paperformat_euro"
        )

    def write(self, vals):
        """Remembers what our layout and paper replace, whoever puts them in place:
        the settings, the chooser of layouts or an import."""
        for name, xmlid, memory in (
            ("external_report_layout_id", VIEW, "beepost_former_layout_id"),
            ("paperformat_id", PAPER, "beepost_former_paperformat_id"),
        ):
            if vals.get(name) and vals[name] == self.env.ref(xmlid).id:
                for company in self:
                    if company[name].id != vals[name]:
                        company[memory] = company[name]
        return super().write(vals)
