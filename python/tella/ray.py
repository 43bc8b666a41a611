"""Lifetimes and sweeps on a Ray cluster: `tella run --on ray` and `tella sweep --on ray` from Python.

A lifetime is a Ray task that takes processors and GPUs, and any part of one. It writes into its run folder
where its machine sees that folder; elsewhere it writes into a temporary folder and what it wrote
is sent. Either way the folder is in the end what a local run would have made, with the same tables. A
lifetime whose worker dies goes on from its last checkpoint. A program that dies can be run again: what
is complete stays as it is.

Agents and environments in Python have to be importable on the workers: lie in the same folder there, or be
sent with `ray.init(runtime_env={"working_dir": ...})` before.
"""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from . import _native

try:
    import ray
except ImportError as error:
    raise ImportError("tella.ray needs Ray: pip install 'tella-rs[ray]'") from error

__all__ = ["live", "run", "sweep"]

#: What a run folder has besides its lifetimes.
_OF_THE_RUN = ("curriculum.yaml", "run.json")

#: Exit codes after which nothing is left to do: the lifetime is complete, or ended with a fault.
_ENDED = (0, 3)

#: Exit codes of a lifetime that was stopped.
_STOPPED = (75, 130)


def run(
    curriculum: str | os.PathLike[str],
    agent: str,
    *options: str,
    out: str | os.PathLike[str],
    num_lifetimes: int = 1,
    agent_seed: int = 0,
    curriculum_seed: int = 0,
    num_cpus: float = 1,
    num_gpus: float = 0,
    retries: int = 3,
    address: str | None = None,
) -> int:
    """Runs an agent through a curriculum, each lifetime a Ray task; the command's exit code.

    `options` are further ones of `tella run`. Called again it goes on with what is not complete.
    """
    words = ["run", os.fspath(curriculum), "--agent", agent, "--out", os.fspath(out), "--resume"]
    words += ["--agent-seed", str(agent_seed), "--curriculum-seed", str(curriculum_seed)]
    words += ["--num-lifetimes", str(num_lifetimes), *options]
    return _command(words, num_cpus, num_gpus, retries, address)


def sweep(
    grid: str | os.PathLike[str],
    *options: str,
    out: str | os.PathLike[str],
    num_cpus: float = 1,
    num_gpus: float = 0,
    retries: int = 3,
    address: str | None = None,
) -> int:
    """Runs a grid, each lifetime a Ray task; the command's exit code. `options` are further ones of
    `tella sweep`."""
    words = ["sweep", os.fspath(grid), "--out", os.fspath(out), *options]
    return _command(words, num_cpus, num_gpus, retries, address)


def _command(
    words: list[str], num_cpus: float, num_gpus: float, retries: int, address: str | None
) -> int:
    on = ["--on", address or "ray", "--num-cpus", str(num_cpus), "--num-gpus", str(num_gpus)]
    return _native.main(["tella", *words, *on, "--retries", str(retries)])


class Stopped(Exception):
    """A lifetime was asked to stop; Ray begins its task again."""


def live(
    lifetimes: Iterable[tuple[str | os.PathLike[str], int]],
    *,
    options: Sequence[str] = (),
    num_cpus: float = 1,
    num_gpus: float = 0,
    retries: int = 3,
    address: str | None = None,
    shared: bool | None = None,
) -> list[str]:
    """Lives lifetimes of run folders that are there, each a Ray task, and returns once all have ended
    and lie in their folders: what went wrong with those that could not be lived at all.

    `options` are options of `tella resume`. Where Ray is not initialised, it is, with `address`. `shared` says
    whether workers see the folders; where it is None, each looks.
    """
    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False)
    task = ray.remote(_live_one).options(
        num_cpus=num_cpus, num_gpus=num_gpus, max_retries=retries, retry_exceptions=[Stopped]
    )
    files: dict[str, Any] = {}
    waiting: dict[Any, tuple[Path, int]] = {}
    for folder, lifetime in lifetimes:
        path = Path(os.path.abspath(folder))
        if str(path) not in files:
            files[str(path)] = ray.put({name: (path / name).read_bytes() for name in _OF_THE_RUN})
        begun = task.remote(str(path), files[str(path)], lifetime, list(options), os.getcwd(), shared)
        waiting[begun] = (path, lifetime)
    failures: list[str] = []
    count = len(waiting)
    try:
        while waiting:
            (ended,), _ = ray.wait(list(waiting), num_returns=1)
            folder, lifetime = waiting.pop(ended)
            failure = _end(ended, folder, lifetime)
            failures += [failure] if failure else []
            _tell(f"[{count - len(waiting)}/{count}] {failure or f'{folder.name}: lifetime {lifetime}'}")
    finally:
        for left in waiting:
            ray.cancel(left, force=True)
    return failures


def _end(ended: Any, folder: Path, lifetime: int) -> str | None:
    """Takes in what a task brings; what went wrong, if anything did."""
    name = f"{folder.name}: lifetime {lifetime}"
    try:
        code, said, sent = ray.get(ended)
    except ray.exceptions.RayError as error:
        return f"{name}: {error}"
    if sent is not None:
        _unpack(sent, folder, lifetime)
    return None if code in _ENDED else f"{name}: {said.strip()}"


def _tell(line: str) -> None:
    if not os.environ.get("TELLA_NO_PROGRESS"):
        print(line, file=sys.stderr)


def _name(lifetime: int) -> str:
    return f"lifetime-{lifetime:04}"


def _live_one(
    folder: str,
    files: dict[str, bytes],
    lifetime: int,
    options: list[str],
    directory: str,
    shared: bool | None,
) -> tuple[int, str, bytes | None]:
    """The task: the exit code, what was said, and what was written where the folder is not seen."""
    place = Path(folder)
    if shared is None:
        # It was made at a time of its own, so that no other run's is the same.
        shared = (place / "run.json").exists() and (
            (place / "run.json").read_bytes() == files["run.json"]
        )
    if not shared:
        place = _scratch(files)
    words = [str(os.getpid()), str(place), "--lifetime-idx", str(lifetime), *options]
    done = subprocess.run(
        [sys.executable, "-m", "tella._lifetime", *words],
        cwd=directory if os.path.isdir(directory) else None,
        env=dict(os.environ, TELLA_NO_PROGRESS="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    if done.returncode in _STOPPED or done.returncode < 0:
        raise Stopped(f"{_name(lifetime)} was stopped: {done.returncode}")
    sent = None if shared else _packed(place / _name(lifetime))
    return done.returncode, done.stderr[-4000:], sent


def _scratch(files: dict[str, bytes]) -> Path:
    """The run's folder on a machine that does not see the run's own. It is the same in every try, so that what was begun
    here is gone on with."""
    import hashlib

    name = hashlib.blake2b(files["run.json"], digest_size=12).hexdigest()
    place = Path(tempfile.gettempdir()) / f"tella-{os.getuid()}-{name}"
    place.mkdir(mode=0o700, exist_ok=True)
    for file in _OF_THE_RUN:
        made, to = tempfile.mkstemp(dir=place, suffix=".tmp")
        with open(made, "wb") as whole:
            whole.write(files[file])
        os.replace(to, place / file)
    return place


def _packed(folder: Path) -> bytes | None:
    """A lifetime's folder as an archive; None where it was not begun."""
    if not folder.is_dir():
        return None
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(folder, folder.name)
    return packed.getvalue()


def _unpack(sent: bytes, folder: Path, lifetime: int) -> None:
    """Puts a lifetime's folder into its run, whole or not at all."""
    place = folder / _name(lifetime)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".gathered-") as there:
        with tarfile.open(fileobj=io.BytesIO(sent)) as archive:
            archive.extractall(there, filter="data")
        if place.exists():
            os.rename(place, Path(there, "before"))
        os.rename(Path(there, place.name), place)
