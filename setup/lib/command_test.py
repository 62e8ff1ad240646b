"""``setup/test [ARGUMENT...]``: lint and all tests; with arguments, what they select.

Lint and the pure rooms run beside the tests that need Odoo. Every part reports its
counts to a file (``beepost_strict``); the last line is their sum.
"""

import json
import os
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import database
import postgres
import runtime
from lint import lint
from place import LOGS, ROOT, SETUP, Failure, addons
from progress import say

# Folders of tests that run with no Odoo on the path; all others get Odoo, a database
# of their own and its template's name.
PURE = ("letter", "gateway", "service", "contract", "setup", "demo")
NOTHING_COLLECTED = 5


@dataclass
class Total:
    """Counts over all parts; written from two threads."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, passed: int, failed: int, skipped: int) -> None:
        with self.guard:
            self.passed += passed
            self.failed += failed
            self.skipped += skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass
class Selection:
    """Which paths each part gets, and the options for both."""

    pure: list[str]
    with_odoo: list[str]
    options: list[str]

    @property
    def is_all(self) -> bool:
        return not self.options and self == everything()


def everything() -> Selection:
    folders = [
        p for p in sorted((ROOT / "tests").iterdir()) if any(p.rglob("test_*.py"))
    ]
    pure = [str(p) for p in folders if p.name in PURE]
    others = [str(p) for p in folders if p.name not in PURE]
    ours = [str(p / "tests") for p in addons().values() if (p / "tests").exists()]
    return Selection(pure, ours + others, [])


def select(arguments: list[str]) -> Selection:
    """Split pytest's arguments: existing paths go to the part that they belong to."""
    chosen = Selection([], [], [])
    for argument in arguments:
        path = Path(argument.partition("::")[0])
        if argument.startswith("-") or not path.exists():
            chosen.options.append(argument)
            continue
        where = path.resolve()
        in_tests = where.is_relative_to(ROOT / "tests")
        room = where.relative_to(ROOT / "tests").parts[:1] if in_tests else ()
        part = chosen.pure if room and room[0] in PURE else chosen.with_odoo
        part.append(argument)
    if not chosen.pure and not chosen.with_odoo:
        whole = everything()
        chosen.pure, chosen.with_odoo = whole.pure, whole.with_odoo
    return chosen


def main(arguments: list[str]) -> int:
    total = Total()
    source = runtime.install(tests=True)
    selection = select(arguments)
    with postgres.running():
        beside = threading.Thread(target=run_beside, args=(selection, total))
        beside.start()
        try:
            if selection.with_odoo:
                run_with_odoo(source, selection, total)
        except Failure as failure:
            say(str(failure))
            total.add(0, 1, 0)
        finally:
            beside.join()
    if not total.passed + total.failed + total.skipped:
        raise Failure("No test was selected.")
    say("done")
    print(total, flush=True)
    return 1 if total.failed or total.skipped else 0


def run_beside(selection: Selection, total: Total) -> None:
    """Lint and pure tests: quiet until they end, so that two outputs do not mix."""
    if selection.is_all:
        passed, failed, told = lint()
        say(f"lint: {passed} checks passed, {failed} failed")
        print(told, end="", flush=True)
        total.add(passed, failed, 0)
    if selection.pure:
        env = {**runtime.plain_environment(), "PYTHONPATH": ""}
        command = ["-p", "no:odoo", *selection.options, *selection.pure]
        log = LOGS / "pure-tests.log"
        with open(log, "w") as output:
            count = pytest("pure", command, env, selection, output)
        say("pure tests:")
        print(log.read_text(), end="", flush=True)
        total.add(*count)


def run_with_odoo(source, selection: Selection, total: Total) -> None:
    """On a clone of its own, so that several runs can go on at the same time."""
    name = f"test_{os.getpid()}"
    odoo = runtime.configure(source, name, db_name=name, max_cron_threads=0)
    try:
        database.drop_abandoned(odoo, "test")
        template = database.addons_template(odoo)
        database.clone(odoo, template, name)
        env = {**odoo.environment(), "BEEPOST_TEMPLATE": template}
        command = ["--odoo-http", *selection.options, *selection.with_odoo]
        say("tests with Odoo:")
        total.add(*pytest("odoo", command, env, selection, None))
    finally:
        database.drop(odoo, name)
        odoo.configuration.unlink(missing_ok=True)


def pytest(part, arguments, env, selection, output) -> tuple[int, int, int]:
    """Run pytest; a run that ends without its counts is one failure."""
    counts = LOGS / f"counts-{part}-{os.getpid()}.json"
    paths = filter(None, [env.get("PYTHONPATH"), str(SETUP / "plugin")])
    options = ["-p", "beepost_strict", "--continue-on-collection-errors"]
    code = subprocess.call(
        [runtime.PYTHON, "-m", "pytest", *options, *arguments],
        cwd=ROOT if selection.is_all else None,
        env={
            **env,
            "PYTHONPATH": os.pathsep.join(paths),
            "BEEPOST_COUNTS": str(counts),
        },
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )
    if not counts.exists():
        return 0, 1, 0
    found = json.loads(counts.read_text())
    counts.unlink()
    empty = code == NOTHING_COLLECTED and not selection.is_all
    if code and not empty and not found["failed"] + found["skipped"]:
        found["failed"] = 1
    return found["passed"], found["failed"], found["skipped"]
