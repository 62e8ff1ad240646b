"""French streets: which line a text belongs on, and the norm's abbreviations."""

from __future__ import annotations

import re

from .block import LINE_LENGTH, repair
from .characters import plain
from .finding import WARNING, Finding

# Types of way and their abbreviations (norme 38, as INSEE and SIRENE publish them).
WAYS = {
    "ALLEE": "ALL",
    "ALLEES": "ALL",
    "ANCIEN CHEMIN": "ACH",
    "AVENUE": "AV",
    "BOULEVARD": "BD",
    "CARREFOUR": "CAR",
    "CHAUSSEE": "CHS",
    "CHEMIN": "CHE",
    "CORNICHE": "COR",
    "COURS": "CRS",
    "DESCENTE": "DSC",
    "ESPLANADE": "ESP",
    "FAUBOURG": "FG",
    "GRANDE RUE": "GR",
    "IMPASSE": "IMP",
    "MONTEE": "MTE",
    "PASSAGE": "PAS",
    "PLACE": "PL",
    "PROMENADE": "PRO",
    "ROCADE": "ROC",
    "ROND POINT": "RPT",
    "ROUTE": "RTE",
    "ROUTE DEPARTEMENTALE": "RD",
    "ROUTE NATIONALE": "RN",
    "RUELLE": "RLE",
    "SENTE": "SEN",
    "SENTIER": "SEN",
    "SQUARE": "SQ",
    "TERRE PLEIN": "TPL",
    "TRAVERSE": "TRA",
}
SITES = {
    "DOMAINE": "DOM",
    "HAMEAU": "HAM",
    "LOTISSEMENT": "LOT",
    "PLATEAU": "PLT",
    "QUARTIER": "QUA",
    "RESIDENCE": "RES",
    "VILLA": "VLA",
    "VILLAGE": "VLGE",
    "ZONE ARTISANALE": "ZA",
    "ZONE D ACTIVITE": "ZA",
    "ZONE D ACTIVITES": "ZA",
    "ZONE INDUSTRIELLE": "ZI",
}
# Titles within a street's name (La Poste's street file).
TITLES = {
    "ADJUDANT": "ADJ",
    "ASPIRANT": "ASP",
    "BATAILLON": "BTN",
    "CARDINAL": "CDL",
    "COLONEL": "CNL",
    "COMMANDANT": "CDT",
    "DOCTEUR": "DR",
    "GENERAL": "GAL",
    "INGENIEUR": "ING",
    "LIEUTENANT": "LT",
    "MADAME": "MME",
    "MAITRE": "ME",
    "MARECHAL": "MAL",
    "MONSEIGNEUR": "MGR",
    "NOTRE DAME": "ND",
    "PRESIDENT": "PDT",
    "PROFESSEUR": "PR",
    "REGIMENT": "RGT",
    "SERGENT": "SGT",
}
_OTHER_WAYS = "AVE|BLD|BLVD|BVD|CHEM|MAIL|PARVIS|QUAI|R|RUE|VENELLE|VOIE"
_OTHER_SITES = (
    "AEROGARE|AEROPORT|APPARTEMENT|APPART|APPT|APT|BAT|BATIMENT|BLOC|BUREAU|CAGE|CAMPUS|"
    "CENTRE|CHALET|CHAMBRE|CITE|CLOS|COULOIR|ENTREE|ESC|ESCALIER|ESPACE|ETAGE|GALERIE|"
    "HALL|IMM|IMMEUBLE|LOGEMENT|NIVEAU|PARC|PAVILLON|PORTE|RDC|REZ|TECHNOPOLE|TOUR|"
    "ZAC|ZAE|ZONE"
)


def _words(*tables, more: str) -> str:
    names = [name for table in tables for pair in table.items() for name in pair]
    return "|".join(sorted({*names, *more.split("|")}, key=len, reverse=True))


_NUMBER = r"\d+(?: \d+)*(?: ?(?:BIS|TER|QUATER|QUINQUIES|[A-Z]))?"
_ANY_FLAT = "APPARTEMENT|APPT|APT|BATIMENT|ESCALIER|ETAGE|ETG|RDC"
_ANY_WAY = _words(WAYS, more=_OTHER_WAYS)
_ANY_SITE = _words(SITES, more=_OTHER_SITES)
WAY, SITE, BOX, HAMLET, CARE, UNKNOWN = "way", "site", "box", "hamlet", "care", ""
_KINDS = (
    (WAY, re.compile(rf"(?:{_NUMBER} )?(?:{_ANY_WAY})\b")),
    (SITE, re.compile(rf"(?:.*\b)?(?:{_ANY_FLAT})\b")),
    (WAY, re.compile(rf"{_NUMBER} ")),
    (HAMLET, re.compile(r"(?:LIEU ?DIT|LD|HAMEAU|HAM|(?:AU|LE) BOURG)\b")),
    (BOX, re.compile(r"(?:.* )?(?:B ?P|C ?S|T ?S ?A|CIDEX|S ?P)(?: N)? ?\d")),
    (BOX, re.compile(r"(?:BOITE POSTALE|POSTE RESTANTE|SECTEUR POSTAL)\b")),
    (SITE, re.compile(rf"(?:{_ANY_SITE})\b")),
    (CARE, re.compile(r"(?:C O|CHEZ|A L ATTENTION|ATTN?|SERVICE|SCE|DIRECTION)\b")),
)
# Who takes line 4 when two texts could, and where the other one goes.
_RANK = {WAY: 0, SITE: 1, HAMLET: 1, UNKNOWN: 1, BOX: 2, CARE: 3}
_ROLES = {SITE: 3, BOX: 5, HAMLET: 5, CARE: 2}
_LIKE_A_HAMLET = re.compile(r"(?:LES?|LA|L|MAS|MOULIN|FERME|CHATEAU)\b")


def kind(text: str) -> str:
    """What ``text`` (plain capitals) is: a way (line 4), a site such as a building (3),
    a box or a place name (5), a department (2), or unknown."""
    for name, pattern in _KINDS:
        if pattern.match(text):
            return name
    return UNKNOWN


def arrange(first: str, second: str) -> tuple[list[tuple[int, str]], list[Finding]]:
    """The lines (2 to 5) on which the two street fields belong, by their content.

    Line 4 takes the way, or whatever comes nearest to one. What cannot be told from its
    words goes where it most probably belongs, with a warning.
    """
    texts = [(text, kind(plain(text))) for text in (first, second) if plain(text)]
    if not texts:
        return [], []
    main = min(range(len(texts)), key=lambda index: _RANK[texts[index][1]])
    two_boxes = [BOX, BOX] == [its_kind for _, its_kind in texts]
    placed, findings = [], []
    for index, (text, its_kind) in enumerate(texts):
        role = _ROLES.get(its_kind)
        if index == main and (_RANK[its_kind] < 2 or two_boxes):
            role = 4
        elif role is None:
            role = 5 if _LIKE_A_HAMLET.match(plain(text)) else 3
            doubt = {"line": role, "text": text}
            findings.append(Finding("address.street2_doubt", WARNING, doubt))
        placed.append((role, text))
    if main and placed[main][0] == 4:
        findings.append(repair("address.reordered", first=second, second=first))
    return placed, findings


def shorten(street: str) -> tuple[str, list[Finding]]:
    """``street`` (plain capitals) in 38 characters, if the norm's abbreviations do it.

    First the type of way, then the titles, from left to right, and no further than
    needed; each is a listed repair. The norm allows this only over 32 characters; up to
    38 the line fits, so that nothing is abbreviated. Where it does not help the street
    comes back whole.
    """
    text, repairs = street, []
    heads = {**WAYS, **SITES}
    steps = [
        (rf"^((?:{_NUMBER} )?)({_alternatives(heads)})\b", heads),
        (rf"( )({_alternatives(TITLES)})(?= )", TITLES),
    ]
    for pattern, short in steps:
        while len(text) > LINE_LENGTH and (found := re.search(pattern, text)):
            word = found.group(2)
            text = text[: found.start(2)] + short[word] + text[found.end(2) :]
            repairs.append(
                repair("address.abbreviated", line=4, word=word, short=short[word])
            )
    if len(text) > LINE_LENGTH:
        return street, []
    return text, repairs


def _alternatives(table) -> str:
    return "|".join(sorted(table, key=len, reverse=True))
