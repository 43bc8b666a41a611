"""Whether a curriculum can be lived through."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._errors import TellaError
from .variants import Environments

if TYPE_CHECKING:
    from ..curriculum import AbstractCurriculum, Block, TaskBlock, TaskVariant


class ValidationError(TellaError, ValueError):
    """Something is wrong with a curriculum."""


def validate_curriculum(curriculum: AbstractCurriculum) -> None:
    """Checks a curriculum: what it checks of itself, then each of its variants.

    It walks the curriculum, so give it a copy of one that is yet to be lived. Environments are made with the
    parameters of their variants, once for each class and set of parameters.

    :raises ValidationError: where the curriculum, a block or a task block is empty, a task block has several
        tasks, an environment does not take its parameters, or two differ in their spaces.
    """
    curriculum.validate()
    check = _Check()
    number = -1
    for number, block in enumerate(curriculum.learn_blocks_and_eval_blocks()):
        check.block(number, block)
    if number < 0:
        raise ValidationError("the curriculum is empty: it has no blocks")


class _Check:
    """What is remembered from one variant to the next."""

    def __init__(self) -> None:
        self.environments = Environments()
        self.first: tuple[str, tuple[Any, Any]] | None = None
        self.warned = False

    def block(self, number: int, block: Block) -> None:
        task_number = -1
        for task_number, task in enumerate(block.task_blocks()):
            self.task(f"block #{number}, task block #{task_number}", task)
        if task_number < 0:
            raise ValidationError(f"block #{number} is empty: it has no task blocks")

    def task(self, place: str, task: TaskBlock) -> None:
        labels: list[str] = []
        before: Any = None
        for number, variant in enumerate(task.task_variants()):
            here = f"{place}, task variant #{number}"
            if variant.task_label not in labels:
                labels.append(variant.task_label)
            try:
                variant.validate()
            except ValidationError as error:
                raise ValidationError(f"{here}: {error}") from error
            if number > 0 and before == variant.variant_label and not self.warned:
                warnings.warn(
                    f"{here}: follows a variant of the same name, {variant.variant_label!r} of task "
                    f"{variant.task_label!r} (told once)",
                    stacklevel=4,
                )
                self.warned = True
            before = variant.variant_label
            self.spaces(here, variant)
        if not labels:
            raise ValidationError(f"{place} is empty: it has no task variants")
        if len(labels) > 1:
            raise ValidationError(f"{place} has more than one task: {', '.join(map(str, labels))}")

    def spaces(self, here: str, variant: TaskVariant) -> None:
        spaces = self.environments.spaces(self.environments.number(variant))
        if self.first is None:
            self.first = here, spaces
            return
        place, expected = self.first
        for kind, own, other in zip(("observation", "action"), spaces, expected, strict=True):
            if own != other:
                raise ValidationError(
                    f"{here}: all environments of a curriculum have the same observation and action spaces; "
                    f"the {kind} space here is {own}, that of {place} is {other}"
                )


def validate_params(fn: Callable[..., Any], param_names: list[str]) -> None:
    """Checks that `fn` can be called with keyword arguments of these names.

    A function that takes any keyword argument can only be checked for those that it needs.

    :raises ValidationError: where a name is unknown or one that is needed is missing, and where `fn` takes
        arguments that have no name: `*args`, or positional ones only.
    """
    signature = inspect.signature(fn)
    open_ended, needed = False, []
    for name, param in signature.parameters.items():
        if param.kind is param.VAR_POSITIONAL:
            raise ValidationError(f"arguments are given by name, *{name} has none: {signature}")
        if param.kind is param.POSITIONAL_ONLY:
            raise ValidationError(f"arguments are given by name, {name} is positional: {signature}")
        if param.kind is param.VAR_KEYWORD:
            open_ended = True
        elif param.default is param.empty:
            needed.append(name)
    unknown = [name for name in param_names if name not in signature.parameters]
    if unknown and not open_ended:
        raise ValidationError(f"parameters that are not accepted: {unknown} in {signature}")
    missing = [name for name in needed if name not in param_names]
    if missing:
        raise ValidationError(f"parameters that are missing: {missing} in {signature}")
