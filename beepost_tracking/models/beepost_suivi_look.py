import logging
from datetime import timedelta, timezone

from odoo import api, fields, models

from odoo.addons.beepost_mail.gateway import port

from ..suivi.client import MAX_NUMBERS
from ..suivi.pace import next_look
from ..suivi.result import Found, NotFound, RefusedNumber

_logger = logging.getLogger(__name__)

AFTER_A_FAULT = timedelta(hours=1)
BAD_ANSWERS = 3  # in a row: then it is not the numbers' fault


class BeepostSuivi(models.Model):
    """Asking La Poste for the letters that are due, ten numbers a call.

    Each call's results are committed before the next one; killed in between, the ten
    are asked for again, and events that are known already are recognised.
    """

    _inherit = "beepost.suivi"

    @api.model
    def _cron_look(self):
        for access in self.search([("active", "=", True)], order="id"):
            if not access._look():
                return

    def _look(self):
        """Never raises for what La Poste does.

        :return: whether the scheduled action has time left
        """
        self.ensure_one()
        outbox = self.env["beepost.outbox"]
        with self._open() as client:
            while self._may_ask() and (letters := self._due_letters()):
                if not self._ask_for(client, letters):
                    break
                more = self.env["beepost.mailing"].search_count(
                    self._due_domain(), limit=1
                )
                if not outbox._commit(len(letters), remaining=more):
                    return False
        return outbox._commit()

    def _ask_for(self, client, letters):
        """One call, and what it says kept and committed.

        :return: whether others may be asked for now
        """
        accounts = letters.account_id  # named in the log when written again
        retrying = self.env["beepost.outbox"]._retrying
        before = client.requests
        try:
            results = client.follow(
                letters.mapped("tracking_number"), self._calls_left()
            )
        except port.GatewayError as error:
            failure = error
        else:
            calls = client.requests - before
            retrying(accounts, lambda: self._store(letters, results, calls))
            return True
        calls = client.requests - before
        return retrying(accounts, lambda: self._failed(failure, letters, calls))

    def _due_domain(self):
        return [
            ("company_id", "in", self._served_companies().ids),
            ("suivi_next_at", "<=", fields.Datetime.now()),
        ]

    def _served_companies(self):
        """Its own company, and those below as far as they have no access in use of
        their own; just as a branch without an account posts through the house above."""
        self.ensure_one()
        own = self.company_id.sudo()
        companies = own.with_context(active_test=False)
        below = companies.search([("id", "child_of", own.id)])
        accesses = self.sudo().search(
            [("company_id", "in", (below - own).ids), ("active", "=", True)]
        )
        others = accesses.company_id
        return below.filtered(lambda company: not company.parent_ids & others)

    def _due_letters(self):
        """At most ten, each number once."""
        found = self.env["beepost.mailing"].search(
            self._due_domain(), order="suivi_next_at, id", limit=MAX_NUMBERS
        )
        by_number = {}
        for letter in found:
            by_number.setdefault(letter.tracking_number.upper(), letter)
        return found.browse([letter.id for letter in by_number.values()])

    def _store(self, letters, results, calls):
        self._count_calls(calls)
        self._note_answer()
        for letter, result in zip(letters, results, strict=True):
            self._keep(letter, result)
        events = {
            letter: [_as_event(letter, scan) for scan in result.events]
            for letter, result in zip(letters, results, strict=True)
            if isinstance(result, Found)
        }
        for account, of_account in letters.grouped("account_id").items():
            self.env["beepost.pull"]._store(
                account,
                "laposte",
                [event for letter in of_account for event in events.get(letter, ())],
            )

    def _keep(self, letter, result):
        """What La Poste says of the number, and when to ask again."""
        values = {"suivi_message": False}
        if isinstance(result, Found):
            last = max((scan.happened_at for scan in result.events), default=None)
            again = None if result.is_final else _next_look(letter, last)
            values["suivi_url"] = result.url
            if result.unread:
                values["suivi_message"] = "\n".join(result.unread)
        elif isinstance(result, RefusedNumber):
            again = None
            values["suivi_message"] = result.message
        elif isinstance(result, NotFound):
            again = _next_look(letter, None)
            values["suivi_message"] = result.message or self.env._(
                "La Poste does not know this number yet."
            )
        else:
            again = fields.Datetime.now() + AFTER_A_FAULT
            values["suivi_message"] = result.message
        letter.write(
            {**values, "suivi_next_at": again or False, "suivi_over": not again}
        )

    def _failed(self, error, letters, calls):
        """:return: whether the others may still be asked for"""
        _logger.warning(
            "La Poste's tracking: %s: %s", type(error).__name__, error.detail or error
        )
        self._count_calls(calls)
        if isinstance(error, port.Credentials):
            self._key_refused(error)
            return False
        if isinstance(error, port.BadAnswer):
            # It may be the fault of these numbers: the others go first.
            letters.suivi_next_at = fields.Datetime.now() + AFTER_A_FAULT
            failures = self.failures + 1
            self._note_answer()
            self.write({"failures": failures, "error": self._explain(error)})
            if failures < BAD_ANSWERS:
                return True
        self._postpone(error, getattr(error, "retry_after", None))
        return False

    def _explain(self, error):
        """In words that say what to do next."""
        if isinstance(error, port.Credentials):
            return self.env._(
                "La Poste refuses the key. Enter the key of your application again, or"
                " ask for a new one at La Poste's developer portal."
            )
        if isinstance(error, port.BadAnswer):
            return self.env._(
                "La Poste gave an answer that makes no sense (%(detail)s). It is asked"
                " again; check the service address if it lasts.",
                detail=error.detail[:200],
            )
        return self.env._(
            "La Poste cannot be reached just now, or allows no more calls for the"
            " moment. Nothing is lost: it is asked again by itself."
        )

    def _administrators(self):
        self.ensure_one()
        admins = self.env.ref("beepost_mail.group_admin").sudo().all_user_ids
        return admins.filtered(
            lambda user: (
                not user.share and user.active and self.company_id in user.company_ids
            )
        )


def _next_look(letter, last_event_at):
    """Naive UTC, as Odoo has it; None for never again."""
    now = fields.Datetime.now()
    if last_event_at:
        last_event_at = last_event_at.astimezone(timezone.utc).replace(tzinfo=None)
    return next_look(now, letter.posted_at or letter.accepted_at or now, last_event_at)


def _as_event(letter, scan):
    """La Poste's event in the words of the port; it knows no reference of ours."""
    return port.Event(
        event_id=scan.event_id,
        client_reference=letter.client_reference,
        provider_reference=letter.provider_reference or "",
        code=scan.code,
        label=scan.label,
        happened_at=scan.happened_at,
        place=scan.place,
        tracking_number=scan.number,
        raw=scan.raw,
    )
