"""What a cluster's machine does: it goes on with one lifetime, in a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import ray

from . import moved

#: Exit codes of a lifetime that was stopped.
_STOPPED = (75, 130)

#: Seconds that a lifetime may take to write its checkpoint when it is asked to stop.
_LAST_RITES = 30

_TICK = 0.05


class StoppedTask(Exception):
    """A lifetime was asked to stop; Ray begins its task again."""


class Came(NamedTuple):
    """What a task brings."""

    exit: int | None
    """The exit code; None where it needs what was begun, and that was not sent."""
    said: str
    sent: bytes | None
    """What was written, where the folder is not seen."""
    place: str
    """The run folder that was written into, and its machine,"""
    node: str
    """which Ray calls this."""


def live_one(
    run: str,
    files: dict[str, bytes],
    lifetime: int,
    options: Sequence[str],
    directory: str,
    shared: bool | None,
    is_begun: bool,
    begun: bytes | None,
) -> Came:
    """Goes on with a lifetime, or begins it.

    :param files: what the run folder has besides its lifetimes.
    :param directory: where modules are looked for, where it is there.
    :param shared: whether the run folder is seen here; where None, that is found out.
    :param is_begun: whether there is something of the lifetime in the run folder,
    :param begun: and that, where it was asked for.
    """
    place = Path(run)
    if shared is None:
        # It was made at a time of its own, so that no other run's is the same.
        shared = (place / "run.json").exists() and (
            (place / "run.json").read_bytes() == files["run.json"]
        )
    if not shared:
        place = moved.scratch(files)
        if is_begun and begun is None:
            return Came(None, "", None, "", "")
        if begun is not None:
            # Where more was lived here in an earlier try, that is gone on with.
            moved.put(begun, place, lifetime)
    code, said = _resume(place, lifetime, options, directory)
    sent = None if shared else moved.packed(place / moved.name(lifetime))
    node = ray.get_runtime_context().get_node_id()
    return Came(code, said[-4000:], sent, f"{place} on {socket.gethostname()}", node)


def forget(files: dict[str, bytes], lifetime: int) -> None:
    """Removes what was lived of a lifetime on a machine that does not see its run folder, once it was sent."""
    shutil.rmtree(moved.scratch(files) / moved.name(lifetime), ignore_errors=True)


def _resume(
    place: Path, lifetime: int, options: Sequence[str], directory: str
) -> tuple[int, str]:
    """Exit code and standard error of `tella resume`."""
    words = [str(os.getpid()), str(place), "--lifetime-idx", str(lifetime), *options]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tella._lifetime", *words],
            cwd=directory if os.path.isdir(directory) else None,
            env=dict(os.environ, TELLA_NO_PROGRESS="1"),
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            # A task that waits in the system does not hear that it is cancelled.
            while process.poll() is None:
                time.sleep(_TICK)
        except BaseException:
            process.terminate()
            try:
                process.wait(_LAST_RITES)
            finally:
                process.kill()
            raise
        said.seek(0)
        text = said.read().decode(errors="replace")
    if process.returncode in _STOPPED or process.returncode < 0:
        raise StoppedTask(f"it was stopped ({process.returncode}): {text[-1000:].strip()}")
    return process.returncode, text
