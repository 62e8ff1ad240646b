import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import is_html_empty

from .beepost_lot import HELD
from .language_words import language_words

# One call of the engine prints so many letters: each call takes a second to start.
SLICE = 20
# No slice begins after this: see ``beepost.outbox`` for what kills an action, and when.
RUN_SECONDS = 45
BUSY = timedelta(minutes=1)  # until rows that are at work elsewhere are looked at again


class BeepostFreeLetter(models.Model):
    """From a draft to letters: in slices, each of which stands or falls as a whole.

    A slice prints its letters, makes the records and marks its addressees in one
    transaction: a run that is killed leaves them to do, and nobody gets two. That they
    were tried is committed before: what killed a run is tried alone, and last.
    """

    _inherit = "beepost.free.letter"

    # ------------------------------------------------------------------
    # The order to make
    # ------------------------------------------------------------------

    def _send(self, day=False):
        """Takes the draft out of its author's hands. Addressees whose address cannot
        be posted are left out, with the reason beside their name.

        :param day: date in Paris on which La Poste gets the letters; empty: as soon as
            possible
        :raises UserError: nothing can be sent, or it is on its way already
        """
        self.ensure_one()
        self.check_access("write")
        self.env["beepost.mailing"].check_access("read")
        letter = self._lock_draft()
        company = letter.company_id
        misfit = company._beepost_misfit(letter.account_id, letter.service_id)
        if misfit:
            raise UserError(misfit)
        if not company._beepost_account():
            raise UserError(
                self.env._(
                    "%s has no BeePOST account to post through. Ask your administrator"
                    " to set one up.",
                    company.name,
                )
            )
        obstacle = letter._obstacle() or letter._account()._planning_obstacle(day)
        if obstacle:
            raise UserError(obstacle)
        # What a former attempt left beside their names says nothing any more.
        letter.addressee_ids.write({"state": "todo", "attempts": 0, "error": False})
        rows = letter.addressee_ids._leave_out_unpostable()
        if not rows:
            raise UserError(
                self.env._(
                    "Nobody on the list has an address that can be posted. The list"
                    " says what is wrong with each."
                )
            )
        letter.write(
            {
                "state": "making",
                "sender_id": self.env.user.id,
                "planned_on": day,
                # Whatever becomes the usual one until all letters are made.
                "account_id": letter._account().id,
            }
        )
        letter._start(rows)
        return rows

    def _account(self):
        """:return: the account that the letters leave through, as superuser"""
        self.ensure_one()
        return self.company_id._beepost_account(self.account_id.id).sudo()

    def _planned_moment(self, day):
        """``planned_at`` of letters for ``day``, as their options have it."""
        return fields.Datetime.to_string(self._account()._planned_moment(day))

    def _start(self, rows):
        lot = self._open_lot()
        if lot:
            # Those that were stopped are among ``rows`` now.
            known = self.addressee_ids.filtered(lambda row: row.state != "out")
            lot.write({"expected": max(lot.expected, len(known)), "dropped": 0})
        elif len(rows) > 1 or self.lot_id:
            lots = self.env["beepost.lot"].sudo()
            self.lot_id = lots.create(self._prepare_lot_vals(len(rows)))
        if len(rows) == 1 and self.lot_id.state not in HELD:
            rows._make()
            self._finish()
        else:
            self._trigger_making()

    def _lock_draft(self):
        letter = self.sudo()
        if not letter.try_lock_for_update():
            raise UserError(
                self.env._("Somebody sends this letter at this very moment.")
            )
        letter.invalidate_recordset(["state"])
        letter._require_draft()
        return letter

    def _open_lot(self):
        """The lot of the letters that were made before, as long as it goes on: into one
        that is over or cancelled no letter comes any more.

        Waits for the outbox to finish a claim; where it has just closed the lot,
        PostgreSQL makes this transaction start again.
        """
        lot = self.lot_id
        lot.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM beepost_lot WHERE id = ANY(%s) FOR NO KEY UPDATE",
            [lot.ids],
        )
        lot.invalidate_recordset(["state", "closed_at"])
        return lot.filtered(lambda one: one.state != "cancelled" and not one.closed_at)

    def _prepare_lot_vals(self, count):
        return {
            "name": self.subject,
            "company_id": self.company_id.id,
            "user_id": self.sender_id.id,
            "expected": count,
            "options": {
                "account_id": self.account_id.id,
                "planned_on": fields.Date.to_string(self.planned_on),
                **self._chosen_options(),
            },
        }

    def _obstacle(self):
        """What keeps this text from being sent to anybody.

        :return: a sentence, or ""
        """
        self.ensure_one()
        text = self.with_context(lang=self._langs()[0])
        if is_html_empty(text.body) and "<img" not in (text.body or ""):
            return self.env._("The letter has no text yet.")
        odd = self._enclosures().filtered(lambda f: f.mimetype != "application/pdf")
        if odd:
            return self.env._(
                "Only PDF files can be enclosed: %s", ", ".join(odd.mapped("name"))
            )
        return self._gaps()

    def _gaps(self):
        """A text with gaps still to fill in is not sent: “[amount…]”.

        :return: a sentence, or ""
        """
        for lang in self._langs():
            text = self.with_context(lang=lang)
            gaps = text._find_gaps()
            if gaps:
                return self.env._(
                    "The text (%(lang)s) still has gaps to fill in: %(gaps)s",
                    lang=language_words(self.env, [lang])[lang],
                    gaps=", ".join(gaps),
                )
        return ""

    @api.model
    def _trigger_making(self, at=None):
        cron = self.env.ref("beepost_mail.cron_free_letter").sudo()
        if not cron.active:
            raise UserError(
                self.env._(
                    "The scheduled action “%s” is switched off: these letters cannot be"
                    " made in the background. Ask your administrator to switch it on.",
                    cron.name,
                )
            )
        cron._trigger(at)

    # ------------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------------

    @api.model
    def _cron_make(self):
        started = time.monotonic()
        self._finish_all()
        Row = self.env["beepost.free.letter.addressee"]
        while True:
            due = Row._due_domain()
            try:
                rows = Row._claim()
                done = self._make_slice(rows.search(due & Domain("id", "in", rows.ids)))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody was faster. Nothing of this slice stands: it is made again.
                self.env.cr.rollback()
                self._trigger_making()
                self.env["ir.cron"]._commit_progress()
                return
            left = Row.search_count(due)
            if left and not rows:
                # All of them are at work elsewhere: comes back when that is over.
                self._trigger_making(fields.Datetime.now() + BUSY)
                left = 0
            time_left = self.env["ir.cron"]._commit_progress(done, remaining=left)
            if not left or not time_left:
                return
            if time.monotonic() - started > RUN_SECONDS:
                return  # Odoo calls again at once for what remains

    @api.model
    def _make_slice(self, rows):
        """:return: how many addressees were dealt with, successfully or not"""
        letter = rows[:1].letter_id
        rows = rows.filtered(lambda row: row.letter_id == letter).try_lock_for_update()
        if rows:
            rows._fail_worn()._make()
            letter._finish()
        return len(rows)

    @api.model
    def _finish_all(self):
        """Those of which the last addressees were dealt with at the same moment, by a
        run and by a person: neither saw that these were the last."""
        todo = [("state", "=", "todo")]
        for letter in self.search(
            [("state", "=", "making"), ("addressee_ids", "not any", todo)]
        ):
            letter._finish()

    def _finish(self):
        """The state after the last addressee. Where nobody got a letter, the text is a
        draft again, to be corrected."""
        self.ensure_one()
        rows = self.addressee_ids
        rows.flush_recordset(["state"])
        if rows.filtered(lambda row: row.state == "todo"):
            return
        made = rows.filtered(lambda row: row.state == "made")
        missing = rows - made
        self.state = "sent" if made else "draft"
        if not made:
            rows.filtered(lambda row: row.state == "out").state = "todo"
        author = self.with_context(lang=self.sender_id.lang)
        author._message_log(
            body=author.env._(
                "%(made)s letters made, %(missing)s addressees without one.",
                made=len(made),
                missing=len(missing),
            )
        )
        if rows.filtered(lambda row: row.state == "failed"):
            author.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=author.env._("Letters not made: %s", author.subject),
                note=author.env._("The list of addressees says why."),
                user_id=self.sender_id.id,
            )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_retry(self):
        """Makes letters for those who got none, as far as they can get one now."""
        self.ensure_one()
        self.check_access("write")
        letter = self.sudo()
        if not letter.try_lock_for_update() or letter.state != "sent":
            raise UserError(self.env._("Only a letter that was sent can be completed."))
        missing = letter.addressee_ids.filtered(lambda r: r.state in ("failed", "out"))
        missing.write({"state": "todo", "attempts": 0, "error": False})
        rows = missing._leave_out_unpostable()
        if not rows:
            raise UserError(
                self.env._("None of those without a letter can get one as they are.")
            )
        letter.write({"state": "making", "sender_id": self.env.user.id})
        if letter._account()._planning_obstacle(letter.planned_on):
            letter.planned_on = False  # too late for that day
        letter.activity_unlink(["mail.mail_activity_data_warning"])
        letter._start(rows)
        return True

    def action_stop(self):
        """No further letters are made. Those that are made can be cancelled with their
        lot, or one by one under *Letters*, as long as they have not left."""
        self.ensure_one()
        self.check_access("write")
        letter = self.sudo()
        if letter.state != "making":
            return True  # it ended meanwhile, or was never sent
        rows = letter.addressee_ids.filtered(lambda row: row.state == "todo")
        rows = rows.try_lock_for_update()
        rows._leave_out(self.env._("Stopped by %s.", self.env.user.name))
        letter.lot_id.dropped += len(rows)
        self._trigger_making()
        return True
