"""The process itself: documented shapes, and what it holds against a client."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from laposte.client import KEY, LaPosteProcess, ServiceError

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = "1A00123456789", "RK123456789FR"
POSTED = ("PC1", "Pris en charge", "2026-11-24T09:12:00+01:00")
HEADERS = {"X-Okapi-Key": KEY, "Accept": "application/json"}


@pytest.fixture(scope="module")
def process():
    with LaPosteProcess() as process:
        yield process


@pytest.fixture
def laposte(process):
    process.reset()
    return process


def ask(laposte, numbers, query="lang=fr_FR", **headers):
    return requests.get(
        f"{laposte.url}/idships/{numbers}?{query}",
        headers={**HEADERS, **headers},
        timeout=10,
    )


def test_one_object(laposte):
    laposte.ship(ONE, POSTED, holder=2)
    answer = ask(laposte, ONE)
    assert answer.status_code == 200
    told = answer.json()
    assert told["returnCode"] == 200
    assert (told["shipment"]["idShip"], told["shipment"]["holder"]) == (ONE, 2)
    code, label, date = POSTED
    event = {"code": code, "label": label, "date": date, "order": 1}
    assert told["shipment"]["event"] == [event]
    assert [step["id"] for step in told["shipment"]["timeline"]] == [1, 2, 3, 4, 5]
    assert laposte.stats()["problems"] == []


def test_an_array_in_which_each_has_its_own_code(laposte):
    laposte.ship(ONE, POSTED)
    laposte.fail("1A00123456700", 500)
    answer = ask(laposte, f"{ONE},{TWO},1A00123456700")
    assert answer.status_code == 207
    assert [each["returnCode"] for each in answer.json()] == [200, 404, 500]
    assert answer.json()[1]["idShip"] == TWO


def test_the_last_step_is_final(laposte):
    laposte.ship(ONE, POSTED, ("DI2", "Distribué à l'expéditeur", POSTED[2]))
    told = ask(laposte, ONE).json()["shipment"]
    assert told["isFinal"] is True
    assert [event["order"] for event in told["event"]] == [2, 1]


def test_an_unknown_number_and_a_page_instead(laposte):
    answer = ask(laposte, ONE)
    assert (answer.status_code, answer.json()["returnCode"]) == (404, 404)
    laposte.lose()
    answer = ask(laposte, ONE)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html")
    assert ask(laposte, ONE).json()["returnCode"] == 404


def test_a_number_of_another_form(laposte):
    assert ask(laposte, f"{ONE},123").status_code == 400
    assert ask(laposte, "123").json()["idShip"] == "123"
    assert laposte.stats()["problems"] == []


@pytest.mark.parametrize(
    ("status", "numbers", "query", "headers", "problem"),
    [
        (401, ONE, "lang=fr_FR", {"X-Okapi-Key": "other"}, "X-Okapi-Key"),
        (401, ONE, "lang=fr_FR", {"X-Okapi-Key": None}, "X-Okapi-Key"),
        (400, ",".join([ONE] * 11), "lang=fr_FR", {}, "numbers"),
        (400, ONE, "", {}, "lang"),
        (400, ONE, "lang=fr", {}, "lang"),
        (400, ONE, "lang=fr_FR&x=1", {}, "query"),
        (400, ONE, "lang=fr_FR", {"Accept": "*/*"}, "Accept"),
        (404, f"../{ONE}", "lang=fr_FR", {}, f"GET /suivi/v2/{ONE}"),
    ],
)
def test_what_it_would_not_take(status, numbers, query, headers, problem, laposte):
    laposte.ship(ONE, POSTED)
    answer = ask(laposte, numbers, query, **headers)
    assert answer.status_code == status
    assert laposte.stats()["problems"] == [problem]
    if status == 401:
        assert answer.json()["code"] == "UNAUTHORIZED"


def test_requests_are_counted(laposte):
    ask(laposte, ONE)
    ask(laposte, f"{ONE},{TWO}")
    assert laposte.asked() == [[ONE], [ONE, TWO]]
    assert laposte.stats()["counts"]["follow"] == 2
    laposte.reset()
    assert laposte.asked() == []
    assert laposte.stats()["counts"] == {}


def test_an_unknown_control_is_an_error(laposte):
    with pytest.raises(ServiceError):
        laposte.control("weather")


def test_it_runs_as_a_module_and_ends_with_its_parent():
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.laposte", "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    told = json.loads(child.stdout.readline())
    url = f"{told['url']}/idships/{ONE}"
    assert requests.get(url, timeout=10).status_code == 401
    child.stdin.close()
    assert child.wait(30) == 0
    child.stdout.close()
