"""Cuts a queue into what one request may carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from .port import ServiceLimits

T = TypeVar("T")


def batches(
    letters: Iterable[T], limits: ServiceLimits, size: Callable[[T], int]
) -> Iterator[list[T]]:
    """Slices in the given order, each within the letters and bytes of one request.

    A letter that is too big for any request travels alone: the provider says why.

    :param size: PDF bytes of one letter
    """
    batch: list[T] = []
    total = 0
    for letter in letters:
        grown = total + size(letter)
        full = len(batch) >= limits.max_request_letters
        if batch and (full or grown > limits.max_request_bytes):
            yield batch
            batch, grown = [], size(letter)
        batch.append(letter)
        total = grown
    if batch:
        yield batch
