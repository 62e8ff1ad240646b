"""How a letter's journey ends, written down by hand from postal.md for each way it can
take: nothing here is computed from what the service does."""

from .shape import Ending

_ON_RECORD = ("deposit", "content")  # of every registered letter
_HANDED_OVER = ("posted_at", "presented_at", "delivered_at")
_SENT_BACK = ("posted_at", "undeliverable_at", "returned_at")
# Refused and unclaimed: somebody was told of it, which is what the law counts from.
_PRESENTED_AND_BACK = ("posted_at", "presented_at", "undeliverable_at", "returned_at")

# No scan on its way
PLAIN_DELIVERED = Ending("delivered", 4, dates=_HANDED_OVER)
PLAIN_LATE = Ending(promise="missed")
PLAIN_NPAI = Ending("returned", 6, "npai", _SENT_BACK, ("return_scan",))
# It never leaves the workshop: the promise is open until its day is over.
STUCK = Ending("exception", 3, dates=(), promise="pending")

# Scanned on its way
TRACKED = Ending("delivered", 6, dates=_HANDED_OVER)
TRACKED_AFTER_TROUBLE = Ending("delivered", 8, dates=_HANDED_OVER)
TRACKED_UNKNOWN_CODE = Ending("delivered", 7, dates=_HANDED_OVER)


def tracked_back(reason: str) -> Ending:
    return Ending("returned", 9, reason, _SENT_BACK, ("return_scan",))


# Registered
REGISTERED = Ending("delivered", 9, "", _HANDED_OVER, (*_ON_RECORD, "delivery"))
ACKNOWLEDGED = Ending(
    "delivered", 10, "", _HANDED_OVER, (*_ON_RECORD, "delivery", "ar_scan")
)
FETCHED = Ending(
    "delivered", 11, "", _HANDED_OVER, (*_ON_RECORD, "delivery", "ar_scan")
)
REFUSED_AT_THE_DOOR = Ending(
    "returned", 11, "refused", _PRESENTED_AND_BACK, (*_ON_RECORD, "return_scan")
)
UNCLAIMED = Ending(
    "returned", 12, "unclaimed", _PRESENTED_AND_BACK, (*_ON_RECORD, "return_scan")
)


def registered_back(reason: str) -> Ending:
    return Ending("returned", 11, reason, _SENT_BACK, (*_ON_RECORD, "return_scan"))
