"""Each way in which the service can misbehave becomes the right error."""

import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from specimens import letter, wishing

from beepost_mail.gateway.http import HttpGateway
from beepost_mail.gateway.port import (
    BadAnswer,
    Credentials,
    OutcomeUnknown,
    Refused,
    Unavailable,
)
from beepost_mail.gateway.transport import MAX_JSON_BYTES, MAX_RETRY_AFTER
from service.client import IDENTIFIER, ServiceProcess


def problem(status, code, **headers):
    body = {"title": "No", "status": status, "code": code, "detail": "Not today"}
    return {"kind": "status", "status": status, "body": body, "headers": headers}


def page(status, **headers):
    """What a proxy in between would answer."""
    return {
        "kind": "status",
        "status": status,
        "body": "<html>Oops</html>",
        "content_type": "text/html",
        "headers": headers,
    }


CUT = {"kind": "cut"}
AFTER = {"when": "after"}
PACKED = {
    **page(200, **{"Content-Encoding": "gzip"}),
    "content_type": "application/json",
    "body": {"results": []},
    **AFTER,
}

# fault → error of a submission, whether it was printed, error of a harmless call
FAULTS = {
    "cut while sending": (
        CUT | {"when": "reading"},
        OutcomeUnknown,
        False,
        Unavailable,
    ),
    "cut before": (CUT, OutcomeUnknown, False, Unavailable),
    "cut after": (CUT | AFTER, OutcomeUnknown, True, Unavailable),
    "truncated": ({"kind": "truncated"}, OutcomeUnknown, True, Unavailable),
    "500 before": (problem(500, "internal"), OutcomeUnknown, False, Unavailable),
    "500 after": (problem(500, "internal") | AFTER, OutcomeUnknown, True, Unavailable),
    "502 of a proxy": (page(502) | AFTER, OutcomeUnknown, True, Unavailable),
    "503 of a proxy": (page(503) | AFTER, OutcomeUnknown, True, Unavailable),
    "429 of a proxy": (page(429), OutcomeUnknown, False, Unavailable),
    "503 closed": (problem(503, "not_processed"), Unavailable, False, Unavailable),
    "429 slower": (problem(429, "not_processed"), Unavailable, False, Unavailable),
    "500 closed": (problem(500, "not_processed"), OutcomeUnknown, False, Unavailable),
    "400": (problem(400, "invalid_request"), Refused, False, Refused),
    "409": (problem(409, "closed_today"), Refused, False, Refused),
    "404 of a proxy": (page(404), BadAnswer, False, BadAnswer),
    "403": (problem(403, "forbidden"), Credentials, False, Credentials),
    "403 of a proxy": (page(403), Credentials, False, Credentials),
    "401 for ever": (
        problem(401, "token_unknown") | {"times": 0},
        Credentials,
        False,
        Credentials,
    ),
    "redirect": (page(302, Location="/v1/elsewhere"), BadAnswer, False, BadAnswer),
    "another success": (page(204) | AFTER, BadAnswer, True, BadAnswer),
    "malformed": ({"kind": "malformed"}, BadAnswer, True, BadAnswer),
    "a page": (
        {"kind": "content_type", "content_type": "text/html"},
        BadAnswer,
        True,
        BadAnswer,
    ),
    "endless": (
        {"kind": "padding", "bytes": MAX_JSON_BYTES},
        BadAnswer,
        True,
        BadAnswer,
    ),
    "packed": (PACKED, BadAnswer, True, BadAnswer),
}


@pytest.mark.parametrize("name", FAULTS)
def test_submission_meets(name, service, gateway):
    fault, error, is_printed, _harmless = FAULTS[name]
    gateway.ping()
    service.fault(**{"route": "submit", **fault})
    one = letter()
    with pytest.raises(error) as caught:
        gateway.submit([one])
    assert caught.value.message and "POST /letters" in caught.value.detail
    service.clear_faults()
    printed = service.arrivals().get(one.client_reference, {"printed": 0})["printed"]
    assert printed == is_printed
    counted = 2 if name == "401 for ever" else 1
    assert service.stats()["counts"]["submit"] == counted


@pytest.mark.parametrize("name", FAULTS)
def test_harmless_call_meets(name, service, gateway):
    fault, _submission, _printed, error = FAULTS[name]
    one = letter()
    gateway.submit([one])
    service.fault(**{"route": "lookup", **fault})
    with pytest.raises(error):
        gateway.lookup([one.client_reference])
    service.clear_faults()
    assert gateway.lookup([one.client_reference])[0].receipt


@pytest.mark.parametrize("call", ["cancel", "forgotten_password"])
def test_other_calls_that_do_something_may_have_done_it(call, service, gateway):
    one = letter()
    gateway.submit([one])
    service.fault("cut", route=call, when="after")
    argument = one.client_reference if call == "cancel" else "lea@exemple.fr"
    with pytest.raises(OutcomeUnknown):
        getattr(gateway, call)(argument)


def test_silence_after_sending(service, connect):
    gateway = connect(timeouts=(5, 0.2))
    gateway.ping()
    service.fault("hang", route="submit", when="after")
    one = letter()
    with pytest.raises(OutcomeUnknown):
        gateway.submit([one])
    assert service.arrivals()[one.client_reference]["printed"] == 1
    service.fault("hang", route="ping")
    with pytest.raises(Unavailable):
        gateway.ping()


def test_a_token_cannot_be_had(service, gateway):
    service.fault(**{**problem(503, "not_processed"), "route": "token"})
    with pytest.raises(Unavailable):
        gateway.submit([letter()])
    service.fault("cut", route="token", when="after")
    with pytest.raises(Unavailable):
        gateway.submit([letter()])
    assert "submit" not in service.stats()["counts"]


# -- waiting ---------------------------------------------------------------------------


def http_date(seconds):
    moment = datetime(2030, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        (" 7 ", 7),
        (http_date(90), 90),
        (http_date(-90), 0),
        ("999999999", MAX_RETRY_AFTER),
        (http_date(10**8), MAX_RETRY_AFTER),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_the_wish_to_wait_is_read_by_the_services_clock(
    wish, seconds, service, gateway
):
    service.set_clock(datetime(2030, 1, 1, tzinfo=timezone.utc), stand=True)
    gateway.ping()
    service.fault(**problem(503, "not_processed", **{"Retry-After": wish}))
    with pytest.raises(Unavailable) as caught:
        gateway.submit([letter()])
    assert caught.value.retry_after == seconds


# -- answers that make no sense --------------------------------------------------------

RESULTS = ["results", 0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["results"], {}),
        (["results"], None),
        (RESULTS, "accepted"),
        ([*RESULTS, "client_reference"], "somebody-elses-letter"),
        ([*RESULTS, "client_reference"], None),
        ([*RESULTS, "status"], 1),
        ([*RESULTS, "provider_reference"], ""),
        ([*RESULTS, "provider_reference"], 12),
        ([*RESULTS, "received_at"], "2026-11-20T10:00:00"),
        ([*RESULTS, "received_at"], "2026-02-31T10:00:00Z"),
        ([*RESULTS, "received_at"], "yesterday"),
        ([*RESULTS, "received_at"], 1763632800),
        ([*RESULTS, "received_at"], None),
    ],
)
def test_a_receipt_that_makes_no_sense(path, value, service, gateway):
    service.fault("rewrite", route="submit", path=path, value=value)
    with pytest.raises(BadAnswer) as caught:
        gateway.submit([letter()])
    assert "answer" in caught.value.detail


def test_two_results_for_one_letter(service, gateway):
    one, other = letter(), letter()
    path = ["results", 1, "client_reference"]
    service.fault("rewrite", route="submit", path=path, value=one.client_reference)
    with pytest.raises(BadAnswer):
        gateway.submit([one, other])


def test_the_same_reference_is_not_even_sent_twice(service, gateway):
    one = letter()
    with pytest.raises(ValueError):
        gateway.submit([one, one])
    assert service.arrivals() == {}


def test_an_unknown_status_leaves_its_letter_out(service, gateway):
    one, other = letter(), letter()
    path = ["results", 0, "status"]
    service.fault("rewrite", route="submit", path=path, value="meditating")
    receipts = gateway.submit([one, other])
    assert [r.client_reference for r in receipts] == [other.client_reference]


def test_a_partial_answer_leaves_letters_out(service, gateway):
    letters = [letter() for _ in range(3)]
    service.fault("partial", route="submit", omit=2)
    receipts = gateway.submit(letters)
    assert [r.client_reference for r in receipts] == [letters[2].client_reference]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["letters"], []),
        (["letters", 0, "state"], "hmm"),
        (["letters", 0, "state"], None),
        (["letters", 0, "client_reference"], "somebody-elses-letter"),
        (["letters", 0, "receipt"], None),
        (["letters", 0, "receipt", "client_reference"], "somebody-elses-letter"),
        (["letters", 0, "receipt", "status"], "meditating"),
    ],
)
def test_silence_about_a_letter_is_never_read_as_never_received(
    path, value, service, gateway
):
    one = letter()
    gateway.submit([one])
    service.fault("rewrite", route="lookup", path=path, value=value)
    with pytest.raises(BadAnswer):
        gateway.lookup([one.client_reference])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["events", 0, "happened_at"], "2026-11-20T10:00:00"),
        (["events", 0, "event_id"], ""),
        (["events", 0, "code"], None),
        (["events"], None),
        (["more"], "yes"),
    ],
)
def test_an_event_that_makes_no_sense(path, value, service, gateway):
    gateway.submit([letter()])
    service.fault("rewrite", route="events", path=path, value=value)
    with pytest.raises(BadAnswer):
        gateway.events()


def test_a_cursor_that_leads_nowhere(service, gateway):
    gateway.submit([letter(), letter()])
    start = gateway.events(limit=1).cursor
    gateway.submit([letter()])
    service.fault("rewrite", route="events", path=["cursor"], value=start)
    with pytest.raises(BadAnswer):
        gateway.events(start, limit=1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["costs", 0, "amount"], 1.1),
        (["costs", 0, "amount"], "1,10"),
        (["costs", 0, "amount"], "NaN"),
        (["costs", 0, "billed_on"], "20/11/2026"),
        (["costs", 0, "tax_rate"], None),
    ],
)
def test_a_cost_that_makes_no_sense(path, value, service, gateway):
    gateway.submit([letter()])
    service.advance(days=30)
    service.fault("rewrite", route="costs", path=path, value=value)
    far = datetime.now(timezone.utc).date() + timedelta(days=60)
    with pytest.raises(BadAnswer):
        gateway.costs(far - timedelta(days=120), far)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["max_pages"], 0),
        (["max_pages"], "90"),
        (["max_pages"], True),
        (["idempotency"], "false"),
        (["idempotency"], None),
        (["processing_seconds"], -1),
    ],
)
def test_limits_that_make_no_sense(path, value, service, gateway):
    service.fault("rewrite", route="limits", path=path, value=value)
    with pytest.raises(BadAnswer):
        gateway.limits()


@pytest.mark.parametrize("proof_id", ["..", "../../costs", "a/b", "", "a?b"])
def test_a_paper_cannot_lead_elsewhere(proof_id, service, gateway):
    one = wishing("standard")
    gateway.submit([one])
    service.advance(days=60)
    path = ["proofs", 0, "proof_id"]
    service.fault("rewrite", route="proofs", path=path, value=proof_id)
    with pytest.raises(BadAnswer):
        gateway.proofs(one.client_reference)


def test_a_paper_that_was_tampered_with(service, gateway):
    one = wishing("standard")
    gateway.submit([one])
    service.advance(days=60)
    deposit = gateway.proofs(one.client_reference)[0]
    service.fault("padding", route="proof_content", bytes=1)
    with pytest.raises(BadAnswer):
        gateway.proof_content(deposit)
    assert gateway.proof_content(deposit)


def test_what_nobody_knows_yet_passes(service, gateway):
    one = wishing("inconnu")
    service.fault("rewrite", route="submit", path=["results", 0, "mood"], value="gay")
    assert gateway.submit([one])[0].provider_reference
    service.advance(days=30)
    service.fault("rewrite", route="events", path=["events", 0, "drone"], value=[1])
    events = gateway.events().events
    assert events[0].raw["drone"] == [1]
    assert "zz_9" in {event.code for event in events}


def test_another_clock_changes_nothing(service, gateway):
    service.set_clock(datetime(2031, 5, 1, tzinfo=timezone.utc))
    one = letter()
    assert gateway.submit([one])[0].received_at.year == 2031
    service.set_clock(datetime(2021, 5, 1, tzinfo=timezone.utc))
    assert gateway.lookup([one.client_reference])[0].receipt.received_at.year == 2031


# -- tokens ----------------------------------------------------------------------------


def test_a_token_is_asked_once_and_kept(service, connect):
    kept = []
    gateway = connect(on_token=kept.append)
    for _ in range(3):
        gateway.ping()
    assert service.stats()["counts"]["token"] == 1
    assert len(kept) == 1
    connect(token=kept[0]).ping()
    assert service.stats()["counts"]["token"] == 1


def test_an_expired_token_is_renewed_and_nothing_printed_twice(service, connect):
    kept = []
    gateway = connect(on_token=kept.append)
    gateway.ping()
    service.fault("expired_token", route="submit")
    one = letter()
    assert len(gateway.submit([one])) == 1
    assert service.arrivals()[one.client_reference]["outcomes"] == ["printed"]
    assert len(kept) == 2 and kept[0] != kept[1]
    assert service.stats()["counts"]["token"] == 2


def test_a_token_is_renewed_before_it_ends(service, connect, monkeypatch):
    gateway = connect()
    gateway.ping()
    later = time.monotonic() + 0.95 * 3600
    monkeypatch.setattr(time, "monotonic", lambda: later)
    gateway.ping()
    assert service.stats()["counts"]["token"] == 2
    assert service.stats()["problems"] == []


def test_a_wrong_password_stops_at_once(service, connect):
    gateway = connect(password="wrong")
    with pytest.raises(Credentials):
        gateway.submit([letter()])
    assert service.stats()["counts"] == {"connections": 1, "token": 1}


def test_a_missing_password_is_nothing_that_a_letter_did(connect):
    with pytest.raises(Credentials):
        connect(password="").submit([letter()])


@pytest.mark.parametrize("value", ["short", "with space in the middle", "é" * 20, 5])
def test_a_token_that_is_none(value, service, gateway):
    service.fault("rewrite", route="token", path=["access_token"], value=value)
    with pytest.raises(BadAnswer) as caught:
        gateway.ping()
    assert str(value) not in caught.value.detail


def test_two_accounts_share_nothing(service, connect):
    service.account("autre@exemple.fr", "Autre mot de passe")
    ours, theirs = [], []
    gateway = connect(on_token=ours.append)
    other = connect("autre@exemple.fr", "Autre mot de passe", on_token=theirs.append)
    one, two = letter(), letter()
    gateway.submit([one])
    other.submit([two])
    assert set(ours).isdisjoint(theirs)
    assert service.stats()["counts"]["connections"] == 2
    arrivals = service.arrivals()
    assert arrivals[one.client_reference]["account"] == IDENTIFIER
    assert arrivals[two.client_reference]["account"] == "autre@exemple.fr"
    assert other.lookup([one.client_reference])[0].receipt is None
    with pytest.raises(Refused):
        other.cancel(one.client_reference)
    assert [e.client_reference for e in other.events().events] == [two.client_reference]


# -- connections -----------------------------------------------------------------------


def test_one_connection_serves_many_calls(service, gateway):
    for _ in range(3):
        gateway.ping()
        gateway.submit([letter(), letter()])
        gateway.events()
    assert service.stats()["counts"]["connections"] == 1


def test_what_leaves_is_what_arrives(service, gateway):
    letters = [letter(b"%PDF-" + bytes(range(256)) * n) for n in (1, 100, 4000)]
    gateway.submit(letters)
    for one in letters:
        assert service.pdf(one.client_reference) == one.pdf
        said = service.arrivals()[one.client_reference]["letter"]
        assert said["recipient"] == list(one.recipient)
        assert said["sha256"] == one.sha256


def test_a_connection_that_went_stale_is_replaced_and_nothing_sent_twice():
    with ServiceProcess() as process:
        gateway = HttpGateway(process.url, IDENTIFIER, "Mot-de-passe 1")
        gateway.ping()
        process.kill()
        process.start()
        one = letter()
        assert gateway.submit([one])[0].provider_reference
        assert process.arrivals()[one.client_reference]["outcomes"] == ["printed"]
        gateway.close()


# -- secrets ---------------------------------------------------------------------------

PASSWORD = "Mot-de-passe 1"


@pytest.mark.parametrize("name", FAULTS)
def test_no_secret_in_errors_or_logs(name, service, connect, caplog):
    caplog.set_level("DEBUG")
    kept = []
    gateway = connect(on_token=kept.append)
    gateway.ping()
    fault = dict(FAULTS[name][0])
    echoed = f"{PASSWORD} {kept[0]}"
    if "body" in fault:
        fault["body"] = (
            {**fault["body"], "detail": echoed, "code": kept[0]}
            if isinstance(fault["body"], dict)
            else echoed
        )
    service.fault(**{"route": "submit", **fault})
    with pytest.raises(Exception) as caught:
        gateway.submit([letter()])
    service.clear_faults()
    told = [caplog.text, repr(gateway)]
    error = caught.value
    while error:
        told += [str(error), repr(error), repr(vars(error))]
        assert not hasattr(error, "request")
        error = error.__cause__ or error.__context__
    for text in told:
        assert PASSWORD not in text
        for token in kept:
            assert token not in text


def test_no_secret_when_the_token_itself_goes_wrong(service, gateway, caplog):
    caplog.set_level("DEBUG")
    secret = "s" * 40
    body = {"access_token": secret, "token_type": "bearer", "expires_in": 5}
    for status, media in ((200, "text/html"), (201, "application/json")):
        service.fault(
            "status", route="token", status=status, body=body, content_type=media
        )
        with pytest.raises(BadAnswer) as caught:
            gateway.ping()
        assert secret not in repr(vars(caught.value))
    assert secret not in caplog.text
