"""One measurement after the other, each with a clone, a service and a process.

Each is checked: every letter arrived once, with the bytes of its ready PDF.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.children import Failed, listening, python
from bench.databases import Databases
from service.client import IDENTIFIER, PASSWORD, ServiceProcess

WARM_UP = 10  # letters that go first, unmeasured: one batch of core's send flow


@dataclass
class Run:
    """One measurement. Figures are a letter's; memory is resident, in MiB.

    :param queue: letters that waited
    :param letters: letters that were measured
    :param submissions: requests that carried letters
    :param steps: what each step cost (``meter.Meter``), creation before submission
    """

    side: str
    setting: str
    network_ms: int
    queue: int
    letters: int
    ms: float
    cpu_ms: float
    queries: float
    commits: float
    requests: float
    connections: float
    start_mb: float
    peak_mb: float
    submissions: int
    steps: list[dict] = field(default_factory=list)

    as_dict = asdict


@dataclass
class Traffic:
    """What a service saw."""

    letters: int
    submissions: int
    requests: int
    connections: int
    sha256: set[str]


class Stage:
    """Where the measurements happen.

    :param work: folder for logs and the manifest
    :param sample: letters of snailmail's queue that are measured; 0 is all
    """

    def __init__(self, databases: Databases, work: Path, sample: int):
        self._databases = databases
        self._work = work
        self._sample = sample
        self._manifest = work / "manifest.json"

    def prepare(self, template: str, invoices: int) -> None:
        self._base = self._databases.clone(template, "base")
        self._python("stock", self._base, invoices)
        self._databases.settle(self._base)
        self._queued = self._databases.clone(self._base, "queued")
        self._python("queued", self._queued, self._manifest)
        self._databases.settle(self._queued)
        letters = json.loads(self._manifest.read_text())
        self._ready = {letter["said"]["sha256"] for letter in letters}

    def following(self, template: str, sizes: Iterable[int]) -> list[dict]:
        """Events are read and the kanban opens, with so many letters open."""
        database = self._databases.clone(template, "run")
        with ServiceProcess() as service:
            figures = self._python("following", database, service.port, *sizes)
            told = service.stats()
        # Tokens end while its clock is advanced.
        ended = "401 token_expired"
        wrong = [text for text in told["problems"] if not text.startswith(ended)]
        if wrong or told["violations"]:
            raise Failed(f"the service complains: {wrong + told['violations']}")
        return figures

    def prices(self, template: str, sizes: Iterable[int]) -> list[dict]:
        """So many letters are priced at once."""
        database = self._databases.clone(template, "run")
        return self._python("prices", database, *sizes)

    def composing(self, template: str, pages: int, documents: int) -> list[dict]:
        """The dialog of any document opens, and sends so many."""
        database = self._databases.clone(template, "run")
        return self._python("composing", database, pages, documents)

    def ours(self, setting: str, network_ms: int, letters: int) -> Run:
        return self._odoo("ours", setting, network_ms, letters, 0)

    def snailmail(self, setting: str, network_ms: int, letters: int) -> Run:
        sample = min(self._sample, letters - WARM_UP)
        return self._odoo("snailmail", setting, network_ms, letters, sample)

    def raw(self, network_ms: int, letters: int, per_request: int) -> Run:
        with self._reference_service(network_ms) as (service, url):
            how = (url, IDENTIFIER, PASSWORD, letters, WARM_UP, per_request)
            steps = self._python("raw", self._manifest, *how)
            traffic = _seen_by_reference(service)
        return self._result("raw", "submit", network_ms, letters, steps, traffic)

    def _odoo(self, side, setting, network_ms, letters, sample) -> Run:
        template = self._queued if setting == "submit" else self._base
        database = self._databases.clone(template, "run")
        options = [f"--letters={letters}", f"--warm-up={WARM_UP}", f"--sample={sample}"]
        if side == "ours":
            options += [f"--identifier={IDENTIFIER}", f"--password={PASSWORD}"]
            with self._reference_service(network_ms) as (service, url):
                steps = self._python("worker", side, setting, database, url, *options)
                traffic = _seen_by_reference(service)
        else:
            with self._iap_service(network_ms) as (port, url):
                steps = self._python("worker", side, setting, database, url, *options)
                traffic = _seen_by_iap(port)
        return self._result(side, setting, network_ms, letters, steps, traffic)

    def _result(self, side, setting, network_ms, queue, steps, traffic) -> Run:
        complete = side != "snailmail" or not self._sample
        if complete and traffic.letters != queue:
            raise Failed(f"{side}: {traffic.letters} of {queue} letters arrived")
        if not traffic.sha256 <= self._ready or len(traffic.sha256) != traffic.letters:
            raise Failed(f"{side}: other bytes arrived than those of the ready PDFs")
        total = {
            name: sum(step[name] for step in steps)
            for name in ("ms", "cpu_ms", "queries", "commits")
        }
        return Run(
            side=side,
            setting=setting,
            network_ms=network_ms,
            queue=queue,
            letters=steps[-1]["letters"],
            **total,
            requests=traffic.requests / traffic.letters,
            connections=traffic.connections / traffic.letters,
            start_mb=steps[0]["start_mb"],
            peak_mb=max(step["peak_mb"] for step in steps),
            submissions=traffic.submissions,
            steps=steps,
        )

    @contextmanager
    def _reference_service(self, network_ms: int):
        with ExitStack() as stack:
            service = stack.enter_context(ServiceProcess())
            port = _through(stack, service.port, network_ms)
            yield service, f"http://127.0.0.1:{port}/v1"

    @contextmanager
    def _iap_service(self, network_ms: int):
        with ExitStack() as stack:
            port = stack.enter_context(listening("iap"))
            yield port, f"http://127.0.0.1:{_through(stack, port, network_ms)}"

    def _python(self, module: str, *arguments: object):
        """``python -m bench.MODULE`` to its end; what it printed, as JSON."""
        log = self._work / f"{module}.log"
        command, env = python(module, *arguments)
        with open(log, "w") as errors:
            done = subprocess.run(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        if done.returncode:
            last = log.read_text().strip().splitlines()[-1:]
            raise Failed(f"{module} failed: {' '.join(last)} (see {log})")
        return json.loads(done.stdout) if done.stdout else None


def _through(stack: ExitStack, port: int, network_ms: int) -> int:
    if not network_ms:
        return port
    return stack.enter_context(listening("delay", port, network_ms))


def _seen_by_reference(service: ServiceProcess) -> Traffic:
    told = service.stats()
    if told["problems"] or told["violations"]:
        raise Failed(f"the service complains: {told['problems'] + told['violations']}")
    counts = told["counts"]
    connections = counts.pop("connections")
    arrivals = service.arrivals().values()
    if any(arrival["outcomes"] != ["printed"] for arrival in arrivals):
        raise Failed("a letter did not arrive exactly once")
    sha256 = {arrival["sha256"] for arrival in arrivals}
    requests = sum(counts.values())
    return Traffic(len(arrivals), counts["submit"], requests, connections, sha256)


def _seen_by_iap(port: int) -> Traffic:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/seen") as answer:
        told = json.load(answer)
    sha256, requests = told["sha256"], told["requests"]
    connections = told["connections"] - 1  # one is this question's own
    return Traffic(len(sha256), requests, requests, connections, set(sha256))
