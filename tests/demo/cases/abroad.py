"""Addressees abroad: the country's own order, its name in French on the last line."""

from .shape import Accepted, Addressee, Case

ABROAD = (
    Case(
        "allemagne",
        "Allemagne : la rue garde ses lettres, la ville perd ses trémas.",
        Addressee(
            "Bäckerei Weiß GmbH & Co. KG",
            "Leopoldstraße 36",
            zip="80802",
            city="München",
            country="DE",
            vat="DE136695976",
            lang="en_US",
        ),
        Accepted(
            "Bäckerei Weiß GmbH & Co. KG | Leopoldstraße 36 | 80802 MUNCHEN | ALLEMAGNE"
        ),
    ),
    Case(
        "belgique",
        "Belgique : postée en France, elle porte donc le pays.",
        Addressee(
            "Brasserie du Canal SRL",
            "Rue Gheude 56",
            zip="1070",
            city="Anderlecht",
            country="BE",
            vat="BE0203430576",
        ),
        Accepted("Brasserie du Canal SRL | Rue Gheude 56 | 1070 ANDERLECHT | BELGIQUE"),
    ),
    Case(
        "suisse",
        "Suisse : case postale sous la rue, CH devant le code.",
        Addressee(
            "Müller & Söhne AG",
            "Bahnhofstrasse 10",
            "Postfach",
            "8001",
            "Zürich",
            "CH",
        ),
        Accepted(
            "Müller & Söhne AG | Bahnhofstrasse 10 | Postfach | CH-8001 ZURICH | SUISSE"
        ),
    ),
    Case(
        "royaume-uni",
        "Royaume-Uni : le code postal a sa propre ligne.",
        Addressee(
            "Pemberton Books Ltd",
            "221B Baker Street",
            zip="NW1 6XE",
            city="London",
            country="GB",
            lang="en_US",
        ),
        Accepted(
            "Pemberton Books Ltd | 221B Baker Street | LONDON | NW1 6XE | ROYAUME UNI"
        ),
        credit_note=True,
    ),
    Case(
        "etats-unis",
        "États-Unis : ville, État et code sur une ligne.",
        Addressee(
            "Ms. Dana O'Neill",
            "1600 Amphitheatre Pkwy",
            "Apt 4",
            "94043",
            "Mountain View",
            "US",
            state="CA",
            is_company=False,
            lang="en_US",
        ),
        Accepted(
            "Ms. Dana O'Neill | 1600 Amphitheatre Pkwy | Apt 4 | MOUNTAIN VIEW CA 94043"
            " | ETATS UNIS"
        ),
    ),
    Case(
        "japon",
        "Japon, en lettres latines.",
        Addressee(
            "Hoshino Bunko K.K.",
            "10-23, Nishi-shinjuku 3-chome",
            zip="160-0023",
            city="Shinjuku-ku",
            country="JP",
            state="JP-13",
            lang="en_US",
        ),
        Accepted(
            "Hoshino Bunko K.K. | 10-23, Nishi-shinjuku 3-chome"
            " | SHINJUKU-KU TOKYO 160-0023 | JAPON"
        ),
    ),
    Case(
        "italie",
        "Italie : la province en deux lettres.",
        Addressee(
            "Rossi S.r.l.",
            "Via Giuseppe Verdi, 12",
            zip="20121",
            city="Milano",
            country="IT",
            state="MI",
            lang="en_US",
        ),
        Accepted("Rossi S.r.l. | Via Giuseppe Verdi, 12 | 20121 MILANO MI | ITALIE"),
    ),
)
