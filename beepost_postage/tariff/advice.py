"""What would cost less, and by how much: one change at a time.

Only what a sender may want without a second thought: a registered letter never becomes
a plain one, and an acknowledgement is never dropped. Another envelope is what follows
from a change, not a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .money import exact

ALWAYS, IF_NEEDED = "always", "auto"


@dataclass(frozen=True)
class Service:
    """What a service gives, as far as one may do without it."""

    key: int
    tracked: bool = False
    registered: bool = False
    acknowledgement: bool = False

    @property
    def is_plain(self) -> bool:
        return not (self.tracked or self.registered or self.acknowledgement)


@dataclass(frozen=True)
class Choice:
    """How a letter is to be sent.

    :param address_sheet: ``always``, ``auto`` or ``never``
    """

    service: Service
    duplex: bool
    color: bool
    address_sheet: str


@dataclass(frozen=True)
class Advice:
    """:param code: which change, see ``CHANGES``
    :param saving: EUR, tax included, greater than nothing
    """

    code: str
    choice: Choice
    saving: Decimal


# A change gives the choices that it could mean, most often none or one.
Change = Callable[[Choice, Iterable[Service]], Iterator[Choice]]


def _both_sides(choice, _services):
    if not choice.duplex:
        yield replace(choice, duplex=True)


def _no_address_sheet(choice, _services):
    """Where the document's layout shows the address in the window, none is needed; one
    that is needed all the same is added."""
    if choice.address_sheet == ALWAYS:
        yield replace(choice, address_sheet=IF_NEEDED)


def _black_and_white(choice, _services):
    if choice.color:
        yield replace(choice, color=False)


def _plain(choice, services):
    current = choice.service
    if current.tracked and not (current.registered or current.acknowledgement):
        for service in services:
            if service.is_plain:
                yield replace(choice, service=service)


# Code → change. What else there is to advise is added here.
CHANGES: dict[str, Change] = {
    "both_sides": _both_sides,
    "no_address_sheet": _no_address_sheet,
    "black_and_white": _black_and_white,
    "plain": _plain,
}


def advise(
    choice: Choice,
    price_of: Callable[[Choice], Decimal | None],
    services: Iterable[Service] = (),
    changes: Mapping[str, Change] = CHANGES,
) -> tuple[Advice, ...]:
    """
    :param price_of: the price of a letter sent so, tax included; None: there is none
    :param services: those that the sender may choose
    :return: what really costs less, the greatest saving first; nothing where the
        letter itself has no price
    """
    now = price_of(choice)
    if now is None:
        return ()
    services, found = tuple(services), []
    for code, change in changes.items():
        priced = [(price_of(other), other) for other in change(choice, services)]
        priced = [(exact(price), other) for price, other in priced if price is not None]
        if not priced:
            continue
        price, other = min(priced, key=lambda pair: pair[0])
        if price < now:
            found.append(Advice(code, other, exact(now) - price))
    return tuple(sorted(found, key=lambda advice: -advice.saving))


def changed(choice: Choice, code: str, services: Iterable[Service] = ()) -> Choice:
    """``choice`` with this one change, as it was where the change does not apply.

    :param services: of those that it could mean the first is taken
    """
    return next(CHANGES[code](choice, tuple(services)), choice)
