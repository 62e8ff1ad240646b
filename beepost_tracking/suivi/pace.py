"""When to ask La Poste for a number again: the quieter a letter, the rarer. Pure.

What counts is how long nothing has been heard of it: since it was posted, or since La
Poste's last event. A registered letter may lie 15 days at a post office and travel back
for weeks, so that giving up early would lose what matters most.
"""

from __future__ import annotations

from datetime import datetime, timedelta

# Quiet for less than so many days → hours until the next look
TABLE = (
    (3, 4),
    (10, 8),
    (45, 24),
    (120, 72),
)
# A letter that never comes to rest, or whose events lie in the future, is left alone
# so many days after it was posted.
LAST_DAY = 365


def next_look(
    now: datetime, posted_at: datetime, last_event_at: datetime | None = None
) -> datetime | None:
    """When to look next, always after ``now``; None: never again.

    A final event ends it earlier; that is for the caller to see. A letter that is yet
    to be posted is looked for once it is.

    :param now: like the other two either aware, or naive UTC as Odoo's
    """
    if last_event_at is None:
        now, last_event_at = max(now, posted_at), posted_at
    quiet = now - max(posted_at, last_event_at)
    if now - posted_at < timedelta(days=LAST_DAY):
        for days, hours in TABLE:
            if quiet < timedelta(days=days):
                return now + timedelta(hours=hours)
    return None
