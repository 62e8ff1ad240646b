"""Characters: what people type, what the font prints, what La Poste's readers read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The address sheet's embedded font prints these without shaping: Latin, Greek, Cyrillic
# and ordinary signs (each range checked against DejaVu Sans). Anything else is refused.
_PRINTABLE = (
    (0x0020, 0x007E),
    (0x00A0, 0x02E9),
    (0x0370, 0x03FF),
    (0x0400, 0x0482),
    (0x048A, 0x0525),
    (0x1E00, 0x1EFB),
    (0x1F00, 0x1FFF),
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x2070, 0x209F),
    (0x20A0, 0x20B5),
    (0x2116, 0x2116),
    (0x2120, 0x2122),
    (0x2150, 0x2185),
    (0xFB00, 0xFB06),
)
_INVISIBLE_MARKS = frozenset("\u034f") | {chr(code) for code in range(0xFE00, 0xFE10)}
# What neither a Unicode decomposition nor the letter's name reduces to ASCII.
_LATIN = {
    "Æ": "AE",
    "Œ": "OE",
    "ẞ": "SS",
    "Þ": "TH",
    "Ð": "D",
    "Ŋ": "N",
    "Ə": "E",
    "Ɛ": "E",
    "Ɔ": "O",
    "Ɩ": "I",
    "Ʊ": "U",
    "ı": "I",
    "ĸ": "K",
    "&": " ET ",
    "\u02bb": "'",
    "\u02bc": "'",
    "\u2019": "'",
    "\u2044": "/",
}
_LETTER_NAME = re.compile(r"LATIN (?:CAPITAL|SMALL) LETTER ([A-Z])(?: WITH .*)?")


def clean(text: str) -> tuple[str, str]:
    """One line of composed Unicode, and the invisible characters that it had.

    Line ends, tabs and every kind of space become one space; full-width forms become
    ordinary ones. Control, format and bidirectional marks go and are returned, in the
    order met, so that the caller can list them.
    """
    kept, removed = [], []
    for char in text or "":
        category = unicodedata.category(char)
        if char in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85" or category in ("Zs", "Zl", "Zp"):
            kept.append(" ")
        elif category in ("Cc", "Cf") or char in _INVISIBLE_MARKS:
            removed.append(char)
        elif category == "Cs":
            kept.append("\ufffd")  # half a character: no encoding can hold it
        elif unicodedata.decomposition(char).startswith(("<wide>", "<noBreak>")):
            kept.append(unicodedata.normalize("NFKC", char))
        else:
            kept.append(char)
    line = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    return line, "".join(removed)


def unprintable(text: str) -> str:
    """The characters of ``text`` that the font cannot print, each once, in order."""
    return "".join(dict.fromkeys(char for char in text if not _is_printable(char)))


def _is_printable(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in _PRINTABLE) and (
        unicodedata.category(char) not in ("Cn", "Cc", "Cf", "Mn", "Mc", "Me")
    )


@lru_cache(maxsize=4096)
def _capital(char: str) -> str:
    """A character as unaccented capitals. Letters of other scripts stay whole, since й
    and и are two letters; only Greek, whose capitals bear no accents, is unaccented."""
    upper = char.upper()
    parts = [
        _ascii(each)
        for each in unicodedata.normalize("NFKD", upper)
        if unicodedata.category(each) != "Mn"
    ]
    if unicodedata.name(char, "").startswith("GREEK"):
        return "".join(parts).upper()
    folded = "".join(parts).upper()
    return folded if folded.isascii() else upper


def _ascii(char: str) -> str:
    """A decomposed character in A-Z and ASCII signs, or itself where none is it."""
    if char in _LATIN or char.isascii():
        return _LATIN.get(char, char)
    named = _LETTER_NAME.fullmatch(unicodedata.name(char, ""))
    return named.group(1) if named else char


def unaccented(text: str) -> str:
    """Capitals without accents, Ł as L, Œ as OE, & as ET; punctuation stays."""
    return " ".join("".join(map(_capital, text)).split())


def plain(text: str) -> str:
    """Capitals, digits and single spaces: lines 4 to 7 of NF Z 10-011.

    Apostrophes, hyphens and any other sign become a space: L'Haÿ-les-Roses is printed
    L HAY LES ROSES. Letters of other scripts remain: ``foreign_letters`` reports them.
    """
    return _spaced(unaccented(text))


def _spaced(text: str) -> str:
    return " ".join("".join(c if _is_word(c) else " " for c in text).split())


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] == "L" or char in "0123456789"


def foreign_letters(text: str) -> str:
    """Letters of ``text`` that do not reduce to A-Z, each once, in order."""
    return "".join(dict.fromkeys(c for c in plain(text) if not c.isascii()))


def canonical(line: str) -> str:
    """Key under which two address lines are the same: case, accents, punctuation and
    spacing do not count, digits and letters do. Idempotent.

    >>> canonical("12, rue de l'Église") == canonical("12 RUE DE L EGLISE")
    True
    """
    bare = unicodedata.normalize("NFKD", unaccented(clean(line)[0]))
    return _spaced("".join(c for c in bare if unicodedata.category(c) != "Mn").upper())
