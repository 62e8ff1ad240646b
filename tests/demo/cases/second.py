"""The second company: its own account, electronic invoices only later, and an address
sheet in front of every letter."""

from .endings import REGISTERED
from .shape import BEEPOST, ODOO, OTHER, Accepted, Addressee, Case, Refused

SECOND = (
    Case(
        "autre-societe",
        "Seconde société, pas encore tenue à la facture électronique : un original.",
        Addressee(
            "Studio Mistral SAS",
            "10, rue de la République",
            zip="13002",
            city="Marseille",
            vat="FR23980101034",
        ),
        Accepted(
            "Studio Mistral SAS | 10 RUE DE LA REPUBLIQUE | 13002 MARSEILLE",
            sheets=(2, 2),
            address_sheet=True,
        ),
        company=OTHER,
    ),
    Case(
        "autre-particulier",
        "Seconde société : la feuille d'adresse est toujours ajoutée.",
        Addressee(
            "Mme Inès Gauthier",
            "17, rue Crébillon",
            zip="44000",
            city="Nantes",
            is_company=False,
        ),
        Accepted(
            "Mme Inès Gauthier | 17 RUE CREBILLON | 44000 NANTES",
            sheets=(2, 2),
            address_sheet=True,
        ),
        company=OTHER,
    ),
    Case(
        "autre-hors-contrat",
        "Seconde société : un recommandé, que son contrat oublie, part sans prix.",
        Addressee(
            "M. Hugo Lambert",
            "5, rue Kervégan",
            zip="44000",
            city="Nantes",
            is_company=False,
            service="recommande",
        ),
        Accepted(
            "M. Hugo Lambert | 5 RUE KERVEGAN | 44000 NANTES",
            sheets=(2, 2),
            address_sheet=True,
            service="recommande",
            ending=REGISTERED,
        ),
        company=OTHER,
    ),
    Case(
        "autre-sans-code-postal",
        "Seconde société : le code postal manque.",
        Addressee("M. Rémi Leclerc", "1, rue Scribe", city="Nantes", is_company=False),
        Refused(ODOO, (("address.zip_missing", "The postcode is missing"),)),
        company=OTHER,
    ),
    Case(
        "autre-refus",
        "Seconde société : refusée par BeePOST, sous son propre compte.",
        Addressee(
            "Atelier TEST REJET", "3, quai de la Fosse", zip="44000", city="Nantes"
        ),
        Refused(
            BEEPOST,
            (("provider.refused:sandbox.rejected", "(sandbox.rejected)"),),
            "Atelier TEST REJET | 3 QUAI DE LA FOSSE | 44000 NANTES",
        ),
        company=OTHER,
    ),
)
