from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .beepost_mailing import NOT_GONE


class BeepostMailing(models.Model):
    """What people may do about envelopes that are shared."""

    _inherit = "beepost.mailing"

    document_count = fields.Integer(
        string="Documents",
        compute="_compute_document_count",
        help="Documents in the envelope; what is enclosed with them is not counted.",
    )

    @api.depends("document_ids.kind")
    def _compute_document_count(self):
        # As superuser: how many there are is no secret, as pages and sheets are none.
        counts = dict(
            self.env["beepost.mailing.document"]
            .sudo()
            ._read_group(
                [("mailing_id", "in", self.ids), ("kind", "=", "document")],
                ["mailing_id"],
                ["__count"],
            )
        )
        for letter in self:
            letter.document_count = counts.get(letter.sudo(), 0)

    def action_put_together(self):
        """Opens a dialog that says which of these letters fit into one envelope and
        what that saves."""
        self.check_access("read")
        letters = self.filtered(lambda letter: letter.state in NOT_GONE)
        if len(letters) < 2:
            raise UserError(
                self.env._(
                    "Choose two letters or more that have not left: only those can be"
                    " put together."
                )
            )
        # Made here, and not by the browser: its pages are counted before it shows.
        wizard = self.env["beepost.group"].create(
            {"mailing_ids": [Command.set(letters.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put letters together"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_separate(self):
        """Gives the documents of shared envelopes back to letters of their own."""
        what = self.env._("Take apart")
        letters = self._require((*NOT_GONE, "rejected"), what)
        for letter in letters:
            if len(letter._homes()) < 2:
                raise UserError(
                    self.env._(
                        "Letter %(name)s was not put together from several letters:"
                        " nothing can be taken apart.",
                        name=letter.name,
                    )
                )
            if letter.in_doubt or (letter.first_sent_at and letter.state != "rejected"):
                raise UserError(
                    self.env._(
                        "Letter %(name)s was handed over to BeePOST before: its"
                        " documents stay together.",
                        name=letter.name,
                    )
                )
        letters._separate()
        return True
