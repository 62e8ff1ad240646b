"""Starts the service, as a module or by path, with or without Odoo installed."""

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if not __package__:
    sys.path[0] = str(ROOT / "tests")
    __package__ = "service"

# The addon's own __init__ imports Odoo; the service needs its pure rooms only.
parent = types.ModuleType("beepost_mail")
parent.__path__ = [str(ROOT / "beepost_mail")]
sys.modules["beepost_mail"] = parent

if __name__ == "__main__":
    import importlib

    sys.exit(importlib.import_module(f"{__package__}.app").main())
