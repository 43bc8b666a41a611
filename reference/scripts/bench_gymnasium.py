"""Steps per second of batches of CartPole behind Gymnasium's VectorEnv, asked for over and over by one process.

Reads one JSON object a line, {"batch", "num_envs", "num_threads", "seconds"}, and answers each with
{"steps", "seconds"} as JSON. Batch "tella" is this package's, "numpy" and "sync" are Gymnasium's own
vector entry point and its loop over environments. Actions are drawn beforehand; what ended is reset in
the step after, which counts as a step here.
"""

import json
import sys
import time

import gymnasium
import numpy as np

DRAWN = 61

NAMES = {
    "tella": ("tella:tella/CartPole-v1", "vector_entry_point"),
    "numpy": ("CartPole-v1", "vector_entry_point"),
    "sync": ("CartPole-v1", "sync"),
}


def measure(batch, num_envs, num_threads, seconds):
    name, mode = NAMES[batch]
    threads = {"num_threads": num_threads} if batch == "tella" else {}
    envs = gymnasium.make_vec(name, num_envs=num_envs, vectorization_mode=mode, **threads)
    envs.reset(seed=0)
    drawn = np.random.default_rng(0).integers(0, 2, size=(DRAWN, num_envs))

    def turn():
        for actions in drawn:
            envs.step(actions)

    turn()
    turns, started = 0, time.perf_counter()
    while True:
        turn()
        turns += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            break
    envs.close()
    return {"steps": turns * DRAWN * num_envs, "seconds": elapsed}


for line in sys.stdin:
    print(json.dumps(measure(**json.loads(line))), flush=True)
