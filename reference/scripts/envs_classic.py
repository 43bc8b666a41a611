"""Plays a classic-control environment of gym 0.23.1 and writes what happened.

usage: envs_classic.py ENV_ID SEED STEPS PARAMETERS

PARAMETERS is a JSON object of physical parameters by the names that `tella env list` shows.

The environment is seeded once; later resets go on in its stream. Standard output is one
fixed-size little-endian record for each reset and each step:

    u1 reset, u1 action, u1 terminated, u1 truncated, f8 reward, f4 observation...

Actions mix a rule of thumb with random ones, in a proportion drawn for each episode, so
that failures, goals and time limits all occur.
"""

import json
import sys

import gym
import numpy as np


def rule_of_thumb(env_id, obs):
    if env_id.startswith("CartPole"):
        return int(obs[2] + 0.3 * obs[3] > 0)
    if env_id.startswith("MountainCar"):
        return 2 if obs[1] >= 0 else 0
    return 2 if obs[5] >= 0 else 0


def set_parameters(env, parameters):
    """Sets attributes of a gym environment; Acrobot's are named in capitals."""
    for name, value in parameters.items():
        name = name.upper() if name.startswith("link_") else name
        assert hasattr(env, name), name
        setattr(env, name, value)
    if hasattr(env, "masscart"):
        env.total_mass = env.masspole + env.masscart
        env.polemass_length = env.masspole * env.length


def main():
    env_id, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    env = gym.make(env_id)
    set_parameters(env.unwrapped, json.loads(sys.argv[4]))
    chooser = np.random.default_rng(seed ^ 0xAC7)
    record = np.dtype(
        [
            ("reset", "u1"),
            ("action", "u1"),
            ("terminated", "u1"),
            ("truncated", "u1"),
            ("reward", "<f8"),
            ("obs", "<f4", env.observation_space.shape),
        ]
    )
    records = []

    def reset(**kwargs):
        obs = env.reset(**kwargs)
        assert obs.dtype == np.float32
        records.append((1, 0, 0, 0, 0.0, obs))
        return obs, chooser.choice([0.0, 0.1, 0.5, 1.0])

    obs, randomness = reset(seed=seed)
    for _ in range(steps):
        if chooser.random() < randomness:
            action = int(chooser.integers(env.action_space.n))
        else:
            action = rule_of_thumb(env_id, obs)
        obs, reward, done, info = env.step(action)
        assert obs.dtype == np.float32
        truncated = info.get("TimeLimit.truncated", False)
        records.append((0, action, done and not truncated, truncated, reward, obs))
        if done:
            obs, randomness = reset()
    sys.stdout.buffer.write(np.array(records, dtype=record).tobytes())


main()
