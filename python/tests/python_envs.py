"""Environments for the tests of the engine."""

import numpy as np
from tella import spaces


class Walk:
    """A walk on a line, in Gymnasium's way."""

    def __init__(self, length: int = 5, slip: float = 0.25):
        self.observation_space = spaces.Discrete(2 * length + 1)
        self.action_space = spaces.Discrete(2)
        self.length, self.slip = length, slip
        self.rng = np.random.default_rng(0)

    def start(self):
        self.at, self.steps = self.length + int(self.rng.integers(-1, 2)), 0
        return self.at

    def advance(self, action):
        assert type(action) is int
        back = self.rng.random() < self.slip
        self.at += 1 if (action == 1) != back else -1
        self.steps += 1
        reached = self.at in (0, 2 * self.length)
        return self.at, float(self.at == 2 * self.length), reached, self.steps >= 30

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        return self.start(), {}

    def step(self, action):
        at, reward, terminated, truncated = self.advance(action)
        return at, reward, terminated, truncated and not terminated, {}


class OldWalk(Walk):
    """The same in old gym's way."""

    def seed(self, seed=None):
        self.rng = np.random.default_rng(seed)
        return [seed]

    def reset(self):
        return self.start()

    def step(self, action):
        at, reward, terminated, truncated = self.advance(action)
        info = {"TimeLimit.truncated": True} if truncated and not terminated else {}
        return at, reward, terminated or truncated, info


class Samples:
    """Shows samples of a space and pays for getting them back, ten times."""

    def __init__(self, which: str = "everything"):
        box = spaces.Box(-1.0, 1.0, (2, 3), np.float32)
        parts = {
            "box": box,
            "pixels": spaces.Box(0, 255, (4, 4, 3), np.uint8),
            "integers": spaces.Box(-5, 5, (2,), np.int64),
            "scalar": spaces.Box(-1.0, 1.0, (), np.float64),
            "discrete": spaces.Discrete(5, start=-2),
            "multi-discrete": spaces.MultiDiscrete([2, 3, 4]),
            "multi-binary": spaces.MultiBinary(7),
            "text": spaces.Text(max_length=6, charset="abc"),
            "tuple": spaces.Tuple([box, spaces.Discrete(3)]),
        }
        everything = spaces.Dict({**parts, "inner": spaces.Dict({"a": spaces.Discrete(2)})})
        self.space = everything if which == "everything" else parts[which]
        self.observation_space = self.action_space = self.space

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.space.seed(seed)
        self.steps, self.shown = 0, self.space.sample()
        return self.shown, {}

    def step(self, action):
        assert self.space.contains(action), action
        reward = float(same(action, self.shown))
        self.steps, self.shown = self.steps + 1, self.space.sample()
        return self.shown, reward, self.steps == 10, False, {}


def same(one, other):
    """Whether two values of a space are equal in value, type of elements and shape."""
    if isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in other)
    if isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other
