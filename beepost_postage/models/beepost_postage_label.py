from odoo import fields, models
from odoo.fields import Domain

from ..tariff.bill import group_of

GROUPS = [("postage", "Postage"), ("production", "Printing and insertion")]


class BeepostPostageLabel(models.Model):
    """Which side of the bill a line of a provider's statement stands on.

    Where no label is known the whole of a letter is compared, postage and production
    together.
    """

    _name = "beepost.postage.label"
    _description = "Label on a Provider's Statement"
    _order = "group, name, id"

    name = fields.Char(
        string="The label contains",
        required=True,
        help="In any case of letters. The longest text that a label contains counts.",
    )
    group = fields.Selection(
        GROUPS, string="It is", required=True, help="What the line is compared with."
    )
    company_id = fields.Many2one("res.company", help="Empty: for every company.")

    _name_unique = models.UniqueIndex(
        "(lower(name), company_id) NULLS NOT DISTINCT",
        "This text is known already.",
    )

    def _reader(self, company):
        """:return: label → ``postage``, ``production`` or ``""``"""
        known = [
            (label.name, label.group)
            for label in self.sudo().search(
                Domain("company_id", "in", [False, *company.sudo().parent_ids.ids])
            )
        ]
        return lambda label: group_of(label, known)
