from odoo import api, fields, models

from ..letter import address as room
from ..letter.finding import Refusal
from ..models.wording import sentence

PARTNER_FIELDS = ("name", "street", "street2", "zip", "city", "state_id", "country_id")


class BeepostAddressDraft(models.AbstractModel):
    """An addressee's address while somebody mends it, with what the window would show.

    A draft made by a remote call tells nothing of a letter that its maker may not see.
    """

    _name = "beepost.address.draft"
    _description = "Address Being Corrected"

    mailing_id = fields.Many2one(
        "beepost.mailing", string="Letter", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="mailing_id.partner_id", related_sudo=False)
    name = fields.Char()
    street = fields.Char()
    street2 = fields.Char(string="Street 2")
    zip = fields.Char(string="Postcode")
    city = fields.Char()
    state_id = fields.Many2one("res.country.state")
    country_id = fields.Many2one("res.country")
    preview = fields.Text(compute="_compute_preview", string="In the window")
    problem = fields.Text(compute="_compute_preview")

    @api.constrains("mailing_id")
    def _check_may_read(self):
        # A relation is not checked again for what is in memory already.
        self.sudo(False).mailing_id.check_access("read")

    @api.depends("partner_id", *PARTNER_FIELDS)
    def _compute_preview(self):
        for draft in self:
            # An unsaved copy of the addressee, so that one rule decides both here and
            # when the letter is made.
            partner = self.env["res.partner"].new(
                draft._prepare_partner_vals(), origin=draft.partner_id
            )
            try:
                address = room.compose(partner._beepost_parts())
            except Refusal as refusal:
                draft.preview = False
                draft.problem = "\n".join(
                    sentence(self.env, finding) for finding in refusal.findings
                )
            else:
                draft.preview = "\n".join(address.lines)
                draft.problem = False

    @api.model
    def _prepare_draft_vals(self, partner):
        """The address of ``partner`` as it is, read with the user's own rights."""
        return {name: _plain(partner[name]) for name in PARTNER_FIELDS}

    def _prepare_partner_vals(self):
        self.ensure_one()
        return {name: _plain(self[name]) for name in PARTNER_FIELDS}


def _plain(value):
    return value.id if isinstance(value, models.Model) else value
