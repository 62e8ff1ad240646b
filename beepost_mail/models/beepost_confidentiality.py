from odoo import api, fields, models

LEVELS = [
    ("usual", "Usual"),
    ("personal", "Personal (staff, health)"),
    ("secret", "Strictly confidential"),
]
ORDER = [level for level, _label in LEVELS]
# Whoever opens the company's post at an addressee must not find these among invoices.
PERSONAL_MODELS = ("hr.",)


class BeepostConfidentiality(models.Model):
    """How confidential the documents of a model are, where it is not the usual."""

    _name = "beepost.confidentiality"
    _description = "Confidentiality of Documents"
    _order = "model_id"
    _rec_name = "model_id"

    model_id = fields.Many2one(
        "ir.model",
        string="Kind of document",
        required=True,
        ondelete="cascade",
        domain=[("transient", "=", False)],
    )
    level = fields.Selection(
        LEVELS,
        required=True,
        default="personal",
        help="Letters of different levels are never put into one envelope. Counts for"
        " letters that are made from now on.",
    )

    _model_unique = models.Constraint(
        "UNIQUE(model_id)", "This kind of document has its level already."
    )

    @api.model
    def _levels(self, names):
        """
        :param names: technical names of models
        :return: {name: level as set here, else as the model itself says}
        """
        chosen = {
            rule.model_id.model: rule.level
            for rule in self.sudo().search([("model_id.model", "in", list(names))])
        }
        return {
            name: chosen.get(name)
            or (
                self.env[name]._beepost_confidentiality()
                if name in self.env
                else ORDER[-1]  # nobody knows any more what it was
            )
            for name in names
        }


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _beepost_confidentiality(self):
        """How confidential this model's documents are in the post: letters of different
        levels never share an envelope.

        :return: one of ``beepost.confidentiality``'s levels
        """
        return "personal" if self._name.startswith(PERSONAL_MODELS) else "usual"
