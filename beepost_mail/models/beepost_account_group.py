from odoo import models

from ..letter.grouping import Bounds


class BeepostAccount(models.Model):
    _inherit = "beepost.account"

    def _group_bounds(self):
        """:return: {account id: ``letter.grouping.Bounds``}"""
        return {
            account.id: Bounds(
                account.profile_id._as_room_profile(), account._letter_limits()
            )
            for account in self.sudo()
        }
