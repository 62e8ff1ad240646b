from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveSendWizard(models.TransientModel):
    """*Send* on one invoice, on a day that the sender chooses."""

    _inherit = "account.move.send.wizard"

    beepost_planned_on = fields.Date(
        string="Deposit on",
        help="The day on which La Poste gets the letter, a working day: it leaves in"
        " time for it. Empty: as soon as possible. Other ways of sending do not wait.",
    )
    beepost_planned_words = fields.Text(
        string="Planned", compute="_compute_beepost_planned_words"
    )
    beepost_planned_wrong = fields.Boolean(compute="_compute_beepost_planned_words")

    @api.depends("beepost_planned_on", "beepost_account_id", "beepost_selected")
    def _compute_beepost_planned_words(self):
        for wizard in self:
            account = wizard._beepost_planned_account()
            day = wizard.beepost_planned_on
            obstacle = account._planning_obstacle(day)
            wizard.beepost_planned_wrong = bool(obstacle)
            wizard.beepost_planned_words = obstacle or account._planning_words(day)

    def _beepost_planned_account(self):
        self.ensure_one()
        return self.company_id._beepost_account(self.beepost_account_id._origin.id)

    @api.depends("beepost_planned_on")
    def _compute_beepost_estimate(self):
        # EXTENDS: a price may depend on the day
        return super()._compute_beepost_estimate()

    def action_send_and_print(self, allow_fallback_pdf=False):
        # EXTENDS
        if self.beepost_selected:
            obstacle = self._beepost_planned_account()._planning_obstacle(
                self.beepost_planned_on
            )
            if obstacle:
                raise UserError(obstacle)
        return super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)

    def _beepost_options(self):
        # EXTENDS
        options = super()._beepost_options()
        if self.beepost_planned_on and not self.beepost_planned_wrong:
            options["planned_at"] = fields.Datetime.to_string(
                self._beepost_planned_account()._planned_moment(self.beepost_planned_on)
            )
        return options
