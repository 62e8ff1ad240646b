"""Outcomes that the tables of odd PDFs name."""

UNTOUCHED = ("untouched",)
REPAIRED = "repaired"


def refused(*codes: str) -> tuple[str, ...]:
    return ("refused", *codes)


def warned(*codes: str) -> tuple[str, ...]:
    """Posted byte for byte, with these warnings."""
    return ("untouched", *codes)


def repaired(*codes: str) -> tuple[str, ...]:
    return (REPAIRED, *codes)
