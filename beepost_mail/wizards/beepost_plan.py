from odoo import fields, models


class BeepostPlan(models.TransientModel):
    """Another day for letters that have not left."""

    _name = "beepost.plan"
    _description = "Choose the Day of Letters"
    _inherit = ["beepost.planning"]

    mailing_ids = fields.Many2many(
        "beepost.mailing", string="Letters", required=True, readonly=False
    )

    def _planned_accounts(self):
        # As the user: the letters of a forged dialog are not his to read.
        letters = self.mailing_ids._origin
        letters.check_access("read")
        return letters.sudo().account_id

    def _planned_depends(self):
        return ["mailing_ids"]

    def action_plan(self):
        """Plans the letters for the chosen day, or for none."""
        self.ensure_one()
        self.mailing_ids._plan(self.planned_on)
        return {"type": "ir.actions.act_window_close"}

    def action_now(self):
        """Sends them as soon as possible, whatever the dialog's day says."""
        self.ensure_one()
        self.mailing_ids._plan(False)
        return {"type": "ir.actions.act_window_close"}
