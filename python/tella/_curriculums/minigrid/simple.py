"""Three MiniGrid tasks, to try things out."""

from __future__ import annotations

from collections.abc import Iterable

from ...curriculum import (
    EvalBlock,
    InterleavedEvalCurriculum,
    LearnBlock,
    TaskBlock,
    TaskVariant,
    simple_eval_block,
)
from .m21 import DistShiftR2, DynObstaclesS6N1, SimpleCrossingS9N1

TASKS = [
    (SimpleCrossingS9N1, "SimpleCrossing", "S9N1"),
    (DistShiftR2, "DistShift", "R2"),
    (DynObstaclesS6N1, "DynObstacles", "S6N1"),
]


class SimpleMiniGridCurriculum(InterleavedEvalCurriculum):
    """Each task for 5 episodes, in random order; evaluations of 5 episodes of each."""

    _LEARN = {"num_episodes": 5}

    def learn_blocks(self) -> Iterable[LearnBlock]:
        for index in self.rng.permutation(len(TASKS)):
            cls, task, variant = TASKS[index]
            seed = self.rng.bit_generator.random_raw()
            labels = {"task_label": task, "variant_label": variant}
            one = TaskVariant(cls, **labels, rng_seed=seed, **self._LEARN)  # type: ignore[arg-type]
            yield LearnBlock([TaskBlock(task, [one])])

    def eval_block(self) -> EvalBlock:
        return simple_eval_block(
            TaskVariant(
                cls,
                task_label=task,
                variant_label=variant,
                num_episodes=5,
                rng_seed=self.eval_rng_seed,
            )
            for cls, task, variant in TASKS
        )


class SimpleStepMiniGridCurriculum(SimpleMiniGridCurriculum):
    """The same with 5000 steps of each task to learn from."""

    _LEARN = {"num_steps": 5000}
