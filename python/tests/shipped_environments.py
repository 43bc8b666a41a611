"""What instances of the shipped environments' classes are, where gym and gym-minigrid are installed."""

import copy
import json
import pickle
import sys

import tella._curriculums.cartpole as cartpole
import tella._curriculums.minigrid.m21 as m21

native = {cls: cls.native_spaces() for cls, _, _ in m21.TASKS}
native[cartpole._CartPoleV0] = cartpole._CartPoleV0.native_spaces()
before = "gym" not in sys.modules

import gym  # noqa: E402


def invalid(env):
    """Whether an action that was cut off is refused with gym's own error."""
    try:
        env.step(6)
    except gym.error.InvalidAction:
        return True
    except AssertionError:
        return True  # CartPole asks its space
    return False


found = {}
for cls, own in native.items():
    env = cls()
    env.seed(3)
    shown = env.reset()
    shape = own[0].shape
    found[cls.__name__] = {
        "gym came later": before,
        "is gym's": isinstance(env, gym.Wrapper) and isinstance(env, gym.Env),
        "is its own": isinstance(env, cls) and type(env).__name__ == cls.__name__,
        "spaces": all(
            found == wanted
            for found, wanted in zip(cls.native_spaces(), (env.observation_space, env.action_space))
        ),
        "spaces without gym": shape == env.observation_space.shape
        and own[0].dtype == env.observation_space.dtype
        and bool((own[0].high == env.observation_space.high).all())
        and int(own[1].n) == int(env.action_space.n),
        "shows its space": env.observation_space.contains(shown),
        "refuses": invalid(env),
        "class pickles": pickle.loads(pickle.dumps(cls)) is cls,
        "copies": type(copy.deepcopy(env)) is type(env),
    }
json.dump(found, sys.stdout, default=bool)
