from odoo import api, models

from ..models.res_company_layout import PAPER, VIEW


class BaseDocumentLayout(models.TransientModel):
    _inherit = "base.document.layout"

    @api.onchange("report_layout_id")
    def _onchange_report_layout_id(self):
        """Our layout and our paper format go together."""
        result = super()._onchange_report_layout_id()
        for wizard in self:
            ours = wizard.external_report_layout_id == self.env.ref(VIEW)
            wizard.paperformat_id = (
                self.env.ref(PAPER)
                if ours
                else wizard.company_id._beepost_other_paper()
            )
        return result
