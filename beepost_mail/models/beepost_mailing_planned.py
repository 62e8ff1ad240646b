from datetime import datetime, timezone

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime


class BeepostMailing(models.Model):
    """Letters that leave on a day that somebody chose.

    A planned letter is neither prepared nor handed over before its moment. Recovery
    looks past the plan: of a letter in doubt the provider is asked at once.
    """

    _inherit = "beepost.mailing"

    planned_at = fields.Datetime(
        string="Leaves from",
        readonly=True,
        copy=False,
        help="The letter is handed over to BeePOST at this moment, not before. Empty:"
        " as soon as possible.",
    )

    def _leaving_domain(self):
        """Which of the letters that wait may leave now. Another reason to keep a
        letter back, which ends by itself, narrows this."""
        return Domain("planned_at", "=", False) | Domain(
            "planned_at", "<=", fields.Datetime.now()
        )

    def _is_planned(self):
        self.ensure_one()
        return bool(self.planned_at and self.planned_at > fields.Datetime.now())

    def _wake_outbox(self):
        """Wakes the outbox for these letters: now, or when their moment comes. Where
        such a trigger gets lost, the account's next ordinary run takes them."""
        for account, letters in self.grouped("account_id").items():
            planned = letters.filtered(lambda letter: letter._is_planned())
            if planned:
                account._trigger_send(at=sorted(set(planned.mapped("planned_at"))))
            if letters - planned:
                account._trigger_send()

    def _created_words(self):
        """What the document's chatter says of a new letter, in its author's words."""
        self.ensure_one()
        env = self._author_env()
        if not self._is_planned():
            return env._("Letter created, it leaves with the next run.")
        return env._(
            "Letter created. It is planned: it leaves on %(when)s.",
            when=self._moment_words(self.planned_at),
        )

    def _moment_words(self, moment):
        """``moment`` as its author writes it, on the post's clock: the day that counts
        is a day in Paris."""
        return format_datetime(
            self._author_env(), moment, tz="Europe/Paris", dt_format="short"
        )


def read_moment(value):
    """A moment among the options of a letter, as ``planned_at`` stores it.

    Options rest in JSON until the PDF exists, so that a moment comes as text.

    :param value: datetime (naive: UTC), ISO text of one, or nothing
    :return: naive datetime in UTC without microseconds, or False
    :raises ValueError: text that is no moment
    """
    if not value:
        return False
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.replace(microsecond=0)
