"""Curricula as Python objects: blocks of task blocks of task variants, and what checks them."""

from __future__ import annotations

import abc
import itertools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from ._curriculum.summary import summarize_curriculum
from ._curriculum.validation import ValidationError, validate_curriculum, validate_params
from ._transition import Transition

__all__ = [
    "AbstractCurriculum",
    "Action",
    "Block",
    "Done",
    "EvalBlock",
    "InterleavedEvalCurriculum",
    "LearnBlock",
    "Observation",
    "Reward",
    "TaskBlock",
    "TaskVariant",
    "Transition",
    "ValidationError",
    "curriculum_registry",
    "simple_eval_block",
    "simple_learn_block",
    "split_task_variants",
    "summarize_curriculum",
    "validate_curriculum",
    "validate_params",
]

Observation = TypeVar("Observation")  #: what an environment shows
Action = TypeVar("Action")  #: what an agent does
Reward = float  #: what a step is worth
Done = bool  #: whether the episode is over

#: Curricula by name: classes or functions of a seed and a path of a configuration (or None).
#: Programs may put their own in.
curriculum_registry: dict[str, Callable[..., AbstractCurriculum]] = {}

# Users meet these here, and pickles name this module.
_moved: list[Any] = [
    ValidationError,
    Transition,
    summarize_curriculum,
    validate_curriculum,
    validate_params,
]
for _one in _moved:
    _one.__module__ = __name__


class TaskVariant:
    """A number of episodes or of steps in one environment."""

    def __init__(
        self,
        task_cls: Callable[..., Any],
        *,
        rng_seed: int,
        params: dict[str, Any] | None = None,
        task_label: str | None = None,
        variant_label: str | None = "Default",
        num_episodes: int | None = None,
        num_steps: int | None = None,
    ) -> None:
        """
        :param task_cls: the environment's class, of gym or of Gymnasium.
        :param rng_seed: what the environment is seeded with; the k-th of several side by side gets
            `rng_seed + k`.
        :param params: keyword arguments of the class.
        :param task_label: the task's name; the class's where None.
        :param variant_label: the variant's name.
        :param num_episodes: its length in episodes, or
        :param num_steps: its length in steps; one of them is given.

        :raises ValidationError: where none or both of the lengths are given.
        """
        self.task_cls = task_cls
        self.params = {} if params is None else params
        self.task_label = task_cls.__name__ if task_label is None else task_label
        self.variant_label = variant_label
        self.rng_seed = rng_seed
        if (num_episodes is None) == (num_steps is None):
            given = "neither" if num_episodes is None else "both"
            raise ValidationError(
                f"a variant of {self.task_label} has num_episodes or num_steps: {given} given"
            )
        self.num_episodes = num_episodes
        self.num_steps = num_steps

    def validate(self) -> None:
        """Checks that the class takes these parameters.

        :raises ValidationError: where it does not.
        """
        validate_params(self.task_cls, list(self.params))

    def make_env(self) -> Any:
        """A new environment."""
        return self.task_cls(**self.params)


class TaskBlock:
    """Task variants of one task, one after the other."""

    def __init__(self, task_label: str, task_variants: Iterable[TaskVariant]) -> None:
        """
        :param task_label: the task's name.
        :param task_variants: at least one; may be a generator.
        """
        super().__init__()
        self.task_label = task_label
        self._task_variants = task_variants

    def task_variants(self) -> Iterable[TaskVariant]:
        """The variants, as often as asked for, even where a generator makes them."""
        self._task_variants, variants = itertools.tee(self._task_variants, 2)
        return variants


class Block:
    """Task blocks, one after the other."""

    @property
    @abc.abstractmethod
    def is_learning_allowed(self) -> bool:
        """Whether an agent may learn here."""
        raise NotImplementedError

    def __init__(self, task_blocks: Iterable[TaskBlock]) -> None:
        """
        :param task_blocks: at least one; may be a generator.
        """
        self._task_blocks = task_blocks

    def task_blocks(self) -> Iterable[TaskBlock]:
        """The task blocks, as often as asked for, even where a generator makes them."""
        self._task_blocks, blocks = itertools.tee(self._task_blocks, 2)
        return blocks


class LearnBlock(Block):
    """A block to learn from."""

    is_learning_allowed = True


class EvalBlock(Block):
    """A block to be measured in, with rewards hidden."""

    is_learning_allowed = False


class AbstractCurriculum:
    """Learning and evaluation blocks in the order in which an agent lives through them.

    A subclass writes `learn_blocks_and_eval_blocks`, and draws what is random from `self.rng`.
    """

    def __init__(self, rng_seed: int, config_file: str | None = None) -> None:
        """
        :param rng_seed: seed of `self.rng`, a NumPy generator.
        :param config_file: path of a YAML file that becomes `self.config`, else an empty dictionary.
        """
        self.rng_seed = rng_seed
        self.rng = np.random.default_rng(rng_seed)
        self.config: Any = {}
        if config_file is not None:
            from ._curriculum.configuration import read

            self.config = read(config_file)
        self.config_file = config_file

    def copy(self) -> AbstractCurriculum:
        """The same curriculum from its start. A subclass that takes other arguments overrides this."""
        return self.__class__(self.rng_seed, self.config_file)

    @abc.abstractmethod
    def learn_blocks_and_eval_blocks(self) -> Iterable[Block]:
        """The blocks; a generator may make one when it is asked for."""
        raise NotImplementedError

    def validate(self) -> None:
        """What a subclass checks of itself.

        :raises ValidationError: where something is wrong.
        """


class InterleavedEvalCurriculum(AbstractCurriculum):
    """One evaluation block before, between and after learning blocks.

    A subclass writes `learn_blocks` and `eval_block`; evaluations that use `self.eval_rng_seed` are the
    same each time.
    """

    def __init__(self, rng_seed: int, config_file: str | None = None) -> None:
        super().__init__(rng_seed, config_file)
        self.eval_rng_seed = self.rng.bit_generator.random_raw()

    @abc.abstractmethod
    def learn_blocks(self) -> Iterable[LearnBlock]:
        """The learning blocks."""
        raise NotImplementedError

    @abc.abstractmethod
    def eval_block(self) -> EvalBlock:
        """The evaluation block, made anew for each time."""
        raise NotImplementedError

    def learn_blocks_and_eval_blocks(self) -> Iterable[Block]:
        yield self.eval_block()
        for block in self.learn_blocks():
            yield block
            yield self.eval_block()


def split_task_variants(task_variants: Iterable[TaskVariant]) -> Iterable[TaskBlock]:
    """A task block for each run of neighbours with one task label."""
    for label, variants in itertools.groupby(task_variants, key=lambda variant: variant.task_label):
        # A list: the group is gone once somebody asks for the next task block.
        yield TaskBlock(label, list(variants))


def simple_learn_block(task_variants: Iterable[TaskVariant]) -> LearnBlock:
    """A learning block of these variants, with task blocks as `split_task_variants` makes them."""
    return LearnBlock(split_task_variants(task_variants))


def simple_eval_block(task_variants: Iterable[TaskVariant]) -> EvalBlock:
    """An evaluation block of these variants, with task blocks as `split_task_variants` makes them."""
    return EvalBlock(split_task_variants(task_variants))
