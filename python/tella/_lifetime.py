"""Goes on with one lifetime for a worker of a cluster, and ends with it: `python -m tella._lifetime PARENT DIR ...`."""

import ctypes
import os
import signal
import sys

from . import _command

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Goes on with the lifetime as `tella resume` does, as long as process `PARENT` lives; the exit code."""
    parent = int(sys.argv[1])
    # Nobody is left to send it on once the worker is killed, and who is begun in its place must
    # find the lifetime free.
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return 75
    sys.argv[1:2] = ["resume", "--begin"]
    return _command.main()


if __name__ == "__main__":
    sys.exit(main())
