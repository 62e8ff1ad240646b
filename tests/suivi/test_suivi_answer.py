"""Reading: every code, what is wrong with one costs no other, ids that stay."""

import copy
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_mail.gateway.port import BadAnswer
from odoo.addons.beepost_tracking.suivi.answer import is_number, results
from odoo.addons.beepost_tracking.suivi.result import (
    Found,
    NotFound,
    RefusedNumber,
    Unanswered,
    event_id,
)

ONE, TWO = "1A00123456789", "2C00123456789"
EVENT = {"code": "PC1", "label": "Pris en charge", "date": "2026-11-24T09:12:00+01:00"}

# Every code of the reference; what the labels say is up to La Poste
CODES = {
    "DR1": "Déclaratif réceptionné",
    "DR2": "Problème lors de la préparation",
    "PC1": "Pris en charge",
    "PC2": "Pris en charge dans le pays d'expédition",
    "ET1": "En cours de traitement",
    "ET2": "En cours de traitement dans le pays d'expédition",
    "ET3": "En cours de traitement dans le pays de destination",
    "ET4": "En cours de traitement dans un pays de transit",
    "EP1": "En attente de présentation",
    "DO1": "Entrée en douane",
    "DO2": "Sortie de douane",
    "DO3": "Retenu en douane",
    "PB1": "Problème en cours",
    "PB2": "Problème résolu",
    "MD2": "Mis en distribution",
    "AG1": "En attente d'être retiré au guichet",
    "ND1": "Non distribuable",
    "RE1": "Retourné à l'expéditeur",
    "DI0": "Distribué en lot",
    "DI1": "Distribué",
    "DI2": "Distribué à l'expéditeur",
    "DI3": "Retardé",
}


def told(number=ONE, events=(EVENT,), **members):
    shipment = {
        "idShip": number,
        "holder": 1,
        "product": "Lettre recommandée",
        "isFinal": False,
        "url": "https://www.laposte.fr/suivi",
        "event": list(events),
        **members,
    }
    return {"lang": "fr_FR", "scope": "open", "returnCode": 200, "shipment": shipment}


def failed(code, number=ONE, **members):
    return {"returnCode": code, "returnMessage": "Non", "idShip": number, **members}


def one(value):
    (result,) = results(value, [ONE])
    return result


@pytest.mark.parametrize(("code", "label"), CODES.items())
def test_every_code_is_read(code, label):
    event = {**EVENT, "code": code, "label": label, "order": 7}
    found = one(told(events=[event]))
    assert isinstance(found, Found)
    (read,) = found.events
    assert (read.number, read.code, read.label) == (ONE, code, label)
    assert read.happened_at == datetime(2026, 11, 24, 8, 12, tzinfo=timezone.utc)
    assert read.happened_at.tzinfo is timezone.utc
    assert read.place == ""
    assert read.raw == event
    assert not found.unread


def test_what_is_said_of_the_shipment():
    found = one(told(isFinal=True, mood="gay"))
    assert (found.number, found.holder, found.product) == (ONE, 1, "Lettre recommandée")
    assert found.is_final is True
    assert found.url == "https://www.laposte.fr/suivi"


def test_what_is_not_said_of_the_shipment():
    value = told()
    value["shipment"] = {"idShip": ONE}
    assert one(value) == Found(ONE)


def test_an_unknown_code_passes():
    assert one(told(events=[{**EVENT, "code": "ZZ9"}])).events[0].code == "ZZ9"


def test_a_place_is_read_should_there_be_one():
    assert one(told(events=[{**EVENT, "place": "Lyon"}])).events[0].place == "Lyon"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://exemple.fr", ""])
def test_a_link_that_is_none(url):
    assert one(told(url=url)).url == ""


@pytest.mark.parametrize("holder", [None, "1", True, -1, 10**12, 1.5])
def test_a_holder_that_is_none(holder):
    assert one(told(holder=holder)).holder == 0


def test_control_characters_do_not_reach_a_database():
    event = {**EVENT, "code": "P\0C1", "label": "a\0b\n\ud800c"}
    (read,) = one(told(events=[event])).events
    assert (read.code, read.label) == ("P C1", "a b c")


# -- what is wrong with one event ------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        {**EVENT, "date": "2026-11-24T09:12:00"},
        {**EVENT, "date": "24/11/2026"},
        {**EVENT, "date": "2026-02-31T09:12:00+01:00"},
        {**EVENT, "date": None},
        {**EVENT, "date": 1795511520},
        {**EVENT, "code": ""},
        {**EVENT, "code": None},
        {**EVENT, "label": 5},
        {},
        "PC1",
        None,
    ],
    ids=repr,
)
def test_an_event_that_makes_no_sense_is_told_and_costs_no_other(broken):
    other = {**EVENT, "code": "DI1"}
    found = one(told(events=[EVENT, broken, other]))
    assert [event.code for event in found.events] == ["DI1", "PC1"]
    (words,) = found.unread
    assert words.startswith("answer.shipment.event[1]")
    assert len(words) <= 300


# -- what is wrong with one number -----------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (failed(404), NotFound(ONE, "Non")),
        (failed(404, returnMessage=None), NotFound(ONE, "")),
        (failed(400), RefusedNumber(ONE, "Non")),
        (failed(500), Unanswered(ONE, "Non", "answer[0]: returnCode 500")),
        (
            failed(504, returnMessage=""),
            Unanswered(ONE, "La Poste could not answer", "answer[0]: returnCode 504"),
        ),
    ],
)
def test_own_return_codes(value, expected):
    first, second = results([value, told(TWO)], [ONE, TWO])
    assert first == expected
    assert isinstance(second, Found)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (told(event="none"), "answer[0].shipment.event"),
        (told(isFinal="no"), "answer[0].shipment.isFinal"),
        (told(product=5), "answer[0].shipment.product"),
        (failed(200), "answer[0].shipment"),
        (failed("404"), "answer[0].returnCode"),
        (failed(None), "answer[0].returnCode"),
        (failed(404, returnMessage=[]), "answer[0].returnMessage"),
    ],
)
def test_a_number_whose_answer_makes_no_sense_costs_no_other(value, where):
    first, second = results([value, told(TWO)], [ONE, TWO])
    assert isinstance(first, Unanswered)
    assert first.number == ONE
    assert first.detail.startswith(where)
    assert isinstance(second, Found)


@pytest.mark.parametrize("value", [[], [told(TWO)], [failed(500, ""), told(TWO)]])
def test_a_number_that_is_left_out(value):
    first, *_others = results(value, [ONE, TWO])
    assert first == Unanswered(ONE, "La Poste's answer leaves this number out")


def test_results_come_in_the_order_asked_with_the_number_as_asked():
    asked = [TWO.lower(), ONE]
    found = results([told(ONE), told(TWO)], asked)
    assert [result.number for result in found] == asked
    assert found[0].events[0].number == TWO.lower()


# -- an answer that cannot be trusted --------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None,
        "ok",
        7,
        {},
        ["ok"],
        [told(ONE), told(ONE)],
        [told(ONE), failed(404, ONE.lower())],
        [told("9Z99999999999")],
        [failed(404, "9Z99999999999")],
        [told("")],
        [told(5)],
        [failed(404, ["1A"])],
    ],
    ids=repr,
)
def test_an_answer_that_makes_no_sense(value):
    if value == {}:
        value = {"returnCode": 200}
    with pytest.raises(BadAnswer) as caught:
        results(value, [ONE, TWO])
    assert caught.value.detail.startswith("answer")


# -- ids -------------------------------------------------------------------------------

moments = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)
).map(lambda moment: moment.replace(microsecond=0, tzinfo=timezone.utc))
scans = st.lists(
    st.tuples(st.sampled_from(sorted(CODES)), moments), unique=True, max_size=12
)


def sent(scan, order, hours=0):
    code, moment = scan
    date = moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
    return {"code": code, "label": CODES[code], "date": date, "order": order}


@given(scans, st.data())
def test_ids_are_distinct_and_stay_in_any_order(pairs, data):
    shuffled = data.draw(st.permutations(pairs))
    before = one(told(events=[sent(scan, n) for n, scan in enumerate(pairs)]))
    again = [sent(scan, n, hours=2) for n, scan in enumerate(shuffled)]
    after = one(told(events=again + copy.deepcopy(again)))
    ids = [event.event_id for event in before.events]
    assert len(set(ids)) == len(pairs) == len(before.events)
    assert [event.event_id for event in after.events] == ids
    assert [event.happened_at for event in after.events] == sorted(
        moment for _code, moment in pairs
    )


@given(st.sampled_from(sorted(CODES)), moments)
def test_ids_of_two_numbers_differ(code, moment):
    assert event_id(ONE, code, moment) != event_id(TWO, code, moment)
    assert event_id(ONE, code, moment) == event_id(ONE.lower(), code, moment)


def test_an_id_stays_for_good():
    """What is stored under it must be recognised after an update."""
    moment = datetime(2026, 11, 24, 8, 12, tzinfo=timezone.utc)
    told = event_id(ONE, "PC1", moment)
    assert told == "laposte-441a90f94e7be2317a321cb3da8b61b998748d13"


def test_an_id_follows_the_instant_not_the_way_it_is_written():
    moment = datetime(2026, 11, 24, 8, 12, tzinfo=timezone.utc)
    in_paris = moment.astimezone(timezone(timedelta(hours=1)))
    assert event_id(ONE, "PC1", in_paris) == event_id(ONE, "PC1", moment)


def test_no_id_for_an_instant_that_nobody_knows():
    with pytest.raises(ValueError):
        event_id(ONE, "PC1", datetime(2026, 11, 24, 8, 12))


def test_of_two_events_alike_the_same_stays():
    events = [{**EVENT, "label": "b"}, {**EVENT, "label": "a"}]
    for order in (events, events[::-1]):
        assert [event.label for event in one(told(events=order)).events] == ["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE, True),
        ("RK123456789FR", True),
        ("1a001234", True),
        ("", False),
        ("1A00123", False),
        ("1" * 41, False),
        ("1A 001 234 567 89", False),
        ("1A001234/../x", False),
        ("1A00123456,2C", False),
        ("1A00123456%2F", False),
        ("1A00123456\n", False),
        ("1A0012345é", False),
        ("１２３４５６７８", False),
    ],
)
def test_what_can_be_a_number(text, expected):
    assert is_number(text) is expected
