"""La Poste's JSON to results. Pure.

Reading is strict about what is used and blind to members that nobody knows. An answer
that cannot be trusted as a whole is a ``BadAnswer``, whose detail says where; what is
wrong with one number, or with one event, is told there and costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from odoo.addons.beepost_mail.gateway.port import BadAnswer
from odoo.addons.beepost_mail.gateway.wire import Reader

from .result import (
    Found,
    NotFound,
    RefusedNumber,
    Result,
    ScanEvent,
    Unanswered,
    event_id,
)

OK, WRONG_NUMBER, UNKNOWN = 200, 400, 404  # returnCode, and HTTP status alike
_NUMBER = re.compile(r"[0-9A-Za-z]{8,40}")
_LEFT_OUT = "La Poste's answer leaves this number out"
_SHORT = 300  # characters of what is said of one number or event


def is_number(text: str) -> bool:
    """Whether this can be asked for: it becomes part of an address."""
    return bool(_NUMBER.fullmatch(text))


def results(value: object, asked: Sequence[str]) -> tuple[Result, ...]:
    """One result for each number, in the order asked.

    :param value: an answer's JSON: one object, or an array with one for each number
    :param asked: different numbers, upper and lower case being the same
    :raises BadAnswer: another shape, a number that nobody asked for, or one twice
    """
    names = {number.upper(): number for number in asked}
    found: dict[str, Result] = {}
    for read in _entries(value):
        said = _number(read)
        if not said and read.value.get("returnCode") != OK:
            continue  # a failure that does not say whose: that number is left out
        number = names.get(said.upper())
        if number is None or number in found:
            raise read.bad("idShip", "each number asked for, once, wanted")
        found[number] = _entry(read, number)
    return tuple(found.get(number) or Unanswered(number, _LEFT_OUT) for number in asked)


def words(value: object) -> str:
    """What La Poste says of a refusal, in either of the shapes it has for that."""
    if isinstance(value, dict):
        for key in ("returnMessage", "message"):
            if isinstance(value.get(key), str):
                return _short(value[key])
    return ""


def _entries(value: object) -> list[Reader]:
    if isinstance(value, list):
        return [Reader(item, f"answer[{n}]") for n, item in enumerate(value)]
    return [Reader(value)]


def _number(read: Reader) -> str:
    shipment = read.value.get("shipment")
    inner = shipment.get("idShip") if isinstance(shipment, dict) else None
    said = inner or read.value.get("idShip") or ""
    if not isinstance(said, str):
        raise read.bad("idShip", "text wanted")
    return said


def _entry(read: Reader, number: str) -> Result:
    try:
        code = read.integer("returnCode")
        if code == OK:
            return _found(read, number)
        message = _short(read.text("returnMessage", ""))
    except BadAnswer as error:
        return Unanswered(number, error.message, _short(error.detail))
    if code == UNKNOWN:
        return NotFound(number, message)
    if code == WRONG_NUMBER:
        return RefusedNumber(number, message)
    detail = f"{read.where}: returnCode {code}"
    return Unanswered(number, message or "La Poste could not answer", detail)


def _found(read: Reader, number: str) -> Found:
    shipment = Reader(read.value.get("shipment"), f"{read.where}.shipment")
    events, unread = _events(shipment, number)
    holder = shipment.value.get("holder")
    url = shipment.text("url", "")
    return Found(
        number,
        events=events,
        is_final=_is_true(shipment, "isFinal"),
        holder=holder if type(holder) is int and 0 < holder < 1000 else 0,
        product=_short(shipment.text("product", "")),
        url=url if url.startswith("https://") else "",
        unread=unread,
    )


def _is_true(read: Reader, key: str) -> bool:
    return read.value.get(key) is not None and read.boolean(key)


def _events(
    shipment: Reader, number: str
) -> tuple[tuple[ScanEvent, ...], tuple[str, ...]]:
    """(events oldest first, what could not be read)"""
    listed = shipment.value.get("event")
    if listed is None:  # announced, not seen yet
        return (), ()
    if not isinstance(listed, list):
        raise shipment.bad("event", "list wanted")
    events, unread = [], []
    for position, item in enumerate(listed):
        try:
            where = f"{shipment.where}.event[{position}]"
            events.append(_event(Reader(item, where), number))
        except BadAnswer as error:
            unread.append(_short(error.detail))
    # By label last, so that of two alike the same one stays in whatever order.
    events.sort(key=lambda event: (event.happened_at, event.code, event.label))
    once: dict[str, ScanEvent] = {}
    for event in events:
        once.setdefault(event.event_id, event)
    return tuple(once.values()), tuple(unread)


def _event(read: Reader, number: str) -> ScanEvent:
    code, happened_at = _short(read.text("code")), read.instant("date")
    return ScanEvent(
        event_id=event_id(number, code, happened_at),
        number=number,
        code=code,
        label=_short(read.text("label", "")),
        happened_at=happened_at,
        place=_short(read.text("place", "")),
        raw=read.value,
    )


def _short(text: str) -> str:
    """Without control characters, which no database takes."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text).strip()[:_SHORT]
