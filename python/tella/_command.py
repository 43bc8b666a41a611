"""The command `tella`: the native command line, which here knows agents and environments in Python."""

import os
import signal
import sys

from . import _native


def main() -> int:
    """Runs the command line of this process; its exit code."""
    # Python's own handler would raise KeyboardInterrupt where nobody waits for it. The native
    # program stops its lifetimes in good order, which can then be resumed.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    _find_modules_here()
    return _native.main(["tella", *sys.argv[1:]])


def _find_modules_here() -> None:
    """Modules are looked for in the working directory first, as `python -m` does it."""
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
