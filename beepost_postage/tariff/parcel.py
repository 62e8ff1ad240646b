"""A letter as its price sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .money import whole
from .zone import Place

_WHOLE = ("pages", "sheets", "weight_mg", "envelope_mg", "quantity", "paper_gsm")


@dataclass(frozen=True)
class Parcel:
    """
    :param service: code of the service, for words only
    :param products: postal products that the service is posted as; in each zone at
        most one of them has a price
    :param wanted: kinds of options that must have a price: ``ar_paper`` for instance
    :param day: when La Poste gets it, a Paris day
    :param pages: printed pages of the documents
    :param sheets: printed sheets, the address sheet included
    :param weight_mg: the whole letter; ``envelope_mg`` is the envelope's part of it
    :param quantity: letters that are sent together
    :param document_pages: pages of each document, which begins on a new sheet;
        ``duplex`` and ``paper_gsm`` (g/m²) say how sheets and grams came from them.
        For the explanation only: empty or 0 where nobody knows
    """

    service: str
    products: frozenset[str]
    where: Place
    day: date
    pages: int
    sheets: int
    weight_mg: int
    envelope: str
    envelope_mg: int = 0
    format_class: str = ""
    color: bool = False
    address_sheet: bool = False
    wanted: frozenset[str] = field(default_factory=frozenset)
    quantity: int = 1
    document_pages: tuple[int, ...] = ()
    duplex: bool = False
    paper_gsm: int = 0

    def __post_init__(self):
        for name in _WHOLE:
            whole(getattr(self, name), name)
        for pages in self.document_pages:
            whole(pages, "document_pages")
        if self.weight_mg <= 0 or self.sheets <= 0:
            raise ValueError("a letter has a sheet and weighs something")
