"""Letters that do not leave, each for a reason that is said."""

from .shape import BEEPOST, ODOO, Addressee, Case, Refused

ZIP_MISSING = ("address.zip_missing", "The postcode is missing")
COUNTRY_MISSING = ("address.country_missing", "The country is missing")
STREET_MISSING = ("address.street_missing", "The street is missing")
CITY_MISSING = ("address.city_missing", "The city is missing")


def person(name, street="", zip_code="", city="", country="FR", **more):
    return Addressee(
        name, street, zip=zip_code, city=city, country=country, is_company=False, **more
    )


REFUSED = (
    Case(
        "sans-code-postal",
        "Le code postal manque.",
        person("M. Alain Perrin", "4, rue Bichat", "", "Mâcon"),
        Refused(ODOO, (ZIP_MISSING,)),
    ),
    Case(
        "sans-pays",
        "Le pays manque.",
        person("Mme Sylvie Noël", "4, rue Bichat", "01000", "Bourg-en-Bresse", ""),
        Refused(ODOO, (COUNTRY_MISSING,)),
    ),
    Case(
        "sans-rue",
        "La rue manque.",
        person("M. Thomas Colin", "", "01000", "Bourg-en-Bresse"),
        Refused(ODOO, (STREET_MISSING,)),
    ),
    Case(
        "sans-ville",
        "La ville manque.",
        person("Mme Léa Marchand", "4, rue Bichat", "01000"),
        Refused(ODOO, (CITY_MISSING,)),
    ),
    Case(
        "sans-rien",
        "Un nom et rien d'autre : tout ce qui manque est dit en une fois.",
        Addressee("Client de passage", country=""),
        Refused(ODOO, (COUNTRY_MISSING, STREET_MISSING, ZIP_MISSING, CITY_MISSING)),
        credit_note=True,
    ),
    Case(
        "nom-trop-long",
        "Un nom de 52 caractères : rien n'est coupé en silence.",
        Addressee(
            "Société Coopérative d'Intérêt Collectif du Haut-Jura",
            "1, rue du Pré",
            zip="39200",
            city="Saint-Claude",
        ),
        Refused(
            ODOO,
            (("address.line_too_long", "Line 1 has 52 characters, 38 fit"),),
        ),
    ),
    Case(
        "rue-trop-longue",
        "Une rue que les abréviations de la norme ne suffisent pas à faire tenir.",
        person(
            "M. Hugo Blanc",
            "2150, rue de la Commanderie des Hospitaliers",
            "12100",
            "Millau",
        ),
        Refused(
            ODOO,
            (("address.line_too_long", "Line 4 has 43 characters, 38 fit"),),
        ),
    ),
    Case(
        "nom-arabe",
        "Un nom en lettres arabes, que la feuille d'adresse ne sait pas imprimer.",
        Addressee(
            "شركة الأمل للتجارة",
            "12, rue de Fès",
            zip="20250",
            city="Casablanca",
            country="MA",
        ),
        Refused(
            ODOO,
            (("address.unprintable", "characters that cannot be printed"),),
        ),
    ),
    Case(
        "code-postal-faux",
        "Un code postal de quatre chiffres en France.",
        person("Mme Chloé Renard", "10, rue Monge", "7500", "Paris"),
        Refused(
            ODOO,
            (("address.zip_invalid", "“7500” is not a postcode of France"),),
        ),
    ),
    Case(
        "deux-codes-postaux",
        "Le code postal et celui que la ville répète se contredisent.",
        person("M. Denis Roussel", "33, cours Vitton", "69006", "69003 Lyon"),
        Refused(
            ODOO,
            (
                (
                    "address.zip_conflict",
                    "The postcode 69006 and the city “69003 Lyon” name two different",
                ),
            ),
        ),
    ),
    Case(
        "refus-a-l-arrivee",
        "BeePOST la refuse : le nom du destinataire demande ce refus d'essai.",
        Addressee("Garage TEST REJET", "5, rue du Four", zip="86000", city="Poitiers"),
        Refused(
            BEEPOST,
            (("provider.refused:sandbox.rejected", "(sandbox.rejected)"),),
            "Garage TEST REJET | 5 RUE DU FOUR | 86000 POITIERS",
        ),
    ),
    Case(
        "avoir-refuse-a-l-arrivee",
        "Le même refus pour l'avoir d'un particulier.",
        person("Mme TEST REJET", "5, rue du Four", "86000", "Poitiers"),
        Refused(
            BEEPOST,
            (("provider.refused:sandbox.rejected", "(sandbox.rejected)"),),
            "Mme TEST REJET | 5 RUE DU FOUR | 86000 POITIERS",
        ),
        credit_note=True,
    ),
    Case(
        "service-inconnu",
        "Le client préfère un service postal que BeePOST ne connaît pas.",
        person(
            "M. Gilles Vernet",
            "8, rue Pasteur",
            "21000",
            "Dijon",
            service="lettre_verte",
        ),
        Refused(
            BEEPOST,
            (("provider.refused:service.unknown", "(service.unknown)"),),
            "M. Gilles Vernet | 8 RUE PASTEUR | 21000 DIJON",
        ),
    ),
)
