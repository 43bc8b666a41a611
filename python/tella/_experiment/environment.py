"""One environment of gym or of Gymnasium, whichever it is, reset when an episode ends.

What it is shows in what it does: `step` returns four values or five, `reset` an observation or a pair, and there
is a method `seed` or `reset` takes the seed.
"""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import numpy as np


class Step(NamedTuple):
    """What came of an action."""

    shown: Any
    """The observation to act on next: of a new episode where this one is over."""
    reward: float
    done: bool
    last: Any
    """The observation that the action led to."""


class Stepped:
    """An environment that is always in an episode."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.action_space = env.action_space
        self.observation_space = env.observation_space

    def reset(self, seed: int | None) -> Any:
        """Seeds the environment; the first observation."""
        if callable(getattr(self.env, "seed", None)):
            self.env.seed(seed)
            return self._first(self.env.reset())
        return self._first(self.env.reset(seed=seed))

    def step(self, action: Any) -> Step:
        """Acts; where the episode is over, the next begins."""
        came = self.env.step(action)
        if len(came) == 5:
            last, reward, terminated, truncated, _ = came
            done = bool(terminated or truncated)
        else:
            last, reward, done, _ = came
            done = bool(done)
        if done:
            return Step(self._first(self.env.reset()), float(reward), done, last)
        last = self._kept(last)
        return Step(last, float(reward), done, last)

    def render(self) -> None:
        """Shows the environment as it does that."""
        self.env.render()

    def close(self) -> None:
        """Lets go of what the environment holds."""
        self.env.close()

    def _first(self, came: Any) -> Any:
        """The observation of what `reset` returned: itself, or the first of a pair with a dictionary."""
        pair = isinstance(came, tuple) and len(came) == 2 and isinstance(came[1], dict)
        return self._kept(came[0] if pair else came)

    def _kept(self, observation: Any) -> Any:
        """A copy, of the element type of the space: an environment may write on in what it showed."""
        dtype = self.observation_space.dtype
        if self.observation_space.shape is None or dtype is None:
            return copy.deepcopy(observation)
        return np.array(observation, dtype=dtype)[()]
