"""The canonical codes of a letter's journey, and how far along each one is.

Source: postal.md, "Canonical status model". Providers' own words are taken to these by
a table of data (``beepost.wording``); nothing here knows a provider.
"""

from __future__ import annotations

# How far along: a higher rank is never undone by a lower one, however late it is told.
# That a letter failed to arrive outranks that it was delivered: a letter must never be
# shown as delivered when it was not, and the opposite error is found out at once.
RANKS = {
    "received": 10,
    "producing": 20,
    "posted": 30,
    "in_transit": 40,
    "out_for_delivery": 50,
    "awaiting_pickup": 60,
    "delivered": 70,
    "undeliverable": 80,
    "returning": 90,
    "returned": 100,
}
PRINTED_FROM = RANKS["posted"]
ENDING_FROM = RANKS["delivered"]
# Came back, or is on its way back; in each of these the letter was printed and billed.
FAILED = frozenset({"undeliverable", "returning", "returned"})
# Never printed, never billed: no letter that was posted can be one of these.
STOPPED = ("rejected", "cancelled")
EXCEPTION = "exception"
# Before any event, or where nobody can tell.
TO_SEND = "to_send"
UNKNOWN = "unknown"
# An event that says something without moving the letter.
NO_MOVE = "none"
PROOF = "proof"

STATUSES = (TO_SEND, *RANKS, *STOPPED, EXCEPTION, UNKNOWN)

# Why a letter came back, the telling ones first; ``other`` is the last word.
REASONS = (
    "npai",
    "address_defect",
    "access_defect",
    "unclaimed",
    "refused",
    "deceased",
    "damaged",
    "other",
)
# Of these the address is to blame; of the others it may well be right.
ADDRESS_REASONS = frozenset({"npai", "address_defect", "access_defect"})
