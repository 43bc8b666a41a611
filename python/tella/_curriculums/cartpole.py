"""CartPole: a curriculum to try things out, and one of a thousand episodes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..curriculum import (
    AbstractCurriculum,
    Block,
    EvalBlock,
    InterleavedEvalCurriculum,
    LearnBlock,
    TaskVariant,
    simple_eval_block,
    simple_learn_block,
)
from ._classes import NativeClass, box, discrete


class _CartPoleV0(NativeClass):
    """CartPole that is over after 200 steps."""

    native_env = "CartPole-v0"

    def __init__(self) -> None:
        cartpole = self.original("gym.envs.classic_control").CartPoleEnv
        limit = self.original("gym.wrappers.time_limit").TimeLimit
        super().__init__(limit(cartpole(), max_episode_steps=200))

    @classmethod
    def native_spaces(cls) -> tuple[Any, Any]:
        largest = np.finfo(np.float32).max
        # Twice the position and the angle at which an episode ends.
        high = np.array([4.8, largest, 24 * 2 * math.pi / 360, largest], dtype=np.float32)
        return box(-high, high, dtype=np.float32), discrete(2)


def _variant(seed: int, episodes: int) -> TaskVariant:
    return TaskVariant(
        _CartPoleV0,
        task_label="CartPole",
        variant_label="Default",
        num_episodes=episodes,
        rng_seed=seed,
    )


class SimpleCartPoleCurriculum(AbstractCurriculum):
    """5 episodes to learn from, then 1 to be measured in."""

    def learn_blocks_and_eval_blocks(self) -> Iterable[Block]:
        yield simple_learn_block([_variant(self.rng.bit_generator.random_raw(), 5)])
        yield simple_eval_block([_variant(self.rng.bit_generator.random_raw(), 1)])


class CartPole1000Curriculum(InterleavedEvalCurriculum):
    """10 learning blocks of 100 episodes, with 10 episodes of evaluation around each."""

    def learn_blocks(self) -> Iterable[LearnBlock]:
        for _ in range(10):
            yield simple_learn_block([_variant(self.rng.bit_generator.random_raw(), 100)])

    def eval_block(self) -> EvalBlock:
        return simple_eval_block([_variant(self.eval_rng_seed, 10)])
