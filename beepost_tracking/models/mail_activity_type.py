from odoo import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_model_info_by_xmlid(self):
        # EXTENDS 'mail': without these no news of a letter could be stored
        info = super()._get_model_info_by_xmlid()
        for name in ("activity_came_back", "activity_contradicted"):
            info[f"beepost_tracking.{name}"] = {
                "res_model": "beepost.mailing",
                "unlink": False,
            }
        return info
