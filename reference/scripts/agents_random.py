"""Samples of gym's Discrete spaces, for comparison with the agent `random`.

Reads a JSON list of [seed, n, count] from standard input and prints a list of
lists of samples.
"""

import json
import sys

from gym.spaces import Discrete


def samples(seed, n, count):
    space = Discrete(n)
    space.seed(seed)
    return [space.sample() for _ in range(count)]


json.dump([samples(*case) for case in json.load(sys.stdin)], sys.stdout)
