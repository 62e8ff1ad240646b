"""Programs in the foreground, and programs that end when we do."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from place import Failure

STOP_SECONDS = 20


def foreground(command: list, env: dict[str, str]) -> int:
    """Run ``command`` with our terminal and return its exit code.

    A terminal sends Ctrl-C to the whole group: the program decides, and we wait for it.
    """
    child = subprocess.Popen([str(part) for part in command], env=env)
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: child.terminate()),
    }
    try:
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


@contextmanager
def background(command: list, env: dict[str, str], log: Path):
    """The program runs inside the block, in a session of its own, and ends with it.

    It ends, too, when we are killed.
    """
    with open(log, "w") as output:
        child = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *map(str, command)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for(
    what: str, url: str, child: subprocess.Popen, *, status: int, seconds: int = 120
) -> None:
    """Return once ``url`` answers so; raises ``Failure`` when ``child`` ends before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if child.poll() is not None:
            raise Failure(f"{what} stopped with exit code {child.returncode}.")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                found = answer.status
        except urllib.error.HTTPError as answer:
            found = answer.code
        except OSError:
            found = None
        if found == status:
            return
        time.sleep(0.2)
    raise Failure(f"{what} did not answer in {seconds} seconds.")


def wait_for_any() -> None:
    """Return when one of the programs in the background has ended."""
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


def free_port(first: int = 0, tries: int = 20) -> int:
    """The first free port on 127.0.0.1 from ``first`` on; any when it is 0."""
    for port in range(first, first + tries) if first else [0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise Failure(f"The ports {first} to {first + tries - 1} are all taken.")
