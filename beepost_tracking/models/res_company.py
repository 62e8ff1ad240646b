from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _beepost_practises(self):
        """Whether this company's letters are practice ones: then what became of them
        may show as if they were real; beside real ones it would only frighten."""
        self.ensure_one()
        return self._beepost_account().gateway == "sandbox"
