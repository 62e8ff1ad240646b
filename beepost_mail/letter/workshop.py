"""PDF work in a process of its own, with bounds on memory and time.

A PDF is a program of a kind: a small file may ask for gigabytes or for hours. Here it
gets a child process that may die of it; the letter is refused and the next one served
by a fresh child::

    with Workshop() as workshop:
        for job in jobs:
            prepared = workshop.prepare(job)

The child is started with ``exec`` (safe in a threaded server), knows nothing of Odoo,
inherits no file, environment or secret, and what it answers is checked, not believed.
"""

from __future__ import annotations

import hashlib
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

from . import framing
from .finding import ERROR, Finding, Refusal
from .intake import check_bytes, check_size
from .job import Job, Prepared
from .profile import DEFAULT_LIMITS, Limits

_logger = logging.getLogger(__name__)

# The package is loaded by its path, under a name of its own: importing it under the
# addon's name would import Odoo.
_BOOT = """
import importlib, importlib.util, sys
sys.path[:] = [entry for entry in sys.path if entry]
def load(name, folder):
    spec = importlib.util.spec_from_file_location(
        name, folder + "/__init__.py", submodule_search_locations=[folder]
    )
    package = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
load("beepost_letter", sys.argv[1])
child = importlib.import_module("beepost_letter.workshop_child")
if sys.argv[2]:
    load("beepost_room", sys.argv[2])
    room = importlib.import_module("beepost_room.operations")
    child.OPERATIONS.update(room.OPERATIONS)
child.main(*map(int, sys.argv[3:]))
"""
_TIME_SIGNALS = (-signal.SIGXCPU, -signal.SIGALRM)
_PIECE = 1 << 20
# Seconds for starting a child and moving the files to and fro.
_GRACE = 5.0


class _Died(Exception):
    """The child ended in the middle of a job; ``limit`` names what it ran into."""

    def __init__(self, limit: str):
        super().__init__(limit)
        self.limit = limit


class Workshop:
    """Does one job at a time; calls from several threads wait for each other.

    :param memory_mb: address space of the child in MiB (it starts with about 200); a
        lower limit of this process holds for the child too
    :param seconds: CPU seconds for one job
    """

    # Another addon's room whose work the child does as well: the folder of a package
    # that imports neither Odoo nor other rooms. Its module ``operations`` names them:
    # ``OPERATIONS`` is {name: function(header, blobs) -> (header, blobs)}, and what
    # they answer is checked by the subclass that calls ``_ask``.
    room: Path | None = None

    def __init__(self, *, memory_mb: int = 1024, seconds: int = 20):
        self._memory_mb, self._seconds = memory_mb, seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen | None = None
        self._owner = 0
        self._max_blob = 0

    @property
    def longest(self) -> float:
        """Seconds by the wall clock after which a job ends, done or not."""
        return 2 * self._seconds + _GRACE

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *exc) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._stop()

    def prepare(self, job: Job) -> Prepared:
        """``pages.prepare``, bounded. :raises Refusal: ``pages.too_heavy`` besides"""
        for document in job.documents:
            check_bytes(document.name, document.pdf, job.limits)
        name = job.documents[0].name if len(job.documents) == 1 else ""
        answer, blobs = self._ask(framing.job_to_frame(job), job.limits, name)
        try:
            return framing.prepared_from(answer["prepared"], blobs, job, hashlib.sha256)
        except (KeyError, TypeError, framing.BadFrame) as error:
            raise self._distrust(name) from error

    def count(self, pdf: bytes, limits: Limits = DEFAULT_LIMITS) -> int:
        """``pages.count``, bounded. :raises Refusal: ``pages.too_heavy`` besides"""
        check_bytes("", pdf, limits)
        header = {"op": "count", "limits": asdict(limits)}
        answer, _ = self._ask(framing.frame(header, [pdf]), limits, "")
        if type(answer.get("count")) is not int or answer["count"] < 1:
            raise self._distrust("")
        return answer["count"]

    def picture(
        self, name: str, image: bytes, limits: Limits = DEFAULT_LIMITS
    ) -> bytes:
        """``images.as_pdf``, bounded.

        :raises Refusal: ``pages.too_heavy`` and ``too_many_bytes`` besides
        """
        check_size(name, image, limits)
        header = {"op": "image", "name": name, "limits": asdict(limits)}
        _, blobs = self._ask(framing.frame(header, [image]), limits, name)
        if len(blobs) != 1 or not blobs[0].startswith(b"%PDF-"):
            raise self._distrust(name)
        return blobs[0]

    def _ask(self, request: bytes, limits: Limits, name: str):
        with self._lock:
            try:
                answer, blobs = self._exchange(request, limits.max_bytes)
            except _Died as death:
                raise _too_heavy(name, death.limit) from death
            except framing.BadFrame as error:
                self._stop()
                raise _too_heavy(name, "crash") from error
        if "refused" in answer:
            try:
                findings = framing.findings_from(answer["refused"])
            except framing.BadFrame as error:
                raise self._distrust(name) from error
            raise Refusal(findings) if findings else self._distrust(name)
        if "broken" in answer:
            _logger.error("the workshop's child failed: %r", answer["broken"])
            params = {"document": name}
            raise Refusal([Finding("pages.unreadable", ERROR, params)])
        return answer, blobs

    def _distrust(self, name: str) -> Refusal:
        """The child said something that ours never says: away with it."""
        self.close()
        return _too_heavy(name, "crash")

    def _exchange(self, request: bytes, max_blob: int):
        child = self._running(max_blob)
        deadline = time.monotonic() + self.longest
        reader, rest = framing.FrameReader(max_blob), memoryview(request)
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            ready.register(child.stdin, selectors.EVENT_WRITE)
            while missing := reader.missing():
                events = ready.select(max(0.0, deadline - time.monotonic()))
                if not events:
                    self._stop()
                    raise _Died("time")
                for key, _ in events:
                    if key.fileobj is child.stdin:
                        rest = self._send(rest)
                        if not rest:
                            ready.unregister(child.stdin)
                    else:
                        piece = os.read(child.stdout.fileno(), min(missing, _PIECE))
                        if not piece:
                            raise _Died(self._cause())
                        reader.feed(piece)
                        break  # the next piece may be larger or smaller
        return reader.result()

    def _send(self, rest: memoryview) -> memoryview:
        try:
            return rest[os.write(self._child.stdin.fileno(), rest[:_PIECE]) :]
        except BlockingIOError:
            return rest
        except BrokenPipeError:
            raise _Died(self._cause()) from None

    def _cause(self) -> str:
        """What the child, which has closed its pipes, died of."""
        code = self._child.wait()
        self._stop()
        if code == framing.OUT_OF_MEMORY:
            return "memory"
        return "time" if code in _TIME_SIGNALS else "crash"

    def _running(self, max_blob: int) -> subprocess.Popen:
        if self._owner != os.getpid():
            self._child = None  # this process was forked off the child's parent
        if self._child and self._child.poll() is not None or max_blob > self._max_blob:
            self._stop()
        if self._child is None:
            self._start(max_blob)
        return self._child

    def _start(self, max_blob: int) -> None:
        here = str(Path(__file__).resolve().parent)
        room = str(self.room or "")
        figures = (self._memory_mb, self._seconds, max_blob)
        self._child = subprocess.Popen(
            [sys.executable, "-s", "-c", _BOOT, here, room, *map(str, figures)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            # Where this process finds the libraries, and nothing else of it.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        os.set_blocking(self._child.stdin.fileno(), False)
        self._owner, self._max_blob = os.getpid(), max_blob

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def _too_heavy(name: str, limit: str) -> Refusal:
    params = {"document": name, "limit": limit}
    return Refusal([Finding("pages.too_heavy", ERROR, params)])
