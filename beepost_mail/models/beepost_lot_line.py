import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..letter.finding import Refusal
from .beepost_outbox import CONCURRENCY_ERRORS
from .beepost_outbox_prepare import PREPARE_SECONDS
from .wording import sentence

_logger = logging.getLogger(__name__)

SLICE = 10  # documents made into letters in one transaction
# A report during which the server died that often is not tried again.
MAX_ATTEMPTS = 3


class BeepostLotLine(models.Model):
    """A document of a lot of which the letter is still to be made, in the background.

    Letter and state of the line are written in one transaction: whatever dies, a
    document gets its letter once. What was rendered in vain is rendered again.
    """

    _name = "beepost.lot.line"
    _description = "Document of a Lot"
    _order = "lot_id, id"
    _rec_name = "name"

    lot_id = fields.Many2one(
        "beepost.lot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lot_id.company_id", store=True)
    name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        readonly=True,
        ondelete="set null",
        help="Chosen by the sender; else as the document says.",
    )
    state = fields.Selection(
        [("waiting", "To make"), ("made", "Made"), ("failed", "Not made")],
        default="waiting",
        required=True,
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    reason = fields.Text(string="Why not", readonly=True)
    mailing_id = fields.Many2one(
        "beepost.mailing", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")
    _record_idx = models.Index("(res_model, res_id) WHERE state = 'waiting'")

    # ------------------------------------------------------------------
    # The run
    # ------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        """Makes letters of what waits, for as long as the scheduled action has time.
        Never raises for what a report or a document does."""
        outbox = self.env["beepost.outbox"]
        if not outbox._job_has_time():
            outbox._commit(remaining=1)  # Odoo calls again, with a new clock
            return
        while True:
            lines = self._claim()
            if not lines:
                outbox._commit(remaining=0)
                return
            done = lines._make_in_time()
            remaining = self.search_count(self._due_domain())
            if not outbox._commit(len(done), remaining=remaining) or not remaining:
                return

    @api.model
    def _due_domain(self):
        """Lines whose turn it is; another addon or a pause narrows this."""
        return [("state", "=", "waiting")]

    @api.model
    def _claim(self):
        """Counts the attempt and commits it, before anything can die of it.

        Whatever the server died of once is tried alone the next time.
        """
        lines = self.search(self._due_domain(), order="attempts, id", limit=SLICE)
        if lines[:1].attempts:
            lines = lines[:1]
        else:
            lines = lines.filtered(lambda line: not line.attempts)
        lines = lines.try_lock_for_update()
        for attempts, alike in lines.grouped("attempts").items():
            alike.attempts = attempts + 1
        # What comes next may take the process with it.
        self.env["beepost.outbox"]._commit()
        return lines

    def _make_in_time(self):
        """:return: those of ``self`` that are done; the others have the next turn"""
        started = time.monotonic()
        lines = self.try_lock_for_update().filtered(
            lambda line: line.state == "waiting"
        )
        worn = lines.filtered(lambda line: line.attempts > MAX_ATTEMPTS)
        worn._fail(
            {
                line: line._author_env()._(
                    "The server broke off each time that it made this document. Your"
                    " administrator finds more in the server's log."
                )
                for line in worn
            }
        )
        envelopes, failed = {}, (lines - worn)._posted_meanwhile()
        for line in lines - worn:
            if line in failed:
                continue
            if envelopes and (
                time.monotonic() - started > PREPARE_SECONDS
                or line._waits_for(envelopes)
            ):
                line.attempts -= 1  # it was not tried
                continue
            line._try_envelope(envelopes, failed)
        self._post_or_fail(envelopes, failed)
        return worn + self.browse([line.id for line in (*envelopes, *failed)])

    def _make(self):
        """Makes the letters of ``self`` now.

        :return: {line: why it was not made}
        """
        envelopes, failed = {}, {}
        for line in self:
            line._try_envelope(envelopes, failed)
        self._post_or_fail(envelopes, failed)
        return failed

    def _try_envelope(self, envelopes, failed):
        """Puts the envelope of this line into ``envelopes``, or its reason into
        ``failed``."""
        self.ensure_one()
        env = self._author_env()
        try:
            with self.env.cr.savepoint():
                envelopes[self] = self.with_env(env)._prepare_envelope()
        except CONCURRENCY_ERRORS:
            raise  # the scheduled action tries again
        except Refusal as refusal:
            failed[self] = " ".join(sentence(env, one) for one in refusal.findings)
        except UserError as error:
            failed[self] = str(error)
        except Exception:
            _logger.exception(
                "Document %s,%s was not made", self.res_model, self.res_id
            )
            failed[self] = env._(
                "The PDF of this document could not be made, for a reason that your"
                " administrator finds in the server's log."
            )

    def _post_or_fail(self, envelopes, failed):
        """One letter that cannot be made does not keep the others."""
        per_user = {}
        for line, envelope in envelopes.items():
            per_user.setdefault(line.lot_id.user_id, {})[line] = envelope
        for user, of_user in per_user.items():
            try:
                with self.env.cr.savepoint():
                    self._post(of_user, user)
                continue
            except CONCURRENCY_ERRORS:
                raise
            except Exception:
                _logger.exception("Letters could not be made together, now one by one")
            for line, envelope in of_user.items():
                try:
                    with self.env.cr.savepoint():
                        self._post({line: envelope}, user)
                except CONCURRENCY_ERRORS:
                    raise
                except Exception:
                    _logger.exception("No letter could be made for %s", line)
                    failed[line] = line._author_env()._(
                        "No letter could be made of this document, for a reason that"
                        " your administrator finds in the server's log."
                    )
        lines = self.browse([line.id for line in failed])
        lines._fail(failed)

    def _post(self, envelopes, user):
        posting = self.env["beepost.posting"]
        # In the language of who sends: the scheduled action speaks none.
        posting = posting.with_context(lang=user.lang)
        letters = posting._post(list(envelopes.values()), user)
        for line, letter in zip(envelopes, letters, strict=True):
            line.write({"state": "made", "mailing_id": letter.id, "reason": False})

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def _fail(self, reasons):
        """:param reasons: {line: why it was not made, in its author's language}"""
        for line in self:
            line.write({"state": "failed", "reason": reasons[line]})
            line._tell_failed()

    def _tell_failed(self):
        """Never raises: the other letters would go with it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                model, res_id = self._chatter()
                if not hasattr(self.env.get(model), "_message_log"):
                    return
                record = self.env[model].browse(res_id).exists()
                if not record:
                    return
                env = self._author_env()
                text = env._("Not sent by post. %(reason)s", reason=self.reason)
                record.with_context(lang=env.lang)._message_log(body=text)
                if hasattr(record, "activity_schedule"):
                    record.with_context(lang=env.lang).activity_schedule(
                        "mail.mail_activity_data_warning",
                        summary=env._("Not sent by post: %(name)s", name=self.name),
                        note=env._("The chatter of the document says what is wrong."),
                        user_id=self.lot_id.user_id.id,
                    )
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            _logger.exception("Nobody could be told about %s", self)

    def _chatter(self):
        """:return: (model, id) as ``beepost.mailing.document._chatters`` has them"""
        values = {"res_model": self.res_model, "res_id": self.res_id}
        line = self.env["beepost.mailing.document"].new(values)
        return line._chatters()[line]

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_open_record(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
