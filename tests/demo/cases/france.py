"""Addresses in mainland France, Corsica and Monaco: every form of the norm."""

from .endings import PLAIN_NPAI
from .shape import Accepted, Addressee, Case

FRANCE = (
    Case(
        "particulier-lyon",
        "Un particulier : le papier est la facture.",
        Addressee(
            "Mme Hélène Lefèvre",
            "3 bis, allée des Cèdres",
            zip="69006",
            city="Lyon",
            is_company=False,
        ),
        Accepted("Mme Hélène Lefèvre | 3 BIS ALLEE DES CEDRES | 69006 LYON"),
    ),
    Case(
        "avoir-lyon",
        "Un avoir au même genre de client.",
        Addressee(
            "M. Bruno Chauvet",
            "9, montée de la Grande-Côte",
            zip="69001",
            city="Lyon",
            is_company=False,
        ),
        Accepted("M. Bruno Chauvet | 9 MONTEE DE LA GRANDE COTE | 69001 LYON"),
        credit_note=True,
    ),
    Case(
        "accents",
        "Accents et ligatures : gardés dans le nom, ôtés à partir de la rue.",
        Addressee(
            "Œuvres & Mémoires de l'Été",
            "12, rue de l'Œuvre",
            zip="42000",
            city="Saint-Étienne",
        ),
        Accepted(
            "Œuvres & Mémoires de l'Été | 12 RUE DE L OEUVRE | 42000 SAINT ETIENNE",
            is_copy=True,
        ),
    ),
    Case(
        "signes",
        "Les signes & < > doivent s'imprimer tels quels.",
        Addressee(
            "A <B> & Fils SARL", "8, place Kléber", zip="67000", city="Strasbourg"
        ),
        Accepted("A <B> & Fils SARL | 8 PLACE KLEBER | 67000 STRASBOURG", is_copy=True),
    ),
    Case(
        "polonais",
        "Des lettres latines que toutes les polices n'ont pas.",
        Addressee(
            "Łukasz Wałęsa",
            "27, rue Breteuil",
            zip="13006",
            city="Marseille",
            is_company=False,
        ),
        Accepted("Łukasz Wałęsa | 27 RUE BRETEUIL | 13006 MARSEILLE"),
    ),
    Case(
        "grec",
        "Un nom en lettres grecques : il s'imprime, l'adresse se lit.",
        Addressee(
            "Γιώργος Παπαδόπουλος",
            "9, rue d'Athènes",
            zip="75009",
            city="Paris",
            is_company=False,
        ),
        Accepted("Γιώργος Παπαδόπουλος | 9 RUE D ATHENES | 75009 PARIS"),
    ),
    Case(
        "cedex",
        "CEDEX avec rue et course spéciale.",
        Addressee(
            "Assurances du Ponant",
            "78, rue Olivier-de-Serres",
            "CS 40001",
            "75739",
            "Paris Cédex 15",
        ),
        Accepted(
            "Assurances du Ponant | 78 RUE OLIVIER DE SERRES | CS 40001"
            " | 75739 PARIS CEDEX 15",
            is_copy=True,
        ),
        credit_note=True,
    ),
    Case(
        "boite-postale",
        "Une boîte postale tient lieu de rue.",
        Addressee("Coopérative du Trégor", "BP 12", zip="22300", city="Lannion"),
        Accepted("Coopérative du Trégor | BP 12 | 22300 LANNION", is_copy=True),
    ),
    Case(
        "lignes-inversees",
        "Boîte postale saisie avant la rue : remise à sa place.",
        Addressee("Armement Kerguelen", "BP 45", "4, rue de Siam", "29200", "Brest"),
        Accepted(
            "Armement Kerguelen | 4 RUE DE SIAM | BP 45 | 29200 BREST", is_copy=True
        ),
        credit_note=True,
    ),
    Case(
        "batiment",
        "Résidence et bâtiment passent au-dessus de la rue.",
        Addressee(
            "M. Karim Haddad",
            "18, rue des Lilas",
            "Résidence Les Cèdres, Bât. B",
            "35000",
            "Rennes",
            is_company=False,
        ),
        Accepted(
            "M. Karim Haddad | Résidence Les Cèdres, Bât. B | 18 RUE DES LILAS"
            " | 35000 RENNES"
        ),
    ),
    Case(
        "lieu-dit",
        "Le lieu-dit passe sous la rue.",
        Addressee(
            "Mme Odile Garnier",
            "120, chemin des Vignes",
            "Lieu-dit Le Moulin",
            "24220",
            "Saint-Cyprien",
            is_company=False,
        ),
        Accepted(
            "Mme Odile Garnier | 120 CHEMIN DES VIGNES | LIEU DIT LE MOULIN"
            " | 24220 SAINT CYPRIEN"
        ),
    ),
    Case(
        "rue-abregee",
        "44 caractères dans la rue : « boulevard » devient BD, et tout tient.",
        Addressee(
            "Cabinet Delmas",
            "1245 boulevard du Général-de-Gaulle Prolongé",
            zip="06200",
            city="Nice",
        ),
        Accepted(
            "Cabinet Delmas | 1245 BD DU GENERAL DE GAULLE PROLONGE | 06200 NICE",
            is_copy=True,
        ),
    ),
    Case(
        "nom-de-38",
        "Un nom de 38 caractères, exactement ce qu'une ligne contient.",
        Addressee(
            "Établissements Dupont-Lacroix & Cie SA",
            "2, rue Nationale",
            zip="59000",
            city="Lille",
        ),
        Accepted(
            "Établissements Dupont-Lacroix & Cie SA | 2 RUE NATIONALE | 59000 LILLE",
            is_copy=True,
        ),
    ),
    Case(
        "corse",
        "La Corse, code postal en 20.",
        Addressee(
            "M. Ange Paoli",
            "5, cours Napoléon",
            zip="20000",
            city="Ajaccio",
            is_company=False,
        ),
        Accepted("M. Ange Paoli | 5 COURS NAPOLEON | 20000 AJACCIO"),
    ),
    Case(
        "monaco",
        "Monaco est desservi par La Poste : pas de ligne de pays.",
        Addressee(
            "Azur Yachting SAM",
            "15, boulevard des Moulins",
            zip="98000",
            city="Monaco",
            country="MC",
        ),
        Accepted("Azur Yachting SAM | 15 BOULEVARD DES MOULINS | 98000 MONACO"),
    ),
    Case(
        "retour-npai",
        "Acceptée ; le service d'essai la rendra plus tard « NPAI ».",
        Addressee(
            "Garage TEST NPAI", "14, rue du Port", zip="17000", city="La Rochelle"
        ),
        Accepted(
            "Garage TEST NPAI | 14 RUE DU PORT | 17000 LA ROCHELLE",
            is_copy=True,
            ending=PLAIN_NPAI,
        ),
    ),
)
