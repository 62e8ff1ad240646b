"""The reader of events is killed again and again; what is asserted is the service's
own list.

5,000 events of letters that take every journey are learnt in random order, half of them
told twice. The reader dies (SIGKILL) at 14 different statements, commits and requests;
another one goes on. An undisturbed reader of the same events in their own order is what
it is compared with.
"""

import itertools
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bearing import Bearing, ServiceProcess, pg  # noqa: E402

EVENTS = 5000
LETTERS = 600
DAYS_AGO = 90  # as ``reading`` has it; each journey is over by now
# What precedes the first page takes some 20 steps, a page of 500 events up to 130.
STEPS = (3, 11, 24, 38, 54, 70, 86, 103, 131, 150, 170, 200, 240, 290)
OUTCOMES = (
    *("standard", "remis", "instance", "npai", "refuse", "non_reclame", "adresse"),
    *("acces", "decede", "endommage", "autre", "incident", "retard", "inconnu"),
    "anomalie",
)
ENDS = {"posted", "delivered", "returned", "exception"}
SERVICES = ("recommande_ar", "recommande", "lettre_suivie", "recommande_ar", "lettre")
# What the set of events decides; when it was learnt is not in it.
STANDING = """
    SELECT client_reference, status, stage.code, return_reason, contradicted,
           posted_at, presented_at, pickup_until, delivered_at, undeliverable_at,
           returned_at, stage_since, due_on, promise, expected_on, state,
           letter.tracking_number
      FROM beepost_mailing letter JOIN beepost_stage stage ON stage.id = stage_id
     ORDER BY client_reference"""
LINES = """
    SELECT res_id, count(*) FILTER (WHERE body LIKE '%handed to La Poste%'),
           count(*) FILTER (WHERE body LIKE '% could not be delivered: %'
                              AND body NOT LIKE '%Why letter%'),
           count(*) FILTER (WHERE body LIKE '% delivered on %')
      FROM mail_message WHERE model = 'res.partner' AND body LIKE '%Letter %'
     GROUP BY res_id ORDER BY res_id"""


class Reader(Bearing):
    def __init__(self, service, name, template=None):
        super().__init__(service, "reading", name, template)
        self.deaths = []  # after each: (events, cursor)

    def finish(self):
        # What a death left in the way for an hour is past.
        self.hours += 2
        assert self.run(run=self.hours, kill_at=0) == 0

    def die_at(self, step):
        assert self.dies_at(step), f"no {step} steps were left"
        self.deaths.append((len(self.events()), self.cursor()))

    def events(self):
        return self.ask("SELECT external_id FROM beepost_event")

    def cursor(self):
        return self.ask("SELECT cursor FROM beepost_follow")

    def standing(self):
        return self.ask(STANDING)

    def lines(self):
        return self.ask(LINES)


@pytest.fixture
def service():
    with ServiceProcess() as service:
        yield service


@pytest.fixture
def told(service):
    """A database whose letters are at the service, with all that happened to them."""
    with Reader(service, "origin") as origin:
        assert origin.run(build=LETTERS) == 0
        origin.stop_nursery()
        references = origin.ask("SELECT client_reference FROM beepost_mailing")
        wishes = itertools.product(SERVICES, OUTCOMES)
        plan = dict(zip(references, itertools.cycle(wishes), strict=False))
        now = datetime.now(timezone.utc)
        service.journeys({ref: outcome for ref, (_service, outcome) in plan.items()})
        service.set_clock(now - timedelta(days=DAYS_AGO))
        service.put({ref: kind for ref, (kind, _outcome) in plan.items()})
        service.set_clock(now)
        yield origin


def happened(service):
    return Counter(
        event["event_id"] for letter in service.letters() for event in letter["events"]
    )


def test_fourteen_deaths_in_disorder(service, told):
    truth = happened(service)
    assert len(truth) >= EVENTS and set(truth.values()) == {1}
    with Reader(service, "calm", told.database) as calm:
        calm.finish()
        standing, lines = calm.standing(), calm.lines()
        assert Counter(calm.events()) == truth
        assert {line.split("|")[1] for line in standing} == ENDS
        notices_a_loss(calm, truth)

    service.disorder(seed=5, again=0.5)
    assert sum(happened(service).values()) >= 1.5 * EVENTS - 1
    with Reader(service, "dying", told.database) as dying:
        for step in STEPS:
            dying.die_at(step)
        judge_deaths(dying.deaths, len(truth))
        dying.finish()
        assert Counter(dying.events()) == truth, "none lost, none twice"
        assert dying.standing() == standing
        assert dying.lines() == lines
        requests = service.stats()["counts"]["events"]
        dying.finish()
        assert service.stats()["counts"]["events"] == requests + 1, "all was read"
        assert Counter(dying.events()) == truth


def judge_deaths(deaths, count):
    """They were of each kind, and came in between: what a page says and how far was
    read are kept together or not at all."""
    assert len(deaths) >= 12
    pairs = list(itertools.pairwise([(0, []), *deaths]))
    assert any(before == after for before, after in pairs), "a page was lost, unread"
    assert any(before[0] < after[0] for before, after in pairs), "a page was kept"
    for before, after in pairs:
        assert before[0] == after[0] or before[1] != after[1]
    assert deaths[-1][0] < count, "the last death came before the end"


def notices_a_loss(reader, truth):
    """What is asserted of the dying one is no tautology."""
    pg("psql", "-q", "-c", "DELETE FROM beepost_event WHERE id = 7", reader.database)
    reader.finish()
    assert sum((truth - Counter(reader.events())).values()) == 1
