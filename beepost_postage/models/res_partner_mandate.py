from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """A customer's mandate to post in its name: without one there is no débours."""

    _inherit = "res.partner"

    beepost_mandate = fields.Boolean(
        string="Mandate for postage (débours)",
        company_dependent=True,
        groups="beepost_mail.group_user",
        help="This customer has mandated your company in writing to pay postage in its"
        " name and on its behalf: it may be invoiced at cost, without tax.",
    )
    beepost_mandate_date = fields.Date(
        string="Mandate from",
        company_dependent=True,
        groups="beepost_mail.group_user",
        help="Letters from this day on.",
    )
    beepost_mandate_reference = fields.Char(
        string="Where the mandate is kept",
        company_dependent=True,
        groups="beepost_mail.group_user",
    )

    @api.constrains("beepost_mandate", "beepost_mandate_date")
    def _check_beepost_mandate(self):
        for partner in self:
            if partner.beepost_mandate and not partner.beepost_mandate_date:
                raise ValidationError(
                    self.env._(
                        "Say from which day on %(name)s has given its mandate.",
                        name=partner.display_name,
                    )
                )
