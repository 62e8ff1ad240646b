from datetime import timedelta

from odoo import api, fields, models

from ..tariff.cover import first_gap
from .postage_grid_words import gap_words

ACTIVITY = "beepost_postage.activity_grid_missing"


class BeepostPostageTariff(models.Model):
    """Tells administrators in time that a price list ends with nothing behind it.

    One activity each, when a gap is found and again only if it moves; it goes by itself
    once a grid covers the days.
    """

    _inherit = "beepost.postage.tariff"

    warn_days = fields.Integer(
        string="Warn ahead (days)",
        default=45,
        help="So many days before prices end without a successor, each post"
        " administrator gets an activity. 0: on the day itself.",
    )
    # What administrators were told: whoever marks it done is not told again each day.
    gap_told = fields.Char(readonly=True, copy=False)

    _warn = models.Constraint("CHECK(warn_days >= 0)", "Days ahead are not negative.")

    @api.model
    def _cron_warn(self):
        tariffs = self.with_context(active_test=False).search([("id", "!=", False)])
        tariffs._update_gap_warnings()

    def _update_gap_warnings(self):
        """Tariffs in use get the warning that they need, others lose theirs. Contracts
        that count from one of these are looked at as well."""
        tariffs = (self | self.contract_ids).sudo()
        tariffs = tariffs.with_context(active_test=True)  # accounts in service
        used = tariffs.filtered("in_use")
        rooms = self.env["beepost.postage"]._room_tariffs(used)
        zones = self.env["beepost.postage.zone"]._room_zones()
        today = self._paris_today()
        for tariff in tariffs:
            gap = None
            if tariff in used:
                gap = first_gap(rooms[tariff.id], today, tariff.warn_days, zones)
            tariff._warn_of(gap)

    def _warn_of(self, gap):
        told = False
        if gap:
            # Days without any grid follow each other: it is the same gap.
            told = "nothing" if gap.nothing else repr(gap)
        if told == (self.gap_told or False):
            return
        self.gap_told = told
        self.activity_unlink([ACTIVITY])
        if not gap:
            return
        for user in self._administrators():
            tariff = self.with_context(lang=user.lang)
            tariff.activity_schedule(
                ACTIVITY,
                date_deadline=max(gap.day - timedelta(days=1), fields.Date.today()),
                summary=tariff.env._("Prices end: %s", tariff.name),
                note=tariff.env._(
                    "%(gap)s Publish a grid for these days: import it, or copy today's"
                    " and correct it (Post, Postage, Grids in force).",
                    gap=gap_words(tariff.env, gap),
                ),
                user_id=user.id,
            )

    def _administrators(self):
        """Who looks after this tariff: post administrators of a company that prices
        letters by it."""
        accounts = self.account_ids | self.contract_ids.account_ids
        companies = accounts.company_id
        admins = self.env.ref("beepost_mail.group_admin").sudo().all_user_ids
        return admins.filtered(
            lambda user: not user.share and user.active and companies & user.company_ids
        )
