"""Cutting a queue into requests."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from beepost_mail.gateway.batches import batches
from beepost_mail.gateway.sandbox import LIMITS


def cut(sizes, letters, size):
    limits = replace(LIMITS, max_request_letters=letters, max_request_bytes=size)
    return list(batches(sizes, limits, size=lambda one: one))


@given(st.lists(st.integers(1, 120)), st.integers(1, 10), st.integers(1, 100))
@example([100, 1], 5, 100)
def test_batches_fit_keep_order_and_lose_nothing(sizes, letters, size):
    found = cut(sizes, letters, size)
    assert [one for batch in found for one in batch] == sizes
    for batch in found:
        assert 1 <= len(batch) <= letters
        assert sum(batch) <= size or len(batch) == 1


@given(st.lists(st.integers(1, 100)), st.integers(1, 10))
def test_no_batch_is_cut_early(sizes, letters):
    found = cut(sizes, letters, 100)
    for batch, following in zip(found, found[1:], strict=False):
        assert len(batch) == letters or sum(batch) + following[0] > 100


def test_limits_are_included():
    assert cut([50, 50, 1], 10, 100) == [[50, 50], [1]]
    assert cut([1, 1, 1], 2, 100) == [[1, 1], [1]]
