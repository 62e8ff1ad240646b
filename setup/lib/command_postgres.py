"""``setup/postgres start | stop | psql [ARGUMENT...]``."""

import postgres
import runtime
from children import foreground
from place import Failure, lock


def main(arguments: list[str]) -> int:
    odoo = runtime.configure(runtime.install())
    match arguments:
        case ["start"]:
            with lock("postgres"):
                postgres.KEEP.touch()
                postgres.start()
            print(f"PGHOST={postgres.folder()} PGUSER={postgres.SUPERUSER}")
        case ["stop"]:
            with lock("postgres"):
                postgres.KEEP.unlink(missing_ok=True)
                postgres.stop()
        case ["psql", *rest]:
            with postgres.running():
                return foreground(["psql", *rest], odoo.environment())
        case _:
            raise Failure("usage: setup/postgres start | stop | psql [ARGUMENT...]")
    return 0
