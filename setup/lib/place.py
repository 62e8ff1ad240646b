"""Where things lie, and how a setup program says that it cannot go on."""

import fcntl
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SETUP = ROOT / "setup"
LIB = SETUP / "lib"
WORK = ROOT / ".work"
VENV = ROOT / ".venv"
BIN = WORK / "bin"
# In the environment of a program whose clock ``--on`` moved: the day on which it began.
ANOTHER_DAY = "BEEPOST_ANOTHER_DAY"
DAY = os.environ.get(ANOTHER_DAY, "")
# All that commands make while they run. A PostgreSQL server goes by one clock, and what
# was made on one day is not what is made on another.
STATE = WORK / "another-day" if DAY else WORK
LOGS = STATE / "logs"
DATA = STATE / "data"  # Odoo's file stores and sessions


class Failure(Exception):
    """One sentence for a person; the program ends with exit code 1."""


def addons(*folders: Path) -> dict[str, Path]:
    """Technical name → folder of every addon directly in ``folders``."""
    return {
        manifest.parent.name: manifest.parent
        for folder in folders or (ROOT,)
        for manifest in sorted(folder.glob("*/__manifest__.py"))
    }


@contextmanager
def lock(name: str, mode: int = fcntl.LOCK_EX, *, busy: str | None = None):
    """Hold the file ``NAME.lock``, so that two commands never do one thing at a time.

    With ``busy``, that sentence is the ``Failure`` when another one holds it.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    with open(STATE / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, mode | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise Failure(busy) from None
        yield handle


def digest(*parts: str | bytes | Path) -> str:
    """A short key of texts and of files' contents."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes()
        total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\0")
    return total.hexdigest()[:12]


def is_done(step: str, key: str) -> bool:
    stamp = WORK / "stamps" / step
    return stamp.exists() and stamp.read_text() == key


def mark_done(step: str, key: str) -> None:
    stamp = WORK / "stamps" / step
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def check_writable() -> None:
    try:
        for folder in (WORK, LOGS, BIN, DATA):
            folder.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise Failure(f"{error.filename} cannot be written by this user.") from None
    if WORK.stat().st_uid != os.geteuid():
        raise Failure(
            f"{WORK} belongs to another user: run this as that user, or remove it."
        )
