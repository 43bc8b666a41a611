"""Performs draws with NumPy: one JSON case a line in, one JSON outcome a line out.

A case is {"seed": SEED, "draws": [DRAW, ...]}, as rng/tests/numpy/case.rs defines it.
Every value goes out as an unsigned whole number: floats by their bits, negative
numbers in two's complement.
"""

import json
import sys

import numpy as np


def seed_sequence(kind, value):
    if kind == "u64":
        return np.random.SeedSequence(value)
    if kind == "u128":
        high, low = value
        return np.random.SeedSequence(high << 64 | low)
    entropy, spawn_key = value
    if kind == "child":
        return np.random.SeedSequence(entropy, spawn_key=spawn_key)
    if kind == "words":
        return np.random.SeedSequence(np.array(entropy, np.uint32), spawn_key=spawn_key)
    raise ValueError(kind)


def shuffled(rng, n):
    items = list(range(n))
    rng.shuffle(items)
    return items


DRAWS = {
    "random_raw": lambda rng: np.uint64(rng.bit_generator.random_raw()),
    "random": lambda rng: rng.random(),
    "random_f32": lambda rng: np.float32(rng.random(dtype=np.float32)),
    "integers": lambda rng, low, high: rng.integers(low, high),
    "integers_array": lambda rng, low, high, size: rng.integers(low, high, size=size),
    "integers_u8": lambda rng, low, high, size: rng.integers(low, high, size, dtype=np.uint8),
    "integers_i8": lambda rng, low, high, size: rng.integers(low, high, size, dtype=np.int8),
    "uniform": lambda rng, low, high: rng.uniform(low, high),
    "normal": lambda rng, loc, scale: rng.normal(loc, scale),
    "standard_normal_array": lambda rng, size: rng.standard_normal(size),
    "exponential": lambda rng, scale: rng.exponential(scale),
    "standard_exponential_array": lambda rng, size: rng.standard_exponential(size),
    "shuffle": lambda rng, n: np.array(shuffled(rng, n), np.int64),
    "permutation": lambda rng, n: rng.permutation(n),
    "choice": lambda rng, n: rng.choice(n),
    "choice_of_list": lambda rng, n: rng.choice(list(range(n))),
    "choice_without_replacement": lambda rng, n, k: rng.choice(n, size=k, replace=False),
}

UNSIGNED = {1: np.uint8, 4: np.uint32, 8: np.uint64}


def bits(values):
    values = np.atleast_1d(values)
    return values.view(UNSIGNED[values.itemsize]).tolist()


def perform(case):
    ((kind, value),) = case["seed"].items()
    seeds = seed_sequence(kind, value)
    rng = np.random.default_rng(seeds)
    values = []
    for draw in case["draws"]:
        # A draw without arguments is only its name.
        ((name, arguments),) = draw.items() if isinstance(draw, dict) else [(draw, {})]
        values.append(bits(DRAWS[name](rng, **arguments)))
    state = rng.bit_generator.state
    halves = lambda word: [word >> 64, word & (1 << 64) - 1]
    return {
        "words_u32": seeds.generate_state(7).tolist(),
        "words_u64": seeds.generate_state(5, np.uint64).tolist(),
        "values": values,
        "state": {
            "state": halves(state["state"]["state"]),
            "increment": halves(state["state"]["inc"]),
            "has_uint32": bool(state["has_uint32"]),
            # NumPy leaves a half here that was given out already.
            "uinteger": state["uinteger"] * state["has_uint32"],
        },
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(perform(json.loads(line))), flush=True)
