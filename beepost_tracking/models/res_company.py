from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACCOUNTING_YEARS = 10  # Code de commerce, art. L123-22


class ResCompany(models.Model):
    _inherit = "res.company"

    beepost_image_months = fields.Integer(
        string="Images of letters kept for (months)",
        default=12,
        required=True,
        help="From the day on which BeePOST accepted the letter. Then its PDF as posted"
        " and the files that were only uploaded to go along are removed; hashes and"
        " references stay, and so do proofs, the evidence file if somebody made one"
        " (it contains the posted PDF), and the invoice's own PDF.",
    )
    beepost_evidence_years = fields.Integer(
        string="Proofs, addresses and statuses kept for (years)",
        default=ACCOUNTING_YEARS,
        required=True,
        help="From the day on which BeePOST accepted the letter. Then all that names"
        " people is erased, the evidence file too; that there was a letter, its dates,"
        " its status, its references and hashes stay.",
    )

    @api.constrains("beepost_image_months", "beepost_evidence_years")
    def _check_beepost_terms(self):
        for company in self:
            if company.beepost_image_months < 1:
                raise ValidationError(
                    self.env._("Images of letters are kept for one month at least.")
                )
            if company.beepost_evidence_years * 12 < company.beepost_image_months:
                raise ValidationError(
                    self.env._(
                        "Proofs and addresses are kept at least as long as the images"
                        " of letters."
                    )
                )

    def _beepost_practises(self):
        """Whether this company's letters are practice ones: then what became of them
        may show as if they were real; beside real ones it would only frighten."""
        self.ensure_one()
        return self._beepost_account().gateway == "sandbox"
