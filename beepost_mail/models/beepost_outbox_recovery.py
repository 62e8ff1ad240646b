from datetime import timedelta

from odoo import fields, models

from .beepost_mailing import NOT_GONE
from .beepost_outbox import LOCK_CLASS

LOOKUP_SLICE = 100  # references asked in one request


class BeepostOutbox(models.AbstractModel):
    """Letters of which nobody knows whether they left: ask first, then act."""

    _inherit = "beepost.outbox"

    def _recover(self, account, gateway, told):
        """Finds out about letters whose worker died, or that a restored database
        believes unsent. Asks first; sends again only what was never heard of."""
        Mailing = self.env["beepost.mailing"]
        self._retrying(account, lambda: self._notice_dead(account))
        doubtful = Mailing.search(
            fields.Domain("account_id", "=", account.id)
            & (
                fields.Domain("in_doubt", "=", True)
                & fields.Domain("state", "in", NOT_GONE)
                | self._overdue() & fields.Domain("worker", "=", 0)
            ),
            order="id",
        )
        # Gives back the locks that the probing took.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        for start in range(0, len(doubtful), LOOKUP_SLICE):
            letters = Mailing.browse(doubtful.ids[start : start + LOOKUP_SLICE])
            self._recover_slice(account, gateway, letters, told)

    def _overdue(self):
        return fields.Domain("state", "=", "sending") & fields.Domain(
            "deadline", "<=", fields.Datetime.now()
        )

    def _notice_dead(self, account):
        """Takes letters over from dead workers. Nobody knows when a worker died: the
        provider's processing time counts from now."""
        overdue = self.env["beepost.mailing"].search(
            fields.Domain("account_id", "=", account.id)
            & self._overdue()
            & fields.Domain("worker", "!=", 0)
        )
        dead = {worker for worker in overdue.mapped("worker") if self._is_dead(worker)}
        orphans = overdue.filtered(lambda letter: letter.worker in dead)
        if orphans:
            later = fields.Datetime.now() + timedelta(
                seconds=account.processing_seconds
            )
            orphans.write({"worker": 0, "deadline": later})
            account._trigger_send(at=later)

    def _is_dead(self, worker):
        """A living worker holds its lock; a free one belongs to nobody any more.

        The probe holds the lock itself until the transaction ends.
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK_CLASS, worker)
        )
        return self.env.cr.fetchone()[0]

    def _recover_slice(self, account, gateway, letters, told):
        if not account.lookup:
            self._retrying(account, lambda: self._resolve_unasked(account, letters))
            return
        answers = {
            answer.client_reference: answer
            for answer in gateway.lookup(letters.mapped("client_reference"))
        }
        known = letters.filtered(
            lambda m: (a := answers.get(m.client_reference)) and a.receipt
        )
        self._settle(
            account, known, [answers[m.client_reference].receipt for m in known], told
        )
        unheard = letters.filtered(
            lambda m: (
                (a := answers.get(m.client_reference))
                and not a.receipt
                and not a.pending
            )
        )
        self._retrying(account, lambda: self._resolve_unheard(account, unheard))
        open_cases = letters - known - unheard
        if open_cases:
            later = account._deadline()
            self._retrying(account, lambda: open_cases.write({"deadline": later}))
            account._trigger_send(at=later)

    def _resolve_unheard(self, account, letters):
        """The provider never heard of them, and its processing limit has passed."""
        hidden = self._perhaps_in_another(account, letters)
        fresh = (letters - hidden).filtered(account._within_idempotency)
        self._send_again(fresh)
        self._give_up(letters - fresh)

    def _perhaps_in_another(self, account, letters):
        """A restored database forgot what was put together since. Where an older letter
        to the same address left in the other life, those after it may have lain in its
        envelope, under its reference: a person decides.

        :return: those of ``letters``
        """
        restored = letters.filtered(lambda m: m.in_doubt and not m.first_sent_at)
        # Told by the provider alone; where nobody can be asked, any may have left.
        left = fields.Domain("state", "=", "accepted")
        if not account.lookup:
            left |= fields.Domain("state", "in", NOT_GONE) & fields.Domain(
                "in_doubt", "=", True
            )
        left &= fields.Domain("account_id", "=", account.id)
        left &= fields.Domain("first_sent_at", "=", False)
        left &= fields.Domain("recipient", "in", restored.mapped("recipient"))
        carriers = {}
        for letter in restored.search(left, order="id"):
            carriers.setdefault(_place(letter), letter)
        hidden = restored.filtered(
            lambda m: (carrier := carriers.get(_place(m))) and carrier.id < m.id
        )
        for letter in hidden:
            carrier = carriers[_place(letter)]
            text = letter._author_env()._(
                "This database was restored. An older letter to the same address may"
                " have left before, with this document in its envelope: %(name)s"
                " (%(reference)s). Ask BeePOST what that one held before you send this"
                " again.",
                name=carrier.name,
                reference=carrier.client_reference,
            )
            letter._message_log(body=text)
        return hidden

    def _resolve_unasked(self, account, letters):
        """No look-up: a repeat is safe only where the provider recognises it."""
        hidden = self._perhaps_in_another(account, letters)
        safe = (letters - hidden).filtered(account._recognises_repeat)
        self._send_again(safe)
        # They may have left: until an answer says so, nobody may cancel them, and
        # their age is judged again before each repeat.
        safe.in_doubt = True
        self._give_up(letters - safe)

    def _send_again(self, letters):
        sending = letters.filtered(lambda m: m.state == "sending")
        sending.write({"state": "queued"})
        letters.write({"worker": 0, "deadline": False, "in_doubt": False})

    def _give_up(self, letters):
        """Nobody can tell: a person decides; never sent again by itself."""
        if not letters:
            return
        letters.write(
            {"state": "unknown", "worker": 0, "deadline": False, "in_doubt": False}
        )
        letters._follow_up(letters._tell_unknown)


def _place(letter):
    """What letters that were put together have in common at least."""
    return letter.company_id, letter.service_id, letter.recipient, letter.country_code
