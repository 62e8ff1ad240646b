"""Countries as the post sees them: who belongs to La Poste, and names in French."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from .characters import plain

# Overseas France: own ISO code and first three digits of its postcodes. A contact may
# carry either country FR with such a postcode, or the territory's own code.
OVERSEAS = {
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "TF": "984",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
_TERRITORY = {prefix: code for code, prefix in OVERSEAS.items()}
# Saint-Barthélemy and Saint-Martin kept the postcodes they had within Guadeloupe.
_KEPT_POSTCODES = {"97133": "977", "97150": "978"}
# These have a post of their own, so that their name closes the address; La Poste itself
# delivers in the others, and the postcode says it all.
_OWN_POST = ("984", "986", "987", "988")
# Codes that Odoo's country list or people use beside ISO 3166.
_ALIASES = {"UK": "GB", "XI": "GB", "EL": "GR"}
# Names that CLDR makes too long or too official for an envelope, or keeps changing.
_POSTAL_NAMES = {
    "GS": "Géorgie du Sud",
    "HK": "Hong Kong",
    "IO": "Territoire Océan indien",
    "MM": "Birmanie",
    "MO": "Macao",
    "VN": "Viêt Nam",
}
_ZIP = re.compile(r"(?:(?:FR?|MC) ?)?([0-9]{2}) ?([0-9]{3})")
_NOT_COUNTRIES = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")


def iso(country: str) -> str:
    """ISO 3166 alpha-2 in capitals, common aliases resolved."""
    code = country.strip().upper()
    return _ALIASES.get(code, code)


def is_known(code: str) -> bool:
    """Whether ``code`` is the ISO alpha-2 code of a country or territory."""
    return len(code) == 2 and code not in _NOT_COUNTRIES and code in _names()


def is_french(code: str) -> bool:
    """Whether La Poste's national address format holds there (Monaco included)."""
    return code in ("FR", "MC") or code in OVERSEAS


def normal_zip(text: str) -> str:
    """Five digits where ``text`` is a French postcode in disguise (F-75 008)."""
    found = _ZIP.fullmatch(plain(text))
    return "".join(found.groups()) if found else plain(text)


def french_zone(code: str, zip_code: str) -> str | None:
    """Zone of a five-digit postcode, or None where it cannot be one of ``code``'s."""
    if not re.fullmatch(r"[0-9]{5}", zip_code):
        return None
    prefix = zip_code[:3]
    if code in OVERSEAS:
        mine = OVERSEAS[code]
        matches = mine in (prefix, _KEPT_POSTCODES.get(zip_code))
        return f"overseas:{mine}" if matches else None
    if prefix == "980":
        return "monaco"
    if code == "MC":
        return None
    if prefix in _TERRITORY:
        return f"overseas:{_KEPT_POSTCODES.get(zip_code, prefix)}"
    if zip_code.startswith("00"):  # armed forces, by postal sector
        return None if zip_code == "00000" else "military"
    if zip_code.startswith("20"):
        return "corsica"
    return "metropole" if "01" <= zip_code[:2] <= "95" else None


def zone(country: str, zip_code: str = "") -> str:
    """Where a letter goes, for postage and holidays.

    ``metropole``, ``corsica``, ``military``, ``overseas:974`` (971 to 978, 984, 986 to
    988), ``monaco``, ``andorra`` or ``international``. A French address with no or a
    wrong postcode counts as ``metropole``: ``compose`` refuses it anyway.

    :raises ValueError: without a country
    """
    code = iso(country)
    if not code:
        raise ValueError("no country")
    if code in OVERSEAS:
        return f"overseas:{OVERSEAS[code]}"
    if code == "MC":
        return "monaco"
    if code == "FR":
        return french_zone(code, normal_zip(zip_code)) or "metropole"
    return "andorra" if code == "AD" else "international"


def country_line(code: str, where: str, home: str) -> str:
    """Last line: the destination in French capitals, or "" within ``home``'s own post.

    :param where: the address's ``zone``
    """
    if where.startswith("overseas:"):
        prefix = where.partition(":")[2]
        if is_french(home) and prefix not in _OWN_POST:
            return ""
        return country_name(_TERRITORY[prefix])
    if code == home or (is_french(code) and is_french(home)):
        return ""
    return country_name(code)


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """The country in French, as an envelope shows it: COTE D IVOIRE, ROYAUME UNI."""
    return plain(_POSTAL_NAMES.get(code) or _names()[code])


@lru_cache(maxsize=1)
def _names():
    return Locale("fr").territories
