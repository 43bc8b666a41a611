"""M21's curricula: condensed, dispersed, and a single-task expert for each of 18 variants."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...curriculum import (
    EvalBlock,
    InterleavedEvalCurriculum,
    LearnBlock,
    TaskBlock,
    TaskVariant,
    ValidationError,
    simple_eval_block,
)
from ._configuration import check_config, learning_length
from ._environments import (
    TASKS,
    CustomFetchS5T1N2,
    CustomFetchS8T1N2,
    CustomFetchS10T2N4,
    CustomUnlockS5,
    CustomUnlockS7,
    CustomUnlockS9,
    DistShiftR2,
    DistShiftR3,
    DistShiftR5,
    DoorKeyS5,
    DoorKeyS6,
    DoorKeyS7,
    DynObstaclesS6N1,
    DynObstaclesS8N2,
    DynObstaclesS10N3,
    MiniGridLavaPenaltyWrapper,
    MiniGridReducedActionSpaceWrapper,
    SimpleCrossingS9N1,
    SimpleCrossingS9N2,
    SimpleCrossingS9N3,
    _MiniGridEnv,
    _MiniGridLavaEnv,
)

__all__ = [
    "EXPERTS",
    "TASKS",
    "CustomFetchS10T2N4",
    "CustomFetchS5T1N2",
    "CustomFetchS8T1N2",
    "CustomUnlockS5",
    "CustomUnlockS7",
    "CustomUnlockS9",
    "DistShiftR2",
    "DistShiftR3",
    "DistShiftR5",
    "DoorKeyS5",
    "DoorKeyS6",
    "DoorKeyS7",
    "DynObstaclesS10N3",
    "DynObstaclesS6N1",
    "DynObstaclesS8N2",
    "EvalBlock",
    "InterleavedEvalCurriculum",
    "LearnBlock",
    "MiniGridCondensed",
    "MiniGridCustomFetchS10T2N4",
    "MiniGridCustomFetchS5T1N2",
    "MiniGridCustomFetchS8T1N2",
    "MiniGridCustomUnlockS5",
    "MiniGridCustomUnlockS7",
    "MiniGridCustomUnlockS9",
    "MiniGridDispersed",
    "MiniGridDistShiftR2",
    "MiniGridDistShiftR3",
    "MiniGridDistShiftR5",
    "MiniGridDoorKeyS5",
    "MiniGridDoorKeyS6",
    "MiniGridDoorKeyS7",
    "MiniGridDynObstaclesS10N3",
    "MiniGridDynObstaclesS6N1",
    "MiniGridDynObstaclesS8N2",
    "MiniGridLavaPenaltyWrapper",
    "MiniGridReducedActionSpaceWrapper",
    "MiniGridSimpleCrossingS9N1",
    "MiniGridSimpleCrossingS9N2",
    "MiniGridSimpleCrossingS9N3",
    "SimpleCrossingS9N1",
    "SimpleCrossingS9N2",
    "SimpleCrossingS9N3",
    "TaskBlock",
    "TaskVariant",
    "ValidationError",
    "simple_eval_block",
]

# Users meet the environments here.
_moved: list[Any] = [
    MiniGridReducedActionSpaceWrapper,
    MiniGridLavaPenaltyWrapper,
    _MiniGridEnv,
    _MiniGridLavaEnv,
    *(cls for cls, _, _ in TASKS),
]
for _one in _moved:
    _one.__module__ = __name__


#: Classes that need gym-minigrid, by module: looked up there once they are asked for.
_LATE = {
    "tella._curriculums.minigrid.envs": (
        "CustomDynamicObstaclesS10N3",
        "CustomDynamicObstaclesS6N1",
        "CustomDynamicObstaclesS8N2",
        "CustomFetchEnv10x10T2N4",
        "CustomFetchEnv5x5T1N2",
        "CustomFetchEnv8x8T1N2",
        "CustomUnlock5x5",
        "CustomUnlock7x7",
        "CustomUnlock9x9",
        "DistShift3",
        "DoorKeyEnv7x7",
    ),
    "gym_minigrid.envs": (
        "DistShift1",
        "DistShift2",
        "DoorKeyEnv5x5",
        "DoorKeyEnv6x6",
        "SimpleCrossingEnv",
        "SimpleCrossingS9N2Env",
        "SimpleCrossingS9N3Env",
    ),
    "gym_minigrid.wrappers": ("ImgObsWrapper",),
}


def __getattr__(name: str) -> Any:
    for module, names in _LATE.items():
        if name in names:
            return getattr(importlib.import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *(name for names in _LATE.values() for name in names)})


class _MiniGridCurriculum(InterleavedEvalCurriculum):
    """Evaluations of all 18 variants; how long to learn is up to the configuration."""

    DEFAULT_BLOCK_LENGTH_UNIT = "episodes"
    DEFAULT_LEARN_BLOCK_LENGTH = 1000
    DEFAULT_EVAL_BLOCK_LENGTH = 100

    def eval_block(self) -> EvalBlock:
        rng = np.random.default_rng(self.eval_rng_seed)
        return simple_eval_block(
            TaskVariant(
                cls,
                task_label=task,
                variant_label=variant,
                num_episodes=self.DEFAULT_EVAL_BLOCK_LENGTH,
                rng_seed=rng.bit_generator.random_raw(),
            )
            for cls, task, variant in TASKS
        )

    def validate(self) -> None:
        check_config(self.config, [(task, variant) for _, task, variant in TASKS])

    def _block_limit_from_config(self, task_label: str, variant_label: str) -> dict[str, Any]:
        """How long a variant is learned: `num_episodes` or `num_steps`, and how many."""
        defaults = self.DEFAULT_LEARN_BLOCK_LENGTH, self.DEFAULT_BLOCK_LENGTH_UNIT
        length, unit = learning_length(self.config, task_label, variant_label, *defaults)
        return {f"num_{unit}": length}

    def _learn_block(self, cls: Any, task: str, variant: str, limit: dict[str, Any]) -> LearnBlock:
        labels: dict[str, Any] = {"task_label": task, "variant_label": variant}
        seed = self.rng.bit_generator.random_raw()
        return LearnBlock([TaskBlock(task, [TaskVariant(cls, rng_seed=seed, **labels, **limit)])])

    def _in_random_order(self) -> Iterator[tuple[Any, str, str]]:
        """The variants, in an order drawn when the first is asked for."""
        for index in self.rng.permutation(len(TASKS)):
            yield TASKS[index]


class MiniGridCondensed(_MiniGridCurriculum):
    """Every variant once, in random order."""

    scenario_type = "condensed"

    def learn_blocks(self) -> Iterable[LearnBlock]:
        for cls, task, variant in self._in_random_order():
            limit = self._block_limit_from_config(task, variant)
            yield self._learn_block(cls, task, variant, limit)


class MiniGridDispersed(_MiniGridCurriculum):
    """Every variant in each of some passes, each in an order of its own."""

    scenario_type = "dispersed"
    DEFAULT_LEARN_BLOCKS = 3

    def learn_blocks(self) -> Iterable[LearnBlock]:
        passes = self.config.get("num learn blocks", self.DEFAULT_LEARN_BLOCKS)
        for number in range(passes):
            for cls, task, variant in self._in_random_order():
                ((unit, whole),) = self._block_limit_from_config(task, variant).items()
                # What does not divide evenly goes to the first passes.
                share = whole // passes + (number < whole % passes)
                yield self._learn_block(cls, task, variant, {unit: share})


class _STECurriculum(_MiniGridCurriculum):
    """One variant; an agent that learns it alone is what others are measured against."""

    scenario_type = "ste"
    TASK_CLASS: Any = None
    TASK_LABEL: str = ""
    VARIANT_LABEL: str = ""

    def learn_blocks(self) -> Iterable[LearnBlock]:
        own = self.TASK_LABEL, self.VARIANT_LABEL
        yield self._learn_block(self.TASK_CLASS, *own, self._block_limit_from_config(*own))


class MiniGridSimpleCrossingS9N1(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = SimpleCrossingS9N1, "SimpleCrossing", "S9N1"


class MiniGridSimpleCrossingS9N2(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = SimpleCrossingS9N2, "SimpleCrossing", "S9N2"


class MiniGridSimpleCrossingS9N3(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = SimpleCrossingS9N3, "SimpleCrossing", "S9N3"


class MiniGridDistShiftR2(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DistShiftR2, "DistShift", "R2"


class MiniGridDistShiftR5(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DistShiftR5, "DistShift", "R5"


class MiniGridDistShiftR3(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DistShiftR3, "DistShift", "R3"


class MiniGridDynObstaclesS6N1(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DynObstaclesS6N1, "DynObstacles", "S6N1"


class MiniGridDynObstaclesS8N2(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DynObstaclesS8N2, "DynObstacles", "S8N2"


class MiniGridDynObstaclesS10N3(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DynObstaclesS10N3, "DynObstacles", "S10N3"


class MiniGridCustomFetchS5T1N2(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = CustomFetchS5T1N2, "CustomFetch", "S5T1N2"


class MiniGridCustomFetchS8T1N2(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = CustomFetchS8T1N2, "CustomFetch", "S8T1N2"


class MiniGridCustomFetchS10T2N4(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = CustomFetchS10T2N4, "CustomFetch", "S10T2N4"


class MiniGridCustomUnlockS5(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = CustomUnlockS5, "CustomUnlock", "S5"


class MiniGridCustomUnlockS7(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = CustomUnlockS7, "CustomUnlock", "S7"


class MiniGridCustomUnlockS9(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = CustomUnlockS9, "CustomUnlock", "S9"


class MiniGridDoorKeyS5(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DoorKeyS5, "DoorKey", "S5"


class MiniGridDoorKeyS6(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DoorKeyS6, "DoorKey", "S6"


class MiniGridDoorKeyS7(_STECurriculum):
    TASK_CLASS, TASK_LABEL, VARIANT_LABEL = DoorKeyS7, "DoorKey", "S7"


#: The curricula of single-task experts, in the order of `TASKS`.
EXPERTS: list[type[_STECurriculum]] = [
    MiniGridSimpleCrossingS9N1,
    MiniGridSimpleCrossingS9N2,
    MiniGridSimpleCrossingS9N3,
    MiniGridDistShiftR2,
    MiniGridDistShiftR5,
    MiniGridDistShiftR3,
    MiniGridDynObstaclesS6N1,
    MiniGridDynObstaclesS8N2,
    MiniGridDynObstaclesS10N3,
    MiniGridCustomFetchS5T1N2,
    MiniGridCustomFetchS8T1N2,
    MiniGridCustomFetchS10T2N4,
    MiniGridCustomUnlockS5,
    MiniGridCustomUnlockS7,
    MiniGridCustomUnlockS9,
    MiniGridDoorKeyS5,
    MiniGridDoorKeyS6,
    MiniGridDoorKeyS7,
]
