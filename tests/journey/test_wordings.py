"""Providers' own sequences, through the table of wordings that is installed."""

import itertools

import pytest
from told import START, Fact, at, fold, meaning, seeded

from odoo.addons.beepost_mail.gateway import journeys
from odoo.addons.beepost_mail.gateway.catalogue import SERVICES
from odoo.addons.beepost_tracking.journey import codes

BEEPOST, LAPOSTE = seeded("beepost"), seeded("laposte")


def facts_of(wordings, events):
    """:param events: (code, label, moment, reason)"""
    found = []
    for number, (code, label, moment, reason) in enumerate(events):
        means = meaning(wordings, code, label)
        reason = reason if reason in codes.REASONS else means.reason
        found.append(Fact(means.canonical, moment, f"{number:02}", reason))
    return found


def test_the_table_speaks_of_what_is_known():
    silent = {codes.PROOF, codes.NO_MOVE}
    for wording in [*BEEPOST.values(), *LAPOSTE.values()]:
        assert wording.canonical in {*codes.STATUSES, *silent}, wording
        assert not wording.reason or wording.reason in codes.REASONS, wording


# ---------------------------------------------------------------------------
# BeePOST's own list, by its words alone
# ---------------------------------------------------------------------------

BEEPOST_LIST = {
    "Réceptionné": ("received", ""),
    "En cours d'édition": ("producing", ""),
    "Déposé à la poste": ("posted", ""),
    "Remis au client": ("delivered", ""),
    "Pli non distribué": ("undeliverable", "other"),
    "NPAI": ("undeliverable", "npai"),
    "Refusé": ("undeliverable", "refused"),
    "AR": ("", ""),
}


@pytest.mark.parametrize("label", BEEPOST_LIST)
def test_a_label_of_beepost_alone(label):
    journey = fold(facts_of(BEEPOST, [("", label, START, "")]))
    assert (journey.code, journey.reason) == BEEPOST_LIST[label]


# ---------------------------------------------------------------------------
# The practice provider's journeys
# ---------------------------------------------------------------------------

CAME_BACK = {
    "npai": "npai",
    "refuse": "refused",
    "non_reclame": "unclaimed",
    "adresse": "address_defect",
    "acces": "access_defect",
    "decede": "deceased",
    "endommage": "damaged",
    "autre": "other",
}
SCANNED = {
    **dict.fromkeys(("standard", "remis", "instance", "incident"), ("delivered", "")),
    **dict.fromkeys(("retard", "inconnu"), ("delivered", "")),
    **{outcome: ("returned", reason) for outcome, reason in CAME_BACK.items()},
    "anomalie": ("exception", ""),
}
# Of a plain letter nobody learns that it arrived, unless the provider says so.
PLAIN = {
    **dict.fromkeys(("standard", "instance", "incident"), ("posted", "")),
    **dict.fromkeys(("retard", "inconnu"), ("posted", "")),
    "remis": ("delivered", ""),
    **{outcome: ("returned", reason) for outcome, reason in CAME_BACK.items()},
    "anomalie": ("exception", ""),
}
ENDS = {
    "lettre": PLAIN,
    "lettre_suivie": SCANNED,
    "recommande": SCANNED,
    "recommande_ar": SCANNED,
}


def journey_facts(service, outcome):
    steps = journeys.steps(SERVICES[service], outcome)
    moments = journeys.schedule(steps, START)
    return facts_of(
        BEEPOST,
        [
            (step.code, step.label, moment, step.reason)
            for step, moment in zip(steps, moments, strict=True)
        ],
    )


def test_every_journey_is_in_the_table():
    every = journeys.OUTCOMES - {journeys.REJECTED_AT_INTAKE}
    assert set(ENDS) == set(SERVICES)
    assert all(set(ends) == every for ends in ENDS.values())


@pytest.mark.parametrize(
    "service, outcome", [(s, o) for s, ends in ENDS.items() for o in ends]
)
def test_where_a_journey_ends(service, outcome):
    facts = journey_facts(service, outcome)
    journey = fold(facts)
    assert (journey.code, journey.reason) == ENDS[service][outcome]
    assert not journey.contradicted
    assert (journey.posted_at is None) == (outcome == "anomalie")
    # and nothing on the way goes back
    ranks = [codes.RANKS.get(fold(facts[:n]).code) for n in range(1, len(facts) + 1)]
    ranks = [rank for rank in ranks if rank]
    assert ranks == sorted(ranks)


def test_never_fetched_has_its_fifteen_days():
    journey = fold(journey_facts("recommande_ar", "non_reclame"))
    assert journey.presented_at < journey.undeliverable_at < journey.returned_at
    assert journey.undeliverable_at.date() > journey.pickup_until


# ---------------------------------------------------------------------------
# La Poste
# ---------------------------------------------------------------------------

LAPOSTE_TABLE = {
    "none": "DR1",
    "exception": "DR2 DO3 PB1",
    "posted": "PC1 PC2",
    "in_transit": "ET1 ET2 ET3 ET4 EP1 DO1 DO2 PB2 DI3",
    "out_for_delivery": "MD2",
    "awaiting_pickup": "AG1",
    "undeliverable": "ND1",
    "returning": "RE1",
    "delivered": "DI0 DI1",
    "returned": "DI2",
}


def test_the_table_of_laposte():
    listed = {
        code: canonical
        for canonical, words in LAPOSTE_TABLE.items()
        for code in words.split()
    }
    assert {c: w.canonical for (c, _label), w in LAPOSTE.items()} == listed


LAPOSTE_SEQUENCES = {
    "announced only": ("DR1", ""),
    "delivered on the first round": ("DR1 PC1 ET1 EP1 MD2 DI1", "delivered"),
    "absent, waits at the post office": ("PC1 ET1 MD2 AG1", "awaiting_pickup"),
    "absent, fetched": ("PC1 ET1 MD2 AG1 DI1", "delivered"),
    "absent, presented once more": ("PC1 ET1 MD2 AG1 MD2", "awaiting_pickup"),
    "presented once more and delivered": ("PC1 ET1 MD2 EP1 MD2 DI0", "delivered"),
    "sent on: sorted and carried again": ("PC1 ET1 MD2 ET3 ET1 MD2 DI1", "delivered"),
    "abroad, through customs": ("PC2 ET2 DO1 DO2 ET2 MD2 DI1", "delivered"),
    "held by customs": ("PC2 ET2 DO1 DO3", "exception"),
    "held by customs, then released": ("PC2 ET2 DO1 DO3 DO2", "in_transit"),
    "a problem": ("PC1 ET1 PB1", "exception"),
    "a problem that is solved": ("PC1 ET1 PB1 PB2", "in_transit"),
    "solved while it waits at the post office": (
        "PC1 MD2 AG1 PB1 PB2",
        "awaiting_pickup",
    ),
    "delayed": ("PC1 ET1 DI3", "in_transit"),
    "delayed in the middle of a problem": ("PC1 ET1 PB1 DI3", "in_transit"),
    "not deliverable": ("PC1 ET1 MD2 ND1", "undeliverable"),
    "on its way back": ("PC1 ET1 MD2 ND1 RE1", "returning"),
    "back at the sender's": ("PC1 ET1 MD2 AG1 ND1 RE1 DI2", "returned"),
    "back, with sorting on the way": ("PC1 ET1 MD2 ND1 RE1 ET1 MD2 DI2", "returned"),
    "back, and told as a delivery": ("PC1 ET1 MD2 ND1 RE1 DI1", "returning"),
    "DI2 is no delivery": ("PC1 DI2", "returned"),
    "a code of tomorrow": ("PC1 ET1 ZZ9", "in_transit"),
}


@pytest.mark.parametrize("name", LAPOSTE_SEQUENCES)
def test_a_sequence_of_laposte(name):
    words, expected = LAPOSTE_SEQUENCES[name]
    events = [(code, "", at(n), "") for n, code in enumerate(words.split())]
    assert fold(facts_of(LAPOSTE, events)).code == expected
    for some in itertools.islice(itertools.permutations(events), 0, 5000, 97):
        assert fold(facts_of(LAPOSTE, some)).code == expected


def test_both_sources_tell_of_the_same_letter():
    """BeePOST says when it handed the letter over, La Poste when it took it on."""
    ours = facts_of(BEEPOST, [("posted", "Déposé à la poste", at(9), "")])
    theirs = facts_of(LAPOSTE, [("PC1", "", at(20), ""), ("DI1", "", at(44), "")])
    journey = fold(theirs + ours)
    assert (journey.code, journey.posted_at) == ("delivered", at(9))
