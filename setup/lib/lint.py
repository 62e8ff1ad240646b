"""The checks of form: each is a program that passes or fails."""

import subprocess

import runtime
from place import ROOT, VENV, addons


def checks() -> dict[str, list]:
    """Name → command. The OCA's checks start with the first addon."""
    ruff = [VENV / "bin/ruff"]
    found = {
        "ruff check": [*ruff, "check", "--quiet", "."],
        "ruff format": [*ruff, "format", "--check", "--quiet", "."],
    }
    folders = [folder.relative_to(ROOT) for folder in addons().values()]
    if folders:
        oca = VENV / "bin"
        # An addon's description lies in its readme/ folder, not in a README.rst; and a
        # model of some size is spread over files, each with one concern.
        without = "--disable=missing-readme,consider-merging-classes-inherited"
        options = ["--rcfile=.pylintrc", without, "-j1"]
        found["pylint-odoo"] = [oca / "pylint", *options, *folders]
        found["OCA checks"] = [oca / "oca-checks-odoo-module", *folders]
    catalogues = [
        path.relative_to(ROOT)
        for folder in addons().values()
        for path in sorted(folder.glob("i18n/*.po*"))
    ]
    if catalogues:
        found["OCA checks of translations"] = [VENV / "bin/oca-checks-po", *catalogues]
    return found


def lint() -> tuple[int, int, str]:
    """Run all checks; returns how many passed, how many failed, and what these said."""
    passed, told = 0, []
    for name, command in checks().items():
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=runtime.plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            told.append(f"--- {name}\n{done.stdout.rstrip()}\n")
        else:
            passed += 1
    return passed, len(told), "".join(told)
