"""A curriculum object written down for the engine: every block, variant and seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._curriculum.variants import Environments, native_name

if TYPE_CHECKING:
    from ..curriculum import AbstractCurriculum, TaskBlock, TaskVariant


class Explicit:
    """The explicit curriculum, and what makes the environments it names `live:KEY`."""

    def __init__(self, curriculum: AbstractCurriculum, only_live: bool) -> None:
        """Walks the curriculum as TELLA's runner does: a block, its task blocks, their variants.

        `only_live` leaves native environments out where their classes in Python can be made.
        """
        self.makers: dict[str, Callable[[], Any]] = {}
        self._environments = Environments()
        self._only_live = only_live
        blocks = []
        for block in curriculum.learn_blocks_and_eval_blocks():
            tasks = [self._task(task) for task in block.task_blocks()]
            blocks.append({"learn" if block.is_learning_allowed else "eval": tasks})
        self.document: dict[str, Any] = {
            "schema": 1,
            "name": type(curriculum).__name__,
            "scenario_type": getattr(curriculum, "scenario_type", "custom"),
            "compat": "tella",
            "blocks": blocks,
        }

    def _task(self, task: TaskBlock) -> dict[str, Any]:
        variants = [self._variant(variant) for variant in task.task_variants()]
        return {"task": task.task_label, "variants": variants}

    def _variant(self, variant: TaskVariant) -> dict[str, Any]:
        entry: dict[str, Any] = {"variant": variant.variant_label, "env": self._env(variant)}
        if variant.params:
            entry["params"] = {str(key): _scalar(value) for key, value in variant.params.items()}
        seed = variant.rng_seed
        if seed is None:
            seed = np.random.default_rng().bit_generator.random_raw()
        entry["seed"] = int(seed)
        if variant.num_episodes is not None:
            entry["episodes"] = int(variant.num_episodes)
        else:
            entry["steps"] = int(variant.num_steps or 0)
        return entry

    def _env(self, variant: TaskVariant) -> str:
        name = native_name(variant)
        cls: Any = variant.task_cls
        if name is not None and not (self._only_live and cls.can_be_made()):
            return name
        number = self._environments.number(variant)
        key = f"{number}-{getattr(variant.task_cls, '__name__', 'environment')}"
        self.makers[key] = self._environments.maker(number)
        return f"live:{key}"


def _scalar(value: Any) -> bool | int | float | str:
    """A parameter as a log holds it: truth values, numbers and texts; others as the text that JSON has."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (bool, int, float, str)):
        return value
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else str(value)
