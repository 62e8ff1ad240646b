"""A PostgreSQL cluster of our own, reached through a Unix socket only: no port to take.

PostgreSQL refuses to run as root, so root runs it as ``postgres`` or ``nobody``, and
where that user cannot reach the project's folder the cluster lies under ``/var/tmp``.
It runs while any of our commands runs (each holds a shared lock), or until
``setup/postgres stop`` after ``setup/postgres start``.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from place import LOGS, STATE, Failure, digest, lock
from progress import run, say

SUPERUSER = "odoo"
PORT = "5432"  # part of the socket's file name, nothing more
KEEP = STATE / "postgres.keep"
SOCKET_LIMIT = 90  # bytes: the kernel takes 107 with the file name

# The data are for demonstrations and tests: made again in minutes, never precious.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
max_wal_size = 2GB
max_connections = 200
# A container's /dev/shm is small.
max_parallel_workers_per_gather = 0
timezone = 'UTC'
"""


def environment() -> dict[str, str]:
    """What a client needs to find the cluster."""
    return {"PGHOST": str(folder()), "PGPORT": PORT, "PGUSER": SUPERUSER}


@contextmanager
def running():
    """The cluster runs inside the block."""
    with lock("postgres.users", fcntl.LOCK_SH) as users:
        with lock("postgres"):
            start()
        try:
            yield
        finally:
            with lock("postgres"):
                if not KEEP.exists() and is_last(users):
                    stop()


def is_last(users) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def start() -> None:
    if is_running():
        return
    data = folder() / "data"
    if (data / "PG_VERSION").exists() and not binaries(data):
        say("PostgreSQL: another version than before, so a new cluster")
        as_owner("Removing the old cluster", ["rm", "-rf", data])
    if not (data / "PG_VERSION").exists():
        create(data)
    log = folder() / "log"
    # Told here and not in the settings, because the project's folder may be moved.
    socket = ["-o", f"-k {shlex.quote(str(folder()))}"]
    command = [program("pg_ctl"), "-D", data, "-l", log, "-w", "-t", "60", *socket]
    try:
        as_owner("Starting PostgreSQL", [*command, "start"], detached=True)
    except Failure:
        lines = log.read_text().splitlines() if log.exists() else []
        last = lines[-1] if lines else "it says nothing"
        raise Failure(
            f"PostgreSQL does not start: {last} (see {log}). "
            f"Without the folder {data} it would begin afresh."
        ) from None


def stop() -> None:
    if is_running():
        command = [program("pg_ctl"), "-D", folder() / "data", "-m", "fast", "stop"]
        as_owner("Stopping PostgreSQL", command)


def is_running() -> bool:
    return not subprocess.call(
        [program("pg_isready"), "-q", "-h", folder(), "-p", PORT]
    )


def create(data: Path) -> None:
    say("PostgreSQL: creating a cluster")
    options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    as_owner("Creating the cluster", ["rm", "-rf", data])
    as_owner("Creating the cluster", [program("initdb"), "-D", data, "-N", *options])
    with open(data / "postgresql.conf", "a") as configuration:
        configuration.write(SETTINGS)


def owner() -> pwd.struct_passwd:
    """Who runs the server: this user, or an ordinary one in root's place."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("PostgreSQL needs an ordinary user to run as: postgres or nobody.")


def folder() -> Path:
    """The cluster's folder, made when it is missing and owned by ``owner()``."""
    user = owner()
    place = STATE / "pg"
    if len(os.fsencode(place)) > SOCKET_LIMIT or not can_enter(user, STATE):
        key = digest(str(STATE.parent))
        place = Path("/var/tmp") / f"beepost-{user.pw_uid}-{key}"
    if not place.exists():
        place.mkdir(mode=0o700, parents=True)
        os.chown(place, user.pw_uid, user.pw_gid)
    # In /var/tmp anybody could have made it first.
    if place.is_symlink() or place.stat().st_uid != user.pw_uid:
        raise Failure(f"{place} does not belong to {user.pw_name}: remove it.")
    return place


def can_enter(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether an ordinary user may pass through every folder down to ``path``."""
    if user.pw_uid == os.geteuid():
        return True
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def binaries(data: Path | None = None) -> Path | None:
    """Debian's folder of server programs: of the cluster's version, else the newest."""
    version = (data / "PG_VERSION").read_text().strip() if data else "*"
    found = Path("/usr/lib/postgresql").glob(f"{version}/bin/initdb")
    ranked = sorted(found, key=lambda path: float(path.parent.parent.name))
    return ranked[-1].parent if ranked else None


def program(name: str) -> Path | str:
    data = folder() / "data"
    there = binaries(data if (data / "PG_VERSION").exists() else None) or binaries()
    if there and (there / name).exists():
        return there / name
    if found := shutil.which(name):
        return found
    raise Failure("PostgreSQL is not installed (Debian: apt-get install postgresql).")


def as_owner(what: str, command: list, *, detached: bool = False) -> None:
    user = owner()
    if user.pw_uid != os.geteuid():
        switch = ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid)]
        command = [*switch, "--clear-groups", *command]
    if not detached:
        run(what, command, cwd=Path("/"))
        return
    # The server must not inherit a pipe of ours: whoever reads it would wait for ever.
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / "starting-postgresql.log", "w") as log:
        code = subprocess.call(
            [str(part) for part in command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if code:
        raise Failure(f"{what} failed.")
