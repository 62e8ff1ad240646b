from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..models.beepost_export import ADMIN


class BeepostExportWizard(models.TransientModel):
    """Whose letters, and of when."""

    _name = "beepost.export.wizard"
    _description = "Export Evidence"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="Letters from", help="Empty: from the first letter on."
    )
    date_to = fields.Date(string="up to", help="Empty: up to the last letter.")

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if (
                wizard.date_to
                and wizard.date_from
                and wizard.date_to < wizard.date_from
            ):
                raise ValidationError(
                    self.env._("The period ends before it begins: change its days.")
                )

    def action_export(self):
        """Writes down who asks, and sends the browser for the file."""
        self.ensure_one()
        if not self.env.user.has_group(ADMIN):
            raise AccessError(self.env._("Only post administrators export evidence."))
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Choose company %s at the top of the screen first.",
                    self.company_id.sudo().name,
                )
            )
        export = (
            self.env["beepost.export"]
            .sudo()
            .create(
                {
                    "company_id": self.company_id.id,
                    "user_id": self.env.uid,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                }
            )
        )
        return export.with_env(self.env).action_download()
