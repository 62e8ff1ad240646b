"""What letters need in envelopes of their own, and what in shared ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .envelope import Measure
from .finding import Refusal
from .grouping import Bounds, Waiting, together

Measured = tuple[tuple[Waiting, ...], Measure]


def measure_both(
    groups: Iterable[Sequence[Waiting]],
    bounds: Mapping[int, Bounds],
) -> tuple[list[Measured], list[Measured], int]:
    """An address sheet that only may be needed is none, and is counted by
    :func:`sheets_that_may_come`.

    :param groups: letters that would share an envelope, the oldest first
    :param bounds: {account: its bounds}
    :return: (each letter apart, each group together, letters of groups that cannot be
        measured: pages that nobody knows, or more than an envelope holds)
    """
    before: list[Measured] = []
    after: list[Measured] = []
    unknown = 0
    for group in groups:
        members = tuple(group)
        limits = bounds[members[0].key.account]
        try:
            if not all(member.counted for member in members):
                raise Refusal([])
            alone = [together([member], limits, sure=True) for member in members]
            joined = together(members, limits, sure=True)
        except Refusal:
            unknown += len(members)
            continue
        before += [((one,), found) for one, found in zip(members, alone, strict=True)]
        after.append((members, joined))
    return before, after, unknown


def sheets_that_may_come(measured: Iterable[Measured]) -> int:
    """:return: envelopes that may turn out to need an address sheet, and whose measure
    has none"""
    return sum(
        members[0].with_sheet
        and not members[0].sheet_is_sure
        and not found.address_sheet
        for members, found in measured
    )
