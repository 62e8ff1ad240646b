"""``python -m bench --work FOLDER``: see ``setup/bench --help``.

Needs Odoo on the path, ``ODOO_RC``, ``PGHOST``, ``PGUSER``, and ``BEEPOST_TEMPLATE``: a
database with our addons and snailmail installed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from bench import report
from bench.children import Failed
from bench.databases import Databases
from bench.runs import WARM_UP, Run, Stage

OPEN = (1_000, 10_000, 50_000)
QUOTES = (100, 1_000, 10_000)
NETWORKS = (0, 50)  # ms for a question and its answer


class Bench:
    def __init__(self, stage: Stage, options: argparse.Namespace):
        self._stage = stage
        self._options = options
        self._began = time.monotonic()
        self.runs: list[Run] = []
        self.followed: list[dict] = []
        self.priced: list[dict] = []
        self.composed: list[dict] = []

    def follow(self, template: str) -> list[str]:
        """Reading events and the kanban. :return: the last lines"""
        self.followed = self._stage.following(template, self._options.open)
        return report.following(self.followed)

    def price(self, template: str) -> list[str]:
        """What letters cost, many in one batch. :return: the last lines"""
        self.priced = self._stage.prices(template, self._options.quotes)
        return report.prices(self.priced)

    def compose(self, template: str) -> list[str]:
        """*Send by post* of any document. :return: the last lines"""
        self.composed = self._stage.composing(
            template, self._options.pages, self._options.documents
        )
        return report.composing(self.composed)

    def measure(self) -> list[str]:
        """All about submission; prints the tables as they come.

        :return: the last lines
        """
        summaries = []
        for network_ms in NETWORKS:
            sides = self._submission(network_ms)
            _print(report.table(f"submission alone, network {network_ms} ms", sides))
            summaries.append(report.summary(network_ms, sides))
            if not network_ms:
                _print(report.lengths(self._lengths(sides["ours"])))
        for network_ms in NETWORKS:
            sides = self._full(network_ms)
            title = f"from invoice with PDF to accepted, network {network_ms} ms"
            _print(report.table(title, sides))
        return summaries

    def _submission(self, network_ms: int) -> dict[str, list[Run]]:
        sides: dict[str, list[Run]] = {"ours": [], "snailmail": [], "raw": []}
        count = self._options.invoices
        per_request = 0
        for repetition in range(self._options.repeat):
            order = list(sides)
            # Each goes first, in turn; the bare bytes need our letters a request.
            turn = repetition % len(order)
            for side in order[turn:] + order[:turn]:
                if side == "ours":
                    run = self._stage.ours("submit", network_ms, count)
                    per_request = per_request or math.ceil(count / run.submissions)
                elif side == "snailmail":
                    run = self._stage.snailmail("submit", network_ms, count)
                else:
                    run = self._stage.raw(network_ms, count, per_request)
                self._keep(sides[side], run)
        return sides

    def _full(self, network_ms: int) -> dict[str, list[Run]]:
        sides: dict[str, list[Run]] = {"ours": [], "snailmail": []}
        count = self._options.full_invoices
        for repetition in range(self._options.full_repeat):
            for side in sorted(sides, reverse=bool(repetition % 2)):
                run = getattr(self._stage, side)("full", network_ms, count)
                self._keep(sides[side], run)
        return sides

    def _lengths(self, whole: list[Run]) -> dict[int, list[Run]]:
        found = {self._options.invoices: whole}
        for part in (4, 2):
            length = max(WARM_UP + 1, self._options.invoices // part)
            runs: list[Run] = []
            for _repetition in range(self._options.full_repeat):
                self._keep(runs, self._stage.ours("submit", 0, length))
            found[length] = runs
        return found

    def _keep(self, runs: list[Run], run: Run) -> None:
        runs.append(run)
        self.runs.append(run)
        say = f"{run.side} {run.setting} {run.network_ms} ms: {run.ms:.2f} ms a letter"
        passed = time.monotonic() - self._began
        print(f"[{passed:6.1f} s] {say}", file=sys.stderr, flush=True)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/bench",
        description="Speed against Odoo's snailmail and against the bare bytes.",
    )
    add = parser.add_argument
    add("--work", type=Path, required=True, help="folder for the JSON and logs")
    add("--invoices", type=int, default=1000, help="in the queue (%(default)s)")
    add("--repeat", type=int, default=5, help="pairs, submission (%(default)s)")
    add("--full-invoices", type=int, default=200, help="whole way (%(default)s)")
    add("--full-repeat", type=int, default=3, help="pairs, whole way (%(default)s)")
    add("--sample", type=int, default=60, help="snailmail's measured letters")
    add("--complete", action="store_true", help="snailmail's whole queue (an hour)")
    add("--open", type=int, nargs="+", default=OPEN, help="letters when events come")
    add("--quotes", type=int, nargs="+", default=QUOTES, help="prices in one batch")
    add("--pages", type=int, default=60, help="of the composed report (%(default)s)")
    add("--documents", type=int, default=500, help="sent together (%(default)s)")
    parts = ["submit", "pull", "price", "compose"]
    add("--only", choices=parts, help="this part alone")
    add("--quick", action="store_true", help="small figures, for development")
    options = parser.parse_args(arguments)
    if options.quick:
        options.invoices, options.repeat, options.sample = 100, 1, 10
        options.full_invoices, options.full_repeat = 20, 1
        options.open = (1_000, 2_000)
        options.quotes = (10, 1_000)
        options.documents = 50
    if options.complete:
        options.sample = 0
    return options


def _conditions(options: argparse.Namespace, databases: Databases) -> dict:
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} processors, {platform.machine()}",
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "postgresql": databases.settings(),
        "invoices": options.invoices,
        "snailmail_sample": options.sample or "all",
        "network": "a delaying proxy; a question and its answer, or a new connection,"
        " costs so many ms; no TLS, no limit of bandwidth",
    }


def _measure(bench: Bench, stage: Stage, options: argparse.Namespace) -> list[str]:
    template = os.environ["BEEPOST_TEMPLATE"]
    summaries = []
    if options.only in (None, "submit"):
        stage.prepare(template, max(options.invoices, options.full_invoices))
        summaries += bench.measure()
    if options.only in (None, "pull"):
        summaries += bench.follow(template)
    if options.only in (None, "price"):
        summaries += bench.price(template)
    if options.only in (None, "compose"):
        summaries += bench.compose(template)
    return summaries


def main(arguments: list[str] | None = None) -> int:
    options = _arguments(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    with Databases() as databases:
        told = _conditions(options, databases)
        _print("\n".join(f"{name}: {value}" for name, value in told.items()))
        stage = Stage(databases, options.work, options.sample)
        bench = Bench(stage, options)
        try:
            summaries = _measure(bench, stage, options)
        except Failed as failure:
            sys.stderr.write(f"bench: {failure}\n")
            return 1
    told |= {"load_after": os.getloadavg()[0], "summaries": summaries}
    told["runs"] = [run.as_dict() for run in bench.runs]
    told["following"] = bench.followed
    told["prices"] = bench.priced
    told["composing"] = bench.composed
    path = options.work / "bench.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False))
    _print(f"All figures: {path}")
    sys.stdout.write("\n".join(summaries) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
