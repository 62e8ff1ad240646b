"""How the provider prints and inserts: window, reserved zones, paper, envelopes.

All of it is data that an administrator may change (``beepost.profile``); the values
below are the shipped default, estimated until BeePOST gives its own (reference:
postal.md, "Page layout" and "Sheets, envelopes, weight").
"""

from __future__ import annotations

from dataclasses import dataclass

A4_WIDTH_MM = 210.0
A4_HEIGHT_MM = 297.0
A4_AREA_MM2 = 210 * 297


@dataclass(frozen=True)
class Zone:
    """A rectangle in mm from the top-left corner of an A4 portrait page."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self):
        if not (0 <= self.left < self.right and 0 <= self.top < self.bottom):
            raise ValueError(f"not a rectangle: {self}")

    def contains(self, other: Zone, slack: float = 0.0) -> bool:
        return (
            other.left >= self.left - slack
            and other.top >= self.top - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def touches(self, other: Zone) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class EnvelopeSpec:
    """One envelope format.

    :param capacity: sheets it holds
    :param weight_mg: the empty envelope, in mg
    :param counts_address_sheet: whether an address sheet takes one of ``capacity``
    :param forces_address_sheet: its window does not fit the document layout
    """

    code: str
    capacity: int
    weight_mg: int
    counts_address_sheet: bool = True
    forces_address_sheet: bool = False


@dataclass(frozen=True)
class Profile:
    """Everything about paper that a provider decides.

    :param window: the address block must lie inside
    :param quiet: nothing else on page 1 may touch this zone
    :param reserved: zones of every page that must stay white (machine marks)
    :param margin_mm: white margin on all four sides of every page
    :param paper_gsm: g/m² of the paper
    :param envelopes: smallest first
    """

    window: Zone = Zone(118, 60, 195, 85)
    quiet: Zone = Zone(105, 40, 210, 92)
    reserved: tuple[Zone, ...] = (Zone(0, 282, 15, 297),)
    margin_mm: float = 5.0
    paper_gsm: int = 80
    font_size_pt: float = 9.0
    leading_pt: float = 10.0
    envelopes: tuple[EnvelopeSpec, ...] = (
        EnvelopeSpec("C6/5", 5, 5_400),
        EnvelopeSpec("C5", 10, 7_700),
        EnvelopeSpec(
            "C4", 45, 15_400, counts_address_sheet=False, forces_address_sheet=True
        ),
    )


@dataclass(frozen=True)
class Limits:
    """What one letter may be; the provider states its own (``Gateway.limits``)."""

    max_bytes: int = 20 * 1024 * 1024
    max_sheets: int = 45
    max_pages: int = 90


DEFAULT = Profile()
DEFAULT_LIMITS = Limits()
