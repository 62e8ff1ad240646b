"""Following letters must be able to fail: one change to what agrees is noticed."""

from copy import deepcopy
from dataclasses import replace

import pytest
from cases import CASES
from journey_table import journey_summary, journey_table
from practice import practice_summary
from standing import (
    LEGAL_DATES,
    Followed,
    differences,
    misses,
    papers_differ,
    stands_refused,
    strays_from_table,
)

BY_KEY = {case.key: case for case in CASES}
# The unclaimed letter, as the service tells it: (day and time in UTC, code, more)
STORY = (
    ("11-25T09:00", "received", {}),
    ("11-25T09:30", "producing", {}),
    ("11-26T16:00", "posted", {}),
    ("11-26T16:05", "proof", {"proof_kind": "deposit"}),
    ("11-26T16:05", "proof", {"proof_kind": "content"}),
    ("11-27T04:30", "in_transit", {"place": "Plateforme courrier"}),
    ("11-30T07:30", "out_for_delivery", {"place": "Bureau"}),
    ("11-30T10:30", "awaiting_pickup", {"place": "Bureau de poste"}),
    ("12-16T08:00", "undeliverable", {"reason": "unclaimed"}),
    ("12-17T08:00", "returning", {}),
    ("12-22T09:00", "returned", {}),
    ("12-22T10:00", "proof", {"proof_kind": "return_scan"}),
)
PAPERS = ("deposit", "content", "return_scan")


def told() -> list[dict]:
    return [
        {
            "event_id": f"BP-1/{position}",
            "client_reference": "our-reference",
            "provider_reference": "BP-1",
            "code": code,
            "label": code.title(),
            "happened_at": f"2026-{moment}:07.123456+00:00",
            "tracking_number": "2C00000000001",
            **more,
        }
        for position, (moment, code, more) in enumerate(STORY)
    ]


def heard() -> list[dict]:
    return [
        {
            "external_id": f"BP-1/{position}",
            "code": code,
            "label": code.title(),
            "happened_at": at(moment),
            "place": more.get("place", False),
            "reason": more.get("reason", False),
            "proof_kind": more.get("proof_kind", False),
        }
        for position, (moment, code, more) in enumerate(STORY)
    ]


def at(moment: str) -> str:
    return f"2026-{moment.replace('T', ' ')}:07"


def returned() -> Followed:
    """An unclaimed letter that Odoo, the service and the table agree about."""
    stage = [9, "Returned"]
    return Followed(
        case=BY_KEY["voyage-non-reclame"],
        letter={
            "client_reference": "our-reference",
            "status": "returned",
            "stage_id": stage,
            "days_in_stage": 0,
            "return_reason": "unclaimed",
            "tracking_number": "2C00000000001",
            "contradicted": False,
            "posted_at": at("11-26T16:00"),
            "presented_at": at("11-30T10:30"),
            "pickup_until": "2026-12-15",
            "delivered_at": False,
            "undeliverable_at": at("12-16T08:00"),
            "returned_at": at("12-22T09:00"),
            "deposit_date": "2026-11-26",
            "expected_on": "2026-12-01",
            "promise": "kept",
        },
        move={
            "name": "FAC/2026/00002",
            "beepost_stage_id": stage,
            "beepost_return_reason": "unclaimed",
        },
        heard=heard(),
        told=told(),
        papers=[{"kind": kind, "sha256": kind * 2} for kind in PAPERS],
        proofs=[{"kind": kind, "sha256": kind * 2} for kind in PAPERS],
    )


def everything(one: Followed) -> list[str]:
    return [
        *differences(one),
        *misses(one),
        *strays_from_table(one),
        *papers_differ(one),
    ]


def test_what_agrees_has_no_differences():
    one = returned()
    assert everything(one) == []
    assert one.has_ended
    assert journey_summary([one]) == (
        "demo check: 1 journeys followed to the end, 0 stages differ,"
        " 0 events lost, 0 twice\n"
    )
    row = journey_table([one]).splitlines()[-1]
    for words in (
        "FAC/2026/00002",
        "Mme Édith Lacombe",
        "recommande_ar",
        "Returned",
        "returned: Returned",
        "unclaimed",
        "deposit content return_scan",
        "posted 2026-11-26, presented 2026-11-30, undeliverable 2026-12-16",
    ):
        assert words in row


WRONG = {
    "status": "undeliverable",
    "stage_id": [8, "Undeliverable"],
    "days_in_stage": -1,
    "return_reason": "refused",
    "tracking_number": False,
    "contradicted": True,
    "pickup_until": "2026-12-14",
    "deposit_date": "2026-11-27",
    "expected_on": "2026-11-26",
    "promise": "missed",
    **dict.fromkeys(LEGAL_DATES, "2026-11-26 16:00:08"),
}


def changes() -> list[tuple[str, object]]:
    """Each word of Odoo as another one, and missing."""
    letter = returned().letter
    missing = [name for name in WRONG if letter[name]]
    return [*WRONG.items(), *((name, False) for name in missing)]


def test_no_word_of_odoo_is_left_out():
    assert set(WRONG) == set(returned().letter) - {"client_reference"}


@pytest.mark.parametrize(("name", "value"), changes())
def test_every_word_of_odoo_about_the_letter_counts(name, value):
    one = returned()
    one.letter[name] = value
    assert everything(one)


@pytest.mark.parametrize("name", ["beepost_stage_id", "beepost_return_reason"])
def test_every_word_on_the_invoice_counts(name):
    one = returned()
    one.move[name] = False
    assert len(list(differences(one))) == 1


@pytest.mark.parametrize(
    "name", ["code", "label", "happened_at", "place", "reason", "proof_kind"]
)
def test_every_word_of_an_event_counts(name):
    one = returned()
    one.heard[8] = {**one.heard[8], name: "2026-11-26 16:00:08"}
    assert len(list(differences(one))) == 1


def test_an_event_that_is_lost():
    one = returned()
    del one.heard[3]
    assert one.lost() == ["BP-1/3"]
    assert any("LOST: BP-1/3" in text for text in differences(one))
    assert list(misses(one))
    assert "1 stages differ, 1 events lost, 0 twice" in journey_summary([one])


def test_an_event_that_is_there_twice():
    one = returned()
    one.heard.append(one.heard[3])
    assert one.twice() == ["BP-1/3"]
    assert any("TWICE: BP-1/3" in text for text in differences(one))
    assert "1 stages differ, 0 events lost, 1 twice" in journey_summary([one])


def test_an_event_that_nobody_told():
    one = returned()
    one.heard.append({**one.heard[3], "external_id": "BP-2/3"})
    assert any("nobody told: BP-2/3" in text for text in differences(one))


def test_a_service_that_tells_another_story_than_the_table():
    one = returned()
    del one.told[10:], one.heard[10:]
    assert len(list(strays_from_table(one))) == 2
    assert not one.has_ended
    assert "0 journeys followed" in journey_summary([one])


def test_a_service_without_a_paper():
    one = returned()
    del one.papers[0]
    assert len(list(strays_from_table(one))) == 1
    assert len(list(papers_differ(one))) == 1


@pytest.mark.parametrize(
    "proofs",
    [
        [],
        [{"kind": kind, "sha256": False} for kind in PAPERS],
        [{"kind": kind, "sha256": "other"} for kind in PAPERS],
        [{"kind": kind, "sha256": kind * 2} for kind in (*PAPERS, "deposit")],
    ],
)
def test_papers_of_odoo_are_those_of_the_service(proofs):
    one = replace(returned(), proofs=proofs)
    assert len(list(papers_differ(one))) == 1


def test_on_the_way_the_last_thing_told_counts():
    one = returned()
    del one.told[8:], one.heard[8:]
    waiting = [6, "Waiting at the post office"]
    one.letter |= {
        "status": "awaiting_pickup",
        "stage_id": waiting,
        "return_reason": False,
        "undeliverable_at": False,
        "returned_at": False,
    }
    one.move |= {"beepost_stage_id": waiting, "beepost_return_reason": False}
    assert list(differences(one)) == []
    later = deepcopy(one)
    later.told.append({**one.told[7], "event_id": "BP-1/8", "code": "delivered"})
    assert any(text.startswith("status differ") for text in differences(later))


def test_a_code_that_nobody_knows_moves_nothing():
    one = returned()
    one.told.append({**one.told[-1], "event_id": "BP-1/12", "code": "zz_9"})
    one.heard.append({**one.heard[-1], "external_id": "BP-1/12", "code": "zz_9"})
    one.told[-1]["happened_at"] = "2026-12-30T10:00:07+00:00"
    one.heard[-1]["happened_at"] = "2026-12-30 10:00:07"
    assert list(differences(one)) == []


def test_a_refused_letter_has_no_journey():
    stage = [10, "Refused before printing"]
    empty = dict.fromkeys((*LEGAL_DATES, "return_reason", "promise"), False)
    letter = {**empty, "status": "rejected", "stage_id": stage}
    move = {"beepost_stage_id": stage}
    assert list(stands_refused(letter, move, [])) == []
    for name in letter:
        assert list(stands_refused({**letter, name: "2026"}, move, [])), name
    assert list(stands_refused(letter, {"beepost_stage_id": False}, []))
    assert list(stands_refused(letter, move, heard()))


def test_practice_letters_are_judged_by_the_table():
    one = replace(returned(), told=[], papers=[])
    assert practice_summary([one]).endswith(
        " 1 practice letters followed to the end, 0 differ\n"
    )
    del one.heard[0]
    assert practice_summary([one]).endswith("1 differ\n")
    assert list(misses(returned())) == []
    assert len(list(misses(replace(returned(), proofs=[])))) == 1
