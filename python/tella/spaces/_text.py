"""Texts of bounded length over a set of characters."""

from __future__ import annotations

import string
from collections.abc import Iterable
from typing import Any

import numpy as np

from ._space import Space, check_array, check_one_of

ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)


class Text(Space):
    """Strings of `min_length` to `max_length` characters out of `charset`.

    The characters of a set are sorted, those of a string keep their order.
    """

    def __init__(
        self,
        max_length: int,
        *,
        min_length: int = 1,
        charset: Iterable[str] = ALPHANUMERIC,
        seed: Any = None,
    ) -> None:
        for name, value in (("min_length", min_length), ("max_length", max_length)):
            if not np.issubdtype(type(value), np.integer):
                raise TypeError(f"{name} is an integer, not {type(value).__name__}")
        if not 0 <= min_length <= max_length:
            raise ValueError(f"0 <= min_length <= max_length, not {min_length} and {max_length}")
        self.min_length, self.max_length = int(min_length), int(max_length)
        in_order = sorted(charset) if isinstance(charset, (set, frozenset)) else charset
        self.character_list: tuple[str, ...] = tuple(dict.fromkeys(in_order))
        wrong = [char for char in self.character_list if len(char) != 1]
        if wrong:
            raise ValueError(f"a charset holds single characters, not {wrong}")
        super().__init__(dtype=str, seed=seed)

    @property
    def character_set(self) -> frozenset[str]:
        """The characters allowed."""
        return frozenset(self.character_list)

    @property
    def characters(self) -> str:
        """The characters allowed, sorted."""
        return "".join(sorted(self.character_list))

    def character_index(self, char: str) -> np.int32:
        """The place of a character in `character_list`."""
        return np.int32(self.character_list.index(char))

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A text of uniform length with uniform characters.

        A mask or probabilities are a pair: a length or `None`, and an array with an entry for
        each character, or `None`.
        """
        check_one_of(mask, probability)
        count = len(self.character_list)
        length, weights = (
            self._given(mask, np.int8)
            if probability is None
            else self._given(probability, np.float64)
        )
        if length is None:
            length = self.np_random.integers(self.min_length, self.max_length + 1)
        if weights is None:
            weights = np.ones(count) / count
        elif probability is None and np.any(weights):
            weights = weights / np.sum(weights)
        if not np.any(weights):
            if self.min_length == 0:
                return ""
            raise ValueError("the mask allows no character, but a text has at least one")
        return "".join(self.np_random.choice(self.character_list, size=length, p=weights))

    def _given(self, given: Any, dtype: type) -> tuple[Any, Any]:
        if given is None:
            return None, None
        if not isinstance(given, tuple) or len(given) != 2:
            raise AssertionError("a Text is sampled with a pair of a length and an array")
        length, weights = given
        if length is not None and not self.min_length <= length <= self.max_length:
            raise AssertionError(
                f"the length lies in {self.min_length}..{self.max_length}, not at {length}"
            )
        if weights is not None:
            check_array("the array for a Text", weights, dtype, (len(self.character_list),))
        return length, weights

    def contains(self, x: Any) -> bool:
        return (
            isinstance(x, str)
            and self.min_length <= len(x) <= self.max_length
            and self.character_set.issuperset(x)
        )

    def __repr__(self) -> str:
        return f"Text({self.min_length}, {self.max_length}, charset={self.characters})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Text)
            and self.min_length == other.min_length
            and self.max_length == other.max_length
            and self.character_set == other.character_set
        )

    __hash__ = None  # type: ignore[assignment]
