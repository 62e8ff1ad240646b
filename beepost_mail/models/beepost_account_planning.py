from datetime import time, timezone

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_datetime

from ..letter.calendar import (
    hand_over_moment,
    is_working_day,
    next_working_day,
    paris_day,
)
from .beepost_account_calendar import LAST_MINUTE
from .date_words import day_words

FARTHEST = relativedelta(years=1)


class BeepostAccount(models.Model):
    """Letters planned for a day: the day on which La Poste gets them, which is the one
    that the post stamps and that terms count from."""

    _inherit = "beepost.account"

    def _hand_over_moment(self, day):
        """When a letter leaves that La Poste is to get on ``day``.

        :param day: date in Paris without :meth:`_planning_obstacle`
        :return: naive datetime in UTC, as ``planned_at`` is; of a day that can just be
            kept it may have passed
        :raises ValueError: nothing is deposited on ``day``
        """
        self.ensure_one()
        minutes = min(round(self.cutoff * 60), LAST_MINUTE)
        moment = hand_over_moment(day, time(*divmod(minutes, 60)), self.lead_days)
        return moment.astimezone(timezone.utc).replace(tzinfo=None)

    def _planned_moment(self, day):
        """``planned_at`` of a letter for ``day``; empty: as soon as possible."""
        return self._hand_over_moment(day) if day else False

    def _planning_obstacle(self, day):
        """Why letters of these accounts cannot be planned for ``day``.

        :param day: date in Paris; empty, as soon as possible, is always good
        :return: a sentence, or ""
        """
        if not day:
            return ""
        now = fields.Datetime.now()
        today = paris_day(now.replace(tzinfo=timezone.utc))
        words = {"day": self._day_words(day)}
        if day < today:
            return self.env._(
                "%(day)s is past. Choose a later day, or none to send as soon as"
                " possible.",
                **words,
            )
        if day > today + FARTHEST:
            return self.env._(
                "%(day)s is more than a year ahead: letters are planned for a year at"
                " most, until %(last)s.",
                last=self._day_words(today + FARTHEST),
                **words,
            )
        if not is_working_day(day):
            return self.env._(
                "%(day)s is no working day: La Poste gets nothing then. The next"
                " working day is %(next)s.",
                next=self._day_words(next_working_day(day)),
                **words,
            )
        earliest = max((one._deposit_date(now) for one in self), default=day)
        if day < earliest:
            return self.env._(
                "%(day)s is too early: what leaves now is given to La Poste on"
                " %(first)s. Choose that day or a later one, or none to send as soon as"
                " possible.",
                first=self._day_words(earliest),
                **words,
            )
        return ""

    def _planning_words(self, day):
        """What becomes of letters planned for ``day``, for each of these accounts.

        :param day: date in Paris without :meth:`_planning_obstacle`, or empty
        """
        sentences = self.grouped(lambda account: account._planning_sentence(day))
        if len(sentences) < 2:
            return "".join(sentences)
        return "\n".join(
            self.env._(
                "Account %(name)s: %(sentence)s",
                name=", ".join(accounts.mapped("name")),
                sentence=sentence,
            )
            for sentence, accounts in sentences.items()
        )

    def _planning_sentence(self, day):
        self.ensure_one()
        now = fields.Datetime.now()
        leaves = self._planned_moment(day)
        if not leaves or leaves <= now:
            return self.env._(
                "Departure as soon as possible, deposit on %(day)s.",
                day=self._day_words(self._deposit_date(now)),
            )
        return self._leaving_words(leaves, day)

    def _leaving_words(self, leaves, day):
        """Of a letter before and after it is made, on the post's clock.

        :param leaves: naive datetime in UTC
        :param day: date in Paris on which La Poste gets it
        """
        return self.env._(
            "Departure on %(moment)s (Paris time), deposit on %(day)s. Until it leaves"
            " you can change the day.",
            moment=format_datetime(
                self.env, leaves, tz="Europe/Paris", dt_format="short"
            ),
            day=self._day_words(day),
        )

    def _day_words(self, day):
        """With the day of the week: “Monday, January 4, 2027”."""
        return day_words(self.env, day)
