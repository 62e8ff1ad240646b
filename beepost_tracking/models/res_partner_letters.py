from odoo import api, fields, models


class ResPartner(models.Model):
    """How the letters to a contact and those below it fare: everyone sees it of the
    letters that he may see."""

    _inherit = "res.partner"

    beepost_mailing_ids = fields.One2many(
        "beepost.mailing",
        "partner_id",
        string="Letters to this address",
        readonly=True,
        groups="beepost_mail.group_user",
    )
    beepost_stage_id = fields.Many2one(
        "beepost.stage",
        string="Stage of the last letter",
        compute="_compute_beepost_standing",
        groups="beepost_mail.group_user",
    )
    beepost_return_count = fields.Integer(
        string="Letters that came back, to treat",
        compute="_compute_beepost_standing",
        groups="beepost_mail.group_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_beepost_standing(self):
        """The same number of queries for one contact and for a page of them."""
        last, to_treat = {}, dict.fromkeys(self._origin.ids, 0)
        for partner, state, practice, count, newest in self._beepost_count_letters():
            # Whoever stands above has no part in what the user may read.
            node = partner.sudo()
            while node:
                if node.id in to_treat:
                    # As on an invoice: nobody takes practice for what happened.
                    if not practice:
                        last[node.id] = max(last.get(node.id, 0), newest)
                    to_treat[node.id] += count if state == "open" else 0
                node = node.parent_id
        letters = self.env["beepost.mailing"].browse(last.values())
        letters.fetch(["stage_id"])
        for partner in self:
            letter = letters.browse(last.get(partner._origin.id))
            partner.beepost_stage_id = letter.stage_id
            partner.beepost_return_count = to_treat.get(partner._origin.id, 0)

    def _beepost_count_letters(self):
        """Cancelled ones say nothing.

        :return: list of (addressee, return state, whether practice, number, id of the
            newest)
        """
        everyone = self.with_context(active_test=False)
        family = everyone._search([("id", "child_of", self._origin.ids)])
        return everyone.env["beepost.mailing"]._read_group(
            [("partner_id", "in", family), ("state", "!=", "cancelled")],
            ["partner_id", "return_state", "is_practice"],
            ["__count", "id:max"],
        )

    def action_open_beepost_returns(self):
        """What came back of the letters to this contact and those below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_tracking.action_returns"
        )
        action["domain"] = [
            ("partner_id", "child_of", self.id),
            ("return_state", "!=", False),
        ]
        return action
