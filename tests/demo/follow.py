"""Follows every letter to the end of its journey, from outside: moves the service's
clock on, presses *Read statuses now*, and looks at both sides after each step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from cases import Accepted, Refused
from client import CallFailed, Odoo, Service
from evidence import Fact
from judge import same
from standing import (
    Followed,
    differences,
    misses,
    papers_differ,
    stands_refused,
    strays_from_table,
)

HOUR, DAY = 3600, 86400
# Day by day while most is going on; an unclaimed letter is back after a month. What is
# told after the last step but one would be told after the end.
STEPS = (HOUR, *(DAY,) * 7, *(7 * DAY,) * 5, 60 * DAY)
DEADLINE = 60  # seconds; a pull takes less than one
PROOFS_DEADLINE = 120  # seconds for all papers
LOOK = 0.1  # seconds between two looks

LETTER_FIELDS = [
    "client_reference",
    "status",
    "stage_id",
    "days_in_stage",
    "return_reason",
    "tracking_number",
    "contradicted",
    "posted_at",
    "presented_at",
    "pickup_until",
    "delivered_at",
    "undeliverable_at",
    "returned_at",
    "deposit_date",
    "expected_on",
    "promise",
]
MOVE_FIELDS = ["name", "beepost_stage_id", "beepost_return_reason"]
EVENT_FIELDS = [
    "mailing_id",
    "external_id",
    "code",
    "label",
    "happened_at",
    "place",
    "reason",
    "proof_kind",
]
UNHEARD_OF = "zz_9"  # the code of outcome “inconnu”


def follow(
    admin: Odoo,
    service: Service,
    facts: list[Fact],
    look_at_others: Callable[[], list[Followed]] = list,
) -> tuple[list[Followed], list[str]]:
    """
    :param look_at_others: documents that are no invoices, as they stand just now
    :return: the letters at the end, and every difference met on the way, once
    """
    # What happens between our look at the one and at the other would be a difference.
    service.set_clock(service.now(), stand=True)
    found: dict[str, int] = {}
    passed = 0
    for step in (0, *STEPS):
        service.advance(step)
        passed += step
        pull(admin)
        letters = [*look(admin, service, facts), *look_at_others()]
        for one in letters:
            for text in differences(one):
                found.setdefault(f"{one.case.key}: {text}", passed)
    _add_papers(admin, service, letters)
    wrong = [f"{text} (after {spent / DAY:.1f} days)" for text, spent in found.items()]
    for one in letters:
        texts = (*strays_from_table(one), *misses(one), *papers_differ(one))
        wrong += [f"{one.case.key}: {text}" for text in texts]
    wrong += refused_ones(admin, facts)
    wrong += reported_once(admin)
    return letters, wrong


def pull(admin: Odoo) -> None:
    """*Read statuses now* on every account, and wait until all have been read.

    :raises CallFailed: an account cannot be read, or not in time
    """
    before = _last_pulls(admin)
    # Odoo keeps whole seconds: within the same one nobody could see the difference.
    wait_until(lambda: _now() > max(before.values()), "the next second")
    for account_id in before:
        admin.call("beepost.account", "action_pull_now", [account_id])
    wait_until(
        lambda: all(
            pulled > before[account_id]
            for account_id, pulled in _last_pulls(admin).items()
        ),
        "the reading of statuses",
    )


def _last_pulls(admin: Odoo) -> dict[int, str]:
    accounts = admin.read_all("beepost.account", ["name", "pulled_at", "pull_error"])
    for account in accounts:
        if account["pull_error"]:
            raise CallFailed(f"{account['name']}: {account['pull_error']}")
    return {account["id"]: account["pulled_at"] or "" for account in accounts}


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())


def wait_until(
    is_so: Callable[[], bool], what: str, seconds: int = DEADLINE, look: float = LOOK
) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise CallFailed(f"waited {seconds} s in vain for {what}")
        time.sleep(look)


# ----------------------------------------------------------------------
# Looking at both sides
# ----------------------------------------------------------------------


def look(admin: Odoo, service: Service, facts: list[Fact]) -> list[Followed]:
    """Every letter that is to be accepted, as it stands just now."""
    wanted = [
        fact
        for fact in facts
        if fact.letters and isinstance(fact.case.verdict, Accepted)
    ]
    letters, moves, heard = records(admin, _pairs(wanted))
    told = {one["client_reference"]: one["events"] for one in service.letters()}
    return [
        Followed(
            fact.case,
            letters[fact.letter["id"]],
            moves[fact.move["id"]],
            heard.get(fact.letter["id"], []),
            told.get(letters[fact.letter["id"]]["client_reference"], []),
        )
        for fact in wanted
    ]


def _pairs(facts: list[Fact]) -> list[tuple[int, int]]:
    return [(fact.letter["id"], fact.move["id"]) for fact in facts]


def records(admin: Odoo, pairs: list[tuple[int, int]]) -> tuple[dict, dict, dict]:
    """
    :param pairs: ids of letter and invoice
    :return: letters by id, invoices by id, events by letter's id
    """
    ids = [letter for letter, _move in pairs]
    letters = admin.read_all("beepost.mailing", LETTER_FIELDS, [("id", "in", ids)])
    moves = admin.read_all(
        "account.move", MOVE_FIELDS, [("id", "in", [move for _letter, move in pairs])]
    )
    return (
        {letter["id"]: letter for letter in letters},
        {move["id"]: move for move in moves},
        events_by_letter(admin, ids),
    )


def events_by_letter(admin: Odoo, ids: list[int]) -> dict[int, list[dict]]:
    heard: dict[int, list[dict]] = {}
    mine = [("mailing_id", "in", ids)]
    for event in admin.read_all("beepost.event", EVENT_FIELDS, mine):
        heard.setdefault(event["mailing_id"][0], []).append(event)
    return heard


def refused_ones(admin: Odoo, facts: list[Fact]) -> Iterator[str]:
    refused = [
        fact
        for fact in facts
        if fact.letters and isinstance(fact.case.verdict, Refused)
    ]
    letters, moves, heard = records(admin, _pairs(refused))
    for fact in refused:
        key = fact.letter["id"]
        move = moves[fact.move["id"]]
        for text in stands_refused(letters[key], move, heard.get(key, [])):
            yield f"{fact.case.key}: {text}"


def reported_once(admin: Odoo) -> Iterator[str]:
    """A code that nobody knows is in the table of wordings, without a meaning, and one
    message says so; no event is without its letter."""
    named = [("code", "=", UNHEARD_OF)]
    wordings = admin.read_all("beepost.wording", ["canonical"], named)
    yield from same(
        f"meanings of {UNHEARD_OF}",
        table=[False],
        odoo=[wording["canonical"] for wording in wordings],
    )
    about = [("model", "=", "beepost.account"), ("body", "ilike", UNHEARD_OF)]
    yield from same(
        f"messages about {UNHEARD_OF}",
        table=1,
        odoo=admin.call("mail.message", "search_count", domain=about),
    )
    nobody = [("mailing_id", "=", False)]
    yield from same(
        "events without a letter",
        table=0,
        odoo=admin.call("beepost.event", "search_count", domain=nobody),
    )


# ----------------------------------------------------------------------
# Papers
# ----------------------------------------------------------------------


def _add_papers(admin: Odoo, service: Service, letters: list[Followed]) -> None:
    papers = service.proofs()
    for one in letters:
        one.papers = papers.get(one.letter["client_reference"], [])
    add_proofs(admin, letters, sum(len(one.papers) for one in letters))


def add_proofs(admin: Odoo, letters: list[Followed], expected: int) -> None:
    """Waits until Odoo has fetched as many papers, or time is up: what is missing then
    shows in the comparison."""
    end = time.monotonic() + PROOFS_DEADLINE
    ids = [one.letter["id"] for one in letters]
    fetched = [("mailing_id", "in", ids), ("state", "=", "fetched")]
    while True:
        rows = admin.read_all(
            "beepost.proof", ["mailing_id", "kind", "sha256"], fetched
        )
        if len(rows) >= expected or time.monotonic() > end:
            break
        time.sleep(10 * LOOK)
    for one in letters:
        mine = one.letter["id"]
        one.proofs = [row for row in rows if row["mailing_id"][0] == mine]
