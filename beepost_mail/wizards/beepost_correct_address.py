from odoo import api, fields, models


class BeepostCorrectAddress(models.TransientModel):
    """Mends the addressee's address and sends the refused letter again."""

    _name = "beepost.correct.address"
    _description = "Correct the Address and Send Again"
    _inherit = ["beepost.address.draft"]

    # As the user, who may not be allowed to read the document.
    reason = fields.Html(related="mailing_id.error", related_sudo=False)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        mailing = self.env["beepost.mailing"].browse(values.get("mailing_id"))
        return {**values, **self._prepare_draft_vals(mailing.partner_id)}

    def action_correct(self):
        """Writes the address as the user (with the user's own rights) and retries."""
        self.ensure_one()
        self.partner_id.write(self._prepare_partner_vals())
        self.mailing_id.action_retry()
        return {"type": "ir.actions.act_window_close"}
