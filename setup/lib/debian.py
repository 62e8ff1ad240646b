"""Debian packages: installed when they are missing, services and sources untouched."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from place import LIB, Failure
from progress import run, say

POLICY = Path("/usr/sbin/policy-rc.d")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/beepost.conf")


def wanted(group: str) -> list[str]:
    """One group's packages in ``debian-packages.txt`` (``GROUP PACKAGE`` a line)."""
    lines = (LIB / "debian-packages.txt").read_text().splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return [package for where, package in pairs if where == group]


def missing(packages: list[str]) -> list[str]:
    if not shutil.which("dpkg-query"):
        raise Failure("This needs Debian 12 or a system derived from it.")
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout.splitlines()
    return [name for name in packages if f"{name} installed" not in found]


def install(group: str) -> None:
    """Install what is missing; raises ``Failure`` when this user may not."""
    packages = missing(wanted(group))
    if not packages:
        return
    names = " ".join(packages)
    root = as_root()
    if root is None:
        raise Failure(f"Run once as root: apt-get install {names}")
    say(f"Debian packages: {names}")
    with quiet_services(root):
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        run("Reading the package lists", [*apt, "update"])
        options = ["-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
        run("Installing Debian packages", [*apt, "install", *options, *packages])


def as_root() -> list[str] | None:
    """The words before a command of root's, or None when it cannot be run unasked."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.call(
        ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ):
        return ["sudo", "-n"]
    return None


@contextmanager
def quiet_services(root: list[str]):
    """No package starts a service, and PostgreSQL's makes no cluster of its own.

    Both files are taken away again; one that the machine already has is left alone.
    """
    ours = {
        POLICY: "#!/bin/sh\nexit 101\n",
        NO_CLUSTER: "create_main_cluster = false\n",
    }
    ours = {path: text for path, text in ours.items() if not path.exists()}
    new_folder = not NO_CLUSTER.parent.exists()
    try:
        for path, text in ours.items():
            run("Preparing", [*root, "mkdir", "-p", path.parent])
            run("Preparing", [*root, "tee", path], stdin=text)
            run("Preparing", [*root, "chmod", "755", path])
        yield
    finally:
        for path in ours:
            run("Tidying", [*root, "rm", "-f", path])
        if new_folder:
            # No package owns it: it goes, and what it lies in where that is empty.
            subprocess.call(
                [*root, "rmdir", "-p", "--ignore-fail-on-non-empty", NO_CLUSTER.parent],
                stderr=subprocess.DEVNULL,
            )
