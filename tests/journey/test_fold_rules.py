"""One row for each rule of the status model, in the words of those who wrote it."""

from datetime import date, datetime, timezone

import pytest
from told import Fact, at, fact, fold, told

ORDINARY = "received producing posted in_transit out_for_delivery"

STANDING = {
    "nothing is known": ("", ""),
    "only codes that nobody knows": ("zz_9 proof none", ""),
    "production, in its order": ("received producing posted", "posted"),
    "delivered": (f"{ORDINARY} delivered", "delivered"),
    "put aside, then fetched": (f"{ORDINARY} awaiting_pickup delivered", "delivered"),
    "out again after a notice: it still waits": (
        f"{ORDINARY} awaiting_pickup out_for_delivery",
        "awaiting_pickup",
    ),
    "the deposit is told last": ("received in_transit posted", "in_transit"),
    "an early status told late": ("delivered received", "delivered"),
    "sent on to a new address, on its way again": (
        f"{ORDINARY} in_transit out_for_delivery",
        "out_for_delivery",
    ),
    "a second round after a first failure": (
        f"{ORDINARY} undeliverable out_for_delivery",
        "undeliverable",
    ),
    "delivered to the sender after a failure": (
        f"{ORDINARY} undeliverable returning delivered",
        "returning",
    ),
    "came back, whatever else was told": (
        f"{ORDINARY} delivered undeliverable returned",
        "returned",
    ),
    "returned without a word before": ("posted returned", "returned"),
    "stopped by the workshop": ("received rejected", "rejected"),
    "cancelled while produced": ("received producing cancelled", "cancelled"),
    "refused and cancelled": ("received cancelled rejected", "rejected"),
    "cancelled, and yet posted": ("received cancelled posted", "posted"),
    "in trouble in the workshop": ("received producing exception", "exception"),
    "trouble before anything else": ("exception", "exception"),
    "trouble, then the round": (
        "posted exception out_for_delivery",
        "out_for_delivery",
    ),
    "trouble, then an earlier status again": (
        "posted in_transit exception posted",
        "in_transit",
    ),
    "trouble again": ("posted exception in_transit exception", "exception"),
    "trouble with a letter that waits": (
        f"{ORDINARY} awaiting_pickup exception",
        "exception",
    ),
    "trouble after the delivery changes nothing": (
        "posted delivered exception",
        "delivered",
    ),
    "trouble on the way back changes nothing": (
        "posted undeliverable returning exception",
        "returning",
    ),
    "trouble, then refused by the workshop": (
        "received exception rejected",
        "rejected",
    ),
}


@pytest.mark.parametrize("name", STANDING)
def test_where_it_stands(name):
    words, expected = STANDING[name]
    assert fold(told(words)).code == expected


CONTRADICTIONS = {
    "delivered and returned": ("posted delivered returned", True),
    "delivered and on its way back": ("posted delivered returning", True),
    "cancelled and printed": ("cancelled posted", True),
    "refused and delivered": ("rejected delivered", True),
    "cancelled before printing": ("received producing cancelled", False),
    "failed, then returned": ("posted undeliverable returning returned", False),
    "trouble and delivered": ("posted exception delivered", False),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_events_that_cannot_all_be_true(name):
    words, expected = CONTRADICTIONS[name]
    assert fold(told(words)).contradicted is expected


REASONS = {
    "the reason given": ("undeliverable:refused returned", "refused"),
    "none given": ("undeliverable returned", "other"),
    "given with the return alone": ("posted returned:npai", "npai"),
    "given on the way back": ("undeliverable returning:unclaimed", "unclaimed"),
    "a telling one beside another": ("undeliverable:other returned:npai", "npai"),
    "two telling ones, always the same": (
        "undeliverable:refused undeliverable:npai",
        "npai",
    ),
    "one that nobody knows": ("undeliverable:ailleurs", "other"),
    "of a letter that did not fail": ("posted delivered:npai", ""),
}


@pytest.mark.parametrize("name", REASONS)
def test_why_it_came_back(name):
    words, expected = REASONS[name]
    assert fold(told(words)).reason == expected


PRESENTATIONS = {
    "handed over": ("posted delivered", at(1)),
    "put aside, then fetched": ("posted awaiting_pickup delivered", at(1)),
    "a second notice is not the first": ("awaiting_pickup awaiting_pickup", at(0)),
    "refused at the door": ("posted undeliverable:refused returned", at(1)),
    "unknown at the address": ("posted undeliverable:npai returned", None),
    "never fetched: the day of the notice": (
        "posted awaiting_pickup undeliverable:unclaimed returned",
        at(1),
    ),
    "no notice was told": ("posted undeliverable:unclaimed", None),
    "the delivery was the one to the sender": (
        "posted undeliverable:npai returning delivered",
        None,
    ),
    "on its round": ("posted out_for_delivery", None),
}


@pytest.mark.parametrize("name", PRESENTATIONS)
def test_first_presentation(name):
    words, expected = PRESENTATIONS[name]
    assert fold(told(words)).presented_at == expected


def utc(*moment):
    return datetime(*moment, tzinfo=timezone.utc)


NOTICES = {
    # In Paris summer time ends on 25 October 2026 at 3 o'clock and begins on 29 March.
    "a day like others": (utc(2026, 11, 3, 11), date(2026, 11, 18)),
    "the last summer night": (utc(2026, 10, 24, 22, 30), date(2026, 11, 9)),
    "the evening on which it ends": (utc(2026, 10, 25, 22, 59), date(2026, 11, 9)),
    "an hour later it is tomorrow": (utc(2026, 10, 25, 23, 1), date(2026, 11, 10)),
    "across the end": (utc(2026, 10, 15, 22, 30), date(2026, 10, 31)),
    "the last winter night": (utc(2026, 3, 28, 23, 30), date(2026, 4, 13)),
    "the evening on which it begins": (utc(2026, 3, 29, 21, 59), date(2026, 4, 13)),
    "then it is tomorrow sooner": (utc(2026, 3, 29, 22, 1), date(2026, 4, 14)),
    "into a leap day": (utc(2028, 2, 14, 12), date(2028, 2, 29)),
    "over the new year": (utc(2026, 12, 20, 23, 30), date(2027, 1, 5)),
}


@pytest.mark.parametrize("name", NOTICES)
def test_fifteen_days_from_the_day_after_the_notice(name):
    moment, expected = NOTICES[name]
    assert fold([Fact("awaiting_pickup", moment)]).pickup_until == expected


def test_a_movement_in_the_same_second_ends_the_trouble():
    assert fold([fact("exception"), fact("in_transit")]).code == "in_transit"


def test_in_this_trouble_since_it_began_again():
    events = told("posted exception in_transit exception exception")
    assert fold(events).since == at(3)


def test_in_this_stage_since_the_first_that_said_so():
    assert fold(told("posted in_transit in_transit")).since == at(1)


def test_the_latest_event_with_the_code_chooses_its_stage():
    customs = fact("in_transit", 2, stage=7)
    centre = fact("in_transit", 5, stage=8)
    assert fold([centre, customs, fact("posted", 9, stage=6)]).stage == 8


def test_in_the_same_second_the_event_id_decides():
    first, second = (fact("posted", event_id=i, stage=i) for i in "ab")
    assert fold([first, second]).stage == fold([second, first]).stage == "b"
