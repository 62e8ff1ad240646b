"""A process that has Odoo loaded and bears workers, each to be killed for real.

Loading Odoo takes seconds, forking none. What there is to do is a module beside this
one (``posting``, ``reading``) with ``build(env, count, url, identifier, password)`` and
``work(env)``. Reads one JSON object a line from stdin:

* ``{"build": N}`` fills the database with an account and N letters,
* ``{"run": HOURS, "kill_at": STEP}`` forks a worker whose clock is HOURS ahead and
  which kills itself (SIGKILL) at its STEP-th statement, commit or request; 0: never.

Writes the worker's pid, then, once it has ended, its exit status (-9: killed).
"""

import importlib
import json
import os
import signal
import sys
from datetime import datetime, timedelta, timezone

from freezegun import freeze_time


def main(module, database, *service):
    """:param service: url, identifier, password"""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", database, "--no-http"], setup_logging=True)
    Registry(database)
    doing = importlib.import_module(module)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        # A connection must not be shared by two processes.
        odoo.sql_db.close_all()
        pid = os.fork()
        if not pid:
            code = 1
            try:
                if "build" in order:
                    with environment(database) as env:
                        doing.build(env, order["build"], *service)
                else:
                    work(doing, database, order["run"], order["kill_at"])
                code = 0
            finally:
                os._exit(code)
        print(json.dumps({"pid": pid}), flush=True)
        _pid, status = os.waitpid(pid, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


def work(doing, database, hours, kill_at):
    if kill_at:
        arm(kill_at)
    now = datetime.now(timezone.utc) + timedelta(hours=hours)
    with freeze_time(now.replace(tzinfo=None), tick=True):
        with environment(database) as env:
            doing.work(env)


def arm(kill_at):
    """Counts what touches the world outside, and dies at the given count."""
    import requests

    from odoo.sql_db import Cursor

    left = [kill_at]

    def counted(function):
        def call(*args, **kwargs):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return call

    Cursor.execute = counted(Cursor.execute)
    Cursor.commit = counted(Cursor.commit)
    requests.Session.send = counted(requests.Session.send)


class environment:
    """``with environment(db) as env``: as superuser, committed at the end."""

    def __init__(self, database):
        from odoo.modules.registry import Registry

        self.cr = Registry(database).cursor()

    def __enter__(self):
        from odoo.api import SUPERUSER_ID, Environment

        self.cr.__enter__()
        return Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, *exception):
        return self.cr.__exit__(*exception)


if __name__ == "__main__":
    main(*sys.argv[1:])
