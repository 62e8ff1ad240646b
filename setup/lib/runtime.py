"""Everything that a command needs, installed; and how Odoo is called with it."""

import os
from dataclasses import dataclass
from pathlib import Path

import debian
import odoo_source
import postgres
import python_env
from place import BIN, DATA, ROOT, STATE, VENV, check_writable, lock
from progress import run

PYTHON = VENV / "bin/python"


@dataclass(frozen=True)
class Runtime:
    """An installed Odoo with a configuration file of its own."""

    source: odoo_source.OdooSource
    configuration: Path

    def environment(self) -> dict[str, str]:
        """For any program that imports Odoo, calls its CLI or our PostgreSQL."""
        inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        paths = [str(self.source.path), *filter(None, inherited)]
        return {
            **plain_environment(),
            **postgres.environment(),
            "PYTHONPATH": os.pathsep.join(paths),
            "ODOO_RC": str(self.configuration),
        }

    def odoo(self, what: str, *arguments: str, stdin: str | None = None) -> str:
        """Run Odoo's CLI to its end, output in a log. Raises ``Failure``."""
        command = [PYTHON, "-m", "odoo", *arguments]
        return run(what, command, env=self.environment(), stdin=stdin)


def plain_environment() -> dict[str, str]:
    """For a program that must not find Odoo."""
    folders = [str(BIN), str(VENV / "bin"), os.environ.get("PATH", os.defpath)]
    return {**os.environ, "PATH": os.pathsep.join(folders), "PYTHONUNBUFFERED": "1"}


def install(*, tests: bool = False) -> odoo_source.OdooSource:
    """Install what is missing; well under a second when nothing is."""
    check_writable()
    with lock("install"):
        debian.install("run")
        if tests:
            debian.install("test")
        source = odoo_source.find()
        python_env.prepare()
        return source


def configure(
    source: odoo_source.OdooSource,
    name: str = "odoo",
    *,
    addons: tuple[Path, ...] = (ROOT,),
    **options: object,
) -> Runtime:
    """Write ``NAME.conf``: our addons, our PostgreSQL, and ``options``."""
    client = postgres.environment()
    folders = [*source.addons, *(f for f in addons if any(f.glob("*/__manifest__.py")))]
    values = {
        "addons_path": ",".join(map(str, folders)),
        "data_dir": DATA,
        "db_host": client["PGHOST"],
        "db_port": client["PGPORT"],
        "db_user": client["PGUSER"],
        "http_interface": "127.0.0.1",
        **options,
    }
    text = "".join(f"{key} = {value}\n" for key, value in values.items())
    path = STATE / f"{name}.conf"
    # Replaced in one step: another command may be reading it.
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(f"[options]\n{text}")
    partial.replace(path)
    return Runtime(source, path)
