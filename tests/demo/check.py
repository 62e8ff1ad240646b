"""Posts every demo invoice at once, as a client from outside, and compares what Odoo
says with what the service received and with the table in ``cases``; the same with other
documents; publishes what a contract forgot, for letters that left unpriced; then
follows each letter to the end of its journey, at the service and once more in practice.

``check.py --url=URL --database=NAME --service=URL``

Exits with 1 and a line for each difference. The last lines of a check that holds::

    demo check: N letters cost X EUR without tax as quoted, X as billed, 0 differ, …
    demo check: U letters left unpriced, U priced afterwards, 0 differ
    demo check: D documents of K kinds posted in L letters, D with their own status, …
    demo check: P practice letters followed to the end, 0 differ
    demo check: A journeys followed to the end, 0 stages differ, 0 events lost, 0 twice
    demo check: A accepted, R refused for a stated reason, 0 lost, 0 twice
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager

import prepare
from afterwards import afterwards_summary, price_afterwards
from cases import CASES, house
from client import CallFailed, Odoo
from costs import cost_summary, cost_table, gather_costs
from costs import differences as cost_differences
from evidence import gather
from follow import follow
from journey_table import journey_summary, journey_table
from judge import complaints, differences, strays, unfinished
from papers import post_papers
from papers_facts import gather_papers, look_at_papers, one_each
from papers_judge import differences as paper_differences
from papers_judge import papers_summary, papers_table
from papers_judge import strays as paper_strays
from practice import practice_summary, practise
from sending import invoices, say, send, wait
from table import summary, table

LOT_FIELDS = ["name", "expected", "letter_count", "waiting_count", "accepted_count"]
EXPIRED = "token_expired"


def main() -> int:
    told = prepare.arguments()
    try:
        service = prepare.connect(told)
        earlier = len(service.stats()["problems"])
        odoo = prepare.sign_in(told, house.COMPTABLE)
        admin = prepare.sign_in(told, house.ADMIN)
        with timed("settled"):
            ids = send_everything(odoo)
            lots = odoo.call("beepost.lot", "search", domain=[])
            wrong = post_papers(odoo, service)
            wait(odoo, ids)
        with timed("unpriced letters priced"):
            unpriced, unpriced_wrong = price_afterwards(admin)
            wrong += unpriced_wrong
        facts = gather(odoo, service)
        papers = gather_papers(odoo, service)
        of_invoices = odoo.read_all("beepost.lot", LOT_FIELDS, [("id", "in", lots)])
        wrong += what_was_accepted(service, facts, papers, of_invoices, earlier)
        earlier = len(service.stats()["problems"])
        with timed("followed to the end"):
            followed, on_the_way = follow(
                admin, service, facts, lambda: look_at_papers(odoo, service, papers)
            )
        costs, unasked = gather_costs(service, [*facts, *one_each(papers)])
        with timed("practice letters followed"):
            practised, in_practice = practise(admin, odoo, facts)
        stats = service.stats()
    except CallFailed as error:
        say(f"demo check failed: {error}")
        return 1
    # Months pass in seconds: each token ends on the way, and a new one is fetched.
    problems = [text for text in stats["problems"][earlier:] if EXPIRED not in text]
    wrong += [*complaints(problems, stats["violations"]), *on_the_way, *in_practice]
    wrong += unasked
    for cost in costs:
        wrong += [f"{cost.case.key}: {text}" for text in cost_differences(cost)]
    sys.stdout.write(table(facts))
    sys.stdout.write(papers_table(papers))
    sys.stdout.write(journey_table(followed))
    sys.stdout.write(cost_table(costs))
    for text in wrong:
        sys.stdout.write(f"DIFFERENCE {text}\n")
    sys.stdout.write(cost_summary(costs))
    sys.stdout.write(afterwards_summary(unpriced, unpriced_wrong))
    sys.stdout.write(papers_summary(papers, followed))
    sys.stdout.write(practice_summary(practised))
    sys.stdout.write(journey_summary(followed))
    sys.stdout.write(summary(facts))
    if wrong:
        sys.stdout.write(f"demo check failed: {len(wrong)} differences\n")
    return 1 if wrong else 0


def what_was_accepted(service, facts, papers, lots, earlier: int) -> list[str]:
    """
    :param lots: those of the invoices
    :param earlier: problems of the service that were there before
    """
    stats = service.stats()
    return [
        *(f"{fact.case.key}: {text}" for fact in facts for text in differences(fact)),
        *(
            f"{one.case.key}: {text}"
            for one in papers
            for text in paper_differences(one)
        ),
        *paper_strays(papers),
        *strays([*facts, *papers], service.arrivals(), service.letters()),
        *unfinished(lots, facts),
        *complaints(stats["problems"][earlier:], stats["violations"]),
    ]


@contextmanager
def timed(what: str):
    begun = time.monotonic()
    yield
    say(f"{what} after {time.monotonic() - begun:.0f} s")


def send_everything(odoo: Odoo) -> list[int]:
    known = invoices(odoo)
    if sorted(known) != sorted(case.key for case in CASES):
        raise CallFailed("the invoices in Odoo are not those of the table")
    ids = list(known.values())
    send(odoo, ids)
    say(f"{len(ids)} invoices are being sent by post")
    return ids


if __name__ == "__main__":
    sys.exit(main())
