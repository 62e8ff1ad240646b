"""The Python environment in ``.venv``: what Odoo, our addons and the tests need.

One place each: ``requirements-odoo.txt``, the addons' manifests
(``external_dependencies``), and the dependency group ``test`` in ``pyproject.toml``.
"""

import ast
import subprocess
import sys
from pathlib import Path

from place import BIN, LIB, ROOT, VENV, Failure, addons, digest, is_done, mark_done
from progress import run, say

SUPPORTED = ((3, 10), (3, 13))


def prepare() -> None:
    """Create or complete ``.venv``. Raises ``Failure``."""
    requirements = LIB / "requirements-odoo.txt"
    own = manifest_requirements()
    key = digest(str(VENV), requirements, ROOT / "pyproject.toml", *own)
    if is_done("python", key) and (VENV / "bin/python").exists():
        return
    if not works(VENV / "bin/pip"):
        say("Python environment: creating")
        command = [python(), "-m", "venv", "--clear", VENV]
        run("Creating the Python environment", command)
    say("Python environment: installing packages")
    pip = [VENV / "bin/pip", "--disable-pip-version-check", "install", "--quiet"]
    # Dependency groups need pip 25.1.
    run("Upgrading pip", [*pip, "pip>=25.1"])
    group = f"{ROOT / 'pyproject.toml'}:test"
    run(
        "Installing Python packages",
        [*pip, "--prefer-binary", "-r", requirements, *own, "--group", group],
    )
    BIN.mkdir(parents=True, exist_ok=True)
    link = BIN / "wkhtmltopdf"
    link.unlink(missing_ok=True)
    link.symlink_to(VENV / "bin/wkhtmltopdf-pack")
    mark_done("python", key)


def works(pip: Path) -> bool:
    """False, too, for an environment whose folder has been moved."""
    try:
        return not subprocess.call([pip, "--version"], stdout=subprocess.DEVNULL)
    except OSError:
        return False


def manifest_requirements() -> list[str]:
    found = set()
    for folder in addons().values():
        manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
        found.update(manifest.get("external_dependencies", {}).get("python", []))
    return sorted(found)


def python() -> str:
    """A Python that Odoo runs on: the system's, else the one that runs this."""
    lowest, highest = SUPPORTED
    test = (
        "import ensurepip, sys; "
        f"sys.exit(not {lowest} <= sys.version_info[:2] <= {highest})"
    )
    for candidate in ("/usr/bin/python3", "/usr/bin/python3.11", sys.executable):
        try:
            if not subprocess.call([candidate, "-c", test], stderr=subprocess.DEVNULL):
                return candidate
        except FileNotFoundError:
            continue
    raise Failure(
        "Odoo 19 needs a Python from 3.10 to 3.13 with its venv module "
        "(Debian: python3-venv)."
    )
