"""The reference service itself: durable, strict, and misbehaving only when told to."""

import hashlib
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
import requests

from beepost_mail import gateway as room
from beepost_mail.gateway.http import HttpGateway
from beepost_mail.gateway.port import Letter, OutcomeUnknown, Refused, Unavailable
from service.client import IDENTIFIER, PASSWORD, ServiceError, ServiceProcess
from service.contract import Contract

ROOT = Path(__file__).resolve().parents[2]
PDF = b"%PDF-1.7 x"


def letter(number, **values):
    return Letter(
        **{
            "client_reference": f"00000000-0000-4000-8000-{number:012d}",
            "pdf": PDF,
            "sha256": hashlib.sha256(PDF).hexdigest(),
            "recipient": ("GARAGE MARTIN", "12 RUE DE LA PAIX", "69003 LYON"),
            "sender": ("ATELIER DUPONT", "3 QUAI DU PORT", "13002 MARSEILLE"),
            "country": "FR",
            "service": "lettre",
            "color": False,
            "duplex": True,
            "pages": 1,
            "sheets": 1,
            **values,
        }
    )


def outcomes(process, one):
    return process.arrivals().get(one.client_reference, {"outcomes": []})["outcomes"]


@pytest.fixture(scope="module")
def process():
    with ServiceProcess() as process:
        yield process


@pytest.fixture
def service(process):
    process.reset()
    yield process
    assert process.stats()["violations"] == []


@pytest.fixture
def gateway(service):
    gateway = HttpGateway(service.url, IDENTIFIER, PASSWORD, timeouts=(5, 20))
    yield gateway
    gateway.close()


# -- the process -----------------------------------------------------------------------


def test_what_was_answered_survives_a_kill(tmp_path):
    with ServiceProcess(tmp_path) as process:
        gateway = HttpGateway(process.url, IDENTIFIER, PASSWORD)
        process.set_clock(datetime(2030, 1, 1, tzinfo=timezone.utc), stand=True)
        process.mode("off_with_lookup")
        letters = [letter(n) for n in range(20)]
        gateway.submit(letters)
        process.kill()
        process.start()
        assert all(outcomes(process, one) == ["printed"] for one in letters)
        found = gateway.lookup([one.client_reference for one in letters])
        assert all(one.receipt.provider_reference for one in found)
        assert process.pdf(letters[0].client_reference) == PDF
        assert process.control("clock")["now"].startswith("2030-01-01T00:00:00")
        assert not gateway.limits().idempotency
        gateway.close()


def test_killed_before_it_answered_it_has_all_or_nothing(tmp_path):
    with ServiceProcess(tmp_path) as process, ThreadPoolExecutor() as pool:
        gateway = HttpGateway(process.url, IDENTIFIER, PASSWORD)
        gateway.ping()
        for when, expected in (("before", []), ("after", ["printed"])):
            letters = [letter(n + len(when) * 100) for n in range(5)]
            process.fault("hang", route="submit", when=when)
            submission = pool.submit(gateway.submit, letters)
            process.wait_hanging()
            process.kill()
            with pytest.raises(OutcomeUnknown):
                submission.result(30)
            process.start()
            assert [outcomes(process, one) for one in letters] == [expected] * 5
        gateway.close()


def test_it_ends_when_asked_even_while_a_request_hangs(tmp_path):
    process = ServiceProcess(tmp_path).start()
    gateway = HttpGateway(process.url, IDENTIFIER, PASSWORD)
    gateway.ping()
    process.fault("hang", route="ping")
    with ThreadPoolExecutor() as pool:
        ping = pool.submit(gateway.ping)
        process.wait_hanging()
        assert process.stop() == 0
        assert ping.exception(30)
    gateway.close()


def test_it_runs_as_a_module_and_ends_with_its_parent(tmp_path):
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.service", "--data", str(tmp_path / "d")),
            *("--until-stdin-closes", "--port-file", str(tmp_path / "port")),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    told = json.loads(child.stdout.readline())
    assert json.loads((tmp_path / "port").read_text()) == told
    assert requests.get(f"{told['url']}/ping", timeout=10).status_code == 401
    child.stdin.close()
    assert child.wait(30) == 0
    child.stdout.close()


def test_a_port_already_taken_is_an_error(service, tmp_path):
    with pytest.raises(ServiceError):
        ServiceProcess(tmp_path, port=service.port).start()


# -- printed how often -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("on", ["printed", "repeated", "repeated"]),
        ("off_with_lookup", ["printed"] * 3),
        ("off_without_lookup", ["printed"] * 3),
    ],
)
def test_repeats(mode, expected, service, gateway):
    service.mode(mode)
    one = letter(1)
    for _ in range(3):
        gateway.submit([one])
    assert outcomes(service, one) == expected
    arrival = service.arrivals()[one.client_reference]
    assert (arrival["seen"], arrival["printed"]) == (3, expected.count("printed"))
    limits = gateway.limits()
    assert limits.idempotency == (mode == "on")
    assert limits.lookup == (mode != "off_without_lookup")
    if limits.lookup:
        assert gateway.lookup([one.client_reference])[0].receipt
    else:
        with pytest.raises(Refused) as caught:
            gateway.lookup([one.client_reference])
        assert caught.value.code == "not_supported"


def test_twice_at_the_same_time_is_printed_once(service, gateway):
    one = letter(1)
    others = [HttpGateway(service.url, IDENTIFIER, PASSWORD) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        receipts = [
            future.result()[0]
            for future in [pool.submit(other.submit, [one]) for other in others]
        ]
    assert sorted(outcomes(service, one)) == ["printed"] + ["repeated"] * 3
    assert len({receipt.provider_reference for receipt in receipts}) == 1
    for other in others:
        other.close()


def test_a_rejected_letter_is_seen_and_not_printed(service, gateway):
    one = letter(1, service="pigeon")
    gateway.submit([one])
    assert outcomes(service, one) == ["rejected"]


# -- what can be arranged --------------------------------------------------------------


def test_a_letter_in_hand_is_pending(service, gateway):
    one = letter(1)
    service.fault("hang", route="submit")
    other = HttpGateway(service.url, IDENTIFIER, PASSWORD)
    with ThreadPoolExecutor() as pool:
        submission = pool.submit(other.submit, [one])
        service.wait_hanging()
        (found,) = gateway.lookup([one.client_reference])
        assert found.pending and found.receipt is None
        service.clear_faults()
        (receipt,) = submission.result(30)
    (found,) = gateway.lookup([one.client_reference])
    assert found.receipt == receipt and not found.pending
    other.close()


@pytest.mark.parametrize(
    ("when", "expected"), [("reading", []), ("before", []), ("after", ["printed"])]
)
def test_a_client_that_dies_while_it_hangs(when, expected, service):
    service.fault("hang", route="submit", when=when)
    impatient = HttpGateway(service.url, IDENTIFIER, PASSWORD, timeouts=(5, 0.1))
    one = letter(1)
    with pytest.raises(OutcomeUnknown):
        impatient.submit([one])
    impatient.close()
    service.wait_hanging(0)
    service.clear_faults()
    assert outcomes(service, one) == expected


def test_late_work_is_unknown_until_it_is_done(service, gateway):
    one = letter(1)
    service.fault("late", route="submit")
    with pytest.raises(OutcomeUnknown):
        gateway.submit([one])
    (found,) = gateway.lookup([one.client_reference])
    assert found.receipt is None and not found.pending
    assert service.control("faults")["late"] == 1
    service.clear_faults()
    assert outcomes(service, one) == ["printed"]


def test_faults_wait_for_their_turn(service, gateway):
    service.fault("cut", route="submit", skip=1, times=2)
    results = []
    for number in range(4):
        try:
            results.append(len(gateway.submit([letter(number)])))
        except OutcomeUnknown:
            results.append("cut")
    assert results == [1, "cut", "cut", 1]
    with pytest.raises(ServiceError):
        service.fault("tantrum")


def test_a_fault_for_all_routes_is_met_by_the_first_request(service):
    service.fault("status", status=503, body={})
    fresh = HttpGateway(service.url, IDENTIFIER, PASSWORD)
    with pytest.raises(Unavailable):
        fresh.ping()
    assert "BeePOST" in fresh.ping()
    fresh.close()


def test_latency_is_for_each_request_and_each_connection(service, gateway):
    gateway.ping()
    service.fault("latency", ms=30, times=0)
    service.fault("latency", route="connect", ms=50, times=0)
    started = time.monotonic()
    gateway.ping()
    assert 0.03 <= time.monotonic() - started
    fresh = HttpGateway(service.url, IDENTIFIER, PASSWORD)
    started = time.monotonic()
    fresh.ping()  # connection and its 50 + 30 (fault *), token 30, ping 30
    assert 0.11 <= time.monotonic() - started
    fresh.close()


def test_a_letter_takes_the_journey_that_a_test_wants(service, gateway):
    early, late = letter(1), letter(2)
    service.journeys({early.client_reference: "npai"})
    gateway.submit([early, late])
    service.journeys({late.client_reference: "refuse"})
    service.advance(days=30)
    reasons = {
        e.client_reference: e.reason for e in gateway.events().events if e.reason
    }
    assert reasons == {early.client_reference: "npai", late.client_reference: "refused"}
    told = {one["client_reference"]: one for one in service.letters()}
    assert told[early.client_reference]["events"][-1]["proof_kind"] == "return_scan"
    [paper] = service.control("proofs")[early.client_reference]
    [proof] = gateway.proofs(early.client_reference)
    assert (paper["kind"], paper["sha256"]) == ("return_scan", proof.sha256)


def test_letters_can_be_put_there_and_told_of_in_disorder(service, gateway):
    references = {f"{n:036}": "lettre_suivie" for n in range(20)}
    service.journeys({f"{0:036}": "npai"})
    assert set(service.put(references)) == set(references)
    service.advance(days=30)
    service.disorder(seed=1, again=1)
    told = gateway.events().events
    happened = [
        event["event_id"] for one in service.letters() for event in one["events"]
    ]
    once = {event.event_id for event in told}
    assert len(told) == len(happened) == 2 * len(once)
    assert set(happened) == once
    moments = [event.happened_at for event in told]
    assert moments != sorted(moments)
    assert gateway.events(limit=7).events == told[:7], "always the same beginning"
    assert {event.reason for event in told} == {"", "npai"}


def test_a_statement_can_be_wrong_on_purpose(service, gateway):
    one = letter(1)
    gateway.submit([one])
    cost = {
        "client_reference": one.client_reference,
        "provider_reference": "BP-1",
        "label": "Affranchissement",
        "amount": "99.00",
        "tax_rate": "0",
        "billed_on": "2026-11-20",
    }
    service.control("statement", {"account": IDENTIFIER, "costs": [cost]})
    costs = gateway.costs(date(2026, 11, 20), date(2026, 11, 20))
    assert [str(found.amount) for found in costs] == ["99.00"]


# -- strictness ------------------------------------------------------------------------


@pytest.fixture
def raw(service, gateway):
    """Any request, with a good token."""
    token = (
        service.control("stats")
        and requests.post(
            f"{service.url}/token",
            json={"identifier": IDENTIFIER, "password": PASSWORD},
            timeout=10,
        ).json()["access_token"]
    )

    def ask(method, path, **how):
        headers = {"Authorization": f"Bearer {token}", **how.pop("headers", {})}
        url = f"{service.url}{path}"
        answer = requests.request(method, url, headers=headers, timeout=10, **how)
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    return ask


def manifest(**values):
    one = {**vars(letter(1)), **values}
    del one["pdf"]
    return json.dumps({"letters": [{k: v for k, v in one.items() if v is not None}]})


def form(text, media="application/json", name="manifest"):
    return {"files": {name: ("manifest.json", text, media)}}


JSON = {"Content-Type": "application/json"}
BROKEN = {
    "no such route": (("GET", "/nowhere", {}), 404),
    "no such method": (("DELETE", "/letters", {}), 405),
    "no form": (("POST", "/letters", {"json": {}}), 415),
    "no manifest": (("POST", "/letters", form("x", "application/pdf", "a" * 20)), 400),
    "manifest is no JSON": (("POST", "/letters", form("{")), 400),
    "manifest is a PDF": (("POST", "/letters", form("{}", "application/pdf")), 400),
    "no letters": (("POST", "/letters", form('{"letters": []}')), 400),
    "no service": (("POST", "/letters", form(manifest(service=None))), 400),
    "colour as text": (("POST", "/letters", form(manifest(color="yes"))), 400),
    "a short reference": (
        ("POST", "/letters", form(manifest(client_reference="1"))),
        400,
    ),
    "hash in capitals": (("POST", "/letters", form(manifest(sha256="A" * 64))), 400),
    "unknown parameter": (("GET", "/events?since=1", {}), 400),
    "too long a page": (("GET", "/events?limit=1001", {}), 400),
    "no such cursor": (("GET", "/events?cursor=x", {}), 400),
    "no days": (("GET", "/costs", {}), 400),
    "no references": (("POST", "/letters/lookup", {"json": {}}), 400),
    "not JSON": (
        (
            "POST",
            "/quotes",
            {"data": "{", "headers": {"Content-Type": "application/json"}},
        ),
        400,
    ),
    "a body too many": (("POST", "/letters/lookup", {"data": iter([b"{}"])}), 411),
    "too large": (("POST", "/quotes", {"data": b" " * 2_000_000}), 413),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_request_that_breaks_the_contract_is_refused(name, service, raw):
    (method, path, how), status = BROKEN[name]
    assert raw(method, path, **how)[0] == status
    assert service.arrivals() == {}


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Basic bGVhOg=="])
def test_nobody_gets_in_without_a_token(authorization, service):
    headers = {"Authorization": authorization} if authorization else {}
    answer = requests.get(f"{service.url}/events", headers=headers, timeout=10)
    assert answer.status_code == 401


def test_an_answer_that_breaks_the_contract_is_noticed():
    contract = Contract(Path(room.__file__).with_name("openapi.yaml"))
    operation, _names = contract.find("POST", "/letters")
    good = {
        "client_reference": "a" * 20,
        "status": "accepted",
        "provider_reference": "BP-1",
        "received_at": "2026-11-20T10:00:00Z",
    }
    judge = operation.judge_answer
    assert judge(200, "application/json", {"results": [good]}) == ""
    for broken in (
        {**good, "received_at": "2026-11-20T10:00:00"},
        {**good, "status": "rejected"},
        {**good, "provider_reference": ""},
        {"status": "accepted"},
    ):
        assert judge(200, "application/json", {"results": [broken]})
    assert judge(200, "text/html", {"results": [good]})
    assert judge(201, "application/json", {"results": [good]})
    assert judge(404, "application/json", {"title": "No"})
