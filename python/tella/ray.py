"""Lifetimes and sweeps on a Ray cluster: `tella run --on ray` and `tella sweep --on ray` from Python.

A lifetime is a Ray task that takes processors and GPUs, and any part of one. It writes into its run folder
where its machine sees that folder (`_task`); elsewhere it writes into a temporary folder, to which what was begun is
sent and from which what was lived is (`_moved`). Either way the folder is in the end what a local run would have
made, with the same tables. A lifetime whose worker dies goes on from its last checkpoint. A program that
dies can be run again: what is complete stays as it is.

Agents and environments in Python have to be importable on the workers: lie in the same folder there, or be
sent with `ray.init(runtime_env={"working_dir": ...})` before.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ._api.call import BUG, CORRUPT, FAULT, INTERRUPTED, RESUMABLE, USAGE, call, options
from ._api.curriculum import given, overrides, sets_of
from ._api.run import Run
from ._api.running import run_of
from ._errors import CorruptLog, InternalError, LifetimeFault, Stopped, TellaError, UsageError

try:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
except ImportError as error:
    raise ImportError("tella.ray needs Ray: pip install 'tella-rs[ray]'") from error

from ._ray import moved
from ._ray.task import Came, StoppedTask, forget, live_one

__all__ = ["Failure", "live", "run", "sweep"]

#: Exit codes after which nothing is left to do: the lifetime is complete, or ended with a fault.
_ENDED = (0, 3)

#: Seconds that lifetimes may take to stop in good order.
_GRACE = 40

#: Seconds that machines may take to remove what they have sent.
_LAST_RITES = 10


def run(
    curriculum: Any,
    agent: str,
    *,
    out: str | os.PathLike[str],
    num_lifetimes: int = 1,
    lifetime_idx: int = 0,
    num_parallel_envs: int = 1,
    agent_seed: int = 0,
    curriculum_seed: int = 0,
    agent_config: str | os.PathLike[str] | None = None,
    curriculum_config: str | os.PathLike[str] | None = None,
    set: Mapping[str, Any] | None = None,
    log: str | Sequence[str] | None = None,
    threads: int = 1,
    isolation: str | None = None,
    timeout: float | None = None,
    memory_limit: int | None = None,
    checkpoint_every: float | None = None,
    max_episode_steps: int | None = None,
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

    Ctrl-C lets lifetimes write their checkpoints before it is a KeyboardInterrupt. The other parameters, and what is raised, are those of `tella.run`.
    """
    if not isinstance(agent, str):
        raise UsageError(
            f"{agent!r} is an object of this process; on Ray an agent is named, 'module:Class' or 'path/file.py:Class'"
        )
    word, texts = given(curriculum)
    words = options(
        agent=agent,
        out=out,
        num_lifetimes=num_lifetimes,
        lifetime_idx=lifetime_idx,
        num_parallel_envs=num_parallel_envs,
        agent_seed=agent_seed,
        curriculum_seed=curriculum_seed,
        agent_config=agent_config,
        curriculum_config=curriculum_config,
        set=[*sets_of(curriculum), *overrides(set)],
        log=log,
        threads=threads,
        isolation=isolation,
        timeout=timeout,
        memory_limit=memory_limit,
        checkpoint_every=checkpoint_every,
        max_episode_steps=max_episode_steps,
        resume=True,
    )
    words += _on(num_cpus, num_gpus, retries, address)
    return run_of(call("run", "--json", *words, "--", word, curricula=texts))


def sweep(
    grid: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str],
    resume: bool = False,
    threads: int = 1,
    isolation: str | None = None,
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
    :param out: the sweep's folder.
    :param resume: lives lifetimes that ended with a fault again, too.

    The other parameters are those of `run`.

    :raises LifetimeFault: where lifetimes ended with a fault (`faults` names run, lifetime and message of each); the
        others came to their end.
    :raises Stopped: where lifetimes could not be lived to their end.
    :raises KeyboardInterrupt: where Ctrl-C stopped it in good order.
    """
    words = options(
        out=out,
        resume=resume,
        threads=threads,
        isolation=isolation,
        timeout=timeout,
        memory_limit=memory_limit,
        checkpoint_every=checkpoint_every,
    )
    words += _on(num_cpus, num_gpus, retries, address)
    answer = call("sweep", "--json", *words, "--", os.fspath(grid))
    told = json.loads(answer.out)["runs"]
    if answer.exit == 0:
        return {run["run"]: Run.open(Path(out, run["run"])) for run in told}
    if answer.exit == INTERRUPTED:
        raise KeyboardInterrupt("the sweep was stopped; the same call goes on from here")
    failed = [
        {"run": run["run"], **each, "message": each["message"] or each["status"]}
        for run in told
        for each in run["lifetimes"]
        if each["status"] != "complete"
    ]
    text = "\n".join(f"{each['run']}: lifetime {each['lifetime']}: {each['message']}" for each in failed)
    error = _ENDS.get(answer.exit, TellaError)(text)
    if isinstance(error, LifetimeFault):
        error.faults = [each for each in failed if each["status"] == "fault"]
        error.run = Run.open(Path(out, error.faults[0]["run"]))
    raise error


#: What exit codes of a sweep are.
_ENDS: dict[int, type[TellaError]] = {
    USAGE: UsageError,
    FAULT: LifetimeFault,
    CORRUPT: CorruptLog,
    BUG: InternalError,
    RESUMABLE: Stopped,
}


def _on(num_cpus: float, num_gpus: float, retries: int, address: str | None) -> list[str]:
    return options(on=address or "ray", num_cpus=num_cpus, num_gpus=num_gpus, retries=retries)


class Failure(NamedTuple):
    """A lifetime that could not be lived."""

    run: Path
    """Its run folder."""
    lifetime: int
    exit: int | None
    """The exit code of `tella resume` on the worker, where it came to one."""
    message: str


def live(
    lifetimes: Iterable[tuple[str | os.PathLike[str], int]],
    *,
    options: Sequence[str] = (),
    num_cpus: float = 1,
    num_gpus: float = 0,
    retries: int = 3,
    address: str | None = None,
    shared: bool | None = None,
) -> list[Failure]:
    """Lives lifetimes of run folders that are there, each a Ray task, and returns once all have ended
    and lie in their folders: those that could not be lived at all, and why.

    `options` are options of `tella resume`. Where Ray is not initialised, it is, with `address`. `shared` says
    whether workers see the folders; where it is None, each looks.
    """
    failures: list[Failure] = []
    how = {"num_cpus": num_cpus, "num_gpus": num_gpus, "max_retries": retries}
    _live(lifetimes, options, how, address, shared, failures)
    return failures


def _live_until_signal(
    lifetimes: Sequence[tuple[str, int]],
    *,
    options: Sequence[str],
    num_cpus: float,
    num_gpus: float,
    retries: int,
    address: str | None,
) -> tuple[list[Failure], int | None]:
    """As `live`, for the command: a signal that came in the middle is told."""
    failures: list[Failure] = []
    how = {"num_cpus": num_cpus, "num_gpus": num_gpus, "max_retries": retries}
    before = signal.getsignal(signal.SIGINT)
    # The command leaves Ctrl-C to the native program, which does not live these lifetimes.
    ours = before is signal.SIG_DFL and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _live(lifetimes, options, how, address, None, failures)
    except KeyboardInterrupt:
        return failures, signal.SIGINT
    except SystemExit:
        # That is what Ray makes of SIGTERM.
        return failures, signal.SIGTERM
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)
    return failures, None


def _live(
    lifetimes: Iterable[tuple[str | os.PathLike[str], int]],
    options: Sequence[str],
    how: Mapping[str, float],
    address: str | None,
    shared: bool | None,
    failures: list[Failure],
) -> None:
    """Fills `failures` as lifetimes end."""
    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False)
    task = ray.remote(live_one).options(retry_exceptions=[StoppedTask], **how)
    files: dict[Path, Any] = {}

    def begin(unit: tuple[Path, int], begun: Any = None) -> Any:
        run, lifetime = unit
        if run not in files:
            files[run] = ray.put({name: (run / name).read_bytes() for name in moved.OF_THE_RUN})
        is_begun = (run / moved.name(lifetime)).is_dir()
        there = (str(run), files[run], lifetime, list(options), os.getcwd(), shared)
        return task.remote(*there, is_begun, begun)

    units = [(Path(os.path.abspath(run)), lifetime) for run, lifetime in lifetimes]
    for run, _ in units:
        if not (run / "run.json").is_file():
            raise UsageError(f"{run} is no run folder: it has no run.json")
    waiting = {begin(unit): unit for unit in units}
    forgotten: list[Any] = []
    try:
        while waiting:
            (ended,), _ = ray.wait(list(waiting), num_returns=1)
            run, lifetime = unit = waiting.pop(ended)
            failed: tuple[int | None, str] | None
            try:
                came: Came = ray.get(ended)
                if came.exit is None and not moved.is_lived(run, lifetime):
                    waiting[begin(unit, ray.put(moved.packed(run / moved.name(lifetime))))] = unit
                    continue
                failed = _end(came, run, lifetime)
                if came.sent is not None and failed is None:
                    forgotten.append(_forget(came, files[run], lifetime))
            except ray.exceptions.RayError as error:
                failed = None, str(error)
            if failed is not None:
                failures.append(Failure(run, lifetime, *failed))
            told = f": {failed[1]}" if failed else ""
            _tell(f"[{len(units) - len(waiting)}/{len(units)}] {run.name}: lifetime {lifetime}{told}")
    except SystemExit:
        # SIGTERM, at which Ray's native part has this process aborted three seconds later.
        signal.alarm(0)
        raise
    finally:
        _stop(list(waiting))
    if forgotten:
        ray.wait(forgotten, num_returns=len(forgotten), timeout=_LAST_RITES)


def _end(came: Came, run: Path, lifetime: int) -> tuple[int | None, str] | None:
    """Takes in what a task brings; what went wrong, if anything did, and the exit code."""
    if came.exit is None:
        return USAGE, "another process is living it here"
    if came.sent is not None and (refused := moved.put(came.sent, run, lifetime)):
        return None, f"{refused}; what came lies in {came.place}"
    if came.exit in _ENDED:
        return None
    # The command said so much that is said here, too.
    said = came.said.strip()
    for around in ("error: ", f"lifetime {lifetime}: "):
        said = said.removeprefix(around)
    return came.exit, said or f"exit code {came.exit}"


def _forget(came: Came, files: Any, lifetime: int) -> Any:
    """Has a machine remove what it has sent, once that is here."""
    there = NodeAffinitySchedulingStrategy(came.node, soft=False)
    return ray.remote(forget).options(num_cpus=0, scheduling_strategy=there).remote(files, lifetime)


def _stop(tasks: list[Any]) -> None:
    """Ends tasks; lifetimes that are being lived write their checkpoints first."""
    if not tasks:
        return
    left = tasks
    try:
        for task in tasks:
            ray.cancel(task)
        _, left = ray.wait(tasks, num_returns=len(tasks), timeout=_GRACE)
    finally:
        for task in left:
            ray.cancel(task, force=True)


def _tell(line: str) -> None:
    if not os.environ.get("TELLA_NO_PROGRESS"):
        print(line, file=sys.stderr)
