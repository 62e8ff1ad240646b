"""The demo house itself: companies, users, accounts at the service, products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .shape import MAIN, OTHER


@dataclass(frozen=True)
class Company:
    """
    :param journal: code of its sales journal, with which its invoices' numbers begin
    :param sender: the return address on its letters, lines joined by `` | ``
    :param identifier: e-mail address of its account at the reference service
    :param einvoice_in: days from the demo's own day to the one from which the company
        issues electronic invoices
    """

    name: str
    street: str
    zip: str
    city: str
    vat: str
    siret: str
    journal: str
    email: str
    footer: str
    sender: str
    identifier: str
    password: str
    einvoice_in: int
    address_sheet: str
    without_price: str


@dataclass(frozen=True)
class User:
    """The password is the login."""

    login: str
    name: str
    groups: tuple[str, ...]


COMPANIES = {
    MAIN: Company(
        "Papeterie Lumière SARL",
        "12, rue des Imprimeurs",
        "69003",
        "Lyon",
        "FR55980100010",
        "98010001000019",
        "FAC",
        "bonjour@papeterie-lumiere.example",
        "SARL au capital de 20 000 € – SIRET 980 100 010 00019 – RCS Lyon"
        " – TVA FR55980100010",
        "Papeterie Lumière SARL | 12 RUE DES IMPRIMEURS | 69003 LYON",
        "courrier@papeterie-lumiere.example",
        "Lumière-12",
        einvoice_in=-91,
        address_sheet="auto",
        without_price="hold",
    ),
    OTHER: Company(
        "Lumière Reliure SAS",
        "3, rue du Chapeau-Rouge",
        "44000",
        "Nantes",
        "FR60980101208",
        "98010120800018",
        "REL",
        "bonjour@lumiere-reliure.example",
        "SAS au capital de 5 000 € – SIRET 980 101 208 00018 – RCS Nantes"
        " – TVA FR60980101208",
        "Lumière Reliure SAS | 3 RUE DU CHAPEAU ROUGE | 44000 NANTES",
        "courrier@lumiere-reliure.example",
        "Reliure-3",
        einvoice_in=274,
        address_sheet="always",
        without_price="leave",
    ),
}

COMPTABLE = User(
    "comptable",
    "Claire Martin, comptable",
    # a small house: she also posts orders and slips, and writes to all customers with
    # more of their fields than their name
    (
        "account.group_account_invoice",
        "sales_team.group_sale_salesman_all_leads",
        "purchase.group_purchase_user",
        "stock.group_stock_user",
        "mail.group_mail_template_editor",
    ),
)
COURRIER = User(
    "courrier",
    "Julien Petit, responsable courrier",
    # reads the invoices whose letters he follows, and mends addresses
    (
        "beepost_mail.group_manager",
        "account.group_account_readonly",
        "base.group_partner_manager",
    ),
)
ADMIN = User(
    "admin",
    "Nadia Benali, administratrice",
    ("account.group_account_manager", "beepost_mail.group_admin"),
)
USERS = (COMPTABLE, COURRIER, ADMIN)

# (name, EUR without tax, quantity on its first line)
PRODUCTS = (
    ("Ramette A4 80 g recyclé", 4.90, 10),
    ("Enveloppes à fenêtre C5, boîte de 500", 32.50, 2),
    ("Cahier cousu 17 × 22, 192 pages", 3.20, 25),
    ("Stylo plume « Rhône »", 18.00, 4),
    ("Reliure dos carré collé, l'exemplaire", 6.75, 40),
    ("Impression d'un catalogue, quadrichromie", 1.85, 300),
)

NOTE_TITLE = "Détail des livraisons, feuillet {number}"
NOTE_LINE = "Bon n° {number} : fournitures de bureau remises contre signature"

# A postal service that the company wrote down and BeePOST does not offer.
UNKNOWN_SERVICE = ("lettre_verte", "Lettre verte")
# One that BeePOST might offer, and of which the contract says no price.
SERVICES_PLUS = ("services_plus", "Lettre services plus")

# From this day on the law knows electronic invoices at all (CGI art. 289 bis); Chorus
# Pro is older.
EINVOICE_LAW = date(2026, 9, 1)

# What letters cost here is nobody's offer, and every name says so.
CONTRACT = "Contrat fictif {company}"
FICTION = "FICTIF : chiffres inventés pour la démonstration"
SHIPPED_TARIFF = "BeePOST (estimated)"
# What the contract of the second company does not price, until the check publishes it.
FORGOTTEN = ("recommande_r1", "recommande_international_r1")
PUBLIC_MORE_IN_2027 = 0.10  # EUR on each public step
