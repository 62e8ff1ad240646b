"""What is posted and is no invoice: orders, a delivery slip, an image, and a free
letter to a hundred customers. Their addresses in the window are worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

from .shape import MAIN, Accepted, Addressee

SALE, PURCHASE, SLIP = "sale.order", "purchase.order", "stock.picking"
IMAGE, FREE_LETTER = "ir.attachment", "beepost.free.letter.addressee"


@dataclass(frozen=True)
class Paper:
    """One document, as ``Case`` is one invoice.

    :param key: the other party's reference on it; of an image a part of its name, of a
        free letter the customer's number
    :param kind: its model in Odoo
    :param why: what it shows, in French: its chatter begins with it
    :param held: posted in the lot that is paused
    :param shared: its envelope holds another document of the table
    :param terms: the company's terms are enclosed, and printed once in its envelope
    :param words: what must be printed in it
    """

    key: str
    kind: str
    why: str
    to: Addressee
    verdict: Accepted
    held: bool = False
    shared: bool = False
    terms: bool = False
    words: tuple[str, ...] = ()
    company: str = MAIN

    @property
    def is_one_of_many(self) -> bool:
        """Left out of tables that a person reads: there are a hundred alike."""
        return self.kind == FREE_LETTER


WAREHOUSE, WAREHOUSE_CODE = "Dépôt de la rue des Imprimeurs", "DEPOT"
IMAGE_NAME = "{key}.png"
TERMS = "Conditions générales de vente"
TERMS_LINE = "Article 1. Toute commande vaut acceptation des présentes conditions."

_FERRAND = Addressee(
    "Cabinet Ferrand & Associés", "4, rue de Sèze", zip="69006", city="Lyon"
)
_AT_FERRAND = "Cabinet Ferrand & Associés | 4 RUE DE SEZE | 69006 LYON"

SINGLE = (
    Paper(
        "commande-librairie",
        SALE,
        "Une commande client, postée telle quelle.",
        Addressee(
            "Librairie du Parvis", "8, place Gailleton", zip="69002", city="Lyon"
        ),
        Accepted("Librairie du Parvis | 8 PLACE GAILLETON | 69002 LYON"),
    ),
    Paper(
        "achat-papier",
        PURCHASE,
        "Une commande à un fournisseur, postée telle quelle.",
        Addressee(
            "Papeterie des Trois Moulins SAS",
            "6, route de Valeyre",
            zip="63600",
            city="Ambert",
        ),
        Accepted("Papeterie des Trois Moulins SAS | 6 ROUTE DE VALEYRE | 63600 AMBERT"),
    ),
    Paper(
        "livraison-ecole",
        SLIP,
        "Un bordereau de livraison, posté tel quel.",
        Addressee("École Jules-Michelet", "15, rue de Trion", zip="69005", city="Lyon"),
        Accepted("École Jules-Michelet | 15 RUE DE TRION | 69005 LYON"),
    ),
    Paper(
        "maquette-de-couverture",
        IMAGE,
        "Une image, jointe à un devis : elle devient une page.",
        Addressee(
            "Éditions du Confluent", "30, cours Charlemagne", zip="69002", city="Lyon"
        ),
        Accepted(
            "Éditions du Confluent | 30 COURS CHARLEMAGNE | 69002 LYON",
            sheets=(2, 2),
            address_sheet=True,
        ),
    ),
)

HELD = (
    Paper(
        "commande-ferrand-1",
        SALE,
        "Deux commandes au même client, regroupées dans une enveloppe.",
        _FERRAND,
        # Each document begins on a sheet of its own, and so do the terms.
        Accepted(_AT_FERRAND, sheets=(3, 3)),
        held=True,
        shared=True,
        terms=True,
    ),
    Paper(
        "commande-ferrand-2",
        SALE,
        "Deux commandes au même client, regroupées dans une enveloppe.",
        _FERRAND,
        Accepted(_AT_FERRAND, sheets=(3, 3)),
        held=True,
        shared=True,
        terms=True,
    ),
    Paper(
        "commande-chastel",
        SALE,
        "Une commande d'un lot suspendu, puis repris.",
        Addressee(
            "M. Paul Chastel",
            "22, montée de la Grande-Côte",
            zip="69001",
            city="Lyon",
            is_company=False,
        ),
        Accepted(
            "M. Paul Chastel | 22 MONTEE DE LA GRANDE COTE | 69001 LYON",
            sheets=(2, 2),
        ),
        held=True,
        terms=True,
    ),
)

# ----------------------------------------------------------------------
# A hundred customers
# ----------------------------------------------------------------------

_LETTER = "Une lettre libre, avec le nom et le numéro de chaque client."
_NAMES = (
    ("Mme", "Alice", "Berthier"),
    ("M.", "Bruno", "Carpentier"),
    ("Mme", "Cécile", "Delorme"),
    ("M.", "Denis", "Estève"),
    ("Mme", "Élodie", "Fontaine"),
    ("M.", "François", "Garnier"),
    ("Mme", "Gaëlle", "Hubert"),
    ("M.", "Hervé", "Imbert"),
    ("Mme", "Irène", "Jacquet"),
    ("M.", "Joël", "Keller"),
)
_STREETS = (
    ("rue des Lilas", "RUE DES LILAS"),
    ("avenue de la Gare", "AVENUE DE LA GARE"),
    ("rue du Moulin", "RUE DU MOULIN"),
    ("place de la Mairie", "PLACE DE LA MAIRIE"),
    ("chemin des Vignes", "CHEMIN DES VIGNES"),
    ("rue de l'Église", "RUE DE L EGLISE"),
    ("boulevard Carnot", "BOULEVARD CARNOT"),
    ("rue Pasteur", "RUE PASTEUR"),
)
_TOWNS = (
    ("69100", "Villeurbanne", "VILLEURBANNE"),
    ("42000", "Saint-Étienne", "SAINT ETIENNE"),
    ("38000", "Grenoble", "GRENOBLE"),
    ("71000", "Mâcon", "MACON"),
    ("01000", "Bourg-en-Bresse", "BOURG EN BRESSE"),
    ("73000", "Chambéry", "CHAMBERY"),
    ("74000", "Annecy", "ANNECY"),
    ("63000", "Clermont-Ferrand", "CLERMONT FERRAND"),
    ("43000", "Le Puy-en-Velay", "LE PUY EN VELAY"),
    ("07000", "Privas", "PRIVAS"),
    ("26000", "Valence", "VALENCE"),
    ("03000", "Moulins", "MOULINS"),
)
# Letters to them are in English, the text's second language.
_ABROAD = (
    (
        Addressee(
            "Frau Anna Lindner",
            "Lindenstraße 14",
            zip="10969",
            city="Berlin",
            country="DE",
            lang="en_US",
            is_company=False,
        ),
        "Frau Anna Lindner | Lindenstraße 14 | 10969 BERLIN | ALLEMAGNE",
    ),
    (
        Addressee(
            "Herr Jonas Vogt",
            "Marktplatz 3",
            zip="70173",
            city="Stuttgart",
            country="DE",
            lang="en_US",
            is_company=False,
        ),
        "Herr Jonas Vogt | Marktplatz 3 | 70173 STUTTGART | ALLEMAGNE",
    ),
    (
        Addressee(
            "Mr Oliver Ashdown",
            "14 Baker Street",
            zip="NW1 6XE",
            city="London",
            country="GB",
            lang="en_US",
            is_company=False,
        ),
        "Mr Oliver Ashdown | 14 Baker Street | LONDON | NW1 6XE | ROYAUME UNI",
    ),
    (
        Addressee(
            "Ms Grace Whitlock",
            "3 Chapel Lane",
            zip="BS1 4QA",
            city="Bristol",
            country="GB",
            lang="en_US",
            is_company=False,
        ),
        "Ms Grace Whitlock | 3 Chapel Lane | BRISTOL | BS1 4QA | ROYAUME UNI",
    ),
)
ADDRESSEES = 100
_FIRST_NUMBER = 401


def _letters():
    for position in range(ADDRESSEES - len(_ABROAD)):
        title, first, _last = _NAMES[position % len(_NAMES)]
        last = _NAMES[(position + 1 + position // len(_NAMES)) % len(_NAMES)][2]
        street, in_capitals = _STREETS[position % len(_STREETS)]
        code, town, town_in_capitals = _TOWNS[position % len(_TOWNS)]
        name, number = f"{title} {first} {last}", 3 + position
        to = Addressee(
            name, f"{number}, {street}", zip=code, city=town, is_company=False
        )
        window = f"{name} | {number} {in_capitals} | {code} {town_in_capitals}"
        yield to, window, ("Votre numéro de client", "Papeterie Lumière")
    for to, window in _ABROAD:
        yield to, window, ("Your customer number", "Papeterie Lumière")


LETTERS = tuple(
    Paper(
        f"C-{_FIRST_NUMBER + position:04d}",
        FREE_LETTER,
        _LETTER,
        to,
        Accepted(window),
        words=(*words, to.name),
    )
    for position, (to, window, words) in enumerate(_letters())
)

PAPERS = (*SINGLE, *HELD, *LETTERS)

# The free letter, as it is written. Both texts end with the customer's own number.
SUBJECT = "Notre magasin ouvre le samedi"
BODY = """\
<p>Bonjour {{ object.name }},</p>
<p>Pendant trois semaines, notre magasin de la rue des Imprimeurs vous accueille aussi \
le samedi, de 9 h à 17 h. Les commandes reçues avant le dernier samedi sont livrées \
dans la semaine.</p>
<p>Votre numéro de client est le <strong>{{ object.ref }}</strong> : rappelez-le à la \
commande, et une remise de 5 % vous est accordée jusqu'à la fin de l'année.</p>
<p>Nous vous remercions de votre fidélité.</p>"""
SUBJECT_EN = "Our shop is open on Saturdays"
BODY_EN = """\
<p>Dear {{ object.name }},</p>
<p>For three weeks our shop in rue des Imprimeurs is open on Saturdays as well, from \
9 a.m. to 5 p.m. Orders that reach us before the last Saturday are delivered within \
the week.</p>
<p>Your customer number is <strong>{{ object.ref }}</strong>: mention it with your \
order, and you have a discount of 5% until the end of the year.</p>
<p>Thank you for your loyalty.</p>"""
CATEGORY = "Clients du magasin"
