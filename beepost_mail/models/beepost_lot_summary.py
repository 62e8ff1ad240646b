import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from .beepost_account import WAITING
from .beepost_lot import record_link
from .beepost_outbox import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

CLOSED_AT_ONCE = 20  # lots
SHOWN = 20  # letters named in the summary


class BeepostLot(models.Model):
    """The end of a lot: its author is told once how it went."""

    _inherit = "beepost.lot"

    @api.model
    def _close_finished(self):
        """Closes lots of which nothing waits any more. Two processes at once meet on
        the row: one of them closes it."""
        lots = self.search(
            Domain("closed_at", "=", False)
            & Domain("mailing_ids", "not any!", _waits()),
            order="id",
        )
        if not lots:
            return
        lots._drop_late()
        rendering = lots._count_rendering()
        lots = lots.filtered(lambda lot: not rendering.get(lot.id))[:CLOSED_AT_ONCE]
        lots = lots.try_lock_for_update(allow_referencing=True)
        lots.closed_at = fields.Datetime.now()
        lots.filtered(lambda lot: lot.state != "cancelled").state = "done"
        # Nobody need be told of one letter, which speaks for itself.
        for lot in lots.filtered(lambda lot: max(lot.expected, lot.letter_count) > 1):
            lot._tell_summary()

    def _drop_late(self):
        """Documents that were at work when their lot was cancelled, and of which no
        letter came after all: the work was broken off."""
        cancelled = self.filtered(lambda lot: lot.state == "cancelled")
        if not cancelled:
            return
        rendering = cancelled._count_rendering()
        for lot in cancelled.filtered(lambda lot: rendering.get(lot.id)):
            dropped = lot.with_context(lang=lot.user_id.lang)._drop_rendering()
            if dropped:
                lot.dropped += dropped

    def _tell_summary(self):
        """Never raises: what is over stays over, whoever can be told."""
        self.ensure_one()
        author = self.user_id
        if not author.active:
            return
        env = self.with_context(lang=author.lang).env
        try:
            with self.env.cr.savepoint():
                self.with_env(env).message_post(
                    subject=env._("Post: %(name)s", name=self.name),
                    body=self.with_env(env)._get_summary(),
                    partner_ids=author.partner_id.ids,
                    subtype_xmlid="mail.mt_note",
                )
        except CONCURRENCY_ERRORS:
            raise  # the whole is written again
        except Exception:
            _logger.exception("The author of lot %s was not told", self.id)

    def _get_summary(self):
        """How the lot went, in the environment's language. Managers read it as well:
        nothing here quotes addresses or documents."""
        self.ensure_one()
        env = self.env
        doubtful = self._count_states()[self.id]["unknown"]
        heading = (
            env._("This lot was cancelled. What became of its documents:")
            if self.state == "cancelled"
            else env._("This lot is done. What became of its documents:")
        )
        counts = (
            (self.accepted_count, env._("accepted by BeePOST")),
            (self.grouped_count, env._("put into another envelope")),
            (self.refused_count - doubtful, env._("refused")),
            (doubtful, env._("in doubt: ask BeePOST whether they arrived")),
            (self.cancelled_count, env._("cancelled")),
            (self.missing_count, env._("without a letter: the lot names them")),
        )
        items = [Markup("<li>%s %s</li>") % pair for pair in counts if pair[0]]
        return Markup("<p>%s</p><ul>%s</ul>%s%s") % (
            heading,
            Markup().join(items),
            self._get_failure_links(),
            Markup("<p>%s</p>") % cost if (cost := self._get_cost_sentence()) else "",
        )

    def _failed(self, *states):
        letters = self.mailing_ids | self.mailing_ids.grouped_into_id
        return letters.filtered(lambda m: m.state in states).sorted("id")

    def _get_failure_links(self):
        failed = self._failed("rejected", "unknown")
        if not failed:
            return ""
        links = [
            record_link(letter, f"/odoo/letters/{letter.id}")
            for letter in failed[:SHOWN]
        ]
        more = len(failed) - SHOWN
        return Markup("<p>%s %s%s</p>") % (
            self.env._("To look at:"),
            Markup(", ").join(links),
            Markup(" ") + self.env._("and %s more.", more) if more > 0 else "",
        )


def _waits():
    """Domain of letters that wait, be it in the envelope of another."""
    waits = Domain("state", "in", WAITING)
    return waits | Domain("grouped_into_id", "any!", waits)
