"""The demo check must be able to fail: one change to what agrees is one difference."""

import io
from dataclasses import replace

import pytest
from cases import CASES, Accepted
from evidence import Fact, sha256
from judge import complaints, differences, strays, unfinished
from pypdf import PdfWriter
from standing import LEGAL_DATES, STAGES
from table import summary

REFERENCE = "6ee5d8dd-0f7f-4e36-8c1c-1d4ad39b9b3c"
BY_KEY = {case.key: case for case in CASES}


def pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sent(recipient: list[str]) -> dict:
    return {
        "recipient": recipient,
        "sender": ["Papeterie Lumière SARL", "12 RUE DES IMPRIMEURS", "69003 LYON"],
        "country": "FR",
        "service": "lettre",
        "color": False,
        "duplex": True,
        "pages": 1,
        "sheets": 1,
        "envelope": "C6/5",
        "sha256": sha256(pdf(1)),
    }


def accepted() -> Fact:
    """A letter that Odoo, the service and the table agree about."""
    lines = ["Mme Hélène Lefèvre", "3 BIS ALLEE DES CEDRES", "69006 LYON"]
    letter = {
        "state": "accepted",
        "address": "\n".join(lines),
        "sender": "Papeterie Lumière SARL\n12 RUE DES IMPRIMEURS\n69003 LYON",
        "country_code": "FR",
        "color": False,
        "duplex": True,
        "is_copy": False,
        "sha256": sha256(pdf(1)),
        "is_legal_pdf": True,
        "has_address_sheet": False,
        "pages": 1,
        "sheets": 1,
        "envelope": "C6/5",
        "error": False,
        "error_codes": False,
        "client_reference": REFERENCE,
        "provider_reference": "BP-00000001",
        "activity_ids": [],
    }
    arrival = {
        "seen": 1,
        "printed": 1,
        "outcomes": ["printed"],
        "account": "courrier@papeterie-lumiere.example",
        "letter": sent(lines),
        "sha256": sha256(pdf(1)),
    }
    return Fact(
        case=BY_KEY["particulier-lyon"],
        move={"name": "FAC/2026/00002", "beepost_state": "accepted"},
        letters=[letter],
        service="lettre",
        legal=pdf(1),
        posted=pdf(1),
        received=pdf(1),
        recorded=sha256(pdf(1)),
        arrival=arrival,
    )


def refused() -> Fact:
    letter = {
        "state": "rejected",
        "error": "<ul><li>The postcode is missing: enter it.</li></ul>",
        "error_codes": ["address.zip_missing"],
        "client_reference": REFERENCE,
        "provider_reference": False,
        "activity_ids": [7],
    }
    return Fact(
        case=BY_KEY["sans-code-postal"],
        move={"name": "FAC/2026/00003", "beepost_state": "rejected"},
        letters=[letter],
    )


def test_what_agrees_has_no_differences():
    assert list(differences(accepted())) == []
    assert list(differences(refused())) == []
    assert summary([accepted(), refused()]) == (
        "demo check: 1 accepted, 1 refused for a stated reason, 0 lost, 0 twice\n"
    )


@pytest.mark.parametrize("name", sorted(set(accepted().letter) - {"client_reference"}))
def test_every_word_of_odoo_counts(name):
    fact = accepted()
    wrong = {
        "error": "<ul><li>bad</li></ul>",
        "error_codes": ["bad"],
        "activity_ids": [7],
    }
    fact.letter[name] = wrong.get(name)
    assert len(list(differences(fact))) >= 1


@pytest.mark.parametrize("name", sorted(sent([])))
def test_every_word_on_the_wire_counts(name):
    fact = accepted()
    fact.arrival["letter"][name] = None
    assert len(list(differences(fact))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"received": pdf(1) + b"\n"},
        {"posted": b""},
        {"legal": pdf(1) + b"\n"},
        {"legal": pdf(2)},
        {"recorded": ""},
        {"service": "recommande"},
        {"letters": []},
        {"letters": accepted().letters * 2},
        {"arrival": None},
        {"move": {"name": "FAC", "beepost_state": "waiting"}},
        {"case": BY_KEY["sans-code-postal"]},
    ],
)
def test_every_other_fact_counts(change):
    assert list(differences(replace(accepted(), **change)))


@pytest.mark.parametrize(
    "error",
    [
        False,
        "<ul><li>The street is missing.</li></ul>",
        "<ul><li>The postcode is missing.</li><li>And the street.</li></ul>",
    ],
)
def test_a_refusal_says_its_reason_and_no_other(error):
    fact = refused()
    fact.letter["error"] = error
    assert len(list(differences(fact))) == 1


@pytest.mark.parametrize(
    "codes",
    [False, ["address.city_missing"], ["address.zip_missing", "address.city_missing"]],
)
def test_a_refusal_gives_its_code_and_no_other(codes):
    fact = refused()
    fact.letter["error_codes"] = codes
    assert len(list(differences(fact))) == 1


def test_what_is_lost_or_comes_twice_is_counted():
    lost, twice = accepted(), accepted()
    lost.arrival = None
    twice.arrival["seen"] = 2
    assert summary([lost, twice, refused()]).endswith(
        "1 accepted, 1 refused for a stated reason, 1 lost, 1 twice\n"
    )
    assert list(differences(lost)) and list(differences(twice))


def test_the_service_may_not_have_more_than_odoo_sent():
    letters = [{"provider_reference": "BP-1"}, {"provider_reference": "BP-1"}]
    facts = [accepted()]
    assert list(strays(facts, {REFERENCE: {}}, letters[:1])) == []
    assert len(list(strays(facts, {REFERENCE: {}, "other": {}}, letters))) == 2
    assert len(list(complaints(["401"], ["not foreseen"]))) == 2


def test_a_lot_that_goes_on_waiting_is_told():
    lots = [
        {
            "name": name,
            "expected": 1,
            "letter_count": 1,
            "waiting_count": 0,
            "accepted_count": accepted_count,
        }
        for name, accepted_count in (("first", 1), ("second", 0))
    ]
    facts = [accepted(), refused()]
    assert list(unfinished(lots, facts)) == []
    for name in set(lots[0]) - {"name"}:
        changed = [{**lots[0], name: lots[0][name] + 1}, lots[1]]
        assert list(unfinished(changed, facts)), name
    assert list(unfinished(lots[:1], facts))


def test_the_table_itself():
    keys = [case.key for case in CASES]
    assert len(keys) == len(set(keys)) >= 40
    for case in CASES:
        lines = case.verdict.address.split(" | ")
        assert all(len(line) <= 38 for line in lines) and len(lines) <= 7, case.key


def test_the_endings_of_the_table():
    endings = [
        case.verdict.ending for case in CASES if isinstance(case.verdict, Accepted)
    ]
    assert {ending.status for ending in endings} <= set(STAGES)
    assert {ending.reason for ending in endings} == {
        "",
        "npai",
        "refused",
        "unclaimed",
        "address_defect",
        "access_defect",
        "deceased",
        "damaged",
        "other",
    }
    assert {kind for ending in endings for kind in ending.proofs} == {
        "deposit",
        "content",
        "delivery",
        "ar_scan",
        "return_scan",
    }
    for ending in endings:
        assert set(ending.dates) <= set(LEGAL_DATES)
        assert bool(ending.reason) == (ending.status == "returned")


def held() -> Fact:
    letter = {
        "state": "ready",
        "price_missing": True,
        "quote": False,
        "hold_reason": "No price: “Contrat fictif A”, “Lettre services plus”.",
        "address": "M. Lucien Faure\n6 RUE DE LA BOUCHERIE\n87000 LIMOGES",
        "client_reference": REFERENCE,
    }
    return Fact(
        case=BY_KEY["sans-prix"],
        move={"name": "FAC/2026/00004", "beepost_state": "waiting"},
        letters=[letter],
    )


def test_a_letter_without_a_price_waits():
    assert list(differences(held())) == []
    assert summary([held()]).startswith("demo check: 0 accepted, 0 refused")
    assert "0 lost" in summary([held()])
    wrong = {"state": "accepted", "price_missing": False, "quote": {"untaxed": "1"}}
    wrong |= {"hold_reason": "No price: “Contrat fictif A”.", "address": False}
    for name, value in wrong.items():
        fact = held()
        fact.letter[name] = value
        assert len(list(differences(fact))) == 1, name
    arrived = replace(held(), arrival={"seen": 1})
    assert len(list(differences(arrived))) == 1
