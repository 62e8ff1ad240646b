"""What the practice provider sells, as data; ``pricing`` says for how much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    tracked: bool
    registered: bool
    acknowledgement: bool


SERVICES = {
    "lettre": Service(False, False, False),
    "lettre_suivie": Service(True, False, False),
    "recommande": Service(True, True, False),
    "recommande_ar": Service(True, True, True),
}
