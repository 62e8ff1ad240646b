"""That the benchmark runs and measures what it says, on a few letters. No figure of
speed is judged here."""

import re
import time
from dataclasses import replace
from http.client import HTTPConnection
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench import report
from bench.children import listening
from bench.databases import Databases
from bench.runs import WARM_UP, Stage

MEASURED = 3


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Databases() as databases:
        stage = Stage(databases, tmp_path_factory.mktemp("bench"), sample=2)
        stage.prepare(environ["BEEPOST_TEMPLATE"], WARM_UP + MEASURED)
        yield stage


@pytest.fixture(scope="module")
def submission(stage):
    count = WARM_UP + MEASURED
    return {
        "ours": stage.ours("submit", 1, count),
        "snailmail": stage.snailmail("submit", 1, count),
        "raw": stage.raw(1, count, per_request=2),
    }


def test_submission_through_all_three(submission):
    ours, snailmail, raw = submission.values()
    assert (ours.letters, snailmail.letters, raw.letters) == (MEASURED, 2, MEASURED)
    assert (ours.submissions, raw.submissions) == (2, 1 + 2)
    assert (snailmail.requests, snailmail.connections) == (1, 1)
    assert ours.queries > 0 and snailmail.queries > 10
    assert snailmail.commits >= 2, "one a letter for the letter, one for the queue"
    assert not raw.queries and not raw.commits
    assert all(run.peak_mb >= run.start_mb > 0 for run in (ours, snailmail, raw))
    number = r"[0-9.e+-]+"
    assert re.fullmatch(
        rf"bench: submit net=50ms vs_snailmail={number}x of_raw={number}x"
        rf" queries={number} commits={number} requests={number}",
        report.summary(50, {side: [run] for side, run in submission.items()}),
    )


@pytest.mark.parametrize("side, letters", [("ours", MEASURED), ("snailmail", 2)])
def test_from_the_invoice_on(stage, side, letters):
    run = getattr(stage, side)("full", 0, WARM_UP + MEASURED)
    creation, submission = run.steps
    assert (creation["letters"], submission["letters"]) == (MEASURED, letters)
    assert run.ms == creation["ms"] + submission["ms"]


def test_what_comes_afterwards():
    with Databases() as databases, TemporaryDirectory() as folder:
        stage = Stage(databases, Path(folder), sample=2)
        figures = stage.following(environ["BEEPOST_TEMPLATE"], [600])
    pull, kanban = figures
    assert (pull["open"], pull["events"], pull["requests"]) == (600, 500, 1)
    assert kanban["letters"] == 600 and kanban["queries"] > 0
    first, second = report.following(figures)
    number = "[0-9]+"
    assert re.fullmatch(
        f"bench: pull open=600 events=500 requests=1 queries={number} ms={number}",
        first,
    )
    assert re.fullmatch(
        f"bench: kanban letters=600 queries={number} ms={number}", second
    )


def test_what_letters_cost():
    with Databases() as databases, TemporaryDirectory() as folder:
        stage = Stage(databases, Path(folder), sample=2)
        figures = stage.prices(environ["BEEPOST_TEMPLATE"], [10, 2000])
    few, many = figures
    assert (few["quotes"], many["quotes"]) == (10, 2000)
    assert 0 < few["queries"] == many["queries"], "whatever the number of letters"
    number = "[0-9]+"
    lines = [
        f"bench: quotes letters={size} queries={number} ms={number}"
        for size in (10, 2000)
    ]
    assert all(map(re.fullmatch, lines, report.prices(figures)))


def test_documents_of_any_kind():
    with Databases() as databases, TemporaryDirectory() as folder:
        stage = Stage(databases, Path(folder), sample=2)
        figures = stage.composing(environ["BEEPOST_TEMPLATE"], 60, 12)
    opened, mass = figures
    assert (opened["pages"], opened["rendered"], mass["documents"]) == (60, 0, 12)
    assert opened["open_queries"] > 0 and mass["queries_per_letter"] > 0
    first, second = report.composing(figures)
    assert re.fullmatch(
        r"bench: compose open_queries=[0-9]+ open_ms=[0-9]+ pages=60 rendered=0", first
    )
    assert re.fullmatch(
        r"bench: mass documents=12 queries_per_letter=[0-9]+\.[0-9]", second
    )


def test_ratios_are_those_of_pairs(submission):
    slow = [replace(submission["ours"], ms=figure) for figure in (10, 20, 90)]
    fast = [replace(submission["raw"], ms=figure) for figure in (1, 10, 1)]
    assert report.ratio(slow, fast) == 10, "of 10, 2 and 90"


def test_the_network_costs_what_it_says():
    """A lower bound: a busy machine cannot break it."""
    with listening("iap") as port, listening("delay", port, 40) as far:
        connection = HTTPConnection("127.0.0.1", far)
        opening, again = _seconds(connection), _seconds(connection)
    assert opening >= 0.08, "the connection and the question"
    assert again >= 0.04, "the question"


def _seconds(connection) -> float:
    start = time.perf_counter()
    connection.request("GET", "/seen")
    connection.getresponse().read()
    return time.perf_counter() - start
