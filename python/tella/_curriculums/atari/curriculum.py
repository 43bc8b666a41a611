"""Curricula of Atari games in random order."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...curriculum import (
    EvalBlock,
    InterleavedEvalCurriculum,
    LearnBlock,
    TaskVariant,
    simple_eval_block,
    simple_learn_block,
)
from .environments import ATARI_TASKS


class AtariCurriculum(InterleavedEvalCurriculum):
    """Every game for 10,000 steps; evaluations of 100 episodes of each."""

    TASKS = list(ATARI_TASKS)

    def eval_block(self) -> EvalBlock:
        rng = np.random.default_rng(self.eval_rng_seed)
        return simple_eval_block(
            TaskVariant(
                ATARI_TASKS[game],
                task_label=game,
                num_episodes=100,
                rng_seed=rng.bit_generator.random_raw(),
            )
            for game in self.TASKS
        )

    def learn_blocks(self) -> Iterable[LearnBlock]:
        for index in self.rng.permutation(len(self.TASKS)):
            game = self.TASKS[index]
            seed = self.rng.bit_generator.random_raw()
            one = TaskVariant(ATARI_TASKS[game], task_label=game, num_steps=10_000, rng_seed=seed)
            yield simple_learn_block([one])


class BreakoutAndPong(AtariCurriculum):
    """Two games of bat and ball."""

    TASKS = ["Breakout", "Pong"]
