from odoo import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_model_info_by_xmlid(self):
        # EXTENDS 'mail': without it administrators could not be warned
        info = super()._get_model_info_by_xmlid()
        info["beepost_postage.activity_grid_missing"] = {
            "res_model": "beepost.postage.tariff",
            "unlink": False,
        }
        return info
