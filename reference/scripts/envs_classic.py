"""Plays a classic-control environment of gym 0.23.1 or of Gymnasium and writes what happened.

usage: envs_classic.py ENV_ID SEED STEPS PARAMETERS [RANDOM]

PARAMETERS is a JSON object of parameters by the names that `tella env list` shows. The library is
the one that is installed.

The environment is seeded once; later resets go on in its stream. Standard output is one
fixed-size little-endian record for each reset and each step:

    u1 reset, u1 terminated, u1 truncated, f4 action, f8 reward, f8 state..., f4 observation...

Actions mix a rule of thumb with random ones, in the proportion RANDOM or else in one drawn for
each episode, so that failures, goals and time limits all occur. Some continuous ones lie outside
the space.
"""

import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
try:
    import gymnasium as gym

    GYMNASIUM = True
except ImportError:
    import gym

    GYMNASIUM = False


def rule_of_thumb(env_id, obs):
    if env_id.startswith("CartPole"):
        return int(obs[2] + 0.3 * obs[3] > 0)
    if env_id.startswith("MountainCarC"):
        return 1.0 if obs[1] >= 0 else -1.0
    if env_id.startswith("MountainCar"):
        return 2 if obs[1] >= 0 else 0
    if env_id.startswith("Pendulum"):
        upright = -10 * obs[1] - 2 * obs[2] if obs[0] > 0.8 else np.copysign(2, obs[2])
        return float(upright)
    return 2 if obs[5] >= 0 else 0


def random_action(env, chooser):
    if hasattr(env.action_space, "n"):
        return int(chooser.integers(env.action_space.n))
    return float(chooser.choice([0.0, 0.3, 1.0, 3.0]) * chooser.uniform(-1, 1))


def make(env_id, parameters):
    """The environment, and the options of its resets."""
    env = gym.make(env_id, disable_env_checker=True) if GYMNASIUM else gym.make(env_id)
    inner = env.unwrapped
    options = {}
    for name, value in parameters.items():
        if name == "library":
            assert GYMNASIUM == value.startswith("gymnasium"), value
            continue
        if name == "max_episode_steps":
            env = gym.wrappers.TimeLimit(inner, value)
        elif name in ("reset_low", "reset_high", "x_init", "y_init"):
            options[name.removeprefix("reset_")] = value
        else:
            # Acrobot's are named in capitals.
            name = name.upper() if name.startswith("link_") else name
            name = "_sutton_barto_reward" if name == "sutton_barto_reward" else name
            assert hasattr(inner, name), name
            setattr(inner, name, value)
    if hasattr(inner, "masscart"):
        inner.total_mass = inner.masspole + inner.masscart
        inner.polemass_length = inner.masspole * inner.length
    return env, options


def main():
    env_id, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    env, options = make(env_id, json.loads(sys.argv[4]))
    chooser = np.random.default_rng(seed ^ 0xAC7)
    proportions = [float(x) for x in sys.argv[5:]] or [0.0, 0.1, 0.5, 1.0]
    discrete = hasattr(env.action_space, "n")
    record = np.dtype(
        [
            ("reset", "u1"),
            ("terminated", "u1"),
            ("truncated", "u1"),
            ("action", "<f4"),
            ("reward", "<f8"),
            ("state", "<f8", (4,)),
            ("obs", "<f4", env.observation_space.shape),
        ]
    )
    records = []

    def state():
        values = [float(x) for x in env.unwrapped.state]
        return values + [0.0] * (4 - len(values))

    def reset(**kwargs):
        if GYMNASIUM:
            obs, _ = env.reset(options=options or None, **kwargs)
        else:
            assert not options
            obs = env.reset(**kwargs)
        assert obs.dtype == np.float32
        records.append((1, 0, 0, 0, 0.0, state(), obs.copy()))
        return obs, chooser.choice(proportions)

    obs, randomness = reset(seed=seed)
    for _ in range(steps):
        if chooser.random() < randomness:
            action = random_action(env, chooser)
        else:
            action = rule_of_thumb(env_id, obs)
        given = action if discrete else np.array([action], dtype=np.float32)
        if GYMNASIUM:
            obs, reward, terminated, truncated, _ = env.step(given)
        else:
            obs, reward, done, info = env.step(given)
            truncated = info.get("TimeLimit.truncated", False)
            terminated = done and not truncated
        assert obs.dtype == np.float32
        records.append((0, terminated, truncated, action, reward, state(), obs.copy()))
        if terminated or truncated:
            obs, randomness = reset()
    sys.stdout.buffer.write(np.array(records, dtype=record).tobytes())


main()
