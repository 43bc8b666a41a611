"""Prints where grid worlds made by `gymnasium.make` of ours and of minigrid differ: JSON, by id."""

import json

import gymnasium
import minigrid  # registers its ids
import numpy as np
import tella

NAMES = [
    "MiniGrid-Empty-Random-5x5-v0",
    "MiniGrid-DoorKey-5x5-v0",
    "MiniGrid-Fetch-5x5-N2-v0",
    "MiniGrid-Dynamic-Obstacles-5x5-v0",
]


def seen(given):
    """Observation, reward and ends, in a form that can be compared."""
    observation, *rest = given
    image = observation["image"]
    shown = [image.dtype.name, image.tolist(), int(observation["direction"])]
    return [*shown, observation["mission"], *map(float, rest)]


def differences(name):
    ours, theirs = gymnasium.make(f"tella/{name}"), gymnasium.make(name)
    rng, found = np.random.default_rng(0), []
    for space in ("image", "direction"):
        if ours.observation_space[space] != theirs.observation_space[space]:
            found.append(f"space of {space}")
    if ours.action_space != theirs.action_space:
        found.append("space of actions")
    for seed in range(3):
        pairs = [seen(env.reset(seed=seed)[:1]) for env in (ours, theirs)]
        for step in range(250):
            if pairs[0] != pairs[1]:
                found.append(f"seed {seed}, step {step}")
                break
            action = int(rng.integers(theirs.action_space.n))
            a, b = ours.step(action), theirs.step(action)
            pairs = [seen(a[:4]), seen(b[:4])]
            if pairs[0] == pairs[1] and (a[2] or a[3]):
                pairs = [seen(env.reset()[:1]) for env in (ours, theirs)]
    return found


assert minigrid and tella
print(json.dumps({name: differences(name) for name in NAMES}))
