"""Letters of every size, and every wish that a customer can have on file.

How many pages the notes make depends on the layout, so pages have bounds; those of the
sheets and the envelope were worked out from them: C6/5 holds 5 sheets, C5 holds 10, C4
holds 45 and always has an address sheet.
"""

from .endings import ACKNOWLEDGED, TRACKED
from .shape import ODOO, Accepted, Addressee, Case, Refused

SIZES = (
    Case(
        "deux-pages",
        "Deux pages, recto verso : une feuille.",
        Addressee("Lycée Jean-Moulin", "2, rue du Stade", zip="26000", city="Valence"),
        Accepted(
            "Lycée Jean-Moulin | 2 RUE DU STADE | 26000 VALENCE",
            is_copy=True,
            pages=(2, 2),
        ),
        products=12,
        notes=1,
    ),
    Case(
        "huit-pages",
        "Huit pages, recto verso : le petit format tient jusqu'à cinq feuilles.",
        Addressee("Hôpital Sainte-Claire", "70, avenue Foch", zip="57000", city="Metz"),
        Accepted(
            "Hôpital Sainte-Claire | 70 AVENUE FOCH | 57000 METZ",
            is_copy=True,
            pages=(7, 9),
            sheets=(4, 5),
        ),
        notes=14,
    ),
    Case(
        "recto-seul",
        "Le client veut du recto : une feuille par page, enveloppe C5.",
        Addressee(
            "Étude Maître Vidal",
            "1, place du Capitole",
            zip="31000",
            city="Toulouse",
            simplex=True,
        ),
        Accepted(
            "Étude Maître Vidal | 1 PLACE DU CAPITOLE | 31000 TOULOUSE",
            is_copy=True,
            pages=(7, 9),
            sheets=(7, 9),
            envelope="C5",
            duplex=False,
        ),
        notes=14,
    ),
    Case(
        "avoir-de-seize-pages",
        "Un avoir de seize pages, recto verso : enveloppe C5.",
        Addressee(
            "Théâtre des Remparts", "5, rue Joseph-Vernet", zip="84000", city="Avignon"
        ),
        Accepted(
            "Théâtre des Remparts | 5 RUE JOSEPH VERNET | 84000 AVIGNON",
            is_copy=True,
            pages=(14, 18),
            sheets=(7, 9),
            envelope="C5",
        ),
        credit_note=True,
        notes=30,
    ),
    Case(
        "vingt-cinq-pages",
        "Vingt-cinq pages : enveloppe C4, dont la fenêtre veut une feuille d'adresse.",
        Addressee(
            "Université du Littoral", "34, Grande Rue", zip="62200", city="Boulogne"
        ),
        Accepted(
            "Université du Littoral | 34 GRANDE RUE | 62200 BOULOGNE",
            is_copy=True,
            pages=(23, 28),
            sheets=(13, 15),
            envelope="C4",
            address_sheet=True,
        ),
        notes=48,
    ),
    Case(
        "soixante-pages",
        "Soixante pages, recto verso : elle part.",
        Addressee(
            "Réseau des Bibliothèques", "18, quai Voltaire", zip="75007", city="Paris"
        ),
        Accepted(
            "Réseau des Bibliothèques | 18 QUAI VOLTAIRE | 75007 PARIS",
            is_copy=True,
            pages=(56, 64),
            sheets=(29, 33),
            envelope="C4",
            address_sheet=True,
        ),
        notes=118,
    ),
    Case(
        "soixante-pages-recto",
        "Les mêmes en recto seul : plus de 45 feuilles, aucune enveloppe n'en tient"
        " autant.",
        Addressee(
            "Archives du Vexin",
            "7, rue du Château",
            zip="95000",
            city="Cergy",
            simplex=True,
        ),
        Refused(ODOO, (("envelope.too_many_sheets", "at most 45 fit in an envelope"),)),
        notes=118,
    ),
    Case(
        "couleur-suivie",
        "Le client préfère la couleur et la lettre suivie.",
        Addressee(
            "Mme Camille Aubert",
            "60, rue des Ponts",
            zip="54000",
            city="Nancy",
            is_company=False,
            color=True,
            service="lettre_suivie",
        ),
        Accepted(
            "Mme Camille Aubert | 60 RUE DES PONTS | 54000 NANCY",
            color=True,
            service="lettre_suivie",
            ending=TRACKED,
        ),
    ),
    Case(
        "recommande-ar",
        "Le client est toujours servi en recommandé avec AR.",
        Addressee(
            "Syndic Bellevue",
            "11, boulevard Wilson",
            zip="21000",
            city="Dijon",
            service="recommande_ar",
        ),
        Accepted(
            "Syndic Bellevue | 11 BOULEVARD WILSON | 21000 DIJON",
            is_copy=True,
            service="recommande_ar",
            ending=ACKNOWLEDGED,
        ),
    ),
)
