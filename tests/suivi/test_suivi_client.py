"""The real process judges the client: every status and every fault."""

import pytest

from odoo.addons.beepost_mail.gateway.port import (
    BadAnswer,
    Credentials,
    Unavailable,
)
from odoo.addons.beepost_mail.gateway.transport import MAX_JSON_BYTES
from odoo.addons.beepost_tracking.suivi.client import MAX_NUMBERS, SuiviClient
from odoo.addons.beepost_tracking.suivi.result import (
    Found,
    NotFound,
    RefusedNumber,
    Unanswered,
)

from laposte.client import KEY, LaPosteProcess

NUMBERS = [f"1A00{n:09d}" for n in range(20)]
ONE, TWO, THREE = NUMBERS[:3]
TOO_SHORT = "12345678"  # may be asked for, but La Poste has no such numbers
POSTED = ("PC1", "Pris en charge", "2026-11-24T09:12:00+01:00")
DELIVERED = ("DI1", "Distribué", "2026-11-25T10:00:00+01:00")


def kinds(found):
    return [type(result).__name__ for result in found]


# -- what La Poste says ----------------------------------------------------------------


def test_one_number(laposte, client):
    laposte.ship(ONE, POSTED, DELIVERED)
    (found,) = client.follow([ONE])
    assert isinstance(found, Found)
    assert [event.code for event in found.events] == ["PC1", "DI1"]
    assert found.is_final
    assert found.product == "Lettre recommandée"
    assert laposte.asked() == [[ONE]]


def test_ten_numbers_in_one_request(laposte, client):
    asked = NUMBERS[:10]
    for number in asked[1:9]:
        laposte.ship(number, POSTED)
    laposte.fail(asked[9], 400)
    found = client.follow(asked)
    assert [result.number for result in found] == asked
    assert kinds(found) == ["NotFound", *["Found"] * 8, "RefusedNumber"]
    assert found[0].message and found[0].stated
    assert laposte.asked() == [asked]


def test_eleven_numbers_are_a_mistake_of_ours(laposte, client):
    with pytest.raises(ValueError):
        client.follow(NUMBERS[: MAX_NUMBERS + 1])
    with pytest.raises(ValueError):
        client.follow([ONE, ONE.lower()])
    assert laposte.asked() == []


def test_nothing_asked_nothing_sent(laposte, client):
    assert client.follow([]) == ()
    assert laposte.asked() == []


@pytest.mark.parametrize(
    "number", ["", "1A 001", "../../suivi", "1A00123456?x=1", "1A00123456,2", "é" * 11]
)
def test_what_cannot_be_a_number_is_never_sent(number, laposte, client):
    laposte.ship(ONE, POSTED)
    found = client.follow([number, ONE])
    assert kinds(found) == ["RefusedNumber", "Found"]
    assert found[0].number == number
    assert kinds(client.follow([number])) == ["RefusedNumber"]
    assert laposte.asked() == [[ONE]]


def test_unknown_yet(laposte, client):
    (found,) = client.follow([ONE])
    assert isinstance(found, NotFound)
    assert found.message and found.stated


@pytest.mark.parametrize("numbers", [[ONE], [ONE, TWO]])
def test_unknown_yet_in_a_page_instead_of_json(numbers, laposte, client):
    laposte.lose()
    found = client.follow(numbers)
    assert found == tuple(NotFound(number, stated=False) for number in numbers)


def test_not_found_by_the_gateway_in_front(laposte, client):
    body = {"code": "RESOURCE_NOT_FOUND", "message": "Pas ici"}
    laposte.fault("status", status=404, body=body, content_type="application/json")
    assert client.follow([ONE]) == (NotFound(ONE, "Pas ici", stated=False),)


# -- one wrong number does not spoil the others ----------------------------------------


def test_a_request_refused_as_a_whole_is_asked_one_by_one(laposte, client):
    laposte.ship(ONE, POSTED)
    found = client.follow([ONE, TOO_SHORT, TWO])
    assert kinds(found) == ["Found", "RefusedNumber", "NotFound"]
    assert found[1].message
    asked = [[ONE, TOO_SHORT, TWO], [ONE], [TOO_SHORT], [TWO]]
    assert laposte.asked() == asked


def test_requests_are_counted_answered_or_not(laposte, client):
    client.follow([ONE, TOO_SHORT, TWO])
    assert client.requests == len(laposte.asked()) == 4
    client.follow(["nonsense!"])
    assert client.requests == 4
    laposte.fault("status", status=503)
    with pytest.raises(Unavailable):
        client.follow([ONE])
    assert client.requests == len(laposte.asked()) == 5


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (1, ["Unanswered", "Unanswered", "Unanswered"]),
        (2, ["Found", "Unanswered", "Unanswered"]),
        (3, ["Found", "RefusedNumber", "Unanswered"]),
        (4, ["Found", "RefusedNumber", "NotFound"]),
    ],
)
def test_one_by_one_within_what_is_allowed(budget, expected, laposte, client):
    laposte.ship(ONE, POSTED)
    assert kinds(client.follow([ONE, TOO_SHORT, TWO], budget)) == expected
    assert client.requests == len(laposte.asked()) == budget


def test_one_wrong_number_alone_is_not_asked_twice(laposte, client):
    assert kinds(client.follow([TOO_SHORT])) == ["RefusedNumber"]
    assert laposte.asked() == [[TOO_SHORT]]


def test_what_was_learned_one_by_one_is_kept(laposte, client):
    laposte.ship(ONE, POSTED)
    laposte.fault("status", skip=2, times=0, status=503, body="<html>")
    found = client.follow([ONE, TOO_SHORT, TWO])
    assert kinds(found) == ["Found", "Unanswered", "Unanswered"]
    assert "503" in found[1].detail
    assert len(laposte.asked()) == 3


def test_an_answer_to_one_that_makes_no_sense_costs_no_other(laposte, client):
    laposte.ship(ONE, POSTED)
    laposte.ship(TWO, POSTED)
    laposte.fault("malformed", skip=1)
    found = client.follow([ONE, TOO_SHORT, TWO])
    assert kinds(found) == ["Unanswered", "RefusedNumber", "Found"]
    assert "JSON" in found[0].message


@pytest.mark.parametrize("code", [400, 404])
def test_a_refusal_that_tells_of_each_number(code, laposte, client):
    """Not documented; if each has its own returnCode, that is what counts."""
    own = [{"returnCode": 400, "idShip": ONE}, {"returnCode": 404, "idShip": TWO}]
    laposte.fault(**status(code, own))
    assert kinds(client.follow([ONE, TWO])) == ["RefusedNumber", "NotFound"]
    assert laposte.asked() == [[ONE, TWO]]


def test_an_error_before_anything_was_learned_one_by_one(laposte, client):
    laposte.fault("status", skip=1, status=429, headers={"Retry-After": "60"})
    with pytest.raises(Unavailable) as caught:
        client.follow([ONE, TOO_SHORT])
    assert caught.value.retry_after == 60


# -- errors ----------------------------------------------------------------------------


def status(status, body="", content_type="application/json", **headers):
    return {
        "kind": "status",
        "status": status,
        "body": body,
        "content_type": content_type,
        "headers": headers,
    }


DENIED = {"code": "UNAUTHORIZED", "message": "Clé absente ou invalide"}
FAULTS = {
    "401": (status(401, DENIED), Credentials),
    "403": (status(403, DENIED), Credentials),
    "429": (status(429, {"code": "TOO_MANY"}), Unavailable),
    "500": (status(500, {"returnCode": 500}), Unavailable),
    "503 page": (status(503, "<html>", "text/html"), Unavailable),
    "504": (status(504), Unavailable),
    "cut": ({"kind": "cut"}, Unavailable),
    "truncated": ({"kind": "truncated"}, Unavailable),
    "malformed": ({"kind": "malformed"}, BadAnswer),
    "not called JSON": (
        {"kind": "content_type", "content_type": "text/html"},
        BadAnswer,
    ),
    "too long": ({"kind": "padding", "bytes": MAX_JSON_BYTES}, BadAnswer),
    "packed": (status(200, [], **{"Content-Encoding": "gzip"}), BadAnswer),
    "400 page": (status(400, "<html>", "text/html"), BadAnswer),
    "405": (status(405, {}), BadAnswer),
    "204": (status(204), BadAnswer),
    "redirect": (status(302, Location="http://127.0.0.1:9/"), BadAnswer),
    "another number": (
        {"kind": "rewrite", "path": [0, "shipment", "idShip"], "value": THREE},
        BadAnswer,
    ),
    "a list of words": (status(200, ["ok"]), BadAnswer),
    "null": (status(200, "null"), BadAnswer),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(name, laposte, client):
    fault, error = FAULTS[name]
    laposte.ship(ONE, POSTED)
    laposte.ship(TWO, POSTED)
    laposte.fault(**{"route": "follow", **fault})
    with pytest.raises(error) as caught:
        client.follow([ONE, TWO])
    assert type(caught.value) is error or error is Credentials
    assert len(laposte.asked()) == 1
    # and it is over
    assert kinds(client.follow([ONE, TWO])) == ["Found", "Found"]


@pytest.mark.parametrize(
    ("wish", "seconds"), [("120", 120), ("0", 0), ("soon", None), (None, None)]
)
@pytest.mark.parametrize("code", [429, 503])
def test_how_long_to_wait(code, wish, seconds, laposte, client):
    headers = {} if wish is None else {"Retry-After": wish}
    laposte.fault("status", status=code, headers=headers)
    with pytest.raises(Unavailable) as caught:
        client.follow([ONE])
    assert caught.value.retry_after == seconds


def test_slow(laposte, connect):
    laposte.ship(ONE, POSTED)
    laposte.fault("latency", ms=300)
    assert kinds(connect().follow([ONE])) == ["Found"]
    laposte.fault("hang")
    with pytest.raises(Unavailable):
        connect(timeouts=(5, 0.2)).follow([ONE])


def test_nobody_listens():
    with LaPosteProcess() as process:
        url = process.url
    client = SuiviClient(url, KEY)
    with pytest.raises(Unavailable):
        client.follow([ONE])
    client.close()


# -- the key ---------------------------------------------------------------------------


def test_a_wrong_key():
    with LaPosteProcess() as process:
        client = SuiviClient(process.url, "another-key")
        with pytest.raises(Credentials):
            client.follow([ONE, TWO])
        assert process.stats()["problems"] == ["X-Okapi-Key"]
        client.close()


@pytest.mark.parametrize("key", ["", "a b", "clé", "key\r\nX-Other: 1"])
def test_a_key_that_is_none_is_never_sent(key, laposte, connect):
    with pytest.raises(Credentials):
        connect(key).follow([ONE])
    assert laposte.asked() == []


@pytest.mark.parametrize("url", ["http://api.exemple.fr/suivi/v2", "", "file:///x"])
def test_an_address_that_is_not_safe(url):
    with pytest.raises(ValueError):
        SuiviClient(url, KEY)


@pytest.mark.parametrize("echoing", [200, 400, 401, 403, 429, 500])
def test_the_key_in_no_error_and_no_log(echoing, laposte, client, caplog):
    caplog.set_level("DEBUG")
    laposte.fault(**status(echoing, f"<html>{KEY}</html>", "text/html"))
    with pytest.raises((BadAnswer, Credentials, Unavailable)) as caught:
        client.follow([ONE])
    told = [caplog.text, repr(client)]
    error = caught.value
    while error:
        told += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    assert KEY not in "".join(told)


def test_one_connection_serves_many_calls(laposte, client):
    laposte.ship(ONE, POSTED)
    for _ in range(3):
        client.follow([ONE, TWO])
        client.follow([ONE])
    assert laposte.stats()["counts"]["connections"] == 1


def test_the_parts_of_a_result(laposte, client):
    """Each kind is recognised by its class, and bears its number."""
    laposte.ship(ONE, POSTED, ("PB1", "Problème", "hier"), isFinal=False)
    laposte.fail(TWO, 500)
    found, failed = client.follow([ONE, TWO])
    assert len(found.events) == len(found.unread) == 1
    assert isinstance(failed, Unanswered) and failed.number == TWO
    assert not isinstance(found, NotFound | RefusedNumber)
