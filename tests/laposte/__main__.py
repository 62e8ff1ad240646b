"""Starts the process, as a module or by path."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # It shares rooms with the reference service, which lies beside it.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from laposte.app import main

    sys.exit(main())
