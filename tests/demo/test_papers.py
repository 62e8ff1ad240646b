"""The check of documents that are no invoices must be able to fail, too."""

import io
from dataclasses import replace

import pytest
from cases import papers as table
from evidence import sha256
from papers_facts import PaperFact, one_each
from papers_judge import differences, papers_summary, papers_table, strays
from reportlab.pdfgen.canvas import Canvas
from standing import Followed

BY_KEY = {paper.key: paper for paper in table.PAPERS}


def pdf(*pages: str) -> bytes:
    """:param pages: what is printed on each"""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for words in pages:
        canvas.drawString(100, 500, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def fact(key: str, name: str, *pages: str, number: int = 1, **own) -> PaperFact:
    """A letter that Odoo, the service and the table agree about."""
    paper = BY_KEY[key]
    lines = paper.verdict.address.split(" | ")
    sender = ["Papeterie Lumière SARL", "12 RUE DES IMPRIMEURS", "69003 LYON"]
    content = pdf(*pages)
    sheets = paper.verdict.sheets[0]
    both = {"color": False, "duplex": True, "pages": len(pages), "sheets": sheets}
    both |= {"envelope": "C6/5", "sha256": sha256(content)}
    letter = {
        "id": number,
        "state": "accepted",
        "address": "\n".join(lines),
        "sender": "\n".join(sender),
        "country_code": paper.to.country,
        "is_copy": False,
        "has_address_sheet": paper.verdict.address_sheet,
        "error": False,
        "error_codes": False,
        "client_reference": f"reference-{number}",
        "provider_reference": f"BP-{number}",
        "activity_ids": [],
        **both,
    }
    arrival = {
        "seen": 1,
        "printed": 1,
        "outcomes": ["printed"],
        "account": "courrier@papeterie-lumiere.example",
        "letter": {
            "recipient": lines,
            "sender": sender,
            "country": paper.to.country,
            "service": "lettre",
            **both,
        },
        "sha256": sha256(content),
    }
    return PaperFact(
        paper,
        {"name": name, **own},
        [letter],
        service="lettre",
        received=content,
        arrival=arrival,
        messages=["<p>made</p>", f"<p>accepted under BP-{number}</p>"],
    )


def order() -> PaperFact:
    return fact("commande-librairie", "S00001", "Commande S00001")


def free_letter() -> PaperFact:
    words = "Papeterie Lumière Mme Alice Carpentier Votre numéro de client C-0401"
    own = {"state": "made", "mailing_state": "accepted"}
    return fact("C-0401", "Mme Alice Carpentier", words, number=2, **own)


def pair() -> list[PaperFact]:
    """Two orders in one envelope, and the terms of both."""
    pages = ("Commande S00004", "", "Commande S00005", "", table.TERMS_LINE)
    first = fact("commande-ferrand-1", "S00004", *pages, number=3)
    second = fact("commande-ferrand-2", "S00005", *pages, number=3)
    first.beside, second.beside = [second.case.key], [first.case.key]
    return [first, second]


def test_what_agrees_has_no_differences():
    facts = [order(), free_letter(), *pair()]
    for one in facts:
        assert list(differences(one)) == []
    assert list(strays(facts)) == []
    assert len(one_each(facts)) == 3
    for words in ("S00001", "Librairie du Parvis", "commande-ferrand-2"):
        assert words in papers_table(facts)


WRONG = {
    "state": "queued",
    "address": "Librairie du Parvis\n8 PLACE GAILLETON\n69003 LYON",
    "sender": False,
    "country_code": "BE",
    "color": True,
    "duplex": False,
    "is_copy": True,
    "sha256": sha256(b"other"),
    "has_address_sheet": True,
    "pages": 2,
    "sheets": 2,
    "envelope": "C5",
    "error_codes": ["address.zip_missing"],
    "provider_reference": False,
    "activity_ids": [7],
}


@pytest.mark.parametrize("name", WRONG)
def test_every_word_of_odoo_about_the_letter_counts(name):
    one = order()
    one.letter[name] = WRONG[name]
    assert list(differences(one))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seen", 2),
        ("printed", 0),
        ("outcomes", ["rejected"]),
        ("account", "courrier@lumiere-reliure.example"),
        ("sha256", sha256(b"other")),
    ],
)
def test_every_word_of_the_service_counts(name, value):
    one = order()
    one.arrival[name] = value
    assert list(differences(one))


def test_a_document_without_a_letter_or_with_two():
    assert list(differences(replace(order(), letters=[])))
    assert list(differences(replace(order(), letters=order().letters * 2)))
    lost = replace(order(), arrival=None)
    assert any("LOST" in text for text in differences(lost))


def test_the_documents_own_word_counts():
    silent = replace(order(), messages=["<p>made</p>"])
    assert len(list(differences(silent))) == 1
    twice = replace(order(), messages=["accepted under BP-1"] * 2)
    assert len(list(differences(twice))) == 1
    for name, value in (("state", "todo"), ("mailing_state", "queued")):
        one = free_letter()
        one.move[name] = value
        assert len(list(differences(one))) == 1, name


def printing(one: PaperFact, *pages: str) -> PaperFact:
    """The same with other words on its pages."""
    content = pdf(*pages)
    one.letter.update(sha256=sha256(content), pages=len(pages))
    one.arrival["letter"].update(sha256=sha256(content), pages=len(pages))
    one.arrival["sha256"] = sha256(content)
    return replace(one, received=content)


def test_each_letter_holds_exactly_its_own_pages():
    words = "Papeterie Lumière Mme Alice Carpentier Votre numéro de client C-0401"
    assert list(differences(printing(free_letter(), words))) == []
    for pages in (
        (words, "C-0402"),  # another's page behind it
        (words.replace("C-0401", "C-0402"),),
        (words.replace("Votre numéro de client", "Your customer number"),),
        (words.replace("Mme Alice Carpentier", "{{ object.name }}"),),
    ):
        assert list(differences(printing(free_letter(), *pages))), pages
    assert list(differences(printing(order(), "Commande S000011")))
    with_terms = ("Commande S00006", table.TERMS_LINE)
    other = fact("commande-chastel", "S00006", *with_terms, number=4)
    assert list(strays([order(), other])) == []
    found = printing(other, *with_terms, "Commande S00001")
    assert len(list(strays([order(), found]))) == 1


def test_an_envelope_that_is_not_shared_as_the_table_says():
    first, second = pair()
    assert any("envelope" in text for text in differences(replace(first, beside=[])))
    alone = replace(order(), beside=[second.case.key])
    assert any("envelope" in text for text in differences(alone))


def test_terms_are_printed_once_in_an_envelope():
    first, second = pair()
    own = ("Commande S00004", "Commande S00005")
    for one in (first, second):
        for pages in (own, (*own, table.TERMS_LINE, table.TERMS_LINE)):
            found = list(differences(printing(one, *pages)))
            assert len(found) == 1 and "terms" in found[0], found
    assert list(differences(printing(order(), "Commande S00001", table.TERMS_LINE)))


def followed(one: PaperFact, stage: str) -> Followed:
    told = [
        {"event_id": "1", "code": "posted", "happened_at": "2026-11-26T16:00:00+00:00"}
    ]
    return Followed(one.case, one.letter, {"beepost_stage_id": [3, stage]}, told=told)


def test_the_line_that_counts():
    facts = [order(), free_letter(), *pair()]
    standing = [followed(one, "Handed to La Poste") for one in facts]
    assert papers_summary(facts, standing) == (
        "demo check: 4 documents of 2 kinds posted in 3 letters,"
        " 4 with their own status, 0 lost, 0 twice\n"
    )
    standing[0] = followed(facts[0], "Received")
    facts[1].arrival["seen"] = 2
    facts[2] = replace(facts[2], arrival=None)
    assert papers_summary(facts, standing) == (
        "demo check: 3 documents of 2 kinds posted in 3 letters,"
        " 3 with their own status, 1 lost, 1 twice\n"
    )


def test_the_table_itself():
    keys = [paper.key for paper in table.PAPERS]
    assert len(keys) == len(set(keys)) == 107
    windows = [paper.verdict.address for paper in table.LETTERS]
    assert len(windows) == len(set(windows)) == table.ADDRESSEES
    for address in windows:
        lines = address.split(" | ")
        assert all(len(line) <= 38 for line in lines) and len(lines) <= 7, address
