"""A dated price list, as the calculation sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .money import UNIT, exact, not_negative, whole

# How a line has its price: its own, or so many percent below a public step's.
FIXED, BELOW_PUBLIC = "fixed", "below_public"

EXEMPT, STANDARD, DISBURSEMENT = "exempt", "standard", "debours"

POSTAGE, PRODUCTION = "postage", "production"
# What an option is counted by, and on which side of the bill it stands.
OPTIONS = {
    "ar_paper": ("letter", POSTAGE),
    "ar_digital": ("letter", POSTAGE),
    "tracking": ("letter", POSTAGE),
    "supplement": ("10g", POSTAGE),
    "print_page": ("page", PRODUCTION),
    "print_sheet": ("sheet", PRODUCTION),
    "color_page": ("page", PRODUCTION),
    "color_sheet": ("sheet", PRODUCTION),
    "insertion": ("letter", PRODUCTION),
    "envelope": ("letter", PRODUCTION),
    "address_sheet": ("letter", PRODUCTION),
    "return_envelope": ("letter", PRODUCTION),
}


@dataclass(frozen=True)
class Line:
    """One step of one postal product in one zone.

    :param key: of the record, so that a frozen quote says which step it was
    :param max_grams: inclusive; exactly one of this and ``max_sheets``
    :param price: EUR without tax, up to 4 decimals; unused when ``BELOW_PUBLIC``
    :param per_kg: EUR on top for each kilogram, by the milligram
    :param per_10g: EUR on top for each started 10 g
    :param min_quantity: letters that are sent together, at least
    :param discount: percent below the public price of the same product in this zone
    :param public_grams: the public step that is meant, by a weight within it
    """

    key: int
    product: str
    zone: str
    max_grams: int | None = None
    max_sheets: int | None = None
    price: Decimal = Decimal(0)
    per_kg: Decimal = Decimal(0)
    per_10g: Decimal = Decimal(0)
    tax: str = EXEMPT
    format_class: str = ""
    min_quantity: int = 1
    pricing: str = FIXED
    discount: Decimal = Decimal(0)
    public_grams: int | None = None

    def __post_init__(self):
        for name in ("price", "per_kg", "per_10g", "discount"):
            object.__setattr__(self, name, not_negative(getattr(self, name), name))
        whole(self.min_quantity, "min_quantity")
        for name in ("max_grams", "max_sheets", "public_grams"):
            if getattr(self, name) is not None:
                whole(getattr(self, name), name)
        if (self.max_grams is None) == (self.max_sheets is None):
            raise ValueError("a step ends at grams or at sheets")

    @property
    def step(self) -> int:
        return self.max_grams if self.max_sheets is None else self.max_sheets

    def is_public_step(self) -> bool:
        """Whether a discount can refer to it: a weight step with its own price."""
        return self.pricing == FIXED and self.max_sheets is None

    def holds(self, weight_mg: int, sheets: int) -> bool:
        if self.max_sheets is None:
            return weight_mg <= self.max_grams * 1000
        return sheets <= self.max_sheets


@dataclass(frozen=True)
class Option:
    """What is paid beside the step.

    :param products: empty: with every product
    :param zone: empty: everywhere
    :param envelope: code of the envelope that is meant; empty: each
    :param above_grams: only for heavier letters (air supplements)
    :param valid_from: inclusive, ``valid_to`` exclusive; None: as long as the grid
    """

    key: int
    kind: str
    price: Decimal
    tax: str = EXEMPT
    products: frozenset[str] = frozenset()
    zone: str = ""
    envelope: str = ""
    above_grams: int = 0
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self):
        object.__setattr__(self, "price", not_negative(self.price, "price"))
        whole(self.above_grams, "above_grams")
        if self.kind not in OPTIONS:
            raise ValueError(f"unknown option {self.kind!r}")

    @property
    def unit(self) -> str:
        return OPTIONS[self.kind][0]

    @property
    def group(self) -> str:
        return OPTIONS[self.kind][1]


@dataclass(frozen=True)
class Grid:
    """A version of a tariff, in force from ``valid_from`` until before ``valid_to``.

    :param round_to: what a discounted price is rounded to
    :param vat_rate: percent, for lines and options taxed ``STANDARD``
    """

    key: int
    name: str
    valid_from: date
    valid_to: date | None
    lines: tuple[Line, ...]
    options: tuple[Option, ...] = ()
    confirmed: bool = False
    vat_rate: Decimal = Decimal(20)
    round_to: Decimal = UNIT
    version: str = ""
    origin: str = ""
    # (product, zone) → lines, lightest first; made once, looked up for each letter.
    _steps: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "vat_rate", not_negative(self.vat_rate, "vat_rate"))
        object.__setattr__(self, "round_to", exact(self.round_to))
        steps: dict[tuple[str, str], list[Line]] = {}
        for line in self.lines:
            steps.setdefault((line.product, line.zone), []).append(line)
        for lines in steps.values():
            lines.sort(key=lambda line: (line.step, -line.min_quantity))
        object.__setattr__(self, "_steps", steps)

    def is_in_force(self, day: date) -> bool:
        return is_within(day, self.valid_from, self.valid_to)

    def steps(self, product: str, zone: str) -> Sequence[Line]:
        return self._steps.get((product, zone), ())


@dataclass(frozen=True)
class Tariff:
    """All published versions of one price list.

    :param public: the public tariff that discounts refer to
    """

    key: int
    name: str
    grids: tuple[Grid, ...]
    public: Tariff | None = None

    def on(self, day: date) -> tuple[Grid, ...]:
        return tuple(grid for grid in self.grids if grid.is_in_force(day))


def is_within(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Half-open: the last day is the one before ``valid_to``."""
    return (valid_from is None or valid_from <= day) and (
        valid_to is None or day < valid_to
    )
