import json
import logging
from dataclasses import replace
from datetime import timezone

from odoo import api, fields, models

from odoo.addons.beepost_mail.gateway import port

_logger = logging.getLogger(__name__)

PAGE = 500  # events in one request, and in one transaction
CURSOR_UNKNOWN = "cursor.unknown"


class BeepostPull(models.AbstractModel):
    """Reads what happened to an account's letters: by cursor, so that the cost grows
    with what is new and not with the letters that are open.

    Each page is stored in one transaction with the cursor that follows it. Killed
    before the commit, the page is read again; killed after it, it is done. An event
    that comes again, for instance after a backup was restored, is recognised by the
    provider's own id.
    """

    _name = "beepost.pull"
    _description = "Reading of Events"

    @api.model
    def _run(self, account):
        """Reads all there is to read. Never raises for what a provider does.

        :return: whether the scheduled action has time left
        """
        outbox = self.env["beepost.outbox"]
        follow = outbox._retrying(
            account, lambda: self.env["beepost.follow"]._of(account)
        )
        if not follow._is_due():
            return True
        try:
            with account._open_gateway() as gateway:
                return self._read_pages(account, follow, gateway)
        except port.GatewayError as error:
            failure = error
        outbox._retrying(account, lambda: self._failed(account, follow, failure))
        return True

    def _read_pages(self, account, follow, gateway):
        outbox = self.env["beepost.outbox"]
        restarted = False
        while True:
            try:
                page = gateway.events(follow.cursor or "", PAGE)
            except port.Refused as error:
                if error.code != CURSOR_UNKNOWN or restarted or not follow.cursor:
                    raise
                # From the start: what is known already is recognised.
                _logger.warning(
                    "BeePOST account %s: the provider forgot cursor %s, all events are"
                    " read again",
                    account.id,
                    follow.cursor,
                )
                restarted = True
                page = gateway.events("", PAGE)
            outbox._retrying(
                account, lambda page=page: self._store_page(account, follow, page)
            )
            if not outbox._commit(len(page.events), remaining=int(page.more)):
                return False
            if not page.more:
                return True

    def _store_page(self, account, follow, page):
        self._store(account, "beepost", page.events)
        follow.write(
            {
                "cursor": page.cursor,
                "pulled_at": fields.Datetime.now(),
                "failures": 0,
                "retry_at": False,
                "error": False,
            }
        )

    def _failed(self, account, follow, error):
        _logger.warning(
            "BeePOST account %s: events could not be read: %s: %s",
            account.id,
            type(error).__name__,
            error.detail or error.message,
        )
        retry_at = follow._postpone(
            account._explain(error), getattr(error, "retry_after", None)
        )
        account._trigger_pull(at=retry_at)

    # ------------------------------------------------------------------
    # Storing
    # ------------------------------------------------------------------

    @api.model
    def _store(self, account, source, events):
        """Keeps the events that are not known yet and moves their letters.

        Commits nothing. A number of queries that depends on the kinds of news, not on
        the number of events or letters.

        :param events: ``port.Event``, or alike
        :return: the new ``beepost.event`` records
        """
        fresh = self._fresh(account, source, events)
        if not fresh:
            return self.env["beepost.event"]
        wordings, unheard_of = self.env["beepost.wording"]._resolve(source, fresh)
        letters = self._letters_of(account, fresh)
        moved = self.env["beepost.mailing"].union(*letters.values())
        # Two jobs with news of one letter must meet on its row: each sees only its own
        # events, and the second has to begin again.
        moved.told_at = fields.Datetime.now()
        with moved._noticing_news():
            created = self.env["beepost.event"].create(
                [
                    self._prepare_event_vals(
                        account,
                        source,
                        event,
                        wordings[event.code, event.label],
                        letters.get(event.event_id),
                    )
                    for event in fresh
                ]
            )
        account._tell_unheard_of(unheard_of)
        self._after_store(created)
        return created

    def _after_store(self, created):
        """Hook: these events were just kept, and their letters moved; in the same
        transaction.

        :param created: ``beepost.event`` records, with or without a letter
        """

    def _fresh(self, account, source, events):
        by_id = {event.event_id: event for event in map(storable, events)}
        known = self.env["beepost.event"].search_fetch(
            [
                ("account_id", "=", account.id),
                ("source", "=", source),
                ("external_id", "in", list(by_id)),
            ],
            ["external_id"],
        )
        for event in known:
            del by_id[event.external_id]
        return list(by_id.values())

    def _letters_of(self, account, events):
        """By our reference, else by BeePOST's, else by what was told before of the same
        reference: a letter that was stopped and sent again bears another one now.

        :return: {event id: its letter}
        """
        Mailing = self.env["beepost.mailing"]
        ours = self._by_reference(
            account, "client_reference", {e.client_reference for e in events}
        )
        theirs = self._by_reference(
            account,
            "provider_reference",
            {
                e.provider_reference
                for e in events
                if e.client_reference not in ours and e.provider_reference
            },
        )
        found = {}
        for event in events:
            letter = ours.get(event.client_reference) or theirs.get(
                event.provider_reference, Mailing
            )
            if letter:
                found[event.event_id] = letter
        lost = [event for event in events if event.event_id not in found]
        former = self._by_former_reference(account, lost)
        for event in lost:
            if event.client_reference in former:
                found[event.event_id] = former[event.client_reference]
        return found

    def _by_former_reference(self, account, events):
        references = {event.client_reference for event in events} - {""}
        if not references:
            return {}
        told = self.env["beepost.event"].search_fetch(
            [
                ("account_id", "=", account.id),
                ("client_reference", "in", list(references)),
                ("mailing_id", "!=", False),
            ],
            ["client_reference", "mailing_id"],
        )
        return {event.client_reference: event.mailing_id for event in told}

    def _by_reference(self, account, name, references):
        if not references:
            return {}
        letters = self.env["beepost.mailing"].search_fetch(
            [("account_id", "=", account.id), (name, "in", list(references))], [name]
        )
        return {letter[name]: letter for letter in letters}

    def _prepare_event_vals(self, account, source, event, wording, letter):
        return {
            "mailing_id": letter.id if letter else False,
            "account_id": account.id,
            # A branch posts through the account of the company above it.
            "company_id": (letter or account).company_id.id,
            "source": source,
            "external_id": event.event_id,
            "client_reference": event.client_reference,
            "provider_reference": event.provider_reference,
            "tracking_number": event.tracking_number,
            "code": event.code,
            "label": event.label,
            "wording_id": wording.id,
            "happened_at": naive_utc(event.happened_at),
            "place": event.place,
            "reason": event.reason,
            "proof_kind": event.proof_kind,
            # As text: PostgreSQL's own JSON takes less than JSON may hold.
            "raw": json.dumps(dict(event.raw)),
        }


def storable(event):
    """The event without characters that PostgreSQL cannot keep: one of them must not
    stop all that comes after it."""
    texts = {name: text for name, text in vars(event).items() if isinstance(text, str)}
    return replace(
        event,
        **{
            name: text.replace("\0", " ").encode("utf-8", "replace").decode()
            for name, text in texts.items()
        },
    )


def naive_utc(moment):
    """As Odoo keeps it: whole seconds, UTC, no time zone."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
