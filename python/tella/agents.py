"""The base class of agents, as TELLA's."""

from __future__ import annotations

import abc
from typing import Any

from ._transition import Transition
from .curriculum import Action, Observation

__all__ = ["Action", "ContinualRLAgent", "Observation", "Transition"]


class ContinualRLAgent:
    """An agent that lives through a curriculum.

    A subclass writes `choose_actions` and `receive_transitions`, and what it wants of the six hooks that
    frame them::

        block_start, task_start, task_variant_start,
            choose_actions, receive_transitions, ...
        task_variant_end, task_end, block_end
    """

    def __init__(
        self,
        rng_seed: int,
        observation_space: Any,
        action_space: Any,
        num_envs: int,
        config_file: str | None = None,
    ) -> None:
        """Keeps the arguments, and seeds both spaces with `rng_seed`, so that samples repeat.

        :param rng_seed: seed of everything the agent draws.
        :param observation_space: what environments show, a space of Gymnasium, gym or `tella.spaces`.
        :param action_space: what they take.
        :param num_envs: how many environments run side by side; the length of every list.
        :param config_file: path of the agent's configuration, or None.
        """
        self.rng_seed = rng_seed
        #: Whether the block under way is for learning; the runner sets it before `block_start`.
        self.is_learning_allowed: bool = False
        self.observation_space = observation_space
        self.action_space = action_space
        self.num_envs = num_envs
        self.config_file = config_file
        self.observation_space.seed(self.rng_seed)
        self.action_space.seed(self.rng_seed)

    def block_start(self, is_learning_allowed: bool) -> None:
        """A block begins; evaluation blocks come with `is_learning_allowed` False."""

    def task_start(self, task_name: str | None) -> None:
        """A task block begins; the name is None where the curriculum does not tell it."""

    def task_variant_start(self, task_name: str | None, variant_name: str | None) -> None:
        """A task variant begins."""

    def task_variant_end(self, task_name: str | None, variant_name: str | None) -> None:
        """The task variant is over."""

    def task_end(self, task_name: str | None) -> None:
        """The task block is over."""

    def block_end(self, is_learning_allowed: bool) -> None:
        """The block is over."""

    @abc.abstractmethod
    def choose_actions(self, observations: list[Any]) -> list[Any]:
        """An action for each observation.

        :param observations: one for each environment, None for an environment that takes no more part
            in this variant.
        :return: as many actions; what stands beside a None is not looked at.
        """
        raise NotImplementedError

    @abc.abstractmethod
    def receive_transitions(self, transitions: list[Transition | None]) -> None:
        """What came of the actions just chosen.

        :param transitions: one for each environment, None where the observation was None. In evaluation
            blocks rewards are None.
        """
        raise NotImplementedError
