from odoo import api, fields, models
from odoo.tools import format_time

from odoo.addons.beepost_mail.letter.calendar import PARIS
from odoo.addons.beepost_mail.models.date_words import day_words

from .status import REASON

REASONS = dict(REASON)


class BeepostEvent(models.Model):
    """An event in words, as a timeline shows it."""

    _inherit = "beepost.event"

    # A letter travels by French time, wherever its reader sits.
    day_words = fields.Char(string="Day", compute="_compute_moment_words")
    time_words = fields.Char(string="Time in Paris", compute="_compute_moment_words")
    words = fields.Char(string="What was told", compute="_compute_words")
    reason_words = fields.Char(string="Reason", compute="_compute_words")

    @api.depends("happened_at")
    @api.depends_context("lang")
    def _compute_moment_words(self):
        for event in self:
            moment = fields.Datetime.context_timestamp(
                event.with_context(tz=PARIS.key), event.happened_at
            )
            event.day_words = day_words(self.env, moment.date(), "long")
            event.time_words = format_time(
                self.env, event.happened_at, tz=PARIS.key, time_format="short"
            )

    @api.depends("label", "code", "reason", "wording_id.canonical", "wording_id.reason")
    @api.depends_context("lang")
    def _compute_words(self):
        labels = dict(
            self.env["beepost.mailing"]
            ._fields["return_reason"]
            ._description_selection(self.env)
        )
        for event in self:
            event.words = event.label or event.code
            reason = event._reason_code()
            # Words that are no reason of ours are shown as they came.
            event.reason_words = labels.get(reason) or event.reason
