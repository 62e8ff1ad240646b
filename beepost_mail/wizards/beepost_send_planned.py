from odoo import fields, models


class BeepostSend(models.TransientModel):
    """*Send by post* on a day that the sender chooses."""

    _name = "beepost.send"
    _inherit = ["beepost.send", "beepost.planning"]

    def _planned_accounts(self):
        if self.account_id:
            return self.account_id._origin.sudo()
        accounts = self.env["beepost.account"].sudo()
        for company in self._companies():
            accounts |= company._beepost_account()
        return accounts

    def _planned_depends(self):
        return ["move_ids", "account_id"]

    def action_send(self):
        # EXTENDS: before anything is made
        self._require_planned_day()
        return super().action_send()

    def _options_for(self, move):
        # EXTENDS: each letter leaves in time by its own account's calendar
        options = super()._options_for(move)
        if self.planned_on:
            account = self.env["beepost.account"].sudo().browse(options["account_id"])
            options["planned_at"] = fields.Datetime.to_string(
                account._planned_moment(self.planned_on)
            )
        return options

    def _prepare_lot_vals(self, *args):
        # EXTENDS
        values = super()._prepare_lot_vals(*args)
        values["options"]["planned_on"] = fields.Date.to_string(self.planned_on)
        return values
