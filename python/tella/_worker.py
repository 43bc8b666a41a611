"""One lifetime in a process of its own, started by a run: `python -m tella._worker`."""

import faulthandler
import sys
from typing import TextIO, cast

from . import _native


def main() -> int:
    """Lives the lifetime that the command line names; the worker's exit code."""
    # A crash in native code leaves its Python frames in the agent's log.
    faulthandler.enable()
    # What is printed before a crash is in the agent's log.
    cast(TextIO, sys.stdout).reconfigure(line_buffering=True)  # type: ignore[attr-defined]
    return _native.main(["tella", "worker", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
