"""``setup/odoo [COMMAND] [ARGUMENT...]``: Odoo's CLI with our configuration."""

import postgres
import runtime
from children import foreground


def main(arguments: list[str]) -> int:
    odoo = runtime.configure(runtime.install())
    command = [runtime.PYTHON, "-m", "odoo", *arguments]
    if arguments == ["--version"]:
        return foreground(command, odoo.environment())
    with postgres.running():
        return foreground(command, odoo.environment())
