"""On the first start of a demo: posts a few letters at moments of the past weeks, so
that the kanban shows letters in nearly every stage at once. All other invoices are left
for the person at the screen.

The reference service's clock is set back, moved on between the groups, and runs as
everybody's in the end: what Odoo shows then lies in the past, as in real life.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from cases import house, papers
from client import Odoo, Service
from follow import pull
from papers import compose, ids_of
from sending import invoices, say, send, wait

PARIS = ZoneInfo("Europe/Paris")
MORNING = time(10)
# A letter takes a step each working day: in production, at La Poste, on its way, there.
# Those sent three working days before the last full one are there by now, whatever the
# time of the day; what ends later than that stands where it is shown here.
ENDED = [  # 40 days ago, longer than an unclaimed letter takes
    "voyage-non-reclame",
    "voyage-refuse",
    "voyage-npai",
    "voyage-adresse",
    "voyage-ar",
    "voyage-suivie",
    "voyage-retard",
    "societe-paris",
]
THERE = ["voyage-instance", "voyage-acces", "voyage-anomalie", "retour-npai"]
ON_THEIR_WAY = ["couleur-suivie"]
BARELY_ON_THEIR_WAY = ["voyage-inconnu"]
IN_PRODUCTION = ["accents", "batiment"]
CANCELLED = "cedex"
JUST_NOW = ["boite-postale", "sans-code-postal", "refus-a-l-arrivee", CANCELLED]


def show(told: argparse.Namespace, service: Service, sign_in: Callable) -> None:
    """Does nothing in a database that has letters already, or other invoices.

    :param sign_in: as ``prepare.sign_in``
    :raises CallFailed: Odoo or the service refused something
    """
    odoo = sign_in(told, house.COMPTABLE)
    if odoo.call("beepost.mailing", "search_count", domain=[]):
        return
    known = invoices(odoo)
    now = service.now()
    wanted = list(groups(now))
    if not all(key in known for _moment, keys in wanted for key in keys):
        say("This demo company has no letters to show; setup/demo --new makes it anew.")
        return
    count = sum(len(keys) for _moment, keys in wanted)
    say(f"Posting {count} letters, so that every stage shows (a minute, once)")
    try:
        for moment, keys in wanted:
            service.set_clock(moment, stand=False)
            ids = [known[key] for key in keys]
            send(odoo, ids)
            wait(odoo, ids)
    finally:
        service.set_clock(datetime.now(PARIS), stand=False)
    _post_others(odoo)
    manager = sign_in(told, house.COURRIER)
    _cancel(manager, known[CANCELLED])
    pull(sign_in(told, house.ADMIN))


def groups(now: datetime) -> Iterator[tuple[datetime, list[str]]]:
    """When each group of letters is sent, the earliest first."""
    full = _working_day_before(now.astimezone(PARIS).date())
    days = [full]
    for _day in range(3):
        days.append(_working_day_before(days[-1]))
    _full, one_before, two_before, three_before = days
    yield _morning(full - timedelta(days=40)), ENDED
    yield _morning(three_before), THERE
    yield _morning(two_before), ON_THEIR_WAY
    yield _morning(one_before), BARELY_ON_THEIR_WAY
    yield now - timedelta(hours=2), IN_PRODUCTION
    yield now, JUST_NOW


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, PARIS)


def _working_day_before(day: date) -> date:
    french = holidays.country_holidays("FR")
    while True:
        day -= timedelta(days=1)
        if day.weekday() < 5 and day not in french:
            return day


def _post_others(odoo: Odoo) -> None:
    """An order and a delivery slip, today. The free letter is left to be sent."""
    ids = ids_of(odoo)
    for paper in papers.SINGLE:
        if paper.kind in (papers.SALE, papers.SLIP):
            compose(odoo, paper.kind, [ids[paper]])


def _cancel(manager: Odoo, move: int) -> None:
    lines = manager.read_all(
        "beepost.mailing.document",
        ["mailing_id"],
        [("res_model", "=", "account.move"), ("res_id", "=", move)],
    )
    manager.call("beepost.mailing", "action_cancel", [lines[0]["mailing_id"][0]])
