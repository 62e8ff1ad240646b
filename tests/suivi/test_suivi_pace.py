"""When to look again: the table, and what must hold for any letter."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.beepost_tracking.suivi.pace import LAST_DAY, TABLE, next_look

POSTED = datetime(2026, 11, 24, 18, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        (0, 4),
        (2.99, 4),
        (3, 8),
        (9.99, 8),
        (10, 24),
        (44.99, 24),
        (45, 72),
        (119.99, 72),
        (120, None),
        (300, None),
    ],
)
def test_the_quieter_the_rarer(days, hours):
    quiet = timedelta(days=days)
    wanted = None if hours is None else timedelta(hours=hours)
    now = POSTED + quiet
    found = next_look(now, POSTED)
    assert (found and found - now) == wanted
    # the same once La Poste has spoken, 20 days later
    now += timedelta(days=20)
    found = next_look(now, POSTED, POSTED + timedelta(days=20))
    assert (found and found - now) == wanted


def test_before_it_is_posted():
    found = next_look(POSTED - timedelta(days=2), POSTED)
    assert found == POSTED + timedelta(hours=4)


def test_once_it_is_seen_a_planned_day_counts_no_more():
    now = POSTED - timedelta(days=2)
    assert next_look(now, POSTED, now) == now + timedelta(hours=4)


def test_an_event_before_the_posting_makes_nothing_older():
    event = POSTED - timedelta(days=200)
    assert next_look(POSTED, POSTED, event) == POSTED + timedelta(hours=4)


def test_odoo_s_own_datetimes_will_do():
    posted = POSTED.replace(tzinfo=None)
    assert next_look(posted, posted) == posted + timedelta(hours=4)


def test_the_table_is_in_order():
    assert list(TABLE) == sorted(TABLE)
    assert [hours for _days, hours in TABLE] == sorted(hours for _days, hours in TABLE)


spans = st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=500))
events = st.none() | spans.map(lambda span: POSTED + span)


@given(spans, events)
def test_never_in_the_past(span, event):
    now = POSTED + span
    found = next_look(now, POSTED, event)
    assert found is None or found > now


@given(spans, spans, events)
def test_who_looks_later_looks_again_later(first, second, event):
    early, late = sorted((POSTED + first, POSTED + second))
    before, after = (next_look(now, POSTED, event) for now in (early, late))
    if before is None:
        assert after is None
    elif after is not None:
        assert after >= before


@given(spans, spans)
def test_a_fresh_event_never_makes_it_rarer(span, event):
    now = POSTED + span
    if now - POSTED < timedelta(days=LAST_DAY):
        quiet, heard = next_look(now, POSTED), next_look(now, POSTED, POSTED + event)
        assert quiet is None or heard <= quiet


@given(events)
def test_it_stops(event):
    now, looks = POSTED, 0
    while now is not None:
        now, looks = next_look(now, POSTED, event), looks + 1
        assert looks < 3000
    assert next_look(POSTED + timedelta(days=LAST_DAY), POSTED, event) is None


def test_looks_at_a_letter_that_nothing_is_heard_of():
    now, looks = POSTED, 0
    while now is not None:
        now, looks = next_look(now, POSTED), looks + 1
    assert looks == 18 + 21 + 35 + 25 + 1
