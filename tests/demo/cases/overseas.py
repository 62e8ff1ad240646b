"""Overseas France, 971 to 988: under country FR and under the territory's own code."""

from .shape import Accepted, Addressee, Case


def person(name, street, zip_code, city, country="FR"):
    return Addressee(
        name, street, zip=zip_code, city=city, country=country, is_company=False
    )


OVERSEAS = (
    Case(
        "guadeloupe-gp",
        "971 sous son propre code de pays : pas de ligne de pays.",
        person(
            "Mme Josiane Bellony", "14, rue Frébault", "97110", "Pointe-à-Pitre", "GP"
        ),
        Accepted("Mme Josiane Bellony | 14 RUE FREBAULT | 97110 POINTE A PITRE"),
    ),
    Case(
        "martinique-fr",
        "972 sous le code FR.",
        person("M. Aimé Larcher", "8, rue Victor-Hugo", "97200", "Fort-de-France"),
        Accepted("M. Aimé Larcher | 8 RUE VICTOR HUGO | 97200 FORT DE FRANCE"),
    ),
    Case(
        "guyane-gf",
        "973 sous son propre code de pays.",
        person(
            "Mme Marie Zéphir", "51, rue Christophe-Colomb", "97300", "Cayenne", "GF"
        ),
        Accepted("Mme Marie Zéphir | 51 RUE CHRISTOPHE COLOMB | 97300 CAYENNE"),
    ),
    Case(
        "guyane-fr",
        "973 sous le code FR, une société : sans TVA, donc sans facture électronique.",
        Addressee("Scierie du Maroni", "8, rue du Port", zip="97320", city="Mana"),
        Accepted("Scierie du Maroni | 8 RUE DU PORT | 97320 MANA"),
    ),
    Case(
        "reunion-fr",
        "974 sous le code FR, une société : facture électronique, copie par courrier.",
        Addressee(
            "Vanille Bourbon SARL",
            "30, rue de Paris",
            zip="97400",
            city="Saint-Denis",
            vat="FR86980100861",
            siret="98010086100015",
        ),
        Accepted(
            "Vanille Bourbon SARL | 30 RUE DE PARIS | 97400 SAINT DENIS", is_copy=True
        ),
    ),
    Case(
        "saint-pierre-pm",
        "975, Saint-Pierre-et-Miquelon.",
        person(
            "M. Yann Detcheverry", "3, rue Boursaint", "97500", "Saint-Pierre", "PM"
        ),
        Accepted("M. Yann Detcheverry | 3 RUE BOURSAINT | 97500 SAINT PIERRE"),
    ),
    Case(
        "mayotte-yt",
        "976, Mayotte.",
        person("M. Saïd Ahamada", "16, rue du Commerce", "97600", "Mamoudzou", "YT"),
        Accepted("M. Saïd Ahamada | 16 RUE DU COMMERCE | 97600 MAMOUDZOU"),
        credit_note=True,
    ),
    Case(
        "saint-barthelemy-bl",
        "977 : Saint-Barthélemy a gardé 97133.",
        person("Mme Anne Gréaux", "7, rue du Roi-Oscar-II", "97133", "Gustavia", "BL"),
        Accepted("Mme Anne Gréaux | 7 RUE DU ROI OSCAR II | 97133 GUSTAVIA"),
    ),
    Case(
        "saint-martin-mf",
        "978 : Saint-Martin a gardé 97150.",
        person(
            "M. Louis Fleming", "21, rue de la République", "97150", "Marigot", "MF"
        ),
        Accepted("M. Louis Fleming | 21 RUE DE LA REPUBLIQUE | 97150 MARIGOT"),
    ),
    Case(
        "terres-australes-tf",
        "984 : le nom du territoire ferme l'adresse.",
        person(
            "M. Erwan Le Gall", "Îles Kerguelen", "98413", "Port-aux-Français", "TF"
        ),
        Accepted(
            "M. Erwan Le Gall | ILES KERGUELEN | 98413 PORT AUX FRANCAIS"
            " | TERRES AUSTRALES FRANCAISES"
        ),
    ),
    Case(
        "wallis-wf",
        "986 : poste locale, le nom du territoire ferme l'adresse.",
        person("M. Sosefo Taufana", "BP 16", "98600", "Mata-Utu", "WF"),
        Accepted("M. Sosefo Taufana | BP 16 | 98600 MATA UTU | WALLIS ET FUTUNA"),
    ),
    Case(
        "polynesie-pf",
        "987 : une société hors du champ de la réforme française.",
        Addressee(
            "Perles de Tahiti SARL",
            "12, avenue du Prince-Hinoi",
            zip="98714",
            city="Papeete",
            country="PF",
        ),
        Accepted(
            "Perles de Tahiti SARL | 12 AVENUE DU PRINCE HINOI | 98714 PAPEETE"
            " | POLYNESIE FRANCAISE"
        ),
    ),
    Case(
        "nouvelle-caledonie-fr",
        "988 sous le code FR : le nom du territoire ferme l'adresse quand même.",
        person("Mme Nathalie Wamytan", "45, rue de Sébastopol", "98800", "Nouméa"),
        Accepted(
            "Mme Nathalie Wamytan | 45 RUE DE SEBASTOPOL | 98800 NOUMEA"
            " | NOUVELLE CALEDONIE"
        ),
    ),
)
