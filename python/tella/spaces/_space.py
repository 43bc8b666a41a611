"""What all spaces have in common: a shape, an element type, and a random generator of their own."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np


def check_one_of(mask: Any, probability: Any) -> None:
    """Refuses a sample that is asked for with a mask and with probabilities at once."""
    if mask is not None and probability is not None:
        raise ValueError("a sample takes a mask or probabilities, not both")


def check_array(what: str, value: Any, dtype: type, shape: tuple[int, ...]) -> np.ndarray:
    """The array, once it is known to have this element type and shape."""
    if not isinstance(value, np.ndarray):
        raise AssertionError(f"{what} must be a numpy array, not {type(value).__name__}")
    if value.dtype != dtype or value.shape != shape:
        raise AssertionError(
            f"{what} must have dtype {np.dtype(dtype)} and shape {shape}, "
            f"not {value.dtype} and {value.shape}"
        )
    return value


def as_array(x: Any) -> Any:
    """A sequence as an array, for a membership test; what is none stays as it is."""
    if isinstance(x, Sequence):
        try:
            return np.array(x)
        except ValueError:  # elements of different shapes
            return x
    return x


class Space:
    """A set of values that an observation or an action may take.

    Sampling, seeding and membership are Gymnasium's: equal seeds give equal samples.
    """

    def __init__(self, shape: Any = None, dtype: Any = None, seed: Any = None) -> None:
        self._shape: tuple[int, ...] | None = None if shape is None else tuple(shape)
        self.dtype: Any = None if dtype is None else np.dtype(dtype)
        self._np_random: np.random.Generator | None = None
        if isinstance(seed, np.random.Generator):
            self._np_random = seed
        elif seed is not None:
            self.seed(seed)

    @property
    def shape(self) -> tuple[int, ...] | None:
        """Shape of an element; `None` where elements are no arrays."""
        return self._shape

    @property
    def np_random(self) -> np.random.Generator:
        """The generator samples are drawn from, made from fresh entropy if it was not seeded."""
        if self._np_random is None:
            self._np_random = np.random.Generator(np.random.PCG64())
        return self._np_random

    @property
    def is_np_flattenable(self) -> bool:
        """Whether every element has a flat array of one fixed length."""
        return True

    def seed(self, seed: Any = None) -> Any:
        """Seeds the generator; returns the seed that it was given or that was found for it."""
        if seed is not None:
            seed = operator.index(seed)
            if seed < 0:
                raise ValueError(f"a seed is a non-negative integer, not {seed}")
        sequence = np.random.SeedSequence(seed)
        self._np_random = np.random.Generator(np.random.PCG64(sequence))
        return sequence.entropy

    def sample(self, mask: Any = None, probability: Any = None) -> Any:
        """One random element."""
        raise NotImplementedError

    def contains(self, x: Any) -> bool:
        """Whether `x` is an element."""
        raise NotImplementedError

    def __contains__(self, x: Any) -> bool:
        return self.contains(x)

    def to_jsonable(self, sample_n: Any) -> Any:
        """Elements as lists, numbers and texts."""
        return list(sample_n)

    def from_jsonable(self, sample_n: Any) -> Any:
        """The elements that `to_jsonable` wrote."""
        return sample_n
