"""Steps per second of the Python package minigrid, asked for over and over by one process.

Reads one JSON object a line, {"env", "num_envs", "mode", "seconds"}, and answers each with
{"steps", "seconds", "cpu_seconds"} as JSON, the last this process's processor time, or {"error"} where the package has no such environment. Mode
"vector" steps Gymnasium's SyncVectorEnv, "loop" each environment by itself and resets it where
its episode ended. Actions are drawn beforehand; Gymnasium's checker of environments is off.
Environments are made once and kept for the next line that asks for them.
"""

import functools
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import gymnasium
import minigrid
import numpy as np

DRAWN = 61


def vector_step(makers):
    envs = gymnasium.vector.SyncVectorEnv(makers)
    envs.reset(seed=0)
    return envs.single_action_space.n, envs.step


def loop_step(makers):
    envs = [make() for make in makers]
    for seed, env in enumerate(envs):
        env.reset(seed=seed)

    def step(actions):
        for env, action in zip(envs, actions):
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()

    return envs[0].action_space.n, step


@functools.lru_cache(maxsize=2)
def prepare(env, num_envs, mode):
    makers = [lambda: gymnasium.make(env, disable_env_checker=True)] * num_envs
    n, step = vector_step(makers) if mode == "vector" else loop_step(makers)
    drawn = np.random.default_rng(0).integers(0, n, size=(DRAWN, num_envs))
    return step, drawn if mode == "vector" else drawn.tolist()


def measure(env, num_envs, mode, seconds):
    step, drawn = prepare(env, num_envs, mode)
    step(drawn[0])
    steps, started, spent = 0, time.perf_counter(), time.process_time()
    while True:
        step(drawn[steps % DRAWN])
        steps += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            spent = time.process_time() - spent
            return {"steps": steps * num_envs, "seconds": elapsed, "cpu_seconds": spent}


for line in sys.stdin:
    try:
        answer = measure(**json.loads(line))
    except gymnasium.error.Error as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
