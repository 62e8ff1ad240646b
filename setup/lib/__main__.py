"""``python setup/lib NAME [ARGUMENT...]``: the commands in ``setup/``."""

import importlib
import signal
import sys

import another_day
from place import Failure
from progress import cause

COMMANDS = {"odoo", "test", "demo", "bench", "postgres"}


def main() -> int:
    name, *arguments = sys.argv[1:]
    if name not in COMMANDS:
        raise Failure(f"There is no command {name}.")
    days, arguments = another_day.split(arguments)
    if days:
        return another_day.run(name, days, arguments)
    return importlib.import_module(f"command_{name}").main(arguments)


if __name__ == "__main__":
    # Ended by another program, we tidy up as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"setup: {failure}")
    except OSError as error:
        if not (known := cause(str(error))):
            raise
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(f"setup: {known}{where}.")
    except KeyboardInterrupt:
        sys.exit(130)
