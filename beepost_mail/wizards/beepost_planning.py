from odoo import api, fields, models
from odoo.exceptions import UserError


class BeepostPlanning(models.AbstractModel):
    """A dialog in which the day of letters can be chosen."""

    _name = "beepost.planning"
    _description = "Choice of the Day"

    planned_on = fields.Date(
        string="Deposit on",
        help="The day on which La Poste gets the letters, a working day: they leave in"
        " time for it. Empty: as soon as possible.",
    )
    planned_words = fields.Text(string="Planned", compute="_compute_planned_words")
    planned_wrong = fields.Boolean(compute="_compute_planned_words")

    def _planned_accounts(self):
        """Accounts that the letters leave through, as superuser."""
        self.ensure_one()
        return self.env["beepost.account"].sudo()

    def _planned_depends(self):
        """Fields that :meth:`_planned_accounts` looks at."""
        return []

    @api.depends(lambda self: ["planned_on", *self._planned_depends()])
    def _compute_planned_words(self):
        for dialog in self:
            accounts = dialog._planned_accounts()
            day = dialog.planned_on
            obstacle = accounts._planning_obstacle(day)
            dialog.planned_wrong = bool(obstacle)
            dialog.planned_words = obstacle or accounts._planning_words(day)

    def _require_planned_day(self):
        """:raises UserError: nothing can be sent on the chosen day"""
        obstacle = self._planned_accounts()._planning_obstacle(self.planned_on)
        if obstacle:
            raise UserError(obstacle)
