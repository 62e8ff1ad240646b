"""``setup/demo [--check | --new] [--on DAY]``: demo company, service and Odoo, running.

What is shown lies in ``tests/demo``: ``fill.py`` (makes the demo company),
``prepare.py`` (told the addresses at each start, prints the logins) and ``check.py``
(told the same, drives Odoo from outside and compares; its exit code is ours).
"""

import shutil
import signal
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import database
import postgres
import runtime
from children import background, foreground, free_port, wait_for, wait_for_any
from place import (
    DAY,
    LOGS,
    ROOT,
    STATE,
    Failure,
    addons,
    digest,
    is_done,
    lock,
    mark_done,
)
from progress import say

DEMO = ROOT / "tests/demo"
ODOO_PORT, SERVICE_PORT = 8069, 8070
A_DAY_ON = """curl -d '{"advance": 86400}'"""
FILL = f"""\
import sys
sys.path.insert(0, {str(DEMO)!r})
from fill import fill
fill(env)
env.cr.commit()
"""

# The port may be another than last time; wkhtmltopdf fetches style sheets from it.
ADDRESS = """
INSERT INTO ir_config_parameter (key, value)
VALUES ('report.url', '{url}'), ('web.base.url', '{url}')
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"], ["--new"]):
        raise Failure("usage: setup/demo [--check | --new] [--on DAY]")
    # Also for a shell's background job, which starts with Ctrl-C ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    check = arguments == ["--check"]
    name = "demo_check" if check else "demo"
    source = runtime.install()
    options = {
        "db_name": name,
        "dbfilter": f"^{name}$",
        "list_db": False,
        # Odoo renders all invoices of a lot in one run: minutes on a slow machine.
        "limit_time_real_cron": 900,
    }
    busy = "Another setup/demo is running here."
    with lock(name, busy=busy), postgres.running():
        odoo = runtime.configure(source, name, **options)
        prepare_database(odoo, name, new=bool(arguments))
        # Only now: the first start takes minutes, and a port is not ours before the
        # program that listens there has started.
        port = free_port(ODOO_PORT)
        service_port = free_port(max(SERVICE_PORT, port + 1))
        odoo = runtime.configure(source, name, http_port=port, **options)
        url = f"http://localhost:{port}"
        database.query(odoo, ADDRESS.format(url=url), name)
        say("Starting the reference service and Odoo")
        with (
            service(name, service_port, new=bool(arguments)) as service_url,
            server(odoo, name, url),
        ):
            told = [f"--url={url}", f"--database={name}"]
            told += [f"--service={service_url}/v1"]
            if check:
                return drive("check.py", told)
            if drive("prepare.py", told):
                raise Failure(f"The demo could not be prepared; see {LOGS}.")
            say(f"Odoo:    {url}")
            say(f"BeePOST: {service_url} (reference service)")
            say(f"Its clock, a day on: {A_DAY_ON} {service_url}/_control/clock")
            say("Ctrl-C stops both.")
            try:
                wait_for_any()
            except KeyboardInterrupt:
                say("stopping")
            else:
                raise Failure(f"Odoo or the service ended by itself; see {LOGS}.")
    say("stopped")
    return 0


def prepare_database(odoo: runtime.Runtime, name: str, *, new: bool) -> None:
    """The demo database, kept from run to run; its addons follow the code."""
    ours = addons()
    key = digest(odoo.source.version, database.addons_key(ours))
    step = f"{name} {DAY}".strip()
    if new or not database.exists(odoo, name):
        files = [*sorted(DEMO.glob("fill*.py")), *sorted(DEMO.glob("cases/*.py"))]
        # Its dates count from the day on which it is made.
        today = date.today().isoformat()
        template = database.filled_template(odoo, "demo", FILL, today, *files)
        database.drop(odoo, name)
        database.clone(odoo, template, name)
    elif not is_done(step, key):
        say("Database: the addons have changed, updating")
        names = ",".join(ours)
        options = ["-i", names, "-u", names, "--stop-after-init", "--no-http"]
        odoo.odoo(f"Updating {name}", "server", *options)
    mark_done(step, key)


@contextmanager
def service(name: str, port: int, *, new: bool):
    """The reference BeePOST with a durable store; gives its address."""
    store = STATE / "service" / name
    if new:
        shutil.rmtree(store, ignore_errors=True)
    store.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}"
    options = [f"--port={port}", f"--data={store}"]
    command = [runtime.PYTHON, "-m", "service", *options]
    env = {**runtime.plain_environment(), "PYTHONPATH": str(ROOT / "tests")}
    with background(command, env, LOGS / f"service-{name}.log") as child:
        wait_for("The reference service", f"{url}/v1/ping", child, status=401)
        yield url


@contextmanager
def server(odoo: runtime.Runtime, name: str, url: str):
    command = [runtime.PYTHON, "-m", "odoo", "server"]
    log = LOGS / f"odoo-{name}.log"
    with background(command, odoo.environment(), log) as child:
        wait_for("Odoo", f"{url}/web/health", child, status=200)
        yield


def drive(script: str, arguments: list[str]) -> int:
    path: Path = DEMO / script
    return foreground([runtime.PYTHON, path, *arguments], runtime.plain_environment())
