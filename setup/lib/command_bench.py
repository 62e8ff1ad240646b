"""``setup/bench [ARGUMENT...]``: the benchmark in ``tests/bench``."""

import os

import database
import postgres
import runtime
from children import foreground
from place import ROOT, WORK


def main(arguments: list[str]) -> int:
    odoo = runtime.configure(runtime.install(), "bench", max_cron_threads=0)
    command = [runtime.PYTHON, "-m", "bench", "--work", WORK / "bench", *arguments]
    with postgres.running():
        for kind in ("base", "queued", "run"):
            database.drop_abandoned(odoo, f"bench_{kind}")
        template = database.addons_template(odoo)
        env = {**odoo.environment(), "BEEPOST_TEMPLATE": template}
        env["PYTHONPATH"] += os.pathsep + str(ROOT / "tests")
        return foreground(command, env)
