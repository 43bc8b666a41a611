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
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ._api.call import CORRUPT, FAULT, RESUMABLE, call, options
from ._api.curriculum import given, overrides, sets_of
from ._api.run import Run
from ._api.running import run_of
from ._errors import CorruptLog, LifetimeFault, Stopped, TellaError

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
    curriculum: Any,
    agent: str,
    *,
    output: str | os.PathLike[str],
    lifetimes: int = 1,
    lifetime_idx: int = 0,
    num_parallel_envs: int = 1,
    agent_seed: int = 0,
    curriculum_seed: int = 0,
    agent_config: str | os.PathLike[str] | None = None,
    curriculum_config: str | os.PathLike[str] | None = None,
    set: Mapping[str, Any] | None = None,
    isolation: str | None = None,
    timeout: float | None = None,
    memory_limit: int | None = None,
    checkpoint_every: float | None = None,
    num_cpus: float = 1,
    num_gpus: float = 0,
    retries: int = 3,
    address: str | None = None,
) -> Run:
    """Lets an agent live through a curriculum, each lifetime a Ray task. Called again it goes on with what is
    not complete.

    :param agent: a name: one of this process's classes would not be found elsewhere.
    :param num_cpus: processors that a lifetime takes,
    :param num_gpus: and GPUs; both may be fractions.
    :param retries: how often a lifetime is gone on with whose worker died.
    :param address: the cluster, ``ray://HOST:PORT``, where Ray is not initialised; where None, the one at hand.

    The other parameters, and what is raised, are those of `tella.run`.
    """
    word, texts = given(curriculum)
    words = options(
        agent=agent,
        out=output,
        num_lifetimes=lifetimes,
        lifetime_idx=lifetime_idx,
        num_parallel_envs=num_parallel_envs,
        agent_seed=agent_seed,
        curriculum_seed=curriculum_seed,
        agent_config=agent_config,
        curriculum_config=curriculum_config,
        set=[*sets_of(curriculum), *overrides(set)],
        isolation=isolation,
        timeout=timeout,
        memory_limit=memory_limit,
        checkpoint_every=checkpoint_every,
        resume=True,
    )
    words += _on(num_cpus, num_gpus, retries, address)
    return run_of(call("run", "--json", *words, "--", word, curricula=texts))


def sweep(
    grid: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str],
    timeout: float | None = None,
    memory_limit: int | None = None,
    checkpoint_every: float | None = None,
    num_cpus: float = 1,
    num_gpus: float = 0,
    retries: int = 3,
    address: str | None = None,
) -> dict[str, Run]:
    """Runs a grid, each lifetime a Ray task; its runs by name. Called again it goes on with what is not
    complete.

    :param grid: a YAML file.
    :param output: the sweep's folder.

    The other parameters are those of `run`.

    :raises LifetimeFault: where lifetimes ended with a fault; the others came to their end.
    :raises Stopped: where lifetimes could not be lived to their end.
    """
    words = options(
        out=output, timeout=timeout, memory_limit=memory_limit, checkpoint_every=checkpoint_every
    )
    words += _on(num_cpus, num_gpus, retries, address)
    answer = call("sweep", "--json", *words, "--", os.fspath(grid))
    runs = json.loads(answer.out)["runs"]
    if answer.exit:
        messages = [
            f"{run['run']}: lifetime {each['lifetime']}: {each['message'] or each['status']}"
            for run in runs
            for each in run["lifetimes"]
            if each["status"] != "complete"
        ]
        raise _ENDS.get(answer.exit, TellaError)("\n".join(messages))
    return {run["run"]: Run.open(Path(output, run["run"])) for run in runs}


#: What exit codes of a sweep are.
_ENDS: dict[int, type[TellaError]] = {FAULT: LifetimeFault, CORRUPT: CorruptLog, RESUMABLE: Stopped}


def _on(num_cpus: float, num_gpus: float, retries: int, address: str | None) -> list[str]:
    return options(on=address or "ray", num_cpus=num_cpus, num_gpus=num_gpus, retries=retries)


class _StoppedTask(Exception):
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
        num_cpus=num_cpus, num_gpus=num_gpus, max_retries=retries, retry_exceptions=[_StoppedTask]
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
        raise _StoppedTask(f"{_name(lifetime)} was stopped: {done.returncode}")
    sent = None if shared else _packed(place / _name(lifetime))
    if sent is not None:
        # What was sent is not gone on with here: who lives the lifetime again begins it anew.
        shutil.rmtree(place / _name(lifetime))
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
            # Python before 3.10.12 has no filters.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(there)
        if place.exists():
            os.rename(place, Path(there, "before"))
        os.rename(Path(there, place.name), place)
