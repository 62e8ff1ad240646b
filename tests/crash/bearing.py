"""A campaign's side of ``nursery.py``: one database, one nursery, and what to ask."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from service.client import IDENTIFIER, PASSWORD, ServiceProcess  # noqa: E402


class Bearing:
    """A database that is dropped in the end, and workers who act on it.

    :param module: what they do, ``posting`` or ``reading``
    :param name: of this database, among those of the run
    :param template: cloned from it; None: our addons, with nothing in it
    """

    def __init__(
        self,
        service: ServiceProcess,
        module: str,
        name: str,
        template: str | None = None,
    ):
        self.service = service
        self.database = f"crash_{os.getpid()}_{name}"
        self.hours = 0  # its clock, ahead of ours
        self._module = module
        self._template = template or os.environ["BEEPOST_TEMPLATE"]

    def __enter__(self):
        pg("createdb", "-T", self._template, self.database)
        self.nursery = self.start_nursery()
        return self

    def __exit__(self, *exception):
        self.stop_nursery()
        pg("dropdb", "--if-exists", "--force", self.database)

    def start_nursery(self) -> subprocess.Popen:
        nursery = subprocess.Popen(
            [
                *(sys.executable, str(HERE / "nursery.py"), self._module),
                *(self.database, self.service.url, IDENTIFIER, PASSWORD),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert json.loads(nursery.stdout.readline())["ready"]
        return nursery

    def stop_nursery(self) -> None:
        self.nursery.stdin.close()
        self.nursery.stdout.close()
        self.nursery.wait(60)

    def order(self, **values) -> int:
        """:return: pid of the worker"""
        self.nursery.stdin.write(json.dumps(values) + "\n")
        self.nursery.stdin.flush()
        return json.loads(self.nursery.stdout.readline())["pid"]

    def ended(self) -> int:
        """Waits for it. :return: its exit status"""
        return json.loads(self.nursery.stdout.readline())["status"]

    def run(self, **values) -> int:
        self.order(**values)
        return self.ended()

    def dies_at(self, step: int) -> bool:
        """Whether it had so many steps to go."""
        status = self.run(run=self.hours, kill_at=step)
        assert status in (0, -signal.SIGKILL)
        return status == -signal.SIGKILL

    def ask(self, sql: str) -> list[str]:
        return pg("psql", "-qAt", "-c", sql, self.database).splitlines()


def pg(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout
