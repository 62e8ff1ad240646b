"""Asks La Poste's "Suivi v2" for numbers. Nothing here changes anything over there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from odoo.addons.beepost_mail.gateway.port import BadAnswer, Credentials, GatewayError
from odoo.addons.beepost_mail.gateway.transport import Answer, Transport

from .answer import OK, UNKNOWN, WRONG_NUMBER, is_number, results, words
from .result import NotFound, RefusedNumber, Result, Unanswered

MAX_NUMBERS = 10  # in one call
SPENT = "The calls allowed for today are used up"
_UNDERSTOOD = (OK, 207, WRONG_NUMBER, UNKNOWN)


class SuiviClient:
    """One key at La Poste. Reuses its connection; not for two threads.

    ``requests`` counts what was asked of La Poste so far, answered or not.

    :param url: base address, ``https://api.laposte.fr/suivi/v2``; see ``safe_url``
        (ValueError)
    :param key: the application's key
    :param timeouts: seconds to connect, seconds of silence while reading
    """

    def __init__(self, url: str, key: str, timeouts: tuple[float, float] = (10, 30)):
        self.requests = 0
        self._key = key
        self._transport = Transport(
            url, timeouts, {"X-Okapi-Key": key, "Accept": "application/json"}
        )

    def __repr__(self) -> str:
        return "SuiviClient()"

    def close(self) -> None:
        self._transport.close()

    def follow(
        self, numbers: Sequence[str], budget: int | None = None
    ) -> tuple[Result, ...]:
        """One result for each number, in the order given.

        One request, and none for what cannot be a number. When La Poste refuses the
        request as a whole, the numbers are asked for one by one, so that a wrong one
        does not spoil the others: ``MAX_NUMBERS`` requests more at most. An error
        that comes in between leaves what is missing ``Unanswered``; the next call will
        meet it again, if it lasts, and tell how long to wait.

        :param budget: requests that may be made, at least one: what is missing when
            they are used up is ``Unanswered``
        :raises ValueError: more than ``MAX_NUMBERS``, or one twice
        :raises Credentials: no key, or one that La Poste refuses
        :raises Unavailable: cannot be reached, busy, or the quota is used up
            (``retry_after``)
        :raises BadAnswer: an answer that makes no sense
        """
        if len(numbers) > MAX_NUMBERS:
            raise ValueError(f"at most {MAX_NUMBERS} numbers a call")
        if len({number.upper() for number in numbers}) < len(numbers):
            raise ValueError("the same number twice in one call")
        asked = [number for number in numbers if is_number(number)]
        last = None if budget is None else self.requests + budget
        results = self._ask(asked, last) if asked else ()
        found = {result.number: result for result in results}
        return tuple(
            found.get(number) or RefusedNumber(number, "This is not a tracking number")
            for number in numbers
        )

    def _ask(self, numbers: Sequence[str], last: int | None) -> Sequence[Result]:
        found = self._call(numbers)
        return self._ask_one_by_one(numbers, last) if found is None else found

    def _ask_one_by_one(
        self, numbers: Sequence[str], last: int | None
    ) -> Sequence[Result]:
        found: list[Result] = []
        for position, number in enumerate(numbers):
            if last is not None and self.requests >= last:
                found += (Unanswered(left, SPENT) for left in numbers[position:])
                break
            try:
                found += self._call([number]) or ()
            except BadAnswer as error:  # may be this number's own
                found.append(Unanswered(number, error.message, error.detail))
            except GatewayError as error:
                if not found:
                    raise
                found += (
                    Unanswered(left, error.message, error.detail)
                    for left in numbers[position:]
                )
                break
        return found

    def _call(self, numbers: Sequence[str]) -> tuple[Result, ...] | None:
        """None: refused as a whole, without a word on which number is wrong."""
        if not re.fullmatch(r"[\x21-\x7e]{1,500}", self._key):
            raise Credentials("The key for La Poste's tracking is missing or mistyped")
        self.requests += 1
        return self._transport.exchange(
            "GET",
            f"/idships/{','.join(numbers)}",
            lambda answer: _read(answer, numbers),
            params={"lang": "fr_FR"},
            expect=_UNDERSTOOD,
            secrets=(self._key,),
        )


def _read(answer: Answer, numbers: Sequence[str]) -> tuple[Result, ...] | None:
    if answer.status == UNKNOWN:
        return _unknown(answer, numbers)
    value = answer.value()
    if answer.status != WRONG_NUMBER or isinstance(value, list):
        return results(value, numbers)
    if len(numbers) > 1:
        return None
    return (RefusedNumber(numbers[0], words(value)),)


def _unknown(answer: Answer, numbers: Sequence[str]) -> tuple[Result, ...]:
    """404: not one of them is known. Sometimes a page comes instead of JSON."""
    try:
        value = answer.value()
    except BadAnswer:
        return tuple(NotFound(number, stated=False) for number in numbers)
    if isinstance(value, list):
        return results(value, numbers)
    # The gateway in front of the service has errors of its own, without a returnCode.
    stated = isinstance(value, dict) and value.get("returnCode") == UNKNOWN
    return tuple(NotFound(number, words(value), stated) for number in numbers)
