from odoo import api, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """A document that left by post stays: the letter is evidence of it."""

    _inherit = "account.move"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        """Who may read a letter follows from its documents: without them nobody in
        accounting could. Practice proves nothing."""
        posted = self.filtered(lambda move: move._beepost_is_evidence())
        if posted:
            raise UserError(
                self.env._(
                    "%(names)s cannot be deleted: it left by post, or may have left,"
                    " and the letter is kept as evidence. Cancel it instead.",
                    names=", ".join(posted[:5].mapped("display_name")),
                )
            )

    def _beepost_is_evidence(self):
        self.ensure_one()
        return any(
            letter.state in ("sending", "accepted", "unknown") or letter.in_doubt
            for letter in self._beepost_letters()
            if not letter.is_practice
        )
