"""Lets the pure rooms be tested with no Odoo installed.

An addon's ``__init__.py`` imports Odoo models; empty parent packages stand in for it,
so that its pure rooms import as plain Python under either name:

* ``odoo.addons.beepost_mail.gateway``, as the addons call each other's rooms. The
  ``odoo`` and ``odoo.addons`` made here hold our addons and nothing else: whatever a
  room imports of Odoo itself is an ``ImportError``.
* ``beepost_mail.gateway``, for the rooms of that addon alone.

These are two copies of a module, whose classes are strangers to each other: a test
uses one of the names. Where Odoo is loaded, nothing is made.
"""

import sys
import types
from pathlib import Path

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# How fast a busy machine makes examples is no verdict on the rule.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")


def stand_in(name: str, *folders: Path) -> None:
    package = types.ModuleType(name)
    package.__path__ = [str(folder) for folder in folders]
    parent, _dot, own = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], own, package)
    sys.modules[name] = package


if "odoo" not in sys.modules and "beepost_mail" not in sys.modules:
    stand_in("beepost_mail", ROOT / "beepost_mail")
    stand_in("odoo")
    stand_in("odoo.addons")
    for addon in ROOT.glob("beepost_*"):
        stand_in(f"odoo.addons.{addon.name}", addon)
