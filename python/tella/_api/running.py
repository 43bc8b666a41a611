"""Running agents through curricula."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import _native
from .._agents import missing_hook
from .._errors import CorruptLog, InternalError, LifetimeFault, Stopped, UsageError
from .call import BUG, CORRUPT, FAULT, INTERRUPTED, RESUMABLE, Answer, call, options, path_of
from .curriculum import given, overrides, sets_of
from .run import Run


def run(
    curriculum: Any,
    agent: Any,
    *,
    out: str | os.PathLike[str] | None = None,
    log_dir: str | os.PathLike[str] | None = None,
    num_lifetimes: int = 1,
    lifetime_idx: int = 0,
    num_parallel_envs: int = 1,
    agent_seed: int | None = None,
    curriculum_seed: int | None = None,
    agent_config: str | os.PathLike[str] | None = None,
    curriculum_config: str | os.PathLike[str] | None = None,
    set: Mapping[str, Any] | None = None,
    log: str | Sequence[str] | None = None,
    jobs: int = 1,
    threads: int = 1,
    isolation: str | None = None,
    timeout: float | None = None,
    memory_limit: int | None = None,
    checkpoint_every: float | None = None,
    max_episode_steps: int | None = None,
    render: bool = False,
    force: bool = False,
) -> Run:
    """Lets an agent live through a curriculum, as the command ``tella run`` does.

    :param curriculum: a name, a path, a text, a dictionary, or a `Curriculum`.
    :param agent: the name of a built-in agent; ``module:Class`` or ``path/file.py:Class``, which lives in a
        process of its own; or a class, a function that makes agents, or an agent, which live in this process.
        An agent that exists already has one lifetime.
    :param out: the run folder; where None, one named after curriculum, agent and time, in
    :param log_dir: ``logs`` where None.
    :param num_lifetimes: how many lifetimes,
    :param lifetime_idx: and the first of them; above 0 it needs a `curriculum_seed`.
    :param num_parallel_envs: environments stepped together.
    :param agent_seed: the experiment's seed for agents, random where None.
    :param curriculum_seed: its seed for curricula, random where None.
    :param agent_config: the agent's parameters, a YAML file; an agent in Python gets the path.
    :param curriculum_config: the curriculum's lengths, in TELLA's own YAML.
    :param set: overrides of the curriculum's keys, and with ``agent.`` before them of the agent's parameters.
    :param log: ``transitions`` to keep every step.
    :param jobs: lifetimes under way at a time.
    :param threads: threads that step a lifetime's environments.
    :param isolation: ``process`` or ``none``; where None, processes for named agents and environments in Python.
    :param timeout: seconds after which a call into agent or environment is a fault; 0 for never.
    :param memory_limit: MiB that the process of a lifetime may hold.
    :param checkpoint_every: seconds between checkpoints.
    :param max_episode_steps: an episode that takes more steps is taken for endless.
    :param render: draws the first environment on standard error after each step.
    :param force: deletes the run folder first, where it exists.

    :returns: the run, all of whose lifetimes came to their end.
    :raises ValidationError: where the curriculum or a parameter is wrong, with each place.
    :raises UsageError: where something else that was asked for cannot be.
    :raises LifetimeFault: where lifetimes ended with a fault; the others came to their end.
    :raises KeyboardInterrupt: where Ctrl-C stopped it in good order; `resume` goes on with it. Pressed again it
        interrupts what an agent of this process is doing.
    """
    name, agents = _agent(agent, num_lifetimes)
    if agents and isolation == "process":
        raise UsageError(
            f"agent {name} is an object of this process; isolation='process' needs one that is "
            "named, 'module:Class' or 'path/file.py:Class'"
        )
    word, texts = given(curriculum)
    words = options(
        agent=name,
        out=out,
        log_dir=log_dir,
        num_lifetimes=num_lifetimes,
        lifetime_idx=lifetime_idx,
        num_parallel_envs=num_parallel_envs,
        agent_seed=agent_seed,
        curriculum_seed=curriculum_seed,
        agent_config=agent_config,
        curriculum_config=curriculum_config,
        set=[*sets_of(curriculum), *overrides(set)],
        log=log,
        max_episode_steps=max_episode_steps,
        render=render,
        force=force,
    )
    words += _living(agents, jobs, threads, isolation, timeout, memory_limit, checkpoint_every)
    answer = call("run", "--json", *words, "--", word, curricula=texts, agents=agents)
    return run_of(answer)


def resume(
    run: str | os.PathLike[str] | Run,
    agent: Any = None,
    *,
    jobs: int = 1,
    threads: int = 1,
    isolation: str | None = None,
    timeout: float | None = None,
    memory_limit: int | None = None,
    checkpoint_every: float | None = None,
) -> Run:
    """Goes on with the lifetimes of a run that are not complete, as the command ``tella resume`` does.

    :param run: the run or its folder.
    :param agent: the class or function that the run was begun with, where it was one of this process.

    The other parameters, and what is raised, are those of `tella.run`.
    """
    opened = run if isinstance(run, Run) else Run.open(run)
    agents: dict[str, Callable[..., Any]] = {}
    if isinstance(agent, str):
        raise UsageError("a run that was begun with an agent's name knows it: leave `agent` out")
    if agent is not None:
        _, agents = _agent(agent, len(opened.lifetimes))
        # It goes by the name that it had.
        agents = dict.fromkeys([opened.info["agent"]], *agents.values())
    words = _living(agents, jobs, threads, isolation, timeout, memory_limit, checkpoint_every)
    return run_of(call("resume", "--json", *words, "--", path_of(opened), agents=agents))


def _living(
    agents: Mapping[str, Any],
    jobs: int,
    threads: int,
    isolation: str | None,
    timeout: float | None,
    memory_limit: int | None,
    checkpoint_every: float | None,
) -> list[str]:
    return options(
        jobs=jobs,
        threads=threads,
        isolation="none" if agents else isolation,
        timeout=timeout,
        memory_limit=memory_limit,
        checkpoint_every=checkpoint_every,
    )


def _agent(agent: Any, num_lifetimes: int) -> tuple[str, dict[str, Callable[..., Any]]]:
    """The agent's name, and what makes it where that is not found by its name."""
    if isinstance(agent, str):
        return agent, {}
    if inspect.isclass(agent) or (callable(agent) and not hasattr(agent, "receive_transitions")):
        name = getattr(agent, "__name__", type(agent).__name__)
        return _word(name), {_word(name): agent}
    name = _word(type(agent).__name__)
    if missing := missing_hook(agent):
        raise UsageError(f"{agent!r} is no agent: it has no `{missing}`")
    if num_lifetimes != 1:
        raise UsageError(
            f"an agent that exists already has one lifetime, not {num_lifetimes}; give its class, or a "
            "function that makes an agent of a seed, two spaces, a number of environments and the "
            "path of a configuration"
        )
    return name, {name: lambda *_, **__: agent}


def _word(name: str) -> str:
    """A name that can be part of a folder's."""
    return name if name.isidentifier() else "agent"


def run_of(answer: Answer) -> Run:
    """The run that a command has lived; raises where one of its lifetimes did not come to its end."""
    told = json.loads(answer.out)
    run = Run.open(told["run"])
    goes_on = f"tella.resume({str(run.path)!r}) goes on from here"
    # The latter where Ctrl-C was pressed again, before what the agent did had an end.
    if answer.exit == INTERRUPTED or isinstance(answer.raised, KeyboardInterrupt):
        raise KeyboardInterrupt(f"the run was stopped; {goes_on}")
    if answer.exit == FAULT or answer.exit == BUG:
        ended = [each for each in told["lifetimes"] if each["fault"]]
        texts = [_native.describe_fault(json.dumps(each["fault"])) for each in ended]
        if answer.exit == BUG:
            raise InternalError("\n".join(texts))
        error = LifetimeFault("\n".join(texts))
        error.run = run
        error.faults = [{"lifetime": each["lifetime"], **each["fault"]} for each in ended]
        if error.faults:
            error.fault = error.faults[0]
        raise error from answer.raised
    messages = [
        f"lifetime {each['lifetime']}: {each['message']}"
        for each in told["lifetimes"]
        if each["message"]
    ]
    if answer.exit == RESUMABLE:
        raise Stopped("\n".join([*messages, goes_on]))
    if answer.exit == CORRUPT:
        raise CorruptLog("\n".join(messages) or f"{run.path}: a log is damaged")
    if answer.exit:
        raise UsageError("\n".join(messages) or f"exit code {answer.exit}")
    return run
