import hashlib
import logging
import secrets
from collections import Counter
from contextlib import contextmanager
from datetime import timezone

import psycopg2

from odoo import api, fields, models, sql_db

from ..gateway import port
from ..letter.finding import ERROR, Finding
from ..letter.workshop import Workshop

_logger = logging.getLogger(__name__)

SLICE = 100  # letters a transaction
SLICE_BYTES = 32 * 1024 * 1024  # PDF bytes prepared, or handed over, at once
LOCK_CLASS = 0xBEE905  # our corner of PostgreSQL's advisory locks
MAX_SERIALIZATION_RETRIES = 5
CONCURRENCY_ERRORS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)


class BeepostOutbox(models.AbstractModel):
    """How letters leave: each at most once, whatever dies.

    One scheduled action per account calls :meth:`_run`; Odoo locks its row, so that it
    never runs twice at the same time. Each slice of letters goes through

    1. *prepare*: the PDF is checked and repaired, ``draft`` → ``queued``; commit;
    2. *claim*: ``queued`` → ``sending``, with a worker number and a deadline; commit;
    3. *submit*: one request, while the worker holds an advisory lock;
    4. *settle*: each receipt is written; commit.

    Killed before the claim: the letters are where they were. Killed between claim and
    settlement: they are ``sending`` and the advisory lock, which only a living process
    can hold, is free; :meth:`_recover` then asks the provider before anything is sent
    again. Killed after that: all is written.
    """

    _name = "beepost.outbox"
    _description = "BeePOST Outbox"

    # ------------------------------------------------------------------
    # The run
    # ------------------------------------------------------------------

    @api.model
    def _run(self, account):
        """Sends what is due through ``account`` for as long as the scheduled action
        has time. Never raises for what a provider or a letter does."""
        if not self._job_has_time():
            self._commit(remaining=1)  # Odoo calls again, with a new clock
            return
        self._retrying(account, account._notice_restored_database)
        if not account._may_send():
            self._commit()
            return
        told = Counter()
        with account._open_gateway() as gateway, Workshop() as workshop:
            try:
                self._retrying(account, lambda: account._refresh_limits(gateway))
                self._recover(account, gateway, told)
                self._send_slices(account, gateway, workshop, told)
            except port.GatewayError as error:
                failure = error
                self._retrying(account, lambda: account._failed(failure))
        self._tell_authors(told)

    def _send_slices(self, account, gateway, workshop, told):
        def prepare():
            return self._retrying(account, lambda: self._prepare(account, workshop))

        prepared = prepare()
        while True:
            with self._claim(account) as letters:
                if letters:
                    self._submit(account, gateway, letters, told)
            # A full slice means that there may be more.
            done = max(len(prepared), len(letters))
            if not self._commit(done, remaining=done) or not done:
                return
            if prepared:
                # Else none was left: what comes meanwhile triggers a run of its own.
                prepared = prepare()

    def _commit(self, done=0, remaining=None):
        """
        :param remaining: letters that Odoo must call again for; None: as said before
        :return: whether the scheduled action has time for another slice
        """
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining) > 0

    def _retrying(self, account, write):
        """Calls ``write`` and commits; repeats it when another transaction was first.

        What a provider has answered must not be lost to a concurrent write.
        """
        for attempt in range(MAX_SERIALIZATION_RETRIES):
            try:
                result = write()
                self.env.flush_all()
                # What is true outside must not hang on what comes next.
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return result
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()
                if attempt == MAX_SERIALIZATION_RETRIES - 1:
                    raise
                _logger.info("BeePOST account %s: written again", account.id)
        return None

    def _due(self, account, state):
        """Domain of the letters in ``state`` that may go on now."""
        return (
            fields.Domain("account_id", "=", account.id)
            & fields.Domain("state", "=", state)
            & self.env["beepost.mailing"]._leaving_domain()
        )

    # ------------------------------------------------------------------
    # 2. Claim
    # ------------------------------------------------------------------

    @contextmanager
    def _claim(self, account):
        """Letters for one request, ``sending`` and committed, under a living lock.

        The lock is taken first, and on a connection that nothing else uses: at no
        moment does a committed claim stand without it.
        """
        worker = secrets.randbelow(2**31 - 1) + 1
        with sql_db.db_connect(self.env.cr.dbname).cursor() as lock_cr:
            lock_cr.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", (LOCK_CLASS, worker)
            )
            yield self._retrying(account, lambda: self._write_claim(account, worker))

    def _write_claim(self, account, worker):
        domain = self._due(account, "queued")
        if account.lookup:
            # Those in doubt are asked about first. A provider that cannot be asked has
            # only those left here whose repeat it recognises: see `_resolve_unasked`.
            domain &= fields.Domain("in_doubt", "=", False)
        # No field of a letter is tracked: mail.thread need not look for changes.
        Mailing = self.env["beepost.mailing"].with_context(tracking_disable=True)
        letters = Mailing.search_fetch(
            domain,
            ["pdf_size", "attempts", "first_sent_at"],
            order="id",
            limit=min(SLICE, account.max_request_letters or SLICE),
        )
        if not letters:
            return letters
        letters = self._without_withdrawn(account, letters.try_lock_for_update())
        letters = self._share_lots(account, letters)
        letters = self._without_held(account, letters)
        room = min(account.max_request_bytes or SLICE_BYTES, SLICE_BYTES)
        letters = cut(letters, room, lambda m: m.pdf_size)
        now = fields.Datetime.now()
        letters.write(
            {"state": "sending", "worker": worker, "deadline": account._deadline()}
        )
        for attempts, alike in letters.grouped("attempts").items():
            alike.write({"attempts": attempts + 1})
        letters.filtered(lambda m: not m.first_sent_at).write({"first_sent_at": now})
        return letters

    def _without_withdrawn(self, account, letters):
        """Whoever withdrew a document while its letter was locked could not stop it: it
        is stopped here, and what else lies in the envelope is prepared anew."""
        withdrawn = letters.document_ids._withdrawn().filtered(
            lambda line: not line.mailing_id.in_doubt
        )
        stopped = withdrawn.mailing_id
        if withdrawn:
            reason = self.env._("Its document was changed or cancelled meanwhile.")
            self.env["beepost.mailing"]._withdraw(withdrawn, reason)
            account._trigger_send()  # others may wait behind them
        return letters - stopped

    def _without_held(self, account, letters):
        """Those that the other addons let go at this moment too. One that may have left
        already is not asked about: it is the same letter that goes again."""
        asked = letters.filtered(lambda letter: not letter.in_doubt)
        reasons = self._reasons_to_wait(asked, "_before_hand_over") if asked else {}
        if reasons:
            self._hold(reasons)
            account._trigger_send()  # others may wait behind them
        return letters.filtered(lambda letter: letter not in reasons)

    # ------------------------------------------------------------------
    # 3. Submit
    # ------------------------------------------------------------------

    def _submit(self, account, gateway, letters, told):
        """One request. Every way it can end leaves each letter with a true state.

        :raises port.GatewayError: the account cannot go on for now
        """
        intact = self._check_bytes(account, letters)
        submissions = self._prepare_submissions(account, intact)
        intact = intact.filtered(lambda letter: letter in submissions)
        if not intact:
            return
        try:
            receipts = gateway.submit([submissions[letter] for letter in intact])
        except port.Refused as error:
            if len(intact) > 1:
                self._submit_singly(account, gateway, intact, told)
                return
            receipts = [_refusal_of(intact, error)]
        except (port.Unavailable, port.Credentials):
            # Certainly not carried out: they wait as before.
            self._retrying(account, lambda: self._release(intact))
            raise
        except (port.OutcomeUnknown, port.BadAnswer):
            # They stay “sending”; after the deadline the provider is asked.
            self._retrying(account, lambda: self._ask_later(account, intact))
            raise
        self._settle(account, intact, receipts, told)

    def _submit_singly(self, account, gateway, letters, told):
        """The request as a whole was wrong: finds the letter that spoils it."""
        for position, letter in enumerate(letters):
            try:
                self._submit(account, gateway, letter, told)
            except port.GatewayError:
                # The refused request carried nothing out: those after this one have
                # certainly not left.
                rest = letters[position + 1 :]
                self._retrying(account, lambda rest=rest: self._release(rest))
                raise

    def _prepare_submissions(self, account, letters):
        """:return: {letter: ``port.Letter``}; one that trips a fault of ours is
        refused and does not keep the others"""
        made, faulty = {}, {}
        for letter in letters:
            try:
                made[letter] = letter._prepare_submission()
            except Exception:
                _logger.exception("Letter %s could not be handed over", letter.id)
                faulty[letter] = [Finding("document.unexpected", ERROR)]
        if faulty:
            bad = letters.browse([letter.id for letter in faulty])
            self._retrying(account, lambda: self._refuse_unsent(bad, faulty))
        return made

    def _ask_later(self, account, letters):
        """The time to ask counts from the end of the call, not from the claim: a long
        upload may have taken all of it, and the provider is still at work."""
        later = account._deadline()
        letters.write({"worker": 0, "deadline": later})
        account._trigger_send(at=later)

    def _check_bytes(self, account, letters):
        """Never hands over other bytes than those that were checked."""
        damaged = {
            letter: [Finding("document.damaged", ERROR, {"name": letter.name})]
            for letter in letters
            if hashlib.sha256(letter.pdf_id.raw or b"").hexdigest() != letter.sha256
        }
        if damaged:
            bad = letters.browse([letter.id for letter in damaged])
            self._retrying(account, lambda: self._refuse_unsent(bad, damaged))
            letters -= bad
        return letters

    def _refuse_unsent(self, letters, findings):
        """Refuses letters that this run did not hand over. One that may have left
        before is in doubt instead: a refused letter may be sent again."""
        doubtful = letters.filtered("in_doubt")
        self._give_up(doubtful)
        rest = letters - doubtful
        if rest:
            rest._refuse({letter: findings[letter] for letter in rest})

    def _release(self, letters):
        letters.write({"state": "queued", "worker": 0, "deadline": False})

    # ------------------------------------------------------------------
    # 4. Settle
    # ------------------------------------------------------------------

    def _settle(self, account, letters, receipts, told):
        by_reference = {receipt.client_reference: receipt for receipt in receipts}
        answered = letters.filtered(lambda m: m.client_reference in by_reference)
        told.update(
            self._retrying(
                account, lambda: self._write_receipts(account, answered, by_reference)
            )
        )
        if letters - answered:
            self._retrying(
                account, lambda: self._ask_later(account, letters - answered)
            )

    def _write_receipts(self, account, letters, by_reference):
        """:return: Counter of (author, state)"""
        account._succeeded()
        accepted, refused = letters.browse(), {}
        for letter in letters:
            receipt = by_reference[letter.client_reference]
            if any(r.code == port.REFERENCE_REUSED for r in receipt.reasons):
                # Another PDF has left under this reference: this is no plain refusal.
                self._give_up(letter)
                continue
            if receipt.status != port.ACCEPTED:
                refused[letter] = [_provider_finding(r) for r in receipt.reasons] or [
                    Finding("provider.refused", ERROR, {"code": "", "message": ""})
                ]
                continue
            accepted += letter
            letter.provider_reference = receipt.provider_reference
        times = {m: by_reference[m.client_reference].received_at for m in accepted}
        for moment, alike in accepted.grouped(lambda m: _naive_utc(times[m])).items():
            alike.write(
                {
                    "state": "accepted",
                    "accepted_at": moment,
                    "worker": 0,
                    "deadline": False,
                    "in_doubt": False,
                }
            )
        accepted._follow_up(accepted._tell_accepted, accepted._after_accepted)
        if refused:
            letters.browse([letter.id for letter in refused])._refuse(refused)
        return Counter((letter.user_id, letter.state) for letter in letters)

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def _tell_authors(self, told):
        """One short word to each author who is at the screen."""
        per_user = {}
        for (user, state), count in told.items():
            per_user.setdefault(user, Counter())[state] += count
        for user, counts in per_user.items():
            env = self.with_context(lang=user.lang).env
            refused = counts["rejected"]
            user._bus_send(
                "simple_notification",
                {
                    "type": "warning" if refused else "success",
                    "title": env._("Post"),
                    "message": env._(
                        "Letters accepted by BeePOST: %(accepted)s. Refused:"
                        " %(refused)s.",
                        accepted=counts["accepted"],
                        refused=refused,
                    ),
                },
            )
        if per_user:
            self._commit()


def cut(records, limit, size):
    """The first of ``records`` whose sizes fit in ``limit``; always at least one."""
    total = 0
    for position, record in enumerate(records):
        total += size(record)
        if position and limit and total > limit:
            return records[:position]
    return records


def _naive_utc(moment):
    if not moment:
        return fields.Datetime.now()
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def _provider_finding(reason):
    return Finding(
        "provider.refused",
        ERROR,
        {
            "code": reason.code,
            "message": reason.message,
            "field": reason.field,
            "page": reason.page,
        },
    )


def _refusal_of(letter, error):
    """A refused request of one letter is that letter's refusal."""
    return port.Receipt(
        client_reference=letter.client_reference,
        status=port.REJECTED,
        reasons=(port.Reason(code=error.code, message=error.message),),
    )
