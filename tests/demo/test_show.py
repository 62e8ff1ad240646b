"""Whenever a demo is started for the first time, letters stand in all these stages."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cases import CASES, Accepted
from show import CANCELLED, groups
from standing import STAGES

from odoo.addons.beepost_mail.gateway import journeys
from odoo.addons.beepost_mail.gateway.catalogue import SERVICES

BY_KEY = {case.key: case for case in CASES}
PARIS = ZoneInfo("Europe/Paris")
HOURS = (0, 5, 7, 9, 11, 13, 16, 18, 23)


def standing(key: str, sent: datetime, now: datetime) -> str:
    """The stage of an accepted letter at ``now``."""
    verdict = BY_KEY[key].verdict
    lines = verdict.address.split(" | ")
    steps = journeys.steps(
        SERVICES[verdict.service], journeys.outcome_of(lines, options={})
    )
    told = [
        step.code
        for step, moment in zip(steps, journeys.schedule(steps, sent), strict=True)
        if moment <= now and step.code in STAGES
    ]
    return STAGES[told[-1]]


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("first", ["2026-11-02", "2026-12-18", "2027-04-30"])
def test_every_stage_shows(first, hour):
    for day in range(21):
        start = datetime.fromisoformat(f"{first}T{hour:02}:20:00")
        now = start.replace(tzinfo=PARIS) + timedelta(days=day)
        found = Counter(
            standing(key, sent, now)
            for sent, keys in groups(now)
            for key in keys
            if isinstance(BY_KEY[key].verdict, Accepted) and key != CANCELLED
        )
        assert set(found) == set(STAGES.values()), now


def test_groups_follow_one_another_and_name_each_letter_once():
    now = datetime(2026, 11, 25, 16, tzinfo=PARIS)
    found = list(groups(now))
    moments = [moment for moment, _keys in found]
    assert moments == sorted(moments) and moments[-1] == now
    keys = [key for _moment, keys in found for key in keys]
    assert len(keys) == len(set(keys)) and set(keys) <= set(BY_KEY)
