"""Compares a trace with gym 0.23.1 as a user would: JSON lines against Python values.

usage: envs_trace.py ENV_ID SEED ACTION,ACTION,... < trace

Exits with a message where a line differs.
"""

import json
import sys

import gym

env_id, seed, actions = sys.argv[1], int(sys.argv[2]), [int(a) for a in sys.argv[3].split(",")]
lines = [json.loads(line) for line in sys.stdin]
env = gym.make(env_id)


def plain(obs):
    return [float(x) for x in obs]


expected = [
    {
        "step": 0,
        "observation": plain(env.reset(seed=seed)),
        "reward": None,
        "terminated": False,
        "truncated": False,
    }
]
for step, action in enumerate(actions, 1):
    obs, reward, done, info = env.step(action)
    truncated = info.get("TimeLimit.truncated", False)
    expected.append(
        {
            "step": step,
            "observation": plain(obs),
            "reward": float(reward),
            "terminated": done and not truncated,
            "truncated": truncated,
        }
    )
    if done:
        expected.append({"step": step, "observation": plain(env.reset()), "reset": True})
for number, (ours, theirs) in enumerate(zip(lines, expected), 1):
    if ours != theirs or list(ours) != list(theirs):
        sys.exit(f"line {number}: {ours} is not {theirs}")
if len(lines) != len(expected):
    sys.exit(f"{len(lines)} lines are not {len(expected)}")
