"""Samples spaces of gym 0.23.1.

Standard input is a JSON list of {"space", "seed", "count"}; standard output is the list of the
lists of samples. A space is {"box": {"low", "high", "shape", "dtype"}}, {"discrete": {"n", "start"}},
{"multi_discrete": [n...]}, {"multi_binary": [n...]}, {"text": {"min", "max", "charset"}},
{"tuple": [space...]} or {"dict": {key: space}}.

The parts of a product share one generator here, where gym would give each its own.
"""

import json
import sys
import warnings

import numpy as np
from gym import spaces
from gym.utils import seeding

warnings.simplefilter("ignore")


class Text(spaces.Space):
    """gym 0.23.1 has no text; this is Gymnasium's definition in NumPy's terms: a uniform length,
    then so many uniform characters."""

    def __init__(self, spec):
        super().__init__(None, None, None)
        self.spec = spec

    def sample(self):
        length = self.np_random.integers(self.spec["min"], self.spec["max"] + 1)
        return "".join(self.np_random.choice(list(self.spec["charset"]), size=length))

    def contains(self, x):
        return isinstance(x, str)


def build(spec, rng):
    ((kind, value),) = spec.items()
    if kind == "box":
        bound = [
            np.array([float(x) for x in value[end]]).reshape(value["shape"]) for end in ("low", "high")
        ]
        space = spaces.Box(bound[0], bound[1], dtype=np.dtype(value["dtype"]))
    elif kind == "discrete":
        space = spaces.Discrete(value["n"], start=value["start"])
    elif kind == "multi_discrete":
        space = spaces.MultiDiscrete(value)
    elif kind == "multi_binary":
        space = spaces.MultiBinary(value)
    elif kind == "text":
        space = Text(value)
    elif kind == "tuple":
        space = spaces.Tuple([build(part, rng) for part in value])
    elif kind == "dict":
        space = spaces.Dict({key: build(part, rng) for key, part in value.items()})
    space._np_random = rng
    return space


def plain(sample):
    if isinstance(sample, dict):
        return {key: plain(part) for key, part in sample.items()}
    if isinstance(sample, tuple):
        return [plain(part) for part in sample]
    return sample.tolist() if isinstance(sample, np.ndarray) else sample


answers = []
for case in json.load(sys.stdin):
    rng, _ = seeding.np_random(case["seed"])
    space = build(case["space"], rng)
    samples = [space.sample() for _ in range(case["count"])]
    assert all(space.contains(sample) for sample in samples), case
    answers.append([plain(sample) for sample in samples])
json.dump(answers, sys.stdout)
