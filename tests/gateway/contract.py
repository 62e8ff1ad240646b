"""What every adapter of the port does. Inherit and give a ``provider`` fixture with

``gateway``, ``advance(**timedelta)``, ``now()`` and ``limited(**limits)`` (a gateway of
the same provider whose limits are these).
"""

import hashlib
from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest
from specimens import letter, wishing

from beepost_mail.gateway.port import ACCEPTED, REJECTED, Refused

PRODUCED = "received producing posted"
CERTIFIED = f"{PRODUCED} proof:deposit proof:content"
ON_ROUND = f"{CERTIFIED} in_transit out_for_delivery"
COMES_BACK = "returning returned proof:return_scan"

# (service, outcome) → what happens, in order
JOURNEYS = {
    ("lettre", "standard"): PRODUCED,
    ("lettre", "remis"): f"{PRODUCED} delivered",
    ("lettre", "npai"): f"{PRODUCED} undeliverable:npai returned proof:return_scan",
    ("lettre", "refuse"): f"{PRODUCED} undeliverable:refused returned"
    " proof:return_scan",
    ("lettre", "anomalie"): "received producing exception",
    ("lettre_suivie", "standard"): f"{PRODUCED} in_transit out_for_delivery delivered",
    ("recommande", "standard"): f"{ON_ROUND} delivered proof:delivery",
    ("recommande", "refuse"): f"{ON_ROUND} undeliverable:refused {COMES_BACK}",
    ("recommande_ar", "standard"): f"{ON_ROUND} delivered proof:delivery proof:ar_scan",
    ("recommande_ar", "retard"): f"{ON_ROUND} delivered proof:delivery proof:ar_scan",
    ("recommande_ar", "instance"): f"{ON_ROUND} awaiting_pickup delivered"
    " proof:delivery proof:ar_scan",
    ("recommande_ar", "npai"): f"{ON_ROUND} undeliverable:npai {COMES_BACK}",
    ("recommande_ar", "non_reclame"): f"{ON_ROUND} awaiting_pickup"
    f" undeliverable:unclaimed {COMES_BACK}",
    ("recommande_ar", "adresse"): f"{ON_ROUND} undeliverable:address_defect"
    f" {COMES_BACK}",
    ("recommande_ar", "acces"): f"{ON_ROUND} undeliverable:access_defect {COMES_BACK}",
    ("recommande_ar", "decede"): f"{ON_ROUND} undeliverable:deceased {COMES_BACK}",
    ("recommande_ar", "endommage"): f"{ON_ROUND} undeliverable:damaged {COMES_BACK}",
    ("recommande_ar", "autre"): f"{ON_ROUND} undeliverable:other {COMES_BACK}",
    ("recommande_ar", "incident"): f"{CERTIFIED} in_transit exception in_transit"
    " out_for_delivery delivered proof:delivery proof:ar_scan",
    ("recommande_ar", "inconnu"): f"{CERTIFIED} in_transit zz_9 out_for_delivery"
    " delivered proof:delivery proof:ar_scan",
}

# what is wrong → (code, field)
REJECTIONS = [
    ({"pdf": b"PK\x03\x04"}, ("pdf.not_a_pdf", "pdf")),
    ({"sha256": "0" * 64}, ("pdf.hash_mismatch", "sha256")),
    ({"pages": 91, "sheets": 45, "duplex": True}, ("pages.too_many", "pages")),
    ({"pages": 46, "sheets": 46}, ("sheets.too_many", "sheets")),
    ({"pages": 3, "sheets": 1}, ("sheets.inconsistent", "sheets")),
    ({"pages": 2, "sheets": 1, "duplex": False}, ("sheets.inconsistent", "sheets")),
    ({"pages": 0}, ("sheets.inconsistent", "sheets")),
    ({"recipient": ("69003 LYON",)}, ("recipient.line_count", "recipient")),
    ({"recipient": tuple("ABCDEFGH")}, ("recipient.line_count", "recipient")),
    (
        {"recipient": ("A", "B" * 39, "69003 LYON")},
        ("recipient.line_too_long", "recipient[2]"),
    ),
    (
        {"recipient": ("A", " ", "69003 LYON")},
        ("recipient.line_empty", "recipient[2]"),
    ),
    (
        {"sender": ("A", "B", "C" * 39)},
        ("sender.line_too_long", "sender[3]"),
    ),
    ({"sender": ()}, ("sender.line_count", "sender")),
    ({"sender": ("13002 MARSEILLE",)}, ("sender.line_count", "sender")),
    ({"service": "pigeon"}, ("service.unknown", "service")),
    ({"country": "France"}, ("country.malformed", "country")),
    (
        {"options": {"sandbox_journey": "nowhere"}},
        ("option.unknown", "options.sandbox_journey"),
    ),
]


class GatewayContract:
    """See the head of this module."""

    @pytest.fixture
    def gateway(self, provider):
        return provider.gateway

    # -- access -------------------------------------------------------------------

    def test_ping_names_the_provider(self, gateway):
        assert "BeePOST" in gateway.ping()

    def test_limits_are_stated(self, gateway):
        limits = gateway.limits()
        assert limits.idempotency and limits.lookup
        assert limits.idempotency_days == 30
        assert limits.max_request_letters >= 20
        assert limits.max_request_bytes >= limits.max_letter_bytes

    def test_an_account_can_be_asked_for(self, gateway):
        values = {"company": "Dupont", "name": "Léa", "email": "lea@exemple.fr"}
        assert "Centre de Gestion" in gateway.request_account(values)
        with pytest.raises(Refused) as caught:
            gateway.request_account({"company": "Dupont"})
        assert caught.value.code == "invalid_request"

    def test_a_forgotten_password_is_sent(self, gateway):
        assert gateway.forgotten_password("lea@exemple.fr")
        with pytest.raises(Refused):
            gateway.forgotten_password("lea")

    # -- handing over -------------------------------------------------------------

    def test_each_letter_gets_a_receipt(self, gateway, provider):
        letters = [letter() for _ in range(3)]
        receipts = gateway.submit(letters)
        assert {r.client_reference for r in receipts} == {
            one.client_reference for one in letters
        }
        assert len({r.provider_reference for r in receipts}) == 3
        for receipt in receipts:
            assert receipt.status == ACCEPTED
            assert receipt.provider_reference
            assert receipt.received_at == provider.now()
            assert receipt.received_at.tzinfo == timezone.utc
            assert not receipt.duplicate and not receipt.reasons

    @pytest.mark.parametrize(("fault", "expected"), REJECTIONS)
    def test_one_bad_letter_stops_no_other(self, gateway, fault, expected):
        good, bad = letter(), letter(**fault)
        receipts = {r.client_reference: r for r in gateway.submit([bad, good])}
        assert receipts[good.client_reference].status == ACCEPTED
        rejected = receipts[bad.client_reference]
        assert rejected.status == REJECTED
        assert expected in [(r.code, r.field) for r in rejected.reasons]
        assert all(reason.message for reason in rejected.reasons)

    def test_a_letter_at_its_limits_passes(self, gateway):
        full = letter(
            recipient=("A" * 38,) * 7, sender=("B" * 38,) * 7, pages=90, sheets=45
        )
        assert gateway.submit([full])[0].status == ACCEPTED

    def test_an_address_of_two_lines_passes(self, gateway):
        """A CEDEX code of one's own stands for the street."""
        short = letter(
            recipient=("CAISSE DES ARTISANS", "69419 LYON CEDEX 03"),
            sender=("ATELIER DUPONT", "13902 MARSEILLE CEDEX 02"),
        )
        assert gateway.submit([short])[0].status == ACCEPTED

    def test_letters_too_heavy_are_rejected(self, provider):
        heavy = letter(b"%PDF-" + b"x" * 100)
        light = letter(b"%PDF-" + b"x" * 50)
        gateway = provider.limited(max_letter_bytes=100)
        receipts = {r.client_reference: r for r in gateway.submit([heavy, light])}
        assert [r.code for r in receipts[heavy.client_reference].reasons] == [
            "pdf.too_large"
        ]
        assert receipts[light.client_reference].status == ACCEPTED

    @pytest.mark.parametrize(
        ("limit", "code"),
        [
            ({"max_request_letters": 2}, "request.too_many_letters"),
            ({"max_request_bytes": 150}, "request.too_large"),
        ],
    )
    def test_a_request_over_its_limits_is_refused_whole(self, provider, limit, code):
        letters = [letter(b"%PDF-" + b"x" * 60) for _ in range(3)]
        gateway = provider.limited(**limit)
        with pytest.raises(Refused) as caught:
            gateway.submit(letters)
        assert caught.value.code == code
        found = gateway.lookup([one.client_reference for one in letters])
        assert [one.receipt for one in found] == [None] * 3
        assert len(gateway.submit(letters[:2])) == 2

    def test_checking_prints_nothing(self, gateway, provider):
        good, bad = letter(), letter(service="pigeon")
        checked = {r.client_reference: r for r in gateway.check([good, bad])}
        assert checked[good.client_reference].status == ACCEPTED
        assert checked[bad.client_reference].reasons[0].code == "service.unknown"
        assert gateway.lookup([good.client_reference])[0].receipt is None
        provider.advance(days=3)
        assert gateway.events().events == ()
        assert not gateway.submit([good])[0].duplicate

    # -- once ---------------------------------------------------------------------

    def test_a_repeat_is_answered_and_not_printed(self, gateway, provider):
        one = letter()
        (first,) = gateway.submit([one])
        provider.advance(days=29)
        (again,) = gateway.submit([one])
        assert again.duplicate and not first.duplicate
        assert again.provider_reference == first.provider_reference
        assert again.received_at == first.received_at
        received = [e for e in gateway.events().events if e.code == "received"]
        assert len(received) == 1

    def test_the_stated_period_ends(self, gateway, provider):
        one = letter()
        (first,) = gateway.submit([one])
        provider.advance(days=30, seconds=1)
        (again,) = gateway.submit([one])
        assert not again.duplicate
        assert again.provider_reference != first.provider_reference

    def test_a_rejected_reference_is_free_again(self, gateway):
        bad = letter(service="pigeon")
        assert gateway.submit([bad])[0].status == REJECTED
        mended = letter(client_reference=bad.client_reference)
        (receipt,) = gateway.submit([mended])
        assert receipt.status == ACCEPTED and not receipt.duplicate
        assert gateway.lookup([bad.client_reference])[0].receipt.status == ACCEPTED

    def test_a_reference_keeps_its_letter(self, gateway):
        one = letter()
        (first,) = gateway.submit([one])
        other = letter(b"%PDF- another", client_reference=one.client_reference)
        (receipt,) = gateway.submit([other])
        assert receipt.status == REJECTED
        assert receipt.reasons[0].code == "reference.reused"
        assert receipt.provider_reference == first.provider_reference
        kept = gateway.lookup([one.client_reference])[0].receipt
        assert (kept.status, kept.provider_reference) == (
            ACCEPTED,
            first.provider_reference,
        )

    def test_lookup_tells_what_was_decided(self, gateway):
        good, bad = letter(), letter(service="pigeon")
        receipts = {r.client_reference: r for r in gateway.submit([good, bad])}
        unheard = letter().client_reference
        asked = [good.client_reference, unheard, bad.client_reference]
        found = {one.client_reference: one for one in gateway.lookup(asked)}
        assert set(found) == set(asked)
        for reference, receipt in receipts.items():
            assert found[reference].receipt == receipt
        assert found[unheard].receipt is None
        assert not any(one.pending for one in found.values())

    def test_lookup_takes_any_number(self, gateway):
        one = letter()
        gateway.submit([one])
        unheard = [letter().client_reference for _ in range(1001)]
        found = gateway.lookup([*unheard, one.client_reference])
        assert [f.client_reference for f in found if f.receipt] == [
            one.client_reference
        ]
        assert len(found) == 1002
        assert gateway.lookup([]) == ()

    # -- cancelling -----------------------------------------------------------------

    def test_a_letter_not_yet_produced_is_cancelled(self, gateway, provider):
        one = letter()
        gateway.submit([one])
        assert gateway.cancel(one.client_reference).done
        assert gateway.cancel(one.client_reference).done
        provider.advance(days=30)
        assert [e.code for e in gateway.events().events] == ["received", "cancelled"]
        assert gateway.costs(date(2026, 1, 1), date(2027, 12, 31)) == ()

    def test_production_cannot_be_undone(self, gateway, provider):
        one = letter()
        gateway.submit([one])
        provider.advance(hours=1)
        refused = gateway.cancel(one.client_reference)
        assert not refused.done and refused.message

    def test_nobody_cancels_what_is_not_there(self, gateway):
        with pytest.raises(Refused) as caught:
            gateway.cancel(letter().client_reference)
        assert caught.value.code == "letter.unknown"

    # -- what became of them ----------------------------------------------------------

    @pytest.mark.parametrize(("sold", "outcome"), JOURNEYS)
    def test_journey(self, gateway, provider, sold, outcome):
        one = wishing(outcome, sold)
        (receipt,) = gateway.submit([one])
        provider.advance(days=60)
        events = gateway.events().events
        told = [f"{e.code}:{e.reason or e.proof_kind}".rstrip(":") for e in events]
        assert told == JOURNEYS[sold, outcome].split()
        moments = [event.happened_at for event in events]
        assert moments == sorted(moments)
        assert moments[0] == receipt.received_at
        assert {e.client_reference for e in events} == {one.client_reference}
        assert {e.provider_reference for e in events} == {receipt.provider_reference}
        assert all(e.raw["code"] == e.code and e.label for e in events)
        assert len({e.event_id for e in events}) == len(events)
        tracked = sold != "lettre"
        assert all(bool(event.tracking_number) == tracked for event in events)

    def test_a_letter_is_posted_on_the_next_working_day(self, gateway, provider):
        # the provider's clock begins on a Friday, 11:00 in Paris
        gateway.submit([letter()])
        provider.advance(days=60)
        posted = [e for e in gateway.events().events if e.code == "posted"]
        assert posted[0].happened_at.date() == date(2026, 11, 23)

    def test_unclaimed_waits_fifteen_days(self, gateway, provider):
        gateway.submit([wishing("non_reclame")])
        provider.advance(days=60)
        moments = {e.code: e.happened_at for e in gateway.events().events}
        days = moments["undeliverable"].date() - moments["awaiting_pickup"].date()
        assert days > timedelta(days=15)

    def test_nothing_is_told_before_it_happens(self, gateway, provider):
        gateway.submit([wishing("standard")])
        codes = [e.code for e in gateway.events().events]
        assert codes == ["received"]
        provider.advance(hours=1)
        codes = [e.code for e in gateway.events().events]
        assert codes == ["received", "producing"]

    @pytest.mark.parametrize("limit", [1, 3, 1000])
    def test_pages_make_the_whole_and_nothing_twice(self, gateway, provider, limit):
        gateway.submit([wishing("npai"), wishing("standard"), letter()])
        provider.advance(days=60)
        seen, cursor, more = [], "", True
        while more:
            page = gateway.events(cursor, limit)
            assert len(page.events) <= limit
            seen += page.events
            cursor, more = page.cursor, page.more
        assert seen == list(gateway.events("", 1000).events)
        after = gateway.events(cursor, limit)
        assert (after.events, after.more, after.cursor) == ((), False, cursor)

    def test_what_comes_later_is_found_after_the_cursor(self, gateway, provider):
        gateway.submit([letter()])
        cursor = gateway.events().cursor
        late = letter()
        gateway.submit([late])
        page = gateway.events(cursor)
        assert [e.client_reference for e in page.events] == [late.client_reference]
        provider.advance(hours=1)
        assert len(gateway.events(page.cursor).events) == 2

    def test_an_unknown_cursor_is_refused(self, gateway):
        with pytest.raises(Refused) as caught:
            gateway.events("tomorrow")
        assert caught.value.code == "cursor.unknown"

    def test_papers_match_their_hash(self, gateway, provider):
        one = wishing("standard")
        gateway.submit([one])
        assert gateway.proofs(one.client_reference) == ()
        provider.advance(days=60)
        proofs = gateway.proofs(one.client_reference)
        kinds = [proof.kind for proof in proofs]
        assert kinds == ["deposit", "content", "delivery", "ar_scan"]
        for proof in proofs:
            content = gateway.proof_content(proof)
            assert content.startswith(b"%PDF-")
            assert len(content) == proof.size
            assert hashlib.sha256(content).hexdigest() == proof.sha256
            assert proof.filename.endswith(".pdf")
        told = {e.proof_kind: e.happened_at for e in gateway.events().events}
        assert all(told[proof.kind] == proof.issued_at for proof in proofs)

    def test_papers_of_nothing_are_refused(self, gateway, provider):
        one = wishing("standard")
        gateway.submit([one])
        provider.advance(days=60)
        with pytest.raises(Refused) as caught:
            gateway.proofs(letter().client_reference)
        assert caught.value.code == "letter.unknown"
        deposit = gateway.proofs(one.client_reference)[0]
        forged = type(deposit)(**{**vars(deposit), "proof_id": "nothing"})
        with pytest.raises(Refused) as caught:
            gateway.proof_content(forged)
        assert caught.value.code == "proof.unknown"

    # -- money ------------------------------------------------------------------------

    def test_a_quote_is_the_sum_of_its_lines(self, gateway):
        plain = letter(sheets=2, pages=4)
        dear = letter(service="recommande_ar", color=True)
        quotes = {q.client_reference: q for q in gateway.quote([plain, dear])}
        for quote in quotes.values():
            assert quote.total == sum(amount for _label, amount in quote.lines)
        # two sheets of A4 80 g/m² in a C6/5 of 5.4 g
        assert quotes[plain.client_reference].grams_mg == 2 * 62370 * 80 // 1000 + 5400
        assert (
            quotes[dear.client_reference].total > quotes[plain.client_reference].total
        )

    def test_no_quote_for_what_is_not_offered(self, gateway):
        with pytest.raises(Refused):
            gateway.quote([letter(service="pigeon")])

    def test_only_what_was_posted_is_billed(self, gateway, provider):
        posted, npai = letter(), wishing("npai")
        stuck, bad = wishing("anomalie"), letter(service="pigeon")
        receipts = gateway.submit([posted, npai, stuck, bad])
        day = date(2026, 11, 23)
        assert gateway.costs(date(2026, 11, 1), date(2026, 12, 31)) == ()
        quotes = {q.client_reference: q.total for q in gateway.quote([posted, npai])}
        provider.advance(days=60)
        costs = gateway.costs(day, day)
        billed = {cost.client_reference for cost in costs}
        assert billed == {posted.client_reference, npai.client_reference}
        for reference, total in quotes.items():
            lines = [c.amount for c in costs if c.client_reference == reference]
            assert sum(lines) == total
        assert {cost.tax_rate for cost in costs} == {Decimal(0), Decimal(20)}
        references = {r.provider_reference for r in receipts}
        assert {cost.provider_reference for cost in costs} < references
        assert gateway.costs(day + timedelta(1), date(2027, 12, 31)) == ()
        assert gateway.costs(date(2026, 1, 1), day - timedelta(1)) == ()

    def test_closing_twice_is_fine(self, gateway):
        gateway.ping()
        gateway.close()
        gateway.close()
