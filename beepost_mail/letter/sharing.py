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
    sure: bool = False,
) -> tuple[list[Measured], list[Measured], int]:
    """
    :param groups: letters that would share an envelope, the oldest first
    :param bounds: {account: its bounds}
    :param sure: an address sheet that only may be needed is none
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
            alone = [together([member], limits, sure) for member in members]
            joined = together(members, limits, sure)
        except Refusal:
            unknown += len(members)
            continue
        before += [((one,), found) for one, found in zip(members, alone, strict=True)]
        after.append((members, joined))
    return before, after, unknown
