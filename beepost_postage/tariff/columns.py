"""What the columns of somebody's price list are, by what stands above them.

The first name of each is the one that our own export writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..tabular.table import plain

COLUMNS = {
    "kind": ("kind", "type", "nature", "what", "quoi"),
    "product": (
        *("product", "produit", "postal product", "produit postal"),
        *("code produit", "product code"),
    ),
    "zone": ("zone", "destination", "zone code", "code zone", "only in"),
    "format_class": ("format_class", "format", "classe de format"),
    "max_grams": (
        *("max_grams", "grams", "grammes", "up to g", "jusqu'à (g)", "jusqu'à g"),
        *("max weight", "max weight g", "poids max", "poids max g", "poids maximum"),
        *("poids", "poids (g)", "weight", "weight (g)"),
    ),
    "max_sheets": (
        *("max_sheets", "sheets", "feuilles", "feuillets", "up to sheets"),
        *("jusqu'à (feuilles)", "max feuilles", "nombre de feuilles"),
    ),
    "min_quantity": (
        *("min_quantity", "quantity", "quantité", "minimum quantity", "from letters"),
        *("quantité minimale", "quantité minimum", "à partir de (plis)"),
    ),
    "pricing": ("pricing", "mode de prix", "calcul du prix"),
    "price": (
        *("price", "price_eur", "prix", "prix eur", "tarif", "montant", "prix (€)"),
        *("price without tax", "prix ht", "prix hors taxe", "prix hors taxes"),
        *("tarif ht", "prix unitaire", "unit price", "prix ht (€)", "price (€)"),
    ),
    "per_kg": ("per_kg", "and per kg", "prix par kg", "par kg", "price per kg"),
    "per_10g": (
        *("per_10g", "and per started 10 g", "par 10 g", "par 10 g entamés"),
        *("price per 10 g", "prix par 10 g"),
    ),
    "discount": ("discount", "discount (%)", "remise", "remise (%)", "réduction"),
    "public_grams": (
        *("public_grams", "of the public step (g)", "palier public (g)"),
        *("du palier public (g)", "public step"),
    ),
    "tax": ("tax", "taxe", "taxes", "tax treatment", "régime de tva", "tva"),
    "envelope": ("envelope", "enveloppe", "only in envelope"),
    "above_grams": ("above_grams", "only above (g)", "au-dessus de (g)", "above (g)"),
    "option_from": ("option_from", "option du", "option from"),
    "option_to": ("option_to", "option au", "option to"),
    "valid_from": (
        *("valid_from", "valide du", "valable du", "date de début", "début"),
        *("in force from", "en vigueur du", "à partir du", "from", "du", "depuis le"),
    ),
    "valid_to": (
        *("valid_to", "valide au", "valable jusqu'au", "date de fin", "fin"),
        *("in force until", "en vigueur jusqu'au", "jusqu'au", "to", "au", "until"),
    ),
    "currency": ("currency", "devise", "monnaie"),
    "vat_rate": ("vat_rate", "vat (%)", "taux de tva", "vat"),
    "round_to": ("round_to", "arrondi", "rounding"),
    "origin": ("origin", "origine", "where it comes from", "provenance", "origin of"),
}
# Without these there is no price list in the file.
REQUIRED = ("product", "zone", "price")
_NO_LETTER = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """A name without case, accents and all that is no letter or digit.

    >>> key("Jusqu'à (g)")
    'jusqu a g'
    """
    return _NO_LETTER.sub(" ", plain(text)).strip()


_BY_NAME = {key(name): field for field, names in COLUMNS.items() for name in names}


def recognise(columns: Iterable[str]) -> dict[str, str]:
    """{column: what it is}; a column that says nothing to us is ``""``."""
    return {column: _BY_NAME.get(key(column), "") for column in columns}
