"""The words by which people and La Poste call what a price list is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .columns import key
from .grid import BELOW_PUBLIC, DISBURSEMENT, EXEMPT, FIXED, OPTIONS, STANDARD
from .values import Wrong

STEP = "step"
# As La Poste's own list names options, and zones.
OPTION_PRODUCTS = {
    "option suivi": "tracking",
    "avis reception papier national": "ar_paper",
    "avis reception international": "ar_paper",
}
_ZONES = {"fr": "metropole", "france": "metropole", "intl": "international"}
_KINDS = {
    **dict.fromkeys(("step", "palier", "etape", "line", "ligne", "tarif"), STEP),
    **dict.fromkeys(("ar", "ar papier", "avis de reception"), "ar_paper"),
    **dict.fromkeys(("ar numerique", "ar electronique"), "ar_digital"),
    **dict.fromkeys(("suivi", "option suivi"), "tracking"),
    **dict.fromkeys(("supplement aerien", "complement aerien"), "supplement"),
    **dict.fromkeys(("impression par page", "impression page"), "print_page"),
    **dict.fromkeys(("impression par feuille", "impression feuille"), "print_sheet"),
    **dict.fromkeys(("couleur par page", "couleur page"), "color_page"),
    **dict.fromkeys(("couleur par feuille", "couleur feuille"), "color_sheet"),
    **dict.fromkeys(("mise sous pli", "insertion"), "insertion"),
    **dict.fromkeys(("enveloppe",), "envelope"),
    **dict.fromkeys(("page porte adresse", "porte adresse"), "address_sheet"),
    **dict.fromkeys(("enveloppe retour",), "return_envelope"),
    **{key(kind): kind for kind in OPTIONS},
}
_TAXES = {
    **dict.fromkeys(("exempt", "exonere", "exonere de tva", "0"), EXEMPT),
    **dict.fromkeys(("standard", "with vat", "avec tva", "20", "tva 20"), STANDARD),
    **dict.fromkeys(
        ("debours", "debours without vat", "debours sans tva"), DISBURSEMENT
    ),
}
_PRICINGS = {
    **dict.fromkeys(("fixed", "fixe", "its own price", "son propre prix"), FIXED),
    **dict.fromkeys(
        ("below public", "below the public price", "sous le prix public"), BELOW_PUBLIC
    ),
}


@dataclass(frozen=True)
class Vocabulary:
    """What is known here.

    :param products: codes, and names and codes as ``columns.key`` has them → code;
        ``zones`` and ``kinds`` likewise
    :param currency: of the tariff
    :param discounts: lowest and highest usual discount, percent
    """

    products: Mapping[str, str]
    zones: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    currency: str = "EUR"
    discounts: tuple[Decimal, Decimal] = (Decimal(0), Decimal(100))

    def product(self, raw: str) -> str:
        return known(self.products, raw, "import.unknown_product")

    def product_set(self, raw: str) -> frozenset[str]:
        """Several of them, with commas between."""
        parts = raw.replace("|", ",").split(",")
        return frozenset(self.product(part) for part in parts if part.strip())

    def zone(self, raw: str) -> str:
        codes = set(self.zones.values())
        own = {name: code for name, code in _ZONES.items() if code in codes}
        return known({**own, **self.zones}, raw, "import.unknown_zone")

    def kind(self, raw: str) -> str:
        return known({**self.kinds, **_KINDS}, raw, "import.unknown_kind")


def known(names: Mapping[str, str], raw: str, code: str) -> str:
    """:param names: exact codes, and names as ``columns.key`` has them"""
    found = names.get(raw.strip()) or names.get(key(raw))
    if found is None:
        raise Wrong(code)
    return found


def tax(raw: str) -> str:
    return known(_TAXES, raw, "import.unknown_tax")


def pricing(raw: str) -> str:
    return known(_PRICINGS, raw, "import.unknown_pricing")


def rounding(raw: str) -> str:
    bare = raw.replace(",", ".").strip()
    if bare not in ("0.01", "0.0001"):
        raise Wrong("import.unknown_rounding")
    return bare
