"""Enclosures of an envelope: the same is printed once, and nothing is lost for it."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from beepost_mail.letter.once import Paper, keepers, printed


def envelope(text):
    """``A A.t B B.t``: documents of A and B, each with the enclosure ``t``."""
    return [
        Paper(number, owner, pages=1, content=content)
        for number, (owner, content) in enumerate(
            re.findall(r"(\w+)(?:\.(\w+))?", text)
        )
    ]


def shown(papers):
    return " ".join(f"{p.owner}.{p.content}".rstrip(".") for p in papers)


def test_last_copy_is_printed():
    for lies, leaves in (
        ("A", "A"),
        ("A A.t", "A A.t"),
        ("A A.t B B.t", "A B B.t"),
        ("A A.t B B.t C", "A B B.t C"),  # behind those that it goes with
        ("A A.t B B.b B.t C C.t", "A B B.b C C.t"),  # B keeps its own
        ("A A.t A.u B B.u B.t", "A B B.u B.t"),
        ("A A.t B B.u", "A A.t B B.u"),
        ("A B C", "A B C"),  # a document is never the same as another
        ("", ""),
    ):
        assert shown(printed(envelope(lies))) == leaves, lies


def test_top_of_all_stays():
    """Its first page is what shows in the window."""
    assert shown(printed(envelope("A.t A B.t B C.t C"))) == "A.t A B C"


def test_as_many_copies_as_one_letter_wants():
    assert shown(printed(envelope("A A.t A.t"))) == "A A.t A.t"
    assert shown(printed(envelope("A A.t A.t B B.t"))) == "A A.t B B.t"
    assert shown(printed(envelope("A A.t B B.t B.t"))) == "A B B.t B.t"


def test_who_is_printed_for_whom():
    papers = envelope("A A.t B B.t C C.t")
    assert [keeper.number for keeper in keepers(papers)] == [0, 5, 2, 5, 4, 5]
    assert [keeper.number for keeper in keepers(papers[:4])] == [0, 3, 2, 3]


papers = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from(["", "", "t", "u"])), max_size=14
).map(
    lambda rows: [
        Paper(number, owner, pages=number % 3, content=content)
        for number, (owner, content) in enumerate(rows)
    ]
)


@given(papers)
def test_whatever_lies_in_it(lying):
    kept = keepers(lying)
    leaving = printed(lying)
    assert leaving == [p for p, k in zip(lying, kept, strict=True) if p is k]
    assert [p for p in lying if p in leaving] == leaving, "in order"
    assert leaving[:1] == lying[:1], "the window shows what it showed"
    for paper, keeper in zip(lying, kept, strict=True):
        assert keeper.content == paper.content
        assert keeper in leaving, "nobody is sent on twice"
        assert paper.content or keeper is paper
    own = Counter((p.owner, p.content) for p in lying if p.content)
    for content in {p.content for p in lying} - {""}:
        wanted = max(n for (_owner, what), n in own.items() if what == content)
        assert sum(p.content == content for p in leaving) == wanted


@given(papers)
def test_each_has_what_it_encloses(lying):
    """As many copies as it brought, each another sheet of paper."""
    for owner in {p.owner for p in lying}:
        served = [
            k for p, k in zip(lying, keepers(lying), strict=True) if p.owner == owner
        ]
        assert len({k.number for k in served}) == len(served)


@given(papers, st.sampled_from("ABCD"))
def test_who_leaves_takes_nothing_away(lying, gone):
    """Taken out, the others have what they would have had without it; so has it."""
    rest = [p for p in lying if p.owner != gone]
    alone = [p for p in lying if p.owner == gone]
    assert printed(alone) == alone
    assert {p.content for p in rest} == {p.content for p in printed(rest)}
