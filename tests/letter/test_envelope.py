"""Pages to sheets, envelope and milligrams."""

import dataclasses
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beepost_mail.letter.envelope import FINDING_CODES, measure, paper_mg, sheets
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.profile import DEFAULT, EnvelopeSpec

pages = st.lists(st.integers(1, 12), min_size=1, max_size=6)


def of(*counts, duplex=False, address_sheet=False, profile=DEFAULT, **inserts):
    return measure(
        counts, duplex=duplex, address_sheet=address_sheet, profile=profile, **inserts
    )


def test_sheets():
    assert [sheets(count, True) for count in range(6)] == [0, 1, 1, 2, 2, 3]
    assert [sheets(count, False) for count in range(6)] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="pages"):
        sheets(-1, True)


@pytest.mark.parametrize(
    ("count", "address_sheet", "expected"),
    [
        # one sheet is 4.9896 g, a C6/5 5.4 g, a C5 7.7 g, a C4 15.4 g
        (1, False, (1, "C6/5", 10_390, False)),
        (2, False, (2, "C6/5", 15_380, False)),  # the last of the 20 g step
        (3, False, (3, "C6/5", 20_369, False)),
        (5, False, (5, "C6/5", 30_348, False)),  # the last of the 35 g step
        (4, True, (5, "C6/5", 30_348, True)),
        (5, True, (6, "C5", 37_638, True)),
        (6, False, (6, "C5", 37_638, False)),
        (10, False, (10, "C5", 57_596, False)),
        (10, True, (11, "C4", 70_286, True)),
        (11, False, (12, "C4", 75_276, True)),  # a C4 forces an address sheet
        (45, False, (46, "C4", 244_922, True)),  # which takes no place in it
        (45, True, (46, "C4", 244_922, True)),
    ],
)
def test_default_profile(count, address_sheet, expected):
    assert dataclasses.astuple(of(count, address_sheet=address_sheet)) == expected


def test_facts_of_the_reference():
    assert paper_mg(1, 80) == 4_990
    assert paper_mg(1000, 80) == 4_989_600
    assert 30_300 < of(5).weight_mg < 30_400
    assert paper_mg(6, 80) + 5_400 == 35_338  # six in a C6/5 would be over 35 g
    only_c4 = dataclasses.replace(DEFAULT, envelopes=DEFAULT.envelopes[2:])
    assert of(1, profile=only_c4).weight_mg > 20_000


def test_each_document_starts_on_a_front():
    assert of(1, 1, 1, duplex=True).sheets == 3
    assert of(3, duplex=True).sheets == 2


def test_inserts_take_room_and_weigh_but_are_not_printed():
    letter = of(3, insert_sheets=2, inserts_mg=6_001)
    assert (letter.sheets, letter.envelope) == (3, "C6/5")
    assert letter.weight_mg == of(3).weight_mg + 6_001
    assert of(3, insert_sheets=3).envelope == "C5"


@pytest.mark.parametrize(
    ("count", "options"),
    [(46, {}), (46, {"address_sheet": True}), (40, {"insert_sheets": 6})],
)
def test_too_many_sheets(count, options):
    with pytest.raises(Refusal) as caught:
        of(count, **options)
    (finding,) = caught.value.findings
    assert finding.code == "envelope.too_many_sheets"
    assert dict(finding.params) == {"sheets": 46, "max": 45}
    assert set(finding.params) == set(FINDING_CODES[finding.code])


def test_what_fits_beside_a_counted_address_sheet():
    small = dataclasses.replace(DEFAULT, envelopes=DEFAULT.envelopes[:1])
    with pytest.raises(Refusal) as caught:
        of(5, address_sheet=True, profile=small)
    assert dict(caught.value.findings[0].params) == {"sheets": 5, "max": 4}
    assert of(4, address_sheet=True, profile=small).sheets == 5


def test_smallest_envelope_wins_whatever_their_order():
    profile = dataclasses.replace(DEFAULT, envelopes=DEFAULT.envelopes[::-1])
    assert of(2, profile=profile) == of(2)


@pytest.mark.parametrize(
    ("counts", "inserts"),
    [((), {}), ((0,), {}), ((-1,), {}), ((1,), {"inserts_mg": -1})],
)
def test_nonsense_is_refused(counts, inserts):
    with pytest.raises(ValueError):
        of(*counts, **inserts)


@given(pages, st.booleans(), st.booleans(), st.integers(0, 5), st.integers(0, 20_000))
def test_rules(counts, duplex, address_sheet, room, grams):
    try:
        letter = of(
            *counts,
            duplex=duplex,
            address_sheet=address_sheet,
            insert_sheets=room,
            inserts_mg=grams,
        )
    except Refusal:
        assert sum(sheets(count, duplex) for count in counts) + room > 45
        return
    spec = next(spec for spec in DEFAULT.envelopes if spec.code == letter.envelope)
    printed = sum(sheets(count, duplex) for count in counts)
    assert letter.sheets == printed + letter.address_sheet
    assert letter.address_sheet == (address_sheet or spec.forces_address_sheet)
    taken = letter.sheets + room - (not spec.counts_address_sheet)
    assert taken <= spec.capacity
    exact = Decimal(letter.sheets) * 210 * 297 * 80 / 1000
    assert letter.weight_mg == (
        int(exact.to_integral_value(ROUND_CEILING)) + spec.weight_mg + grams
    )
    assert type(letter.weight_mg) is int


@given(pages, st.integers(0, 5), st.booleans(), st.booleans())
def test_another_page_never_makes_it_lighter_or_smaller(
    counts, where, duplex, address_sheet
):
    more = list(counts)
    more[where % len(more)] += 1
    try:
        heavier = of(*more, duplex=duplex, address_sheet=address_sheet)
    except Refusal:
        return
    lighter = of(*counts, duplex=duplex, address_sheet=address_sheet)
    assert lighter.weight_mg <= heavier.weight_mg
    assert lighter.sheets <= heavier.sheets
    order = [spec.code for spec in DEFAULT.envelopes]
    assert order.index(lighter.envelope) <= order.index(heavier.envelope)


@given(pages, st.integers(1, 300), st.integers(1, 60))
def test_any_profile(counts, gsm, capacity):
    spec = EnvelopeSpec("only", capacity, 1)
    profile = dataclasses.replace(DEFAULT, paper_gsm=gsm, envelopes=(spec,))
    if sum(counts) > capacity:
        with pytest.raises(Refusal):
            of(*counts, profile=profile)
    else:
        letter = of(*counts, profile=profile)
        assert letter.weight_mg - 1 == paper_mg(sum(counts), gsm)
