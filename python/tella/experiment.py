"""Experiments: agents live through curricula, in the native engine."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from ._curriculum.variants import spaces
from ._experiment.l2logger import L2Logger
from ._experiment.lifetime import live
from ._experiment.steps import ActionFn, _where, generate_transitions, hide_rewards
from .agents import ContinualRLAgent
from .curriculum import (
    AbstractCurriculum,
    Action,
    Observation,
    TaskVariant,
    Transition,
    validate_curriculum,
)

__all__ = [
    "AbstractCurriculum",
    "Action",
    "ActionFn",
    "AgentFactory",
    "ContinualRLAgent",
    "CurriculumFactory",
    "L2Logger",
    "_where",
    "Observation",
    "TaskVariant",
    "Transition",
    "generate_transitions",
    "hide_rewards",
    "rl_experiment",
    "run",
    "validate_curriculum",
]

logger = logging.getLogger(__name__)

#: A class or a function that makes an agent of a seed, the spaces of observations and of actions, the
#: number of environments side by side, and the path of a configuration (or None).
AgentFactory = Callable[[int, Any, Any, int, Any], ContinualRLAgent]

#: A class or a function that makes a curriculum of a seed and the path of a configuration (or None).
CurriculumFactory = Callable[..., AbstractCurriculum]

# Users meet these here.
_moved: list[Any] = [L2Logger, generate_transitions, hide_rewards]
for _one in _moved:
    _one.__module__ = __name__


def rl_experiment(
    agent_factory: AgentFactory,
    curriculum_factory: CurriculumFactory,
    num_lifetimes: int,
    num_parallel_envs: int,
    log_dir: str,
    agent_seed: int | None = None,
    curriculum_seed: int | None = None,
    render: bool | None = False,
    agent_config: str | None = None,
    curriculum_config: str | None = None,
    lifetime_idx: int = 0,
) -> None:
    """Runs lifetimes one after the other, each with a new agent and a new curriculum.

    Lifetime i has the i-th draw of each seed's generator, whichever lifetimes are run.

    :param agent_factory: makes an agent for each lifetime.
    :param curriculum_factory: makes a curriculum for each.
    :param num_lifetimes: how many lifetimes to run.
    :param num_parallel_envs: how many environments an agent meets side by side.
    :param log_dir: the folder that logs are put into, a folder for each lifetime.
    :param agent_seed: seed of the agents, random where None.
    :param curriculum_seed: seed of the curricula, random where None.
    :param render: whether to show the first environment.
    :param agent_config: path of the agents' configuration.
    :param curriculum_config: path of the curricula's configuration.
    :param lifetime_idx: the first lifetime to run; above 0 it needs a `curriculum_seed`.
    """
    if lifetime_idx < 0:
        raise ValueError(f"lifetime_idx is 0 or more, not {lifetime_idx}")
    if lifetime_idx > 0 and curriculum_seed is None:
        raise ValueError(
            f"lifetime_idx={lifetime_idx} needs a curriculum_seed: without one, each run has lifetimes "
            "of its own"
        )
    observation_space, action_space = _spaces(curriculum_factory, curriculum_config)
    curriculum_rng = _generator("curricula", curriculum_seed)
    agent_rng = _generator("agents", agent_seed)
    for lifetime in range(lifetime_idx + num_lifetimes):
        own_curriculum_seed = curriculum_rng.bit_generator.random_raw()
        own_agent_seed = agent_rng.bit_generator.random_raw()
        seeds = f"curriculum_seed={own_curriculum_seed}, agent_seed={own_agent_seed}"
        if lifetime < lifetime_idx:
            logger.info("Lifetime %d is skipped: %s", lifetime, seeds)
            continue
        logger.info("Lifetime %d begins: %s", lifetime, seeds)
        curriculum = curriculum_factory(own_curriculum_seed, curriculum_config)
        validate_curriculum(curriculum.copy())
        agent = agent_factory(
            own_agent_seed, observation_space, action_space, num_parallel_envs, agent_config
        )
        run(agent, curriculum, render=render, log_dir=log_dir, num_envs=num_parallel_envs)


def run(
    agent: ContinualRLAgent,
    curriculum: AbstractCurriculum,
    render: bool | None,
    log_dir: str,
    num_envs: int | None = 1,
) -> None:
    """Lets an agent live through a curriculum.

    The log is a folder in `log_dir` named after both: L2Logger's files, and in `run/` the run folder that
    the command `tella` reads. The curriculum is walked to its end before the agent meets it.

    :param agent: the agent.
    :param curriculum: the curriculum, not walked before.
    :param render: whether to show the first environment.
    :param log_dir: the folder that the log is put into.
    :param num_envs: how many environments the agent meets side by side.
    """
    live(agent, curriculum, bool(render), log_dir, 1 if num_envs is None else num_envs)


def _generator(of: str, seed: int | None) -> np.random.Generator:
    if seed is None:
        seed = np.random.default_rng().bit_generator.random_raw()
        logger.info("No seed is given for %s; one is drawn.", of)
    logger.info("The experiment's seed for %s: %s", of, seed)
    return np.random.default_rng(seed)


def _spaces(curriculum_factory: CurriculumFactory, config: str | None = None) -> tuple[Any, Any]:
    """The spaces that agents are made for: those of the first variant of a curriculum with seed 0."""
    for block in curriculum_factory(0, config).learn_blocks_and_eval_blocks():
        for task_block in block.task_blocks():
            for variant in task_block.task_variants():
                variant.validate()
                return spaces(variant)
    raise ValueError("the curriculum is empty: there is no environment to make an agent for")
