"""``setup/bench [ARGUMENT...]``: the benchmark in ``tests/bench``, with what it needs."""

import database
import postgres
import runtime
from children import foreground
from place import ROOT


def main(arguments: list[str]) -> int:
    odoo = runtime.configure(runtime.install(), "bench", max_cron_threads=0)
    with postgres.running():
        template = database.addons_template(odoo, "addons")
        env = {**odoo.environment(), "BEEPOST_TEMPLATE": template}
        return foreground(
            [runtime.PYTHON, ROOT / "tests/bench/run.py", *arguments], env
        )
