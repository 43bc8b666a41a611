"""A curriculum object written down for the engine: every block, variant and seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._curriculum.validation import ValidationError
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
        for number, block in enumerate(curriculum.learn_blocks_and_eval_blocks()):
            tasks = [
                self._task(f"block #{number}, task block #{index}", task)
                for index, task in enumerate(block.task_blocks())
            ]
            blocks.append({"learn" if block.is_learning_allowed else "eval": tasks})
        self.curriculum_seed = _seed("the curriculum", curriculum.rng_seed)
        self.document: dict[str, Any] = {
            "schema": 1,
            "name": type(curriculum).__name__,
            "scenario_type": getattr(curriculum, "scenario_type", "custom"),
            "compat": "tella",
            "blocks": blocks,
        }

    def _task(self, place: str, task: TaskBlock) -> dict[str, Any]:
        variants = [
            self._variant(f"{place}, task variant #{index}", variant)
            for index, variant in enumerate(task.task_variants())
        ]
        return {"task": _label(place, "task_label", task.task_label), "variants": variants}

    def _variant(self, place: str, variant: TaskVariant) -> dict[str, Any]:
        label = _label(place, "variant_label", variant.variant_label)
        entry: dict[str, Any] = {"variant": label, "env": self._env(variant)}
        if variant.params:
            entry["params"] = {str(key): _scalar(value) for key, value in variant.params.items()}
        seed = _seed(place, variant.rng_seed)
        entry["seed"] = np.random.default_rng().bit_generator.random_raw() if seed is None else seed
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


def _label(place: str, name: str, label: Any) -> str:
    if not isinstance(label, str) or not label.strip():
        raise ValidationError(f"{place}: {name} is a text that is not blank, not {label!r}")
    return str(label)


def _seed(place: str, seed: Any) -> int | None:
    """A seed as a log holds it; None where it is to be drawn."""
    if seed is None:
        return None
    if not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**64:
        raise ValidationError(f"{place}: a seed is an integer from 0 to 2**64 - 1, not {seed!r}")
    return int(seed)


def _scalar(value: Any) -> bool | int | float | str:
    """A parameter as a log holds it: truth values, numbers and texts; others as the text that JSON has."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (bool, int, float, str)):
        return value
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else str(value)
