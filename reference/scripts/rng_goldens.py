"""Prints rng/tests/golden/draws.jsonl: cases and what NumPy makes of them.

Run with NumPy 1.23.5; NumPy 2 prints the same lines.
"""

import json

import numpy as np
from rng_draws import perform

BIG = 2**63 - 1

#: Every kind of draw, with ranges on both sides of each change of method, so ordered
#: that 32-bit draws leave and take halves across the others.
MIXED = [
    {"integers": {"low": 0, "high": 5}},
    "random",
    "random_f32",
    {"integers": {"low": -3, "high": -2}},
    {"integers": {"low": 0, "high": 2**32}},
    {"integers": {"low": 0, "high": 2**32 + 1}},
    {"integers": {"low": -(2**63), "high": BIG}},
    {"integers": {"low": 0, "high": 3 * 2**30}},
    {"integers_array": {"low": 1, "high": 7, "size": 5}},
    "random_raw",
    {"integers_u8": {"low": 0, "high": 256, "size": 6}},
    {"integers_u8": {"low": 7, "high": 200, "size": 9}},
    {"integers_i8": {"low": 0, "high": 2, "size": 11}},
    {"integers_i8": {"low": -128, "high": 128, "size": 3}},
    {"uniform": {"low": -0.05, "high": 0.05}},
    {"normal": {"loc": 3.0, "scale": 0.5}},
    {"exponential": {"scale": 2.5}},
    {"shuffle": {"n": 9}},
    {"permutation": {"n": 18}},
    {"choice": {"n": 6}},
    {"choice_of_list": {"n": 1}},
    {"choice_without_replacement": {"n": BIG, "k": 3}},
    {"choice_without_replacement": {"n": 10, "k": 10}},
    {"choice_without_replacement": {"n": 10_001, "k": 201}},
    "random_f32",
]

SEEDS = [
    {"u64": 0},
    {"u64": 12345},
    {"u64": 2**32},
    {"u64": 2**64 - 1},
    {"u128": [1, 0]},
    {"u128": [2**64 - 1, 2**64 - 1]},
    {"child": [0, [0]]},
    {"child": [2**40, [3, 2**32 - 1]]},
    {"words": [[], []]},
    {"words": [[1, 0, 0, 0, 0], []]},
    {"words": [[1, 2, 3, 4, 5, 6], [7]]},
]


def first_in_tail(name, edge):
    """The smallest seed that puts one of 16 draws into the tail."""
    seed = 0
    while abs(getattr(np.random.default_rng(seed), name)(16)).max() < edge:
        seed += 1
    return {"seed": {"u64": seed}, "draws": [{f"{name}_array": {"size": 17}}]}


def cases():
    for seed in SEEDS:
        yield {"seed": seed, "draws": MIXED}
    yield first_in_tail("standard_normal", 3.6541528853610088)
    yield first_in_tail("standard_exponential", 7.69711747013105)


for case in cases():
    print(json.dumps({"case": case, "outcome": perform(case)}, separators=(",", ":")))
