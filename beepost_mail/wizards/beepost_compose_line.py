from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BeepostComposeLine(models.TransientModel):
    """A paper of the record that goes into the envelope, in its place."""

    _name = "beepost.compose.line"
    _description = "Paper to Post"
    _order = "sequence, id"

    wizard_id = fields.Many2one("beepost.compose", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    report_id = fields.Many2one("ir.actions.report")
    attachment_id = fields.Many2one("ir.attachment", string="or attached file")

    @api.constrains("report_id", "attachment_id")
    def _check_one_paper(self):
        for line in self:
            if bool(line.report_id) == bool(line.attachment_id):
                raise ValidationError(
                    self.env._(
                        "Choose a report or an attached file on each line: one of the"
                        " two."
                    )
                )
