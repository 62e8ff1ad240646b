"""The workshop's child: does one job after the other within limits that it sets itself.

Started by ``workshop`` as a process of its own, without Odoo. It ends when its input
does, when its parent has gone, and when a job passes a limit: it is not worth saving.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import traceback
from collections.abc import Callable

from . import framing, images, pages
from .finding import Refusal
from .profile import Limits

_MAX_FILES = 64
# Those of another addon's room; see ``Workshop.room``.
OPERATIONS: dict[str, Callable[[dict, list[bytes]], tuple[dict, list[bytes]]]] = {}


def main(memory_mb: int, seconds: int, max_blob: int) -> None:
    """Reads frames from standard input and answers on standard output, until its end.

    :param memory_mb: address space of the process, in MiB
    :param seconds: CPU time for one job; the clock may show twice as much
    :param max_blob: largest PDF in bytes that is read
    """
    logging.disable(logging.CRITICAL)
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing else may write there
    _lower(resource.RLIMIT_AS, memory_mb * 1024 * 1024)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _MAX_FILES)
    while True:
        request = _read(max_blob)
        if request is None:
            return
        _allow(seconds)
        answer = _answer(*request)
        signal.alarm(0)
        _write(answers, answer)
        del request, answer


def _answer(header: dict, blobs: list[bytes]) -> bytes:
    try:
        if header["op"] == "count":
            limits = Limits(**header["limits"])
            return framing.frame({"count": pages.count(blobs[0], limits)})
        if header["op"] == "image":
            limits = Limits(**header["limits"])
            made = images.as_pdf(header["name"], blobs[0], limits)
            return framing.frame({}, [made])
        if header["op"] in OPERATIONS:
            return framing.frame(*OPERATIONS[header["op"]](header, blobs))
        prepared = pages.prepare(framing.job_from(header, blobs))
        return framing.prepared_to_frame(prepared)
    except Refusal as refusal:
        found = [finding.as_dict() for finding in refusal.findings]
        return framing.frame({"refused": found})
    except MemoryError:
        os._exit(framing.OUT_OF_MEMORY)
    except Exception:
        return framing.frame({"broken": traceback.format_exc()[-4000:]})


def _allow(seconds: int) -> None:
    """CPU time from now on, and a clock for whatever waits instead of computing."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = spent + seconds
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    signal.alarm(2 * seconds)


def _lower(kind: int, value: int) -> None:
    """Sets a limit for good, within the one that was inherited."""
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _read(max_blob: int):
    reader = framing.FrameReader(max_blob)
    while missing := reader.missing():
        piece = os.read(0, min(missing, 1 << 20))
        if not piece:
            return None
        reader.feed(piece)
    return reader.result()


def _write(out: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(out, view) :]
