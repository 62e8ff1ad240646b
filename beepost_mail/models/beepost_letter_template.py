from odoo import fields, models


class BeepostLetterTemplate(models.Model):
    """A text to begin a letter with: shared by all companies, or one company's."""

    _name = "beepost.letter.template"
    _inherit = ["beepost.letter.text", "beepost.letter.options"]
    _description = "Letter Template"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: for every company.",
    )

    def action_write_letter(self):
        """A new letter that begins with this text."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write a letter"),
            "res_model": "beepost.free.letter",
            "view_mode": "form",
            "context": {"default_template_id": self.id},
        }

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for vals, template in zip(vals_list, self, strict=True):
                vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list
