from datetime import datetime, time, timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..letter.calendar import PARIS, is_working_day, next_working_day

LAST_MINUTE = 24 * 60 - 1
# Half an hour before the cut-off that accounts have by default: what is put together
# then is made, handed over and deposited the same day.
GROUPING_HOUR = 16.5


class ResCompany(models.Model):
    """Whether letters to the same address share an envelope, and when."""

    _inherit = "res.company"

    beepost_grouping = fields.Selection(
        [
            ("none", "Never by themselves"),
            ("proposed", "Proposed"),
            ("automatic", "Once a day"),
        ],
        string="Letters to the same address",
        default="none",
        required=True,
        help="Proposed: letters that wait and could share an envelope are listed, with"
        " what that saves. Once a day: the letters of the day wait until the hour below"
        " and are put together then. Registered letters never are by themselves.",
    )
    beepost_grouping_hour = fields.Float(
        string="Put together at (Paris time)",
        default=GROUPING_HOUR,
        required=True,
        help="On working days. What comes later waits for the next one; a letter with a"
        " plan of its own keeps it. Half past four leaves time before the usual"
        " cut-off of 17:00: letters put together at the cut-off itself reach La Poste"
        " a day later.",
    )

    @api.constrains("beepost_grouping_hour")
    def _check_beepost_grouping_hour(self):
        if any(not 0 <= company.beepost_grouping_hour < 24 for company in self):
            raise ValidationError(
                self.env._(
                    "The hour at which letters are put together is an hour of the day:"
                    " from 00:00 to 23:59."
                )
            )

    def _beepost_grouping_moment(self, now):
        """When letters of this house that come at ``now`` are put together.

        :param now: naive datetime in UTC, as Odoo's own
        :return: the same
        """
        self.ensure_one()
        minutes = min(round(self.beepost_grouping_hour * 60), LAST_MINUTE)
        hour = time(*divmod(minutes, 60), tzinfo=PARIS)
        paris = now.replace(tzinfo=timezone.utc).astimezone(PARIS)
        day = paris.date()
        if not is_working_day(day) or paris >= datetime.combine(day, hour):
            day = next_working_day(day)
        moment = datetime.combine(day, hour).astimezone(timezone.utc)
        return moment.replace(tzinfo=None)
