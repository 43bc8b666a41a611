"""Products of spaces: by position, and by name."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ._space import Space, check_one_of


def _check_parts(parts: Iterable[tuple[Any, Any]]) -> None:
    for name, part in parts:
        if not isinstance(part, Space):
            raise TypeError(f"part {name!r} is no space but {type(part).__name__}")


class _Product(Space):
    """What both products do alike: seeds for the parts drawn from a generator of their own."""

    def _seeds(self, seed: Any, count: int) -> list[int]:
        super().seed(seed)
        return [int(s) for s in self.np_random.integers(np.iinfo(np.int32).max, size=count)]


class Tuple(_Product):
    """An ordered product; its elements are tuples."""

    def __init__(self, spaces: Iterable[Any], seed: Any = None) -> None:
        self.spaces = tuple(spaces)
        _check_parts(enumerate(self.spaces))
        super().__init__(None, None, seed)

    @property
    def is_np_flattenable(self) -> bool:
        return all(space.is_np_flattenable for space in self.spaces)

    def seed(self, seed: Any = None) -> tuple[Any, ...]:
        """Seeds every part: with a seed each of a sequence, or with seeds drawn from one."""
        if seed is None:
            seeds: Sequence[Any] = [None] * len(self.spaces)
        elif isinstance(seed, (tuple, list)):
            if len(seed) != len(self.spaces):
                raise ValueError(f"{len(seed)} seeds for {len(self.spaces)} spaces")
            seeds = seed
        elif isinstance(seed, (int, np.integer)):
            seeds = self._seeds(seed, len(self.spaces))
        else:
            raise TypeError(f"a seed is an integer or a sequence, not {type(seed).__name__}")
        return tuple(space.seed(own) for space, own in zip(self.spaces, seeds))

    def sample(self, mask: Any = None, probability: Any = None) -> tuple[Any, ...]:
        """A tuple of samples; masks and probabilities are tuples with one for each part."""
        check_one_of(mask, probability)
        word, given = ("mask", mask) if probability is None else ("probability", probability)
        if given is None:
            return tuple(space.sample() for space in self.spaces)
        if not isinstance(given, tuple) or len(given) != len(self.spaces):
            raise AssertionError(f"{word} must be a tuple of {len(self.spaces)}")
        return tuple(space.sample(**{word: own}) for space, own in zip(self.spaces, given))

    def contains(self, x: Any) -> bool:
        if isinstance(x, list) or (isinstance(x, np.ndarray) and x.ndim > 0):
            x = tuple(x)
        return (
            isinstance(x, tuple)
            and len(x) == len(self.spaces)
            and all(space.contains(part) for space, part in zip(self.spaces, x))
        )

    def to_jsonable(self, sample_n: Any) -> list[Any]:
        columns = [[sample[i] for sample in sample_n] for i in range(len(self.spaces))]
        return [space.to_jsonable(column) for space, column in zip(self.spaces, columns)]

    def from_jsonable(self, sample_n: Any) -> list[tuple[Any, ...]]:
        parts = [space.from_jsonable(own) for space, own in zip(self.spaces, sample_n)]
        return list(zip(*parts))

    def __getitem__(self, index: Any) -> Any:
        return self.spaces[index]

    def __len__(self) -> int:
        return len(self.spaces)

    def __repr__(self) -> str:
        return f"Tuple({', '.join(str(space) for space in self.spaces)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tuple) and self.spaces == other.spaces

    __hash__ = None  # type: ignore[assignment]


class Dict(_Product, Mapping[str, Any]):
    """A product by name; its elements are dictionaries in the order of the names.

    A plain mapping is sorted by its keys, an `OrderedDict` and a sequence of pairs are not.
    """

    def __init__(
        self, spaces: Any = None, seed: Any = None, *, sort_keys: bool = True, **spaces_kwargs: Any
    ) -> None:
        self.sort_keys = sort_keys
        if isinstance(spaces, Mapping) and sort_keys and not isinstance(spaces, OrderedDict):
            try:
                parts = dict(sorted(spaces.items()))
            except TypeError:
                parts = dict(spaces)  # keys of kinds that have no order among each other
        elif spaces is None or isinstance(spaces, (Mapping, Sequence)):
            parts = dict(spaces or {})
        else:
            raise TypeError(f"a Dict is made of a mapping or pairs, not {type(spaces).__name__}")
        for key, space in spaces_kwargs.items():
            if key in parts:
                raise ValueError(f"the space {key!r} is given twice")
            parts[key] = space
        self.spaces: dict[str, Any] = parts
        _check_parts(parts.items())
        super().__init__(None, None, seed)

    @property
    def is_np_flattenable(self) -> bool:
        return all(space.is_np_flattenable for space in self.spaces.values())

    def seed(self, seed: Any = None) -> dict[str, Any]:
        """Seeds every part: with a seed each of a dictionary, or with seeds drawn from one."""
        if seed is None:
            seeds: Mapping[str, Any] = dict.fromkeys(self.spaces)
        elif isinstance(seed, dict):
            if seed.keys() != self.spaces.keys():
                raise ValueError(f"seeds for {list(seed)}, but the spaces are {list(self.spaces)}")
            seeds = seed
        elif isinstance(seed, (int, np.integer)):
            seeds = dict(zip(self.spaces, self._seeds(seed, len(self.spaces))))
        else:
            raise TypeError(f"a seed is an integer or a dictionary, not {type(seed).__name__}")
        return {key: self.spaces[key].seed(own) for key, own in seeds.items()}

    def sample(self, mask: Any = None, probability: Any = None) -> dict[str, Any]:
        """A dictionary of samples; masks and probabilities have the same keys."""
        check_one_of(mask, probability)
        word, given = ("mask", mask) if probability is None else ("probability", probability)
        if given is None:
            return {key: space.sample() for key, space in self.spaces.items()}
        if not isinstance(given, dict) or given.keys() != self.spaces.keys():
            raise AssertionError(f"{word} must be a dictionary with the keys {list(self.spaces)}")
        return {key: space.sample(**{word: given[key]}) for key, space in self.spaces.items()}

    def contains(self, x: Any) -> bool:
        return (
            isinstance(x, dict)
            and x.keys() == self.spaces.keys()
            and all(space.contains(x[key]) for key, space in self.spaces.items())
        )

    def to_jsonable(self, sample_n: Any) -> dict[str, Any]:
        return {
            key: space.to_jsonable([sample[key] for sample in sample_n])
            for key, space in self.spaces.items()
        }

    def from_jsonable(self, sample_n: Any) -> list[dict[str, Any]]:
        parts = [space.from_jsonable(sample_n[key]) for key, space in self.spaces.items()]
        return [dict(zip(self.spaces, values)) for values in zip(*parts)]

    def __getitem__(self, key: str) -> Any:
        return self.spaces[key]

    def __setitem__(self, key: str, value: Any) -> None:
        _check_parts([(key, value)])
        self.spaces[key] = value

    def __contains__(self, x: Any) -> bool:
        return self.contains(x)

    def __iter__(self) -> Iterator[str]:
        return iter(self.spaces)

    def __len__(self) -> int:
        return len(self.spaces)

    def __repr__(self) -> str:
        return f"Dict({', '.join(f'{key!r}: {space}' for key, space in self.spaces.items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dict) and self.spaces == other.spaces

    __hash__ = None  # type: ignore[assignment]
