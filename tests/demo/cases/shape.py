"""What one row of the table says."""

from __future__ import annotations

from dataclasses import dataclass

MAIN, OTHER = "main", "other"  # the two companies
ODOO, BEEPOST = "odoo", "beepost"  # who refuses


@dataclass(frozen=True)
class Addressee:
    """A contact as people type it; an empty text is an empty field.

    :param country: ISO code; ``state`` the code of the state within it
    :param kind: of a child contact: ``contact`` or ``invoice``; only an ``invoice``
        address has a ``name`` that may be empty
    :param service: code of the postal service that the customer prefers; empty: the
        company's usual one, a plain letter
    :param color: the customer prefers colour; ``simplex``: one side only
    """

    name: str
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    country: str = "FR"
    state: str = ""
    is_company: bool = True
    vat: str = ""
    siret: str = ""
    public_body: bool = False
    lang: str = "fr_FR"
    service: str = ""
    color: bool = False
    simplex: bool = False
    parent: Addressee | None = None
    kind: str = "contact"


@dataclass(frozen=True)
class Ending:
    """Where an accepted letter stands once nothing more happens to it.

    :param status: canonical code; of a plain letter nobody learns more than ``posted``
    :param events: how many things the service tells of it, papers included
    :param reason: why it did not arrive
    :param dates: the legal dates that it has; all others stay empty
    :param proofs: kinds of the papers that exist in the end
    :param promise: whether it was at La Poste in time (J+1)
    """

    status: str = "posted"
    events: int = 3
    reason: str = ""
    dates: tuple[str, ...] = ("posted_at",)
    proofs: tuple[str, ...] = ()
    promise: str = "kept"


POSTED = Ending()


@dataclass(frozen=True)
class Accepted:
    """The letter arrives, once.

    :param address: the lines in the window, joined by `` | ``
    :param pages: of the invoice itself, as (fewest, most)
    :param address_sheet: whether a sheet with the address goes in front
    :param is_copy: paper is only a copy, the law wants an electronic invoice
    :param ending: what becomes of it
    """

    address: str
    is_copy: bool = False
    pages: tuple[int, int] = (1, 1)
    sheets: tuple[int, int] = (1, 1)
    envelope: str = "C6/5"
    address_sheet: bool = False
    service: str = "lettre"
    color: bool = False
    duplex: bool = True
    ending: Ending = POSTED


@dataclass(frozen=True)
class Refused:
    """The letter does not leave, or comes back at once.

    :param by: ``ODOO``, our checks: nothing arrives; ``BEEPOST``: it arrives once and
        is not printed
    :param reasons: each code as programs read it, with a part of the English sentence
        that people read, in the order in which they are shown
    :param address: as for ``Accepted``, where it reaches the service
    """

    by: str
    reasons: tuple[tuple[str, str], ...]
    address: str = ""


@dataclass(frozen=True)
class Held:
    """The letter is ready and waits, because nothing says what it costs.

    :param words: parts of what the letter says, the same in every language
    """

    words: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class Case:
    """One invoice.

    :param key: its customer reference, by which the check finds it again
    :param why: what it shows, in French: the invoice's chatter begins with it
    :param products: lines with a product
    :param notes: blocks of twelve lines of text, two to a page
    """

    key: str
    why: str
    to: Addressee
    verdict: Accepted | Refused | Held
    credit_note: bool = False
    products: int = 3
    notes: int = 0
    company: str = MAIN
    is_one_of_many = False  # each has a line of its own in the tables
