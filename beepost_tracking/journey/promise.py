"""BeePOST's promise: produced and handed to La Poste at J+1, in 95 % of cases.

Source: postal.md, "BeePOST". Days are Europe/Paris days; when a letter is due is told
by ``letter.calendar.deposit_date``.
"""

from __future__ import annotations

from datetime import date

PENDING, KEPT, MISSED = "pending", "kept", "missed"
PROMISED_RATE = 95.0  # percent


def verdict(due_on: date, posted_on: date | None, today: date) -> str:
    """:param posted_on: the day of deposit, None as long as there is none"""
    if posted_on is not None:
        return KEPT if posted_on <= due_on else MISSED
    # The day itself must be over before it is missed.
    return MISSED if today > due_on else PENDING
