from datetime import time, timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..letter.calendar import deposit_date

LAST_MINUTE = 24 * 60 - 1


class BeepostAccount(models.Model):
    """When what is handed over today reaches La Poste."""

    _inherit = "beepost.account"

    # BeePOST promises J+1 and publishes no cut-off: 17:00 is our reading of a working
    # day, to be replaced by what the contract says.
    cutoff = fields.Float(
        string="Cut-off (Paris time)",
        default=17.0,
        required=True,
        help="Letters handed over before this hour of a working day count for that day,"
        " later ones for the next working day.",
    )
    lead_days = fields.Integer(
        string="Working days until the deposit",
        default=1,
        required=True,
        help="Working days that BeePOST takes from the day a letter counts for until it"
        " gives it to La Poste: 1 is “J+1”, 0 the same day.",
    )

    @api.constrains("cutoff", "lead_days")
    def _check_calendar(self):
        for account in self:
            if not 0 <= account.cutoff < 24:
                raise ValidationError(
                    self.env._(
                        "The cut-off of account %(name)s is an hour of the day: from"
                        " 00:00 to 23:59.",
                        name=account.name,
                    )
                )
            if account.lead_days < 0:
                raise ValidationError(
                    self.env._(
                        "Account %(name)s cannot deposit letters before it has them:"
                        " the working days until the deposit are 0 or more.",
                        name=account.name,
                    )
                )

    def _deposit_date(self, moment):
        """When La Poste gets a letter that leaves through this account at ``moment``.

        :param moment: datetime with a time zone; without one it is UTC, as Odoo's
            own fields are
        :return: date in Paris
        """
        self.ensure_one()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        minutes = min(round(self.cutoff * 60), LAST_MINUTE)
        return deposit_date(moment, time(*divmod(minutes, 60)), self.lead_days)
