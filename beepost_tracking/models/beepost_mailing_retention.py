from odoo import api, models
from odoo.fields import Domain

# What names people beside the letter itself: models of ``beepost.letter.part``, and the
# fields that are emptied at the set end.
PERSONAL = {
    "beepost.event": ("raw", "place"),
    "beepost.proof": ("attachment_id", "listed_id", "filename", "problem_words"),
}
# Something is still to happen here, or somebody must look: the terms of these letters
# count from the last news. A year after the last news nothing comes back any more.
UNSETTLED = ("awaiting_pickup", "undeliverable", "returning", "exception", "unknown")


class BeepostMailing(models.Model):
    _inherit = "beepost.mailing"

    @api.model
    def _over_domain(self, moment):
        # EXTENDS 'beepost_mail'
        settled = Domain("status", "not in", UNSETTLED) | Domain(
            "stage_since", "<", moment
        )
        return super()._over_domain(moment) & settled

    def _erase_personal_data(self):
        # EXTENDS 'beepost_mail'
        for model, names in PERSONAL.items():
            if model in self.env:
                parts = self.env[model].search([("mailing_id", "in", self.ids)])
                parts._erase_personal_data(names)
        self.write({"suivi_message": False, "suivi_url": False})
        return super()._erase_personal_data()
