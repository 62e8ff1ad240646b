"""``setup/bench [ARGUMENT...]``: the benchmark in ``tests/bench``."""

import database
import postgres
import runtime
from children import foreground
from place import ROOT


def main(arguments: list[str]) -> int:
    odoo = runtime.configure(runtime.install(), "bench", max_cron_threads=0)
    program = ROOT / "tests/bench/run.py"
    with postgres.running():
        template = database.addons_template(odoo)
        env = {**odoo.environment(), "BEEPOST_TEMPLATE": template}
        return foreground([runtime.PYTHON, program, *arguments], env)
