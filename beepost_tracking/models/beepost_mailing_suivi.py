from odoo import api, fields, models

from ..journey.codes import RANKS, STOPPED

# Nothing more comes from La Poste after these.
SILENT = ("delivered", "returned", *STOPPED)


class BeepostMailing(models.Model):
    """A tracked letter, as La Poste sees it."""

    _inherit = "beepost.mailing"

    suivi_next_at = fields.Datetime(
        string="La Poste is asked on",
        compute="_compute_suivi_next_at",
        store=True,
        copy=False,
    )
    suivi_over = fields.Boolean(
        string="La Poste has said all", readonly=True, copy=False
    )
    suivi_url = fields.Char(string="Page at La Poste", readonly=True, copy=False)
    suivi_message = fields.Text(string="La Poste says", readonly=True, copy=False)

    _suivi_idx = models.Index(
        "(company_id, suivi_next_at) WHERE suivi_next_at IS NOT NULL"
    )

    @api.depends("tracking_number", "status", "is_practice", "suivi_over")
    def _compute_suivi_next_at(self):
        """From the day on which it is at La Poste until nothing more can come. What
        was set by the last look stays."""
        now = fields.Datetime.now()
        for letter in self:
            followed = (
                letter.tracking_number
                and not letter.is_practice
                and not letter.suivi_over
                and RANKS.get(letter.status, 0) >= RANKS["posted"]
                and letter.status not in SILENT
            )
            if not followed:
                letter.suivi_next_at = False
            elif not letter.suivi_next_at:
                letter.suivi_next_at = now
