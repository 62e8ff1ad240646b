"""Facts for tests, and what the table of wordings makes of a provider's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

from odoo.addons.beepost_mail.letter.calendar import paris_day
from odoo.addons.beepost_tracking.journey import fold as folding
from odoo.addons.beepost_tracking.journey.fold import Fact

START = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
SEEDS = Path(folding.__file__).parents[1] / "data/beepost_wording_data.xml"


def fold(facts):
    return folding.fold(facts, paris_day)


def at(hours):
    return START + timedelta(hours=hours)


def fact(code, hours=0, **more):
    """``undeliverable:npai`` has a reason."""
    code, _colon, reason = code.partition(":")
    more.setdefault("event_id", f"{code}-{hours}")
    return Fact(code, at(hours), reason=reason, **more)


def told(words):
    """Canonical codes one hour after the other: ``"posted in_transit"``."""
    return [fact(code, hours) for hours, code in enumerate(words.split())]


@dataclass(frozen=True)
class Wording:
    code: str
    label: str
    canonical: str
    reason: str


def seeded(source):
    """:return: {(code, label): Wording}, as an installation begins"""
    found = {}
    for record in ElementTree.parse(SEEDS).iter("record"):
        values = {field.get("name"): field.text for field in record}
        if values["source"] == source:
            code, label = values.get("code", ""), values.get("label", "")
            found[code, label] = Wording(
                code, label, values["canonical"], values.get("reason", "")
            )
    return found


def meaning(wordings, code, label):
    """Looked for as ``beepost.wording`` does; no meaning where there is none."""
    keys = ((code, label), (code, ""), ("", label))
    none = Wording(code, label, "", "")
    return next((wordings[key] for key in keys if key in wordings), none)
