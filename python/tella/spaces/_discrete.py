"""Whole numbers: one of a range, or a vector of them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ._space import Space, as_array, check_array, check_one_of


def _choose(rng: np.random.Generator, n: int, mask: Any, probability: Any, what: str) -> Any:
    """An index below `n`, drawn under a mask or by probabilities; 0 where the mask allows none."""
    if mask is not None:
        check_array(f"the mask of {what}", mask, np.int8, (n,))
        if not np.all((mask == 0) | (mask == 1)):
            raise AssertionError(f"the mask of {what} holds zeros and ones, not {mask}")
        allowed = np.where(mask == 1)[0]
        return rng.choice(allowed) if allowed.size else 0
    check_array(f"the probabilities of {what}", probability, np.float64, (n,))
    if np.any(probability < 0) or not np.isclose(np.sum(probability), 1):
        raise AssertionError(f"the probabilities of {what} must sum to 1, not {probability}")
    return rng.choice(np.arange(n), p=probability)


class Discrete(Space):
    """The integers `start .. start + n`, `start + n` not among them."""

    def __init__(self, n: Any, seed: Any = None, start: Any = 0, dtype: Any = np.int64) -> None:
        for name, value in (("n", n), ("start", start)):
            if not np.issubdtype(type(value), np.integer):
                raise TypeError(f"{name} is an integer, not {type(value).__name__}")
        if n <= 0:
            raise ValueError(f"n is at least 1, not {n}")
        if dtype is None or not np.issubdtype(np.dtype(dtype), np.integer):
            raise TypeError(f"the dtype of a Discrete is an integer type, not {dtype}")
        self.dtype = np.dtype(dtype)
        self.n = self.dtype.type(n)
        self.start = self.dtype.type(start)
        super().__init__((), self.dtype, seed)

    def sample(self, mask: Any = None, probability: Any = None) -> Any:
        """One of the integers, all alike, or as a mask or probabilities say."""
        check_one_of(mask, probability)
        if mask is None and probability is None:
            return self.start + self.np_random.integers(self.n, dtype=self.dtype.type)
        index = _choose(self.np_random, int(self.n), mask, probability, "a Discrete")
        return self.start + self.dtype.type(index)

    def contains(self, x: Any) -> bool:
        if isinstance(x, int):
            limits = np.iinfo(self.dtype)
            if not limits.min <= x <= limits.max:
                return False
        elif not (
            isinstance(x, (np.generic, np.ndarray))
            and np.issubdtype(x.dtype, np.integer)
            and x.shape == ()
            and np.can_cast(x.dtype, self.dtype)
        ):
            return False
        return 0 <= int(x) - int(self.start) < int(self.n)

    def to_jsonable(self, sample_n: Any) -> list[int]:
        return [int(x) for x in sample_n]

    def from_jsonable(self, sample_n: Any) -> list[Any]:
        return [self.dtype.type(x) for x in sample_n]

    def __repr__(self) -> str:
        words = [str(self.n)]
        if self.start != 0:
            words.append(f"start={self.start}")
        if self.dtype != np.int64:
            words.append(f"dtype={self.dtype}")
        return f"Discrete({', '.join(words)})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Discrete)
            and self.n == other.n
            and self.start == other.start
            and self.dtype == other.dtype
        )

    __hash__ = None  # type: ignore[assignment]


class MultiDiscrete(Space):
    """An array of integers, element `i` in `start[i] .. start[i] + nvec[i]`."""

    def __init__(
        self, nvec: Any, dtype: Any = np.int64, seed: Any = None, start: Any = None
    ) -> None:
        if dtype is None or not np.issubdtype(np.dtype(dtype), np.integer):
            raise ValueError(f"the dtype of a MultiDiscrete is an integer type, not {dtype}")
        self.nvec = np.array(nvec, dtype=dtype)
        self.start = np.zeros_like(self.nvec) if start is None else np.array(start, dtype=dtype)
        if self.start.shape != self.nvec.shape:
            raise ValueError(f"start has shape {self.start.shape}, nvec has {self.nvec.shape}")
        if not np.all(self.nvec > 0):
            raise ValueError(f"every element of nvec is at least 1, not {self.nvec}")
        super().__init__(self.nvec.shape, dtype, seed)

    def sample(self, mask: Any = None, probability: Any = None) -> np.ndarray:
        """An array of independent draws; masks and probabilities are nested tuples of arrays."""
        check_one_of(mask, probability)
        if mask is None and probability is None:
            drawn = self.np_random.random(self.nvec.shape) * self.nvec
            return drawn.astype(self.dtype) + self.start
        by_mask = mask is not None
        draws = self._choose(mask if by_mask else probability, self.nvec, by_mask)
        return np.array(draws, dtype=self.dtype) + self.start

    def _choose(self, given: Any, nvec: Any, by_mask: bool) -> Any:
        if not isinstance(nvec, np.ndarray):
            mask, probability = (given, None) if by_mask else (None, given)
            return _choose(self.np_random, int(nvec), mask, probability, "a MultiDiscrete")
        if not isinstance(given, tuple) or len(given) != len(nvec):
            raise AssertionError(f"a mask for {len(nvec)} elements is a tuple of as many masks")
        return [self._choose(own, n, by_mask) for own, n in zip(given, nvec)]

    def contains(self, x: Any) -> bool:
        x = as_array(x)
        return bool(
            isinstance(x, np.ndarray)
            and x.shape == self._shape
            and np.can_cast(x.dtype, self.dtype)
            and np.all(self.start <= x)
            and np.all(x <= self.start + (self.nvec - 1))
        )

    def to_jsonable(self, sample_n: Any) -> list[Any]:
        return [sample.tolist() for sample in sample_n]

    def from_jsonable(self, sample_n: Any) -> list[np.ndarray]:
        return [np.array(sample, dtype=self.dtype) for sample in sample_n]

    def __getitem__(self, index: Any) -> Discrete | MultiDiscrete:
        nvec, start = self.nvec[index], self.start[index]
        kind = Discrete if np.ndim(nvec) == 0 else MultiDiscrete
        part = kind(nvec, start=start, dtype=self.dtype)
        part.np_random.bit_generator.state = self.np_random.bit_generator.state
        return part

    def __len__(self) -> int:
        return len(self.nvec)

    def __repr__(self) -> str:
        start = f", start={self.start}" if np.any(self.start != 0) else ""
        return f"MultiDiscrete({self.nvec}{start})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, MultiDiscrete)
            and self.dtype == other.dtype
            and self._shape == other._shape
            and bool(np.all(self.nvec == other.nvec))
            and bool(np.all(self.start == other.start))
        )

    __hash__ = None  # type: ignore[assignment]


class MultiBinary(Space):
    """An array of zeros and ones."""

    def __init__(self, n: Any, seed: Any = None) -> None:
        if isinstance(n, (Sequence, np.ndarray)):
            self.n: Any = tuple(int(size) for size in n)
            shape = self.n
        else:
            self.n = operator.index(n)
            shape = (self.n,)
        if any(size <= 0 for size in shape):
            raise ValueError(f"every size of a MultiBinary is at least 1, not {n}")
        super().__init__(shape, np.int8, seed)

    def sample(self, mask: Any = None, probability: Any = None) -> np.ndarray:
        """Fair coins, where a mask of 2 leaves them free, or coins with these probabilities."""
        check_one_of(mask, probability)
        assert self._shape is not None
        if probability is not None:
            check_array("the probabilities of a MultiBinary", probability, np.float64, self._shape)
            return (self.np_random.random(size=self._shape) <= probability).astype(self.dtype)
        coins = self.np_random.integers(low=0, high=2, size=self.n, dtype=self.dtype)
        if mask is None:
            return coins
        check_array("the mask of a MultiBinary", mask, np.int8, self._shape)
        return np.where(mask == 2, coins, mask)

    def contains(self, x: Any) -> bool:
        x = as_array(x)
        return bool(
            isinstance(x, np.ndarray) and x.shape == self._shape and np.all((x == 0) | (x == 1))
        )

    def to_jsonable(self, sample_n: Any) -> list[Any]:
        return np.array(list(sample_n)).tolist()

    def from_jsonable(self, sample_n: Any) -> list[np.ndarray]:
        return [np.asarray(sample, self.dtype) for sample in sample_n]

    def __repr__(self) -> str:
        return f"MultiBinary({self.n})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MultiBinary) and self.n == other.n

    __hash__ = None  # type: ignore[assignment]
