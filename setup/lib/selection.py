"""Which tests each part of a run gets.

``pure`` runs with no Odoo on the path; ``addons`` (the addons' own tests) and
``across`` (the other folders in ``tests/``) run with Odoo, each on its own database.
"""

from dataclasses import dataclass, field
from pathlib import Path

from place import ROOT, addons

TESTS = ROOT / "tests"
PURE = (
    *("letter", "gateway", "service", "contract", "setup"),
    *("suivi", "journey", "laposte", "evidence", "export", "webhook"),
    *("tariff", "tabular"),
)


# Browsers, killed processes, installations and wheels: what ``--fast`` leaves out.
SLOW = ("bench", "browser", "crash", "install", "setup")
FAST = "--fast"


@dataclass
class Selection:
    """Paths for each part, and pytest's options for all."""

    pure: list[str] = field(default_factory=list)
    addons: list[str] = field(default_factory=list)
    across: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    is_all: bool = False

    def add(self, path: str) -> None:
        where = Path(path.partition("::")[0]).resolve()
        if not where.is_relative_to(TESTS):
            self.addons.append(path)
        elif where.relative_to(TESTS).parts[:1] in [(room,) for room in PURE]:
            self.pure.append(path)
        else:
            self.across.append(path)

    def addon_parts(self) -> dict[str, list[str]]:
        """Addon → its chosen tests, in the order in which the addons are found."""
        parts: dict[str, list[str]] = {}
        for path in self.addons:
            where = Path(path.partition("::")[0]).resolve()
            name = (
                where.relative_to(ROOT).parts[0] if ROOT in where.parents else "addons"
            )
            parts.setdefault(name, []).append(path)
        return parts

    def first_part(self) -> str:
        """The part whose progress is shown while it runs."""
        if self.addons:
            return next(iter(self.addon_parts()))
        return "pure" if self.pure else "across"


def select(arguments: list[str]) -> Selection:
    """Split pytest's arguments; without a path in them, everything is chosen, or all
    that is fast."""
    chosen = Selection(is_all=not arguments)
    is_fast = FAST in arguments
    for argument in filter(lambda one: one != FAST, arguments):
        path = Path(argument.partition("::")[0])
        if argument.startswith("-") or not path.exists():
            chosen.options.append(argument)
        elif path.resolve() == TESTS:
            for room in rooms():
                chosen.add(room)
        else:
            chosen.add(argument)
    if not (chosen.pure or chosen.addons or chosen.across):
        for path in [*rooms(), *own_tests()]:
            if not (is_fast and Path(path).name in SLOW):
                chosen.add(path)
    return chosen


def rooms() -> list[str]:
    found = sorted(path for path in TESTS.iterdir() if any(path.rglob("test_*.py")))
    return [str(path) for path in found]


def own_tests() -> list[str]:
    folders = [folder / "tests" for folder in addons().values()]
    return [str(path) for path in folders if path.exists()]
