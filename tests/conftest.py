"""Lets the pure rooms be tested with no Odoo installed.

``beepost_mail/__init__.py`` imports Odoo models; an empty parent package of the same
name stands in for it, so that ``beepost_mail.letter`` and ``beepost_mail.gateway``
import as plain Python.
"""

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if "odoo" not in sys.modules and "beepost_mail" not in sys.modules:
    parent = types.ModuleType("beepost_mail")
    parent.__path__ = [str(ROOT / "beepost_mail")]
    sys.modules["beepost_mail"] = parent
