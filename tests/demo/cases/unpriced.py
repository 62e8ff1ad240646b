"""Letters that wait, because the contract says nothing of what they cost."""

from .house import SERVICES_PLUS
from .shape import Addressee, Case, Held

UNPRICED = (
    Case(
        "sans-prix",
        "Un service que le contrat ne prévoit pas : sans prix, rien ne part.",
        Addressee(
            "M. Lucien Faure",
            "6, rue de la Boucherie",
            zip="87000",
            city="Limoges",
            is_company=False,
            service=SERVICES_PLUS[0],
        ),
        Held(
            (SERVICES_PLUS[1], "Contrat fictif"),
            "M. Lucien Faure | 6 RUE DE LA BOUCHERIE | 87000 LIMOGES",
        ),
    ),
    Case(
        "sans-prix-etranger",
        "Le même service à l'étranger : pas de prix non plus.",
        Addressee(
            "Frau Greta Vogel",
            "Hauptstraße 12",
            zip="50667",
            city="Köln",
            country="DE",
            is_company=False,
            service=SERVICES_PLUS[0],
        ),
        Held(
            (SERVICES_PLUS[1], "Contrat fictif"),
            "Frau Greta Vogel | Hauptstraße 12 | 50667 KOLN | ALLEMAGNE",
        ),
    ),
)
