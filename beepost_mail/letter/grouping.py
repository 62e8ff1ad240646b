"""Which waiting letters belong in one envelope, and what that saves.

Two letters share an envelope only where nobody could tell their envelopes apart, and
the post would carry them alike: see :class:`Key`. The envelope's own bounds come after:
what does not fit in the largest one is split, the oldest first. What several of them
enclose is counted once, as it is printed: see :mod:`.once`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from . import once
from .envelope import Measure, measure
from .finding import Refusal
from .profile import Limits, Profile

# What writing several documents into one PDF may add to their bytes: an address sheet
# with its font, and a tenth for what is written anew.
_ADDED_BYTES = 200_000


@dataclass(frozen=True)
class Key:
    """What letters in one envelope have in common, all of it.

    :param company: who sends
    :param sender: the return address, as snapshotted
    :param recipient: the window lines, as they are printed
    :param family: the addressee's commercial entity
    :param address_sheet: one of ``job.ADDRESS_SHEETS``
    :param confidentiality: who opens an invoice must not find a pay slip
    :param is_copy: a copy never lies with originals, which would pass for copies
    :param day: the Paris day on which they are to leave
    :param lot: letters that were asked to wait for those sent with them, and no others
    """

    company: int
    sender: str
    recipient: str
    family: int
    account: int
    service: int
    color: bool
    duplex: bool
    address_sheet: str
    confidentiality: str
    is_copy: bool
    day: date
    lot: int = 0


@dataclass(frozen=True)
class Waiting:
    """One letter that has not left.

    :param number: its age and its name: the lowest is the oldest
    :param papers: its documents and enclosures, in order, with at least a page each
    :param with_sheet: whether it has an address sheet; where nobody knows yet, it has
    :param alone: it shares no envelope: a registered letter that nobody asked to put
        together, for instance
    :param counted: whether all pages are known; else some are one each, a mere guess
    :param sheet_is_sure: whether ``with_sheet`` is known, and no mere caution
    """

    number: int
    key: Key
    papers: tuple[once.Paper, ...]
    with_sheet: bool = True
    alone: bool = False
    counted: bool = True
    sheet_is_sure: bool = True

    @property
    def surely_with_sheet(self) -> bool:
        return self.with_sheet and self.sheet_is_sure

    def recounted(self, pages: Sequence[int]) -> Waiting:
        """The same letter with pages that somebody counted meanwhile, if any."""
        if not pages:
            return self
        papers = tuple(
            replace(paper, pages=count)
            for paper, count in zip(self.papers, pages, strict=True)
        )
        return replace(self, papers=papers, counted=True)


@dataclass(frozen=True)
class Bounds:
    """What one letter of an account may be."""

    profile: Profile
    limits: Limits


def group(
    letters: Iterable[Waiting], bounds: Mapping[int, Bounds]
) -> list[tuple[Waiting, ...]]:
    """Every letter in exactly one group, groups and letters the oldest first.

    Each letter goes into the oldest group of its key that has room for it. A letter
    too big for any envelope is a group of its own: its refusal says why.

    :param bounds: {account: its bounds}
    :raises ValueError: two letters have the same number
    """
    groups: list[list[Waiting]] = []
    open_groups: dict[Key, list[list[Waiting]]] = {}
    seen = set()
    for letter in sorted(letters, key=lambda letter: letter.number):
        if letter.number in seen:
            raise ValueError(f"letter {letter.number} twice")
        seen.add(letter.number)
        beside = [] if letter.alone else open_groups.setdefault(letter.key, [])
        limits = bounds[letter.key.account]
        for members in beside:
            if fits([*members, letter], limits):
                members.append(letter)
                break
        else:
            members = [letter]
            groups.append(members)
            beside.append(members)
    return [tuple(members) for members in groups]


def fits(members: Sequence[Waiting], bounds: Bounds) -> bool:
    """Whether one envelope holds the documents of all ``members``."""
    first = members[0]
    try:
        found = together(members, bounds)
    except Refusal:
        return False
    if found.address_sheet and first.key.address_sheet == "never":
        return False  # the bigger envelope would force one on it
    limits = bounds.limits
    bytes_ = sum(paper.size for paper in printed(members))
    sides = 2 if first.key.duplex else 1
    # As printed: a provider counts blank backs and the address sheet, and refuses.
    return (
        found.sheets <= limits.max_sheets
        and found.sheets * sides <= limits.max_pages
        and bytes_ + bytes_ // 10 + _ADDED_BYTES <= limits.max_bytes
    )


def together(members: Sequence[Waiting], bounds: Bounds, sure: bool = False) -> Measure:
    """The envelope with the documents of all ``members``, the oldest first: it is the
    first page of that one that shows in the window, or does not.

    :param sure: an address sheet that only may be needed is none
    :raises Refusal: no envelope is big enough
    """
    first = members[0]
    return measure(
        [paper.pages for paper in printed(members)],
        duplex=first.key.duplex,
        address_sheet=first.surely_with_sheet if sure else first.with_sheet,
        profile=bounds.profile,
    )


def printed(members: Sequence[Waiting]) -> list[once.Paper]:
    """What is in the PDF of the envelope with all ``members``, in order."""
    return once.printed([paper for letter in members for paper in letter.papers])
