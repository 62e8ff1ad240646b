"""Which letters share an envelope: whatever waits, none is lost and none is mixed."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beepost_mail.letter import envelope
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.grouping import Bounds, Key, Waiting, fits, group, together
from beepost_mail.letter.once import Paper
from beepost_mail.letter.profile import DEFAULT, Limits
from beepost_mail.letter.sharing import measure_both, sheets_that_may_come

DAY = date(2026, 11, 25)
KEY = Key(
    company=1,
    sender="ACME\n75001 PARIS",
    recipient="DUPONT\n69002 LYON",
    family=7,
    account=1,
    service=1,
    color=False,
    duplex=True,
    address_sheet="auto",
    confidentiality="usual",
    is_copy=False,
    day=DAY,
)
ANOTHER = Key(
    company=2,
    sender="ACME\n75002 PARIS",
    recipient="DUPOND\n69002 LYON",
    family=8,
    account=2,
    service=2,
    color=True,
    duplex=False,
    address_sheet="always",
    confidentiality="personal",
    is_copy=True,
    day=date(2026, 11, 26),
    lot=3,
)
BOUNDS = Bounds(DEFAULT, Limits())
ALL = {1: BOUNDS, 2: BOUNDS}


def letter(number, *pages, key=KEY, size=1000, enclosed=(), **values):
    """:param enclosed: (content, pages) of what is the same for many"""
    return Waiting(number, key, papers(number, pages or (1,), size, enclosed), **values)


def papers(owner, pages, size, enclosed=()):
    """Documents of ``size`` bytes in all, then enclosures that weigh as much each."""
    own = [("", count, size // len(pages)) for count in pages]
    more = [(content, count, size) for content, count in enclosed]
    return tuple(
        Paper(100 * owner + place, owner, count, bytes_, content)
        for place, (content, count, bytes_) in enumerate(own + more)
    )


def numbers(groups):
    return [[one.number for one in members] for members in groups]


def test_same_addressee_oldest_first():
    found = group([letter(5), letter(2), letter(9)], ALL)
    assert numbers(found) == [[2, 5, 9]]


@pytest.mark.parametrize("name", [field.name for field in fields(Key)])
def test_each_part_of_the_key_keeps_letters_apart(name):
    other = replace(KEY, **{name: getattr(ANOTHER, name)})
    found = group([letter(1), letter(2, key=other), letter(3)], ALL)
    assert numbers(found) == [[1, 3], [2]]


def test_alone():
    found = group([letter(1), letter(2, alone=True), letter(3), letter(4)], ALL)
    assert numbers(found) == [[1, 3, 4], [2]]
    assert numbers(group([letter(1, alone=True), letter(2)], ALL)) == [[1], [2]]


def test_full_envelope_is_split():
    # 45 sheets at most: two of 20 sheets, and the third begins another one.
    found = group([letter(number, 40) for number in (1, 2, 3)], ALL)
    assert numbers(found) == [[1, 2], [3]]
    # A small one that comes later still fits beside the first two.
    found = group([letter(1, 40), letter(2, 40), letter(3, 40), letter(4, 8)], ALL)
    assert numbers(found) == [[1, 2, 4], [3]]


def test_each_document_begins_on_a_front():
    three = letter(1, 3, 3, 3)
    assert together([three], BOUNDS).sheets == 2 + 2 + 2 + 1
    assert together([three, letter(2, 1)], BOUNDS).sheets == 2 + 2 + 2 + 1 + 1


def test_what_several_enclose_counts_once():
    """Ten letters of a sheet with the same 20 sheets of terms lie in one envelope."""
    ten = [letter(number, enclosed=[("terms", 40)]) for number in range(1, 11)]
    assert numbers(group(ten, ALL)) == [list(range(1, 11))]
    assert together(ten, BOUNDS).sheets == 10 + 20 + 1
    heavy = Bounds(DEFAULT, Limits(max_bytes=220_000))  # twelve of 1000 bytes, no more
    assert fits(ten, heavy)
    others = [replace(one, papers=papers(one.number, [1], 2000)) for one in ten]
    assert not fits(others, heavy)
    unlike = [letter(number, enclosed=[(f"{number}", 40)]) for number in range(1, 11)]
    assert [len(members) for members in group(unlike, ALL)] == [2] * 5


def test_limits_of_the_account():
    five = [letter(number, 4) for number in range(5)]
    for limits, expected in (
        (Limits(max_sheets=5), [2, 2, 1]),
        (Limits(max_sheets=4), [1] * 5),  # the address sheet counts
        (Limits(max_pages=10), [2, 2, 1]),
        (Limits(max_pages=9), [1] * 5),
        (Limits(max_bytes=210_000), [5]),
        (Limits(max_bytes=204_000), [3, 2]),
    ):
        found = group(five, {1: Bounds(DEFAULT, limits)})
        assert [len(members) for members in found] == expected, limits


def test_envelope_that_would_force_an_unwanted_sheet():
    """Ten sheets lie in a C5; more would need a C4, whose window wants a sheet."""
    key = replace(KEY, address_sheet="never")
    three = [letter(number, 10, key=key, with_sheet=False) for number in (1, 2, 3)]
    assert numbers(group(three, ALL)) == [[1, 2], [3]]


def test_too_big_for_any_envelope():
    found = group([letter(1, 200), letter(2), letter(3)], ALL)
    assert numbers(found) == [[1], [2, 3]]
    with pytest.raises(Refusal, match="too_many_sheets"):
        together(found[0], BOUNDS)


def test_one_number_for_one_letter():
    with pytest.raises(ValueError, match="letter 4 twice"):
        group([letter(4), letter(4, 2)], ALL)


keys = st.builds(
    lambda **values: replace(KEY, **values),
    recipient=st.sampled_from(["DUPONT\n69002 LYON", "DUPOND\n69002 LYON"]),
    account=st.sampled_from([1, 2]),
    duplex=st.booleans(),
    address_sheet=st.sampled_from(["auto", "always", "never"]),
    confidentiality=st.sampled_from(["usual", "personal"]),
    day=st.sampled_from([DAY, ANOTHER.day]),
)
TERMS = ("terms", 4), ("leaflet", 1)
waiting = st.lists(
    st.builds(
        lambda number, key, pages, size, enclosed, **values: letter(
            number, *pages, key=key, size=size, enclosed=enclosed, **values
        ),
        number=st.integers(1, 10_000),
        key=keys,
        pages=st.lists(st.integers(1, 60), min_size=1, max_size=4),
        size=st.integers(4, 8_000_000),
        enclosed=st.sets(st.sampled_from(TERMS)).map(sorted),
        with_sheet=st.booleans(),
        alone=st.booleans(),
    ),
    max_size=25,
    unique_by=lambda one: one.number,
)
few = st.sampled_from([Limits(), Limits(5_000_000, 12, 20)])


@given(waiting, few, st.randoms())
def test_whatever_waits(letters, limits, random):
    bounds = {1: BOUNDS, 2: Bounds(DEFAULT, limits)}
    found = group(letters, bounds)
    everyone = [one for members in found for one in members]
    assert Counter(everyone) == Counter(letters), "each in exactly one group"
    for members in found:
        assert len({one.key for one in members}) == 1
        assert [m.number for m in members] == sorted(m.number for m in members)
        if len(members) > 1:
            assert not any(one.alone for one in members)
            assert_holds(members, bounds[members[0].key.account])
    firsts = [members[0].number for members in found]
    assert firsts == sorted(firsts)
    shuffled = list(letters)
    random.shuffle(shuffled)
    assert group(shuffled, bounds) == found


def assert_holds(members, bounds):
    """Counted here again: sheets by hand, the envelope by its capacity."""
    duplex = members[0].key.duplex
    pages, bytes_ = counted_here(members)
    printed = sum(-(-count // 2) if duplex else count for count in pages)
    with_sheet = printed + (members[0].with_sheet or printed > 10)
    assert with_sheet <= min(bounds.limits.max_sheets, 46)
    assert with_sheet * (1 + duplex) <= bounds.limits.max_pages
    assert bytes_ < bounds.limits.max_bytes
    if members[0].key.address_sheet == "never":
        assert printed <= 10


def counted_here(members):
    """:return: (pages of each paper, bytes), what is the same once"""
    every = [paper for one in members for paper in one.papers]
    own = [paper for paper in every if not paper.content]
    shared = {paper.content: paper for paper in every if paper.content}
    counted = own + list(shared.values())
    return [paper.pages for paper in counted], sum(paper.size for paper in counted)


@given(waiting)
def test_no_two_groups_could_have_been_one(letters):
    """First fit: a later group's first letter had no room in an earlier one."""
    found = group([replace(one, alone=False) for one in letters], ALL)
    for position, later in enumerate(found):
        for earlier in found[:position]:
            if earlier[0].key == later[0].key:
                before = [m for m in earlier if m.number < later[0].number]
                assert not fits([*before, later[0]], BOUNDS)


@given(waiting)
def test_never_more_sheets_of_paper_than_apart(letters):
    """What is saved are address sheets, and enclosures that are the same; no document
    takes more for being in company."""
    for members in group(letters, ALL):
        try:
            apart = [together([one], BOUNDS) for one in members]
            joined = together(members, BOUNDS)
        except Refusal:
            continue
        duplex = members[0].key.duplex
        printed = sum(envelope.sheets(n, duplex) for n in counted_here(members)[0])
        assert joined.sheets == printed + joined.address_sheet
        assert joined.sheets <= sum(one.sheets for one in apart) + 1


def sheets(measured):
    return [(len(members), found.sheets) for members, found in measured]


def test_apart_and_together():
    first, second, third = letter(1, 3), letter(2, 1, 1), letter(3, 5)
    before, after, unknown = measure_both([(first, second), (third,)], ALL)
    assert sheets(before) == [(1, 3), (1, 3), (1, 4)]
    assert sheets(after) == [(2, 5), (1, 4)]
    assert unknown == 0
    assert after[0][0] == (first, second)


def test_a_sheet_that_only_may_be_needed():
    maybe, surely = letter(1, 1, sheet_is_sure=False), letter(2, 1)
    before, after, _unknown = measure_both([(maybe, surely)], ALL)
    assert sheets(before) == [(1, 1), (1, 2)]
    assert sheets(after) == [(2, 2)]
    assert [sheets_that_may_come(each) for each in (before, after)] == [1, 1]
    # The first page of the oldest is the one that shows in the window.
    before, after, _unknown = measure_both([(surely, replace(maybe, number=3))], ALL)
    assert sheets(before) == [(1, 2), (1, 1)]
    assert sheets(after) == [(2, 3)]
    assert [sheets_that_may_come(each) for each in (before, after)] == [1, 0]


def test_a_sheet_that_the_envelope_forces_or_nobody_wants_may_not_come():
    smallest, *bigger = sorted(DEFAULT.envelopes, key=lambda one: one.capacity)
    bigger = [replace(one, forces_address_sheet=True) for one in bigger]
    forcing = replace(DEFAULT, envelopes=(smallest, *bigger))
    groups = [tuple(letter(n, 8, sheet_is_sure=False) for n in (1, 2))]
    groups.append(tuple(letter(n, with_sheet=False) for n in (3, 4)))
    before, after, _unknown = measure_both(groups, {1: Bounds(forcing, Limits())})
    assert sheets(after) == [(2, 9), (2, 2)]
    assert [sheets_that_may_come(each) for each in (before, after)] == [2, 0]


def test_a_guess_is_no_measure():
    guess = letter(2, counted=False)
    groups = [(letter(1), guess), (letter(3),)]
    before, after, unknown = measure_both(groups, ALL)
    assert (len(before), len(after), unknown) == (1, 1, 2)
    counted = guess.recounted((4,))
    before, after, unknown = measure_both([(letter(1), counted)], ALL)
    assert sheets(after) == [(2, 4)]
    assert guess.recounted(()) is guess


def test_more_than_an_envelope_holds():
    before, after, unknown = measure_both([(letter(1, 80), letter(2, 80))], ALL)
    assert (before, after, unknown) == ([], [], 2)
