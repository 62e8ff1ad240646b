"""French companies, their contacts and invoice addresses, and other professionals: the
law wants an electronic invoice, and paper is a copy."""

from .shape import Accepted, Addressee, Case

VASSEUR = Addressee(
    "Imprimerie Vasseur SAS",
    "25, rue des Carmes",
    zip="44000",
    city="Nantes",
    vat="FR32980100358",
    siret="98010035800012",
)
BELLE_RIVE = Addressee(
    "Groupe Hôtelier Belle Rive",
    "40, quai des Chartrons",
    zip="33000",
    city="Bordeaux",
    vat="FR42980100523",
    siret="98010052300011",
)
MORVAN = Addressee("Transports Morvan", "Z.A. des Prés", zip="58000", city="Nevers")
ARTISANS = Addressee("Caisse des Artisans du Rhône", zip="69419", city="Lyon Cedex 03")

PROFESSIONALS = (
    Case(
        "societe-paris",
        "Une société ordinaire : facture électronique, donc copie par courrier.",
        Addressee(
            "Librairie des Lumières SARL",
            "155, rue Saint-Honoré",
            zip="75001",
            city="Paris",
            vat="FR92980100184",
            siret="98010018400012",
        ),
        Accepted(
            "Librairie des Lumières SARL | 155 RUE SAINT HONORE | 75001 PARIS",
            is_copy=True,
        ),
    ),
    Case(
        "contact",
        "Un contact d'une société : la société d'abord, puis la personne.",
        Addressee("M. Paul Vasseur", is_company=False, parent=VASSEUR),
        Accepted(
            "Imprimerie Vasseur SAS | M. Paul Vasseur | 25 RUE DES CARMES"
            " | 44000 NANTES",
            is_copy=True,
        ),
    ),
    Case(
        "adresse-de-facturation",
        "Adresse de facturation dans une autre ville que le siège.",
        Addressee(
            "Service comptabilité fournisseurs",
            "1, avenue de Genève",
            zip="74000",
            city="Annecy",
            is_company=False,
            parent=BELLE_RIVE,
            kind="invoice",
        ),
        Accepted(
            "Groupe Hôtelier Belle Rive | Service comptabilité fournisseurs"
            " | 1 AVENUE DE GENEVE | 74000 ANNECY",
            is_copy=True,
        ),
    ),
    Case(
        "facturation-sans-nom",
        "Adresse de facturation sans nom : elle prend celui de la société.",
        Addressee(
            "",
            "6, quai de la Saône",
            zip="71100",
            city="Chalon-sur-Saône",
            is_company=False,
            parent=MORVAN,
            kind="invoice",
        ),
        Accepted(
            "Transports Morvan | 6 QUAI DE LA SAONE | 71100 CHALON SUR SAONE",
            is_copy=True,
        ),
    ),
    Case(
        "cedex-sans-rue",
        "Un CEDEX particulier n'a pas besoin de rue.",
        Addressee("Service Recouvrement", is_company=False, parent=ARTISANS),
        Accepted(
            "Caisse des Artisans du Rhône | Service Recouvrement | 69419 LYON CEDEX 03",
            is_copy=True,
        ),
    ),
    Case(
        "cedex-en-deux-lignes",
        "Une entreprise et son CEDEX particulier : deux lignes suffisent.",
        Addressee("Mutuelle de la Presqu'île", zip="69465", city="Lyon Cedex 06"),
        Accepted("Mutuelle de la Presqu'île | 69465 LYON CEDEX 06", is_copy=True),
    ),
    Case(
        "organisme-public",
        "Un organisme public est facturé par Chorus Pro : copie par courrier.",
        Addressee(
            "Commune de Saint-Rémy",
            "1, place de la Mairie",
            zip="71100",
            city="Saint-Rémy",
            siret="98010069700013",
            public_body=True,
        ),
        Accepted(
            "Commune de Saint-Rémy | 1 PLACE DE LA MAIRIE | 71100 SAINT REMY",
            is_copy=True,
        ),
    ),
    Case(
        "entreprise-individuelle",
        "Une personne avec numéro de TVA est un professionnel : copie par courrier.",
        Addressee(
            "M. Luc Fabre",
            "22, rue des Arts",
            zip="81000",
            city="Albi",
            is_company=False,
            vat="FR79980100697",
        ),
        Accepted("M. Luc Fabre | 22 RUE DES ARTS | 81000 ALBI", is_copy=True),
    ),
)
