from odoo import models

from .beepost_mailing_document import FILE


class BeepostMailing(models.Model):
    """What is kept of a lot beside its letters ends with them."""

    _inherit = "beepost.mailing"

    def _remove_image(self, months):
        # EXTENDS: files that served all letters of a lot, with the last of them
        result = super()._remove_image(months)
        lots = self.lot_id
        lots -= self.search(
            [("lot_id", "in", lots.ids), ("image_removed_on", "=", False)]
        ).lot_id
        self._forget_files(lots)
        return result

    def _erase_personal_data(self):
        # EXTENDS: names of documents, which may be those of files
        result = super()._erase_personal_data()
        self.env["beepost.lot.line"].search([("mailing_id", "in", self.ids)]).unlink()
        files = self.document_ids.filtered(lambda line: line.res_model == FILE)
        files.write({"name": self.env._("Erased file")})
        files.mailing_id.write({"name": self.env._("Erased file")})
        return result

    def _forget_files(self, records):
        self.env["ir.attachment"].search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("res_field", "in", [False, "enclosures"]),
            ]
        ).unlink()
