from odoo import api, fields, models

from ..journey.codes import RANKS, STOPPED

# Nothing more comes from La Poste after these.
SILENT = ("delivered", "returned", *STOPPED)


class BeepostMailing(models.Model):
    """A tracked letter, as La Poste sees it."""

    _inherit = "beepost.mailing"

    # The number that all the following speaks of.
    suivi_number = fields.Char(compute="_compute_suivi", store=True, copy=False)
    suivi_next_at = fields.Datetime(
        string="La Poste is asked on", compute="_compute_suivi", store=True, copy=False
    )
    suivi_over = fields.Boolean(
        string="La Poste has said all",
        compute="_compute_suivi",
        store=True,
        copy=False,
    )
    suivi_url = fields.Char(
        string="Page at La Poste", compute="_compute_suivi", store=True, copy=False
    )
    suivi_message = fields.Text(
        string="La Poste says", compute="_compute_suivi", store=True, copy=False
    )

    _suivi_idx = models.Index(
        "(company_id, suivi_next_at) WHERE suivi_next_at IS NOT NULL"
    )

    @api.depends("tracking_number", "status", "is_practice")
    def _compute_suivi(self):
        """From the day on which it is at La Poste until nothing more can come. What
        the last look has set stays, as long as the number is the same: what was said
        of another one says nothing of this."""
        now = fields.Datetime.now()
        for letter in self:
            same = letter.suivi_number == letter.tracking_number
            letter.suivi_number = letter.tracking_number
            letter.suivi_over = same and letter.suivi_over
            letter.suivi_url = same and letter.suivi_url
            letter.suivi_message = same and letter.suivi_message
            next_at = same and letter.suivi_next_at
            letter.suivi_next_at = letter._is_asked_for() and (next_at or now)

    def _is_asked_for(self):
        return (
            self.tracking_number
            and not self.is_practice
            and not self.suivi_over
            and RANKS.get(self.status, 0) >= RANKS["posted"]
            and self.status not in SILENT
        )
