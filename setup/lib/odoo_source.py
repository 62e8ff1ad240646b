"""Odoo 19's sources: the user's (``ODOO_HOME``), Debian's package, or a Git clone.

The package is read from Debian's ``sid`` through apt itself, with lists and sources in
a folder of ours: the machine's own stay as they are.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from place import WORK, Failure, digest, is_done, mark_done
from progress import run, say

SERIES = "19.0"
TREE = WORK / "odoo"
PACKAGED = TREE / "usr/lib/python3/dist-packages"
CLONE = WORK / "odoo-git"
REPOSITORY = "https://github.com/odoo/odoo"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# Debian takes third-party files out of the package and links to these instead.
LINKED_FROM_SID = [
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
]
# sid's are later major versions, without the files that Odoo names.
LINKED_FROM_STABLE = ["fonts-font-awesome", "fonts-inconsolata"]
# A machine-learning library for blurred video backgrounds: named in a bundle, not free.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    """``path`` goes on PYTHONPATH; ``addons`` are the folders that Odoo needs told."""

    path: Path
    addons: tuple[Path, ...]
    version: str


def find() -> OdooSource:
    """The sources to use, fetched when there are none yet. Raises ``Failure``."""
    if home := os.environ.get("ODOO_HOME"):
        return describe(Path(home).expanduser().resolve())
    if CLONE.exists():
        return describe(CLONE)
    key = digest(SERIES, STUB, *LINKED_FROM_SID, *LINKED_FROM_STABLE)
    if not is_done("odoo", key):
        fetch()
        if not CLONE.exists():
            mark_done("odoo", key)
    return describe(CLONE if CLONE.exists() else PACKAGED)


def describe(home: Path) -> OdooSource:
    release = home / "odoo/release.py"
    if not release.exists():
        raise Failure(f"{home} holds no Odoo (there is no odoo/release.py in it).")
    found = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    if not found or ".".join(found.groups()) != SERIES:
        raise Failure(f"The Odoo in {home} is not {SERIES}.")
    folders = [home / "addons", home / "odoo/addons"]
    changed = release.stat().st_mtime_ns
    return OdooSource(
        home, tuple(f for f in folders if f.exists()), f"{home} {changed}"
    )


def fetch() -> None:
    free = shutil.disk_usage(WORK).free
    if free < 4 * 1024**3:
        raise Failure(f"4 GB are needed in {WORK}, and {free // 1024**2} MB are free.")
    mirror = debian_mirror()
    if mirror is None:
        clone("This is not Debian")
        return
    say("Odoo 19: downloading Debian's package (130 MB)")
    apt = Apt(*mirror)
    if not apt.has("odoo-19"):
        clone("Debian no longer carries Odoo 19")
        return
    unpack(apt.download())


def clone(reason: str) -> None:
    say(f"{reason}: cloning Odoo's public {SERIES} branch instead")
    partial = CLONE.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    options = ["--quiet", "--depth", "1", "--branch", SERIES]
    try:
        run("Cloning Odoo", ["git", "clone", *options, REPOSITORY, partial])
    except Failure as failure:
        raise Failure(f"{failure} ODOO_HOME can name an Odoo {SERIES}.") from None
    partial.rename(CLONE)


def debian_mirror() -> tuple[str, str] | None:
    """(address, code name) in the machine's own sources; None on another system."""
    system = dict(
        line.replace('"', "").split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    name = system.get("VERSION_CODENAME")
    if system.get("ID") != "debian" or not name:
        return None
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"],
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    for address, release, component in map(str.split, set(targets.splitlines())):
        if (release, component) == (name, "main"):
            return address, name
    raise Failure(f"This machine's apt sources do not name Debian {name}.")


class Apt:
    """apt-get with one source of our own, and all that it writes in our folder."""

    def __init__(self, address: str, stable: str):
        self.folder = WORK / "apt"
        self.stable = stable
        sources, lists = self.folder / "sources", self.folder / "lists"
        cache = self.folder / "cache"
        for part in (sources, lists / "partial", cache / "archives/partial"):
            part.mkdir(parents=True, exist_ok=True)
        signed = f"Signed-By: {KEYRING}\n" if Path(KEYRING).exists() else ""
        (sources / "odoo.sources").write_text(
            f"Types: deb\nURIs: {address}\nSuites: {stable} sid\n"
            f"Components: main\n{signed}"
        )
        values = {
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": sources,
            "Dir::State::lists": lists,
            "Dir::Cache": cache,
            # Our folder may be closed to apt's own user.
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
        }
        self.options = [w for k, v in values.items() for w in ("-o", f"{k}={v}")]
        run("Reading Debian's lists", ["apt-get", *self.options, "update", "-qq"])

    def has(self, package: str) -> bool:
        show = ["apt-cache", *self.options, "show", package]
        return not subprocess.call(
            show, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def download(self) -> list[Path]:
        packages = [f"{name}/sid" for name in ["odoo-19", *LINKED_FROM_SID]]
        packages += [f"{name}/{self.stable}" for name in LINKED_FROM_STABLE]
        target = self.folder / "packages"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        command = ["apt-get", *self.options, "-qq", "download", *packages]
        run("Downloading Odoo", command, cwd=target)
        return sorted(target.glob("*.deb"))


def unpack(packages: list[Path]) -> None:
    say("Odoo 19: unpacking")
    partial = TREE.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for package in packages:
        run("Unpacking Odoo", ["dpkg", "-x", package, partial])
    library = partial / PACKAGED.relative_to(TREE)
    # A second, incomplete copy of the addons, which Odoo would prefer.
    shutil.rmtree(library / "addons", ignore_errors=True)
    stub = library / STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.touch()
    dead = [p for p in library.rglob("*") if p.is_symlink() and not p.exists()]
    if dead:
        names = ", ".join(sorted({path.name for path in dead}))
        raise Failure(f"Debian's packages lack files that Odoo needs: {names}.")
    shutil.rmtree(TREE, ignore_errors=True)
    partial.rename(TREE)
    shutil.rmtree(WORK / "apt", ignore_errors=True)
