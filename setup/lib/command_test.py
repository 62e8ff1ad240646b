"""``setup/test [ARGUMENT...]``: lint and all tests; with arguments, what they select;
with ``--fast``, only what needs no browser and kills no process.

Two workers, as there are two cores, take the parts one after the other: the tests of
each addon, and all else. Every part reports its counts to a file (``beepost_strict``);
the last lines are the slowest files and the sum.
"""

import json
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import database
import postgres
import runtime
from lint import lint
from place import LOGS, ROOT, SETUP, Failure
from progress import say
from selection import Selection, select

NOTHING_COLLECTED = 5
SLOWEST = 10  # files shown at the end
# Companies, people and an account: ``BeepostCommon`` finds them in its database.
PEOPLE = ROOT / "beepost_mail/tests/people.py"
FILL = """\
from odoo.addons.beepost_mail.tests.people import make
make(env)
env.cr.commit()
"""
WORKERS = 2


@dataclass
class Total:
    """Counts over all parts; written from two threads."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: Counter = field(default_factory=Counter)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, passed: int, failed: int, skipped: int) -> None:
        with self.guard:
            self.passed += passed
            self.failed += failed
            self.skipped += skipped

    def took(self, seconds: dict[str, float]) -> None:
        with self.guard:
            self.seconds.update(seconds)

    def slowest(self) -> str:
        """A line for each of the slowest files."""
        return "".join(
            f"{seconds:7.1f} s  {path}\n"
            for path, seconds in self.seconds.most_common(SLOWEST)
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    total = Total()
    source = runtime.install(tests=True)
    selection = select(arguments)

    def run_others() -> None:
        if selection.is_all:
            run_lint(total)
        without_odoo(selection, total)
        with_odoo("across", selection.across, source, selection, total)

    def run_addon(part: str, paths: list[str]) -> Callable[[], None]:
        return lambda: with_odoo(part, paths, source, selection, total)

    addons = [run_addon(*part) for part in selection.addon_parts().items()]
    # The first addon takes longest, all else comes next: the two end together.
    jobs = [*addons[:1], run_others, *addons[1:]]
    with postgres.running(), ThreadPoolExecutor(WORKERS) as workers:
        done = [workers.submit(told, job, total) for job in jobs]
        for job in done:
            job.result()
    if not total.passed + total.failed + total.skipped:
        raise Failure("No test was selected.")
    say("done")
    print(total.slowest(), end="")
    print(total, flush=True)
    return 1 if total.failed or total.skipped else 0


def told(task: Callable[[], None], total: Total) -> None:
    """A part that cannot run is a failure, and the others still run."""
    try:
        task()
    except Failure as failure:
        say(str(failure))
        total.add(0, 1, 0)


def run_lint(total: Total) -> None:
    passed, failed, messages = lint()
    say(f"lint: {passed} checks passed, {failed} failed")
    print(messages, end="", flush=True)
    total.add(passed, failed, 0)


def without_odoo(selection: Selection, total: Total) -> None:
    if selection.pure:
        env = {**runtime.plain_environment(), "PYTHONPATH": ""}
        pytest("pure", ["-p", "no:odoo", *selection.pure], env, selection, total)


def with_odoo(part: str, paths: list[str], source, selection, total: Total) -> None:
    """On a clone of its own, so that several runs can go on at the same time."""
    if not paths:
        return
    kind = f"test_{part}"
    name = f"{kind}_{os.getpid()}"
    odoo = runtime.configure(source, name, db_name=name, max_cron_threads=0)
    try:
        database.drop_abandoned(odoo, kind)
        template = database.addons_template(odoo)
        filled = database.filled_template(odoo, "tests", FILL, PEOPLE, shop=False)
        database.clone(odoo, filled, name)
        env = {**odoo.environment(), "BEEPOST_TEMPLATE": template}
        pytest(part, ["--odoo-http", *paths], env, selection, total)
    finally:
        database.drop(odoo, name)
        odoo.configuration.unlink(missing_ok=True)


def pytest(part, arguments, env, selection, total: Total) -> None:
    """Run pytest and add what it counted; a run that ends without is one failure.

    What runs beside the first addon's tests is quiet until it ends.
    """
    counts = LOGS / f"counts-{part}-{os.getpid()}.json"
    log = LOGS / f"tests-{part}-{os.getpid()}.log"
    paths = filter(None, [env.get("PYTHONPATH"), str(SETUP / "plugin")])
    options = ["-p", "beepost_strict", "--continue-on-collection-errors"]
    quiet = part != selection.first_part()
    say(f"{part}: testing")
    with open(log, "w") as output:
        code = subprocess.call(
            [runtime.PYTHON, "-m", "pytest", *options, *selection.options, *arguments],
            cwd=ROOT if selection.is_all else None,
            env={
                **env,
                "PYTHONPATH": os.pathsep.join(paths),
                "BEEPOST_COUNTS": str(counts),
            },
            stdin=subprocess.DEVNULL,
            stdout=output if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
        )
    say(f"{part}: tested")
    print(log.read_text(), end="", flush=True)
    log.unlink()
    if not counts.exists():
        total.add(0, 1, 0)
        return
    found = json.loads(counts.read_text())
    counts.unlink()
    empty = code == NOTHING_COLLECTED and not selection.is_all
    if code and not empty and not found["failed"] + found["skipped"]:
        found["failed"] = 1
    total.add(found["passed"], found["failed"], found["skipped"])
    total.took(found["seconds"])
