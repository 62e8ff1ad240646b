from odoo import fields, models


class BeepostOptions(models.AbstractModel):
    """The day of deposit, in any dialog that sends documents."""

    _name = "beepost.options"
    _inherit = ["beepost.options", "beepost.planning"]

    def _planned_accounts(self):
        if self.account_id:
            return self.account_id._origin.sudo()
        accounts = self.env["beepost.account"].sudo()
        for company in self._option_companies():
            accounts |= company._beepost_account()
        return accounts

    def _planned_depends(self):
        return [*self._options_depend_on(), "account_id"]

    def _press_once(self):
        # EXTENDS: before anything is made
        self._require_planned_day()
        return super()._press_once()

    def _choose_options(self, usual):
        # EXTENDS: each letter leaves in time by its own account's calendar
        options = super()._choose_options(usual)
        if self.planned_on and not self.planned_wrong:
            account = self.env["beepost.account"].sudo().browse(options["account_id"])
            options["planned_at"] = fields.Datetime.to_string(
                account._planned_moment(self.planned_on)
            )
        return options

    def _prepare_lot_vals(self, company, count):
        # EXTENDS
        values = super()._prepare_lot_vals(company, count)
        values["options"]["planned_on"] = fields.Date.to_string(self.planned_on)
        return values
