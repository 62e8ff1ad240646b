"""Which journey a letter takes, and when its steps happen."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beepost_mail.gateway import catalogue, journeys


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("GARAGE TEST NPAI", "npai"),
        ("Société Test Refusé", "refuse"),
        ("test non réclamé", "non_reclame"),
        ("TEST-NPAI", "npai"),
        ("TEST  NPAI", "npai"),
        ("TEST NPAIS", "standard"),
        ("CONTEST NPAI", "standard"),
        ("NPAI", "standard"),
        ("12 RUE DES REFUSES", "standard"),
    ],
)
def test_a_line_of_the_recipient_names_the_journey(line, outcome):
    assert journeys.outcome_of(["A", line, "69003 LYON"], {}) == outcome


def test_the_option_wins():
    options = {"sandbox_journey": "refuse"}
    assert journeys.outcome_of(["TEST NPAI"], options) == "refuse"
    with pytest.raises(ValueError, match="nowhere"):
        journeys.outcome_of([], {"sandbox_journey": "nowhere"})


MOMENTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(timezone.utc)
)
CHOICES = st.tuples(
    st.sampled_from(sorted(catalogue.SERVICES)),
    st.sampled_from(sorted(journeys.OUTCOMES - {journeys.REJECTED_AT_INTAKE})),
)


@given(MOMENTS, CHOICES)
def test_steps_follow_each_other(received_at, choice):
    service, outcome = choice
    steps = journeys.steps(catalogue.SERVICES[service], outcome)
    moments = journeys.schedule(steps, received_at)
    assert len(moments) == len(steps)
    assert moments[0] == received_at
    assert list(moments) == sorted(moments)
    assert all(moment.utcoffset() == timedelta(0) for moment in moments)


@given(CHOICES)
def test_only_a_wish_makes_a_plain_letter_delivered(choice):
    service, outcome = choice
    codes = {s.code for s in journeys.steps(catalogue.SERVICES["lettre"], outcome)}
    assert ("delivered" in codes) == (outcome == "remis")
    assert not codes & {"in_transit", "out_for_delivery", "awaiting_pickup"}


@given(CHOICES)
def test_a_letter_is_delivered_or_comes_back_never_both(choice):
    service, outcome = choice
    codes = {s.code for s in journeys.steps(catalogue.SERVICES[service], outcome)}
    assert not {"delivered", "undeliverable"} <= codes
    assert ("undeliverable" in codes) == ("returned" in codes)


def test_a_holiday_is_no_working_day():
    # Friday before Easter Monday 2027 (29 March), 11:00 in Paris
    received = datetime(2027, 3, 26, 10, tzinfo=timezone.utc)
    steps = journeys.steps(catalogue.SERVICES["lettre"], "standard")
    posted = journeys.schedule(steps, received)[-1]
    assert posted == datetime(2027, 3, 30, 15, tzinfo=timezone.utc)
