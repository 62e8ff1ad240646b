"""What came of asking La Poste for one number. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass(frozen=True)
class ScanEvent:
    """One thing that La Poste saw happen. ``code`` may be one that nobody knows.

    :param event_id: ours, see ``event_id()``
    :param happened_at: aware UTC
    :param place: where; La Poste's documented events state none
    :param raw: the event as it came, with characters that a database may not take:
        store it as ASCII JSON text (``json.dumps``)
    """

    event_id: str
    number: str
    code: str
    label: str
    happened_at: datetime
    place: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)


def event_id(number: str, code: str, happened_at: datetime) -> str:
    """A stable id for an event, as La Poste gives none.

    It follows from the number (upper or lower case alike), the code and the instant
    (whatever its offset). Neither the rank among the events, which shifts when one is
    added, nor the label, which gets reworded, is part of it: two events of one code at
    one instant are one event.

    :raises ValueError: for a naive datetime, whose instant nobody knows
    """
    if happened_at.tzinfo is None:
        raise ValueError("an aware datetime is wanted")
    instant = happened_at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    told = "\0".join((number.upper(), code, instant))
    return f"laposte-{hashlib.sha256(told.encode()).hexdigest()[:40]}"


@dataclass(frozen=True)
class Found:
    """La Poste knows the number.

    :param events: oldest first, each once
    :param is_final: nothing more will come, says La Poste
    :param holder: 1 national letter, 2 international letter, 3 Chronopost, 4
        Colissimo, or another; 0 when it does not say
    :param product: La Poste's name of the product, or empty
    :param url: https page for people, or empty
    :param unread: events that make no sense, and why, in English
    """

    number: str
    events: tuple[ScanEvent, ...] = ()
    is_final: bool = False
    holder: int = 0
    product: str = ""
    url: str = ""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotFound:
    """La Poste does not know the number *yet*: ask again later.

    :param message: La Poste's words, or empty
    :param stated: La Poste itself says so. Otherwise all that came is a page "not
        found", as a wrong address of the service gives as well: if no number of a whole
        run is ever found in another way, look at the address.
    """

    number: str
    message: str = ""
    stated: bool = True


@dataclass(frozen=True)
class RefusedNumber:
    """This is no number that La Poste can follow: asking again changes nothing."""

    number: str
    message: str = ""


@dataclass(frozen=True)
class Unanswered:
    """Nothing was learned of this number this time: ask again later.

    :param message: why, in English or in La Poste's words
    :param detail: short technical text for support
    """

    number: str
    message: str
    detail: str = ""


Result = Found | NotFound | RefusedNumber | Unanswered
