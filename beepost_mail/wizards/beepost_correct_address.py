from odoo import api, fields, models

from ..letter import address as room
from ..letter.finding import Refusal
from ..models.wording import sentence

PARTNER_FIELDS = ("name", "street", "street2", "zip", "city", "state_id", "country_id")


class BeepostCorrectAddress(models.TransientModel):
    """Mends the addressee's address and sends the refused letter again."""

    _name = "beepost.correct.address"
    _description = "Correct the Address and Send Again"

    mailing_id = fields.Many2one("beepost.mailing", required=True)
    partner_id = fields.Many2one(related="mailing_id.partner_id")
    # As the user, who may not be allowed to read the document.
    reason = fields.Html(related="mailing_id.error", related_sudo=False)
    name = fields.Char()
    street = fields.Char()
    street2 = fields.Char(string="Street 2")
    zip = fields.Char(string="Postcode")
    city = fields.Char()
    state_id = fields.Many2one("res.country.state")
    country_id = fields.Many2one("res.country")
    preview = fields.Text(compute="_compute_preview", string="In the window")
    problem = fields.Text(compute="_compute_preview")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        mailing = self.env["beepost.mailing"].browse(values.get("mailing_id"))
        partner = mailing.partner_id
        for name in PARTNER_FIELDS:
            value = partner[name]
            values[name] = value.id if isinstance(value, models.Model) else value
        return values

    @api.depends(*PARTNER_FIELDS)
    def _compute_preview(self):
        for wizard in self:
            # An unsaved copy of the addressee, so that one rule decides both here and
            # when the letter is made.
            draft = self.env["res.partner"].new(
                wizard._prepare_partner_vals(), origin=wizard.partner_id
            )
            try:
                address = room.compose(draft._beepost_parts())
            except Refusal as refusal:
                wizard.preview = False
                wizard.problem = "\n".join(
                    sentence(self.env, finding) for finding in refusal.findings
                )
            else:
                wizard.preview = "\n".join(address.lines)
                wizard.problem = False

    def _prepare_partner_vals(self):
        self.ensure_one()
        return {
            name: self[name].id if isinstance(self[name], models.Model) else self[name]
            for name in PARTNER_FIELDS
        }

    def action_correct(self):
        """Writes the address as the user (with the user's own rights) and retries."""
        self.ensure_one()
        self.partner_id.write(self._prepare_partner_vals())
        self.mailing_id.action_retry()
        return {"type": "ir.actions.act_window_close"}
