"""Paris days, French holidays, cut-off and deposit date."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beepost_mail.letter.address import zone
from beepost_mail.letter.calendar import (
    _CALENDARS,
    PARIS,
    deposit_date,
    hand_over_moment,
    is_working_day,
    next_working_day,
    paris_day,
)
from beepost_mail.letter.territory import OVERSEAS

UTC = timezone.utc
days = st.dates()
moments = st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 5, 22, 59, tzinfo=UTC), date(2026, 1, 5)),
        (datetime(2026, 1, 5, 23, 0, tzinfo=UTC), date(2026, 1, 6)),
        (datetime(2026, 7, 5, 21, 59, tzinfo=UTC), date(2026, 7, 5)),
        (datetime(2026, 7, 5, 22, 0, tzinfo=UTC), date(2026, 7, 6)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_paris_day(moment, day):
    assert paris_day(moment) == day


def test_naive_moments_are_refused():
    naive = datetime(2026, 1, 5, 12, 0)
    with pytest.raises(ValueError, match="time zone"):
        paris_day(naive)
    with pytest.raises(ValueError, match="time zone"):
        deposit_date(naive, time(16))


@pytest.mark.parametrize(
    ("day", "where", "working"),
    [
        (date(2026, 4, 6), "metropole", False),  # Easter Monday
        (date(2026, 5, 1), "metropole", False),
        (date(2026, 5, 8), "metropole", False),
        (date(2026, 5, 14), "metropole", False),  # Ascension
        (date(2026, 5, 15), "metropole", True),
        (date(2026, 5, 25), "metropole", False),  # Whit Monday
        (date(2006, 6, 5), "metropole", True),  # worked in 2005 to 2007
        (date(2026, 7, 14), "corsica", False),
        (date(2026, 11, 11), "military", False),
        (date(2026, 11, 11), "international", False),
        (date(2026, 4, 3), "metropole", True),  # Good Friday
        (date(2026, 7, 18), "metropole", False),  # Saturday
        (date(2026, 5, 27), "overseas:971", False),  # abolition of slavery
        (date(2026, 5, 22), "overseas:972", False),
        (date(2026, 6, 10), "overseas:973", False),
        (date(2027, 12, 20), "overseas:974", False),
        (date(2027, 12, 20), "metropole", True),
        (date(2026, 4, 27), "overseas:976", False),
        (date(2026, 10, 9), "overseas:977", False),
        (date(2026, 5, 28), "overseas:978", False),
        (date(2026, 7, 29), "overseas:986", False),
        (date(2026, 3, 5), "overseas:987", False),
        (date(2026, 9, 24), "overseas:988", False),
        (date(2026, 5, 22), "overseas:974", True),
        (date(2026, 11, 19), "monaco", False),  # the Prince's day
        (date(2026, 9, 8), "andorra", False),  # Meritxell
    ],
)
def test_working_days(day, where, working):
    assert is_working_day(day, where) is working


def test_every_overseas_zone_is_known_to_the_calendar():
    zones = {zone(code, "") for code in OVERSEAS} - {"overseas:984"}  # no inhabitants
    assert zones <= set(_CALENDARS)


@given(days, st.sampled_from(["metropole", "overseas:974", "monaco", "nowhere"]))
def test_next_working_day_is_the_first_one_after(day, where):
    following = next_working_day(day, where)
    if following == date.max:
        return
    assert following > day
    assert is_working_day(following, where)
    between = (following - day).days
    assert between <= 7
    for step in range(1, between):
        assert not is_working_day(day + timedelta(days=step), where)


@pytest.mark.parametrize(
    ("moment", "deposited"),
    [
        ("2026-01-05 15:59", date(2026, 1, 6)),  # Monday, before: counts for Monday
        ("2026-01-05 16:00", date(2026, 1, 7)),  # at the cut-off: counts for Tuesday
        ("2026-01-08 12:00", date(2026, 1, 9)),
        ("2026-01-08 17:00", date(2026, 1, 12)),  # Thursday evening: Friday, Monday
        ("2026-01-09 12:00", date(2026, 1, 12)),
        ("2026-01-09 17:00", date(2026, 1, 13)),
        ("2026-01-10 09:00", date(2026, 1, 13)),  # Saturday counts for Monday
        ("2026-01-11 23:30", date(2026, 1, 13)),
        ("2026-04-03 12:00", date(2026, 4, 7)),  # Good Friday; Easter Monday is none
        ("2026-05-07 12:00", date(2026, 5, 11)),  # 8 May
        ("2026-05-13 12:00", date(2026, 5, 15)),  # Ascension
        ("2026-12-24 17:00", date(2026, 12, 29)),
        ("2026-12-31 12:00", date(2027, 1, 4)),
    ],
)
def test_deposit_date(moment, deposited):
    paris = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
    assert deposit_date(paris.astimezone(UTC), time(16)) == deposited
    assert deposit_date(paris, time(16)) == deposited


@pytest.mark.parametrize(
    ("moment", "deposited"),
    [
        (datetime(2026, 1, 5, 14, 59, tzinfo=UTC), date(2026, 1, 6)),  # winter: UTC+1
        (datetime(2026, 1, 5, 15, 0, tzinfo=UTC), date(2026, 1, 7)),
        (datetime(2026, 7, 6, 13, 59, tzinfo=UTC), date(2026, 7, 7)),  # summer: UTC+2
        (datetime(2026, 7, 6, 14, 0, tzinfo=UTC), date(2026, 7, 8)),
    ],
)
def test_cutoff_is_paris_wall_time(moment, deposited):
    assert deposit_date(moment, time(16)) == deposited


@pytest.mark.parametrize(
    ("moment", "deposited"),
    [
        (datetime(2026, 3, 27, 14, 59, tzinfo=UTC), date(2026, 3, 30)),  # still winter
        (datetime(2026, 3, 30, 14, 0, tzinfo=UTC), date(2026, 4, 1)),  # now summer
        (datetime(2026, 10, 23, 13, 59, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 27)),  # 02:30
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 27)),  # 02:30 again
        (datetime(2026, 10, 26, 14, 59, tzinfo=UTC), date(2026, 10, 27)),
    ],
)
def test_the_clocks_change(moment, deposited):
    assert deposit_date(moment, time(16)) == deposited


@pytest.mark.parametrize(
    ("lead", "deposited"), [(0, 5), (1, 6), (2, 7), (4, 9), (5, 12)]
)
def test_lead_days(lead, deposited):
    moment = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert deposit_date(moment, time(16), lead_days=lead) == date(2026, 1, deposited)


def test_bad_rules_are_refused():
    moment = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="negative"):
        deposit_date(moment, time(16), lead_days=-1)
    with pytest.raises(ValueError, match="wall time"):
        deposit_date(moment, time(16, tzinfo=UTC))


@given(moments, st.times(), st.integers(0, 3))
def test_deposit_is_a_later_working_day(moment, cutoff, lead):
    deposited = deposit_date(moment, cutoff, lead)
    assert deposited >= paris_day(moment)
    assert deposited == date.max or is_working_day(deposited)
    assert deposit_date(moment, cutoff, lead + 1) >= deposited


# Since then the clocks change on Sundays in all of Europe.
@given(
    st.datetimes(datetime(1997, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.times(),
)
def test_whoever_submits_later_is_never_deposited_earlier(moment, wait, cutoff):
    assert deposit_date(moment + wait, cutoff) >= deposit_date(moment, cutoff)


@pytest.mark.parametrize("edge", [datetime.min, datetime.max])
@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_ends_of_the_calendar_do_not_crash(edge, hours):
    moment = edge.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert deposit_date(moment, time(16), 5) in (date(1, 1, 8), date(1, 1, 9), date.max)


@pytest.mark.parametrize(
    ("day", "lead", "moment"),
    [
        # 1 January 2027 is a Friday: Monday's letters are handed over on Thursday.
        (date(2027, 1, 4), 1, datetime(2026, 12, 31, 4, tzinfo=UTC)),
        (date(2027, 1, 5), 1, datetime(2027, 1, 4, 4, tzinfo=UTC)),
        (date(2027, 1, 4), 0, datetime(2027, 1, 4, 4, tzinfo=UTC)),
        (date(2027, 1, 4), 2, datetime(2026, 12, 30, 4, tzinfo=UTC)),
        # 28 March and 31 October 2027: before and after the clocks change
        (date(2027, 3, 26), 1, datetime(2027, 3, 25, 4, tzinfo=UTC)),
        (date(2027, 3, 30), 0, datetime(2027, 3, 30, 3, tzinfo=UTC)),
        (date(2027, 10, 29), 0, datetime(2027, 10, 29, 3, tzinfo=UTC)),
        # 1 November is a holiday
        (date(2027, 11, 2), 1, datetime(2027, 10, 29, 3, tzinfo=UTC)),
        (date(2027, 11, 3), 1, datetime(2027, 11, 2, 4, tzinfo=UTC)),
    ],
)
def test_hand_over_moment(day, lead, moment):
    assert hand_over_moment(day, time(17), lead) == moment


def test_hand_over_of_an_early_cutoff_begins_the_evening_before():
    monday = date(2027, 3, 29)  # the clocks changed on Sunday, and it is Easter
    with pytest.raises(ValueError, match="2027-03-29"):
        hand_over_moment(monday, time(8))
    tuesday = date(2027, 3, 30)
    evening = datetime(2027, 3, 29, 18, tzinfo=UTC)
    assert hand_over_moment(tuesday, time(8), 0) == evening
    assert deposit_date(evening, time(8), 0) == tuesday


@given(
    st.dates(date(2020, 1, 1), date(2060, 1, 1)).filter(is_working_day),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.integers(0, 5),
)
def test_handed_over_for_a_day_it_is_deposited_on_that_day(day, cutoff, lead):
    moment = hand_over_moment(day, cutoff, lead)
    assert deposit_date(moment, cutoff, lead) == day
    # and would be with hours of delay, but not with half a day
    late = moment.astimezone(UTC) + timedelta(hours=11, minutes=59)
    assert deposit_date(late, cutoff, lead) == day
    too_late = moment.astimezone(UTC) + timedelta(hours=12)
    assert deposit_date(too_late, cutoff, lead) > day


def test_hand_over_with_bad_rules():
    with pytest.raises(ValueError, match="-1"):
        hand_over_moment(date(2027, 1, 4), time(17), -1)
