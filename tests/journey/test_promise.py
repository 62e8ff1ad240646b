"""At La Poste on the promised working day, or late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_tracking.journey.promise import (
    KEPT,
    MISSED,
    PENDING,
    verdict,
)

DUE = date(2026, 11, 25)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)

TABLE = {
    "posted on the day": (DUE, AFTER, KEPT),
    "posted before": (BEFORE, DUE, KEPT),
    "posted the day after": (AFTER, AFTER, MISSED),
    "posted late, long ago": (AFTER, date(2027, 1, 1), MISSED),
    "not yet, before the day": (None, BEFORE, PENDING),
    "not yet, on the day": (None, DUE, PENDING),
    "not yet, the day is over": (None, AFTER, MISSED),
}


@pytest.mark.parametrize("name", TABLE)
def test_verdict(name):
    posted_on, today, expected = TABLE[name]
    assert verdict(DUE, posted_on, today) == expected


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS, DAYS)
def test_once_posted_the_verdict_stands(due, posted, today, another):
    assert verdict(due, posted, today) == verdict(due, posted, another) != PENDING


@given(DAYS, DAYS, st.integers(0, 400))
def test_late_stays_late_until_the_deposit_is_known(due, today, days):
    later = today + timedelta(days=days)
    if verdict(due, None, today) == MISSED:
        assert verdict(due, None, later) == MISSED


@given(DAYS, DAYS)
def test_a_late_message_of_a_deposit_in_time_mends_the_verdict(due, today):
    assert verdict(due, due, today) == KEPT
