from odoo import models


class BeepostOutbox(models.AbstractModel):
    _inherit = "beepost.outbox"

    def _give_up(self, letters):
        # EXTENDS 'beepost_mail': BeePOST may have told of a letter before its worker
        # was known to be dead, or before the backup that was restored.
        result = super()._give_up(letters)
        letters._settle_by_evidence()
        return result
