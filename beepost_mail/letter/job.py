"""What goes into ``pages.prepare`` and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .finding import Finding
from .profile import DEFAULT, DEFAULT_LIMITS, Limits, Profile

ADDRESS_SHEETS = ("auto", "always", "never")


@dataclass(frozen=True)
class Document:
    """One document of the letter; ``name`` is what findings call it."""

    name: str
    pdf: bytes = field(repr=False)


@dataclass(frozen=True)
class Job:
    """One envelope to fill.

    :param documents: in the order in which they are printed
    :param recipient: address lines as they must show in the window
    :param sender: return address, printed small on an address sheet
    :param duplex: both sides; each document starts on a front
    :param address_sheet: one of ``ADDRESS_SHEETS``; ``auto`` adds the sheet when the
        first page does not show the address or the envelope asks for it
    """

    documents: tuple[Document, ...]
    recipient: tuple[str, ...]
    sender: tuple[str, ...] = ()
    duplex: bool = True
    address_sheet: str = "auto"
    profile: Profile = DEFAULT
    limits: Limits = DEFAULT_LIMITS

    def __post_init__(self):
        if self.address_sheet not in ADDRESS_SHEETS:
            raise ValueError(f"unknown address_sheet {self.address_sheet!r}")


@dataclass(frozen=True)
class Prepared:
    """A PDF that can be posted as it is.

    :param pages: of ``pdf``, address sheet and blank backs included
    :param document_pages: of each document, without blank backs
    :param document_sheets: of each document, without the address sheet
    :param sheets: in the envelope, address sheet included
    :param weight_mg: sheets and envelope
    :param untouched: ``pdf`` is byte for byte the only document
    :param findings: warnings and repairs
    """

    pdf: bytes = field(repr=False)
    sha256: str
    pages: int
    document_pages: tuple[int, ...]
    document_sheets: tuple[int, ...]
    address_sheet: bool
    sheets: int
    envelope: str
    weight_mg: int
    untouched: bool
    findings: tuple[Finding, ...]
