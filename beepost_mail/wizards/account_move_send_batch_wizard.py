from odoo import models


class AccountMoveSendBatchWizard(models.TransientModel):
    _inherit = "account.move.send.batch.wizard"

    def _compute_summary_data(self):
        # EXTENDS 'account'
        result = super()._compute_summary_data()
        for wizard in self:
            if "beepost" not in (wizard.summary_data or {}):
                continue
            bad = wizard.move_ids._origin.filtered(
                lambda move: "beepost" in self._get_default_sending_methods(move)
            )._beepost_bad_addresses()
            if bad:
                # The field hands out copies: only a reassignment is kept.
                summary = dict(wizard.summary_data)
                extra = self.env._("(%s with an address to correct)", len(bad))
                summary["beepost"] = {**summary["beepost"], "extra": extra}
                wizard.summary_data = summary
        return result
