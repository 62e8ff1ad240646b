"""Days as the post counts them: Paris dates, French working days, deposit dates.

Public holidays come from the ``holidays`` library (1803 to 2100); outside those years
only week-ends are known. Nothing here reads a clock.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
HALF_A_DAY = timedelta(hours=12)
# Zones of ``address.zone`` with holidays of their own: (country, subdivision). In all
# others, abroad included, what counts is the day on which the letter moves in France.
_CALENDARS = {
    "monaco": ("MC", None),
    "andorra": ("AD", None),
    "overseas:971": ("FR", "971"),
    "overseas:972": ("FR", "972"),
    "overseas:973": ("FR", "973"),
    "overseas:974": ("FR", "974"),
    "overseas:975": ("FR", "PM"),
    "overseas:976": ("FR", "976"),
    "overseas:977": ("FR", "BL"),
    "overseas:978": ("FR", "MF"),
    "overseas:986": ("FR", "WF"),
    "overseas:987": ("FR", "PF"),
    "overseas:988": ("FR", "NC"),
}


def paris_day(moment: datetime) -> date:
    """The date in Paris at ``moment``.

    :raises ValueError: for a naive datetime, whose instant nobody knows
    """
    return _in_paris(moment).date()


def _in_paris(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    try:
        return moment.astimezone(PARIS)
    except OverflowError:  # the first and last hours that Python can count
        return moment


def is_working_day(day: date, zone: str = "metropole") -> bool:
    """Whether letters are produced and handed over on ``day``: Monday to Friday, public
    holidays excepted.

    :param zone: as ``address.zone`` gives it
    """
    return day.weekday() < 5 and day not in _public_holidays(
        day.year, *_CALENDARS.get(zone, ("FR", None))
    )


@lru_cache(maxsize=512)
def _public_holidays(year: int, country: str, part: str | None) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year))


def next_working_day(day: date, zone: str = "metropole") -> date:
    """The first working day after ``day``; at the end of the calendar, its last day."""
    while day < date.max:
        day += timedelta(days=1)
        if is_working_day(day, zone):
            break
    return day


def deposit_date(moment: datetime, cutoff: time, lead_days: int = 1) -> date:
    """When La Poste gets a letter that is submitted at ``moment``.

    Before the cut-off of a working day the letter counts for that day, else for the
    next one; from there, ``lead_days`` working days (1 is J+1) until the deposit.

    :param moment: with a time zone, UTC for instance
    :param cutoff: Paris wall time
    :raises ValueError: for a naive moment, a cut-off with a zone, negative lead days
    """
    if cutoff.tzinfo is not None:
        raise ValueError("the cut-off is Paris wall time and has no time zone")
    if lead_days < 0:
        raise ValueError(f"negative lead time: {lead_days}")
    paris = _in_paris(moment)
    day = paris.date()
    # The hour that comes twice in October comes on a Sunday, when nothing is cut off.
    if paris.time() >= cutoff or not is_working_day(day):
        day = next_working_day(day)
    for _ in range(lead_days):
        day = next_working_day(day)
    return day


def hand_over_moment(day: date, cutoff: time, lead_days: int = 1) -> datetime:
    """When to submit a letter that is to be deposited on ``day``: the reverse of
    :func:`deposit_date`.

    Half a day before the last moment: late enough for people to change their minds,
    with hours to spare for a service that does not answer at once.

    :param day: a working day, by which the calendar has begun
    :param cutoff: Paris wall time
    :return: Paris time
    :raises ValueError: nothing is deposited on ``day``; negative lead days
    """
    if not is_working_day(day):
        raise ValueError(f"nothing is deposited on {day}")
    if lead_days < 0:
        raise ValueError(f"negative lead time: {lead_days}")
    for _ in range(lead_days):
        day = _previous_working_day(day)
    # The clocks change on Sundays before noon, in which no such half day lies.
    return datetime.combine(day, cutoff, tzinfo=PARIS) - HALF_A_DAY


def _previous_working_day(day: date) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
