from odoo import api, models


class BeepostPosting(models.AbstractModel):
    _inherit = "beepost.posting"

    @api.model
    def _option_names(self):
        # EXTENDS 'beepost_mail': whoever makes a letter may say that it is a reminder
        return (*super()._option_names(), "marked_dunning")
