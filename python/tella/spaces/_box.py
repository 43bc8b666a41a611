"""Arrays of fixed shape with a lower and an upper bound for each element."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ._space import Space


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


class Box(Space):
    """The product of closed intervals, each of which may be open at an infinite end."""

    low: np.ndarray
    high: np.ndarray
    _shape: tuple[int, ...]

    def __init__(
        self,
        low: Any,
        high: Any,
        shape: Any = None,
        dtype: Any = np.float32,
        seed: Any = None,
    ) -> None:
        if dtype is None:
            raise ValueError("a Box needs a dtype")
        self.dtype = np.dtype(dtype)
        if self.dtype.kind not in "iufb":
            raise ValueError(f"the dtype of a Box is an integer, float or bool, not {self.dtype}")
        self._shape = self._find_shape(low, high, shape)
        self.low, self.bounded_below = self._bound(low, "low")
        self.high, self.bounded_above = self._bound(high, "high")
        if np.any(self.low > self.high):
            raise ValueError(f"low is above high somewhere: low={self.low}, high={self.high}")
        super().__init__(self._shape, self.dtype, seed)

    @staticmethod
    def _find_shape(low: Any, high: Any, shape: Any) -> tuple[int, ...]:
        if shape is not None:
            return tuple(int(size) for size in shape)
        shapes = [bound.shape for bound in (low, high) if isinstance(bound, np.ndarray)]
        if len(shapes) == 2 and shapes[0] != shapes[1]:
            raise ValueError(f"low has shape {shapes[0]}, high has shape {shapes[1]}")
        if shapes:
            return shapes[0]
        if _is_number(low) and _is_number(high):
            return (1,)
        raise ValueError("the shape of a Box is given, or that of its bounds, which are arrays")

    def _limits(self) -> tuple[Any, Any]:
        if self.dtype.kind == "b":
            return 0, 1
        if self.dtype.kind == "f":
            return float(np.finfo(self.dtype).min), float(np.finfo(self.dtype).max)
        return int(np.iinfo(self.dtype).min), int(np.iinfo(self.dtype).max)

    def _bound(self, value: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A bound as the element type holds it, and where it is finite in its direction."""
        if not _is_number(value) and not isinstance(value, np.ndarray):
            raise ValueError(f"{name} is a number or an array, not {type(value).__name__}")
        array = np.full(self._shape, value) if _is_number(value) else np.array(value)
        if array.shape != self._shape:
            raise ValueError(f"{name} has shape {array.shape}, the Box has {self._shape}")
        if array.dtype.kind not in "iufb":
            raise ValueError(f"{name} must hold numbers, not {array.dtype}")
        if np.any(np.isnan(array)):
            raise ValueError(f"{name} holds NaN: {value}")
        least, greatest = self._limits()
        if name == "low":
            bounded, limit = -np.inf < array, least
            outside = (array < least) & bounded
        else:
            bounded, limit = array < np.inf, greatest
            outside = (array > greatest) & bounded
        if np.any(outside):
            raise ValueError(f"{name}={value} is outside of {self.dtype}")
        if self.dtype.kind in "ub" and not np.all(bounded):
            raise ValueError(f"{name} of a Box of {self.dtype} must be finite")
        if self.dtype.kind == "i" and not np.all(bounded):
            finite = np.where(bounded, array, 0).astype(self.dtype)
            finite[~bounded] = limit
            return finite, bounded
        return array.astype(self.dtype), bounded

    def is_bounded(self, manner: str = "both") -> bool:
        """Whether all elements are bounded `"below"`, `"above"`, or `"both"`."""
        below, above = bool(np.all(self.bounded_below)), bool(np.all(self.bounded_above))
        answers = {"both": below and above, "below": below, "above": above}
        if manner not in answers:
            raise ValueError(f"manner is one of {', '.join(answers)}, not {manner!r}")
        return answers[manner]

    def sample(self, mask: Any = None, probability: Any = None) -> np.ndarray:
        """Uniform between two bounds, exponential beyond one, normal without any."""
        if mask is not None or probability is not None:
            raise ValueError("a Box samples with neither mask nor probabilities")
        # The draws of one kind of interval come together, so the order of kinds is part of
        # what equal seeds mean.
        high = self.high if self.dtype.kind == "f" else self.high.astype(np.int64) + 1
        below, above = self.bounded_below, self.bounded_above
        sample = np.empty(self._shape)
        free = ~below & ~above
        sample[free] = self.np_random.normal(size=int(free.sum()))
        up = below & ~above
        sample[up] = self.np_random.exponential(size=int(up.sum())) + self.low[up]
        down = ~below & above
        sample[down] = -self.np_random.exponential(size=int(down.sum())) + high[down]
        both = below & above
        sample[both] = self.np_random.uniform(self.low[both], high[both], size=int(both.sum()))
        if self.dtype.kind == "f":
            return sample.astype(self.dtype)
        sample = np.floor(sample)
        least, greatest = self._limits()
        if self.dtype == np.int64:
            # 64-bit floats next to the ends of int64 round to values outside of it
            sample = sample.clip(least + 2, greatest - 2).astype(self.dtype)
            return sample.clip(self.low, self.high)
        return sample.clip(least, greatest).astype(self.dtype)

    def contains(self, x: Any) -> bool:
        if not isinstance(x, np.ndarray):
            warnings.warn("the value asked about is not an array, and is made one", stacklevel=2)
            try:
                x = np.asarray(x, dtype=self.dtype)
            except (ValueError, TypeError, OverflowError):
                return False
        return bool(
            np.can_cast(x.dtype, self.dtype)
            and x.shape == self._shape
            and np.all(x >= self.low)
            and np.all(x <= self.high)
        )

    def to_jsonable(self, sample_n: Any) -> list[Any]:
        return [sample.tolist() for sample in sample_n]

    def from_jsonable(self, sample_n: Any) -> list[np.ndarray]:
        return [np.asarray(sample, dtype=self.dtype) for sample in sample_n]

    def __repr__(self) -> str:
        low, high = (_short(bound) for bound in (self.low, self.high))
        return f"Box({low}, {high}, {self._shape}, {self.dtype})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Box)
            and self._shape == other._shape
            and self.dtype == other.dtype
            and np.allclose(self.low, other.low)
            and np.allclose(self.high, other.high)
        )

    __hash__ = None  # type: ignore[assignment]


def _short(bound: np.ndarray) -> str:
    same = bound.size > 0 and np.min(bound) == np.max(bound)
    return str(np.min(bound)) if same else str(bound)
