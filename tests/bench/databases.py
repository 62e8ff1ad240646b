"""Databases of one run of the benchmark: clones, and gone in the end.

``createdb`` and ``dropdb`` find the cluster by ``PGHOST`` and ``PGUSER``; the file
store lies where ``ODOO_RC`` says.
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
from pathlib import Path

SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes")


class Databases:
    """A context manager; all that it made is dropped."""

    def __init__(self):
        self._made: list[str] = []
        configuration = configparser.ConfigParser(interpolation=None)
        configuration.read(os.environ["ODOO_RC"])
        self._filestore = Path(configuration["options"]["data_dir"]) / "filestore"

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, *_exception) -> None:
        for name in self._made:
            self._drop(name)

    def clone(self, template: str, kind: str) -> str:
        """A fresh copy of ``template``, in place of the last one of this ``kind``."""
        name = f"bench_{kind}_{os.getpid()}"
        self._drop(name)
        self._made.append(name)
        _run("createdb", "-T", template, name)
        # Or PostgreSQL would write the copy's pages while we measure.
        _run("psql", "-qX", "-c", "CHECKPOINT", name)
        if (self._filestore / template).exists():
            # Odoo names these files by their content and never writes into one.
            shutil.copytree(
                self._filestore / template,
                self._filestore / name,
                copy_function=os.link,
            )
        return name

    def settle(self, name: str) -> None:
        """What a database that has lived for a while has: statistics, no dead rows."""
        _run("psql", "-qX", "-c", "VACUUM ANALYZE", name)

    def settings(self) -> dict[str, str]:
        """How the cluster is set up, the same for both sides."""
        return {name: _ask(f"SHOW {name}") for name in SETTINGS}

    def _drop(self, name: str) -> None:
        _run("dropdb", "--if-exists", "--force", name)
        shutil.rmtree(self._filestore / name, ignore_errors=True)


def _ask(sql: str) -> str:
    return _run("psql", "-qXAt", "-c", sql, "postgres").strip()


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout
