"""What can be known from outside about each document that is no invoice."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases import papers as table
from client import Odoo, Service
from evidence import LETTER_FIELDS, Fact
from follow import LETTER_FIELDS as STANDING_FIELDS
from follow import events_by_letter
from papers import ids_of
from standing import Followed

# Kinds in whose chatter the acceptance is told.
CHATTERING = (table.SALE, table.PURCHASE, table.SLIP)


@dataclass
class PaperFact(Fact):
    """One document. ``case`` is its row, ``move`` its own word: ``name``, and of an
    addressee of the free letter ``state`` and ``mailing_state``.

    :param id: of the document
    :param messages: its chatter; empty for kinds that have none
    :param beside: keys of the documents in the same envelope
    """

    id: int = 0
    messages: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


def gather_papers(odoo: Odoo, service: Service) -> list[PaperFact]:
    ids = ids_of(odoo)
    own, carried = {}, {}
    for kind in {paper.kind for paper in ids}:
        own |= _own_words(odoo, kind, [ids[p] for p in ids if p.kind == kind])
    kinds = [("res_model", "in", [*{paper.kind for paper in ids}])]
    for line in odoo.read_all(
        "beepost.mailing.document",
        ["res_model", "res_id", "mailing_id", "sha256"],
        [("kind", "=", "document"), *kinds],
    ):
        carried.setdefault((line["res_model"], line["res_id"]), []).append(line)
    letters = {
        letter["id"]: letter
        for letter in odoo.read_all(
            "beepost.mailing", LETTER_FIELDS, [("document_ids", "any", kinds)]
        )
    }
    codes = {
        row["id"]: row["code"] for row in odoo.read_all("beepost.service", ["code"])
    }
    arrivals = service.arrivals()
    facts = []
    for paper, key in ids.items():
        lines = carried.get((paper.kind, key), [])
        fact = PaperFact(paper, own[paper.kind, key], id=key)
        fact.letters = [letters[line["mailing_id"][0]] for line in lines]
        if fact.letters:
            fact.recorded = lines[0]["sha256"] or ""
            fact.service = codes[fact.letter["service_id"][0]]
            fact.arrival = arrivals.get(fact.letter["client_reference"])
        if fact.arrival:
            fact.received = service.pdf(fact.letter["client_reference"])
        if paper.kind in CHATTERING:
            fact.messages = _messages(odoo, paper.kind, key)
        facts.append(fact)
    for fact in facts:
        fact.beside = [
            other.case.key
            for other in facts
            if other is not fact and fact.letters and fact.letters == other.letters
        ]
    return facts


def _own_words(odoo: Odoo, kind: str, ids: list[int]) -> dict[tuple[str, int], dict]:
    fields = ["name"]
    if kind == table.FREE_LETTER:
        fields = ["display_name", "state", "mailing_state"]
    rows = odoo.call(kind, "read", ids, fields=fields)
    return {(kind, row["id"]): {"name": row.get("display_name"), **row} for row in rows}


def _messages(odoo: Odoo, model: str, key: int) -> list[str]:
    mine = [("model", "=", model), ("res_id", "=", key)]
    return [row["body"] for row in odoo.read_all("mail.message", ["body"], mine)]


def one_each(facts: list[PaperFact]) -> list[PaperFact]:
    """One document of each envelope."""
    return list({fact.letter.get("id"): fact for fact in facts}.values())


def look_at_papers(
    odoo: Odoo, service: Service, facts: list[PaperFact]
) -> list[Followed]:
    """Where each document's letter stands just now, asked through the document itself
    with the rights of who posted it."""
    facts = [fact for fact in facts if fact.letters]
    stages = _own_stages(odoo, facts)
    ids = list({fact.letter["id"] for fact in facts})
    letters = {
        letter["id"]: letter
        for letter in odoo.read_all(
            "beepost.mailing", STANDING_FIELDS, [("id", "in", ids)]
        )
    }
    heard = events_by_letter(odoo, ids)
    told = {one["client_reference"]: one["events"] for one in service.letters()}
    return [
        Followed(
            fact.case,
            letters[fact.letter["id"]],
            {"name": fact.move["name"], **stages[fact.case.kind, fact.id]},
            heard.get(fact.letter["id"], []),
            told.get(fact.letter["client_reference"], []),
        )
        for fact in facts
    ]


def _own_stages(odoo: Odoo, facts: list[PaperFact]) -> dict[tuple[str, int], dict]:
    """(model, id) → the stage and the reason, as its own letter has them."""
    lines = odoo.read_all(
        "beepost.mailing.document",
        ["res_model", "res_id", "mailing_id"],
        [("res_model", "in", [*{fact.case.kind for fact in facts}])],
    )
    letters = {
        letter["id"]: letter
        for letter in odoo.read_all(
            "beepost.mailing",
            ["stage_id", "return_reason"],
            [("id", "in", [line["mailing_id"][0] for line in lines])],
        )
    }
    return {
        (line["res_model"], line["res_id"]): {
            "beepost_stage_id": letters[line["mailing_id"][0]]["stage_id"],
            "beepost_return_reason": letters[line["mailing_id"][0]]["return_reason"],
        }
        for line in lines
    }
