"""Steps per second of EnvPool, asked for over and over by one process.

Reads one JSON object a line, {"env", "num_envs", "num_threads", "mode", "seconds"}, and answers
each with {"steps", "seconds"} as JSON. Mode "sync" steps all environments and waits for all;
"async" has half of them under way while the other half is waited for. Actions are drawn
beforehand; EnvPool resets what ended in the step after, which counts as a step here.
"""

import json
import sys
import time

import envpool
import numpy as np

DRAWN = 61


def measure(env, num_envs, num_threads, mode, seconds):
    batch = num_envs if mode == "sync" else max(1, num_envs // 2)
    envs = envpool.make(
        env,
        env_type="gymnasium",
        num_envs=num_envs,
        batch_size=batch,
        num_threads=num_threads,
        seed=0,
    )
    drawn = np.random.default_rng(0).integers(0, envs.action_space.n, size=(DRAWN, batch))
    if mode == "sync":
        envs.reset()

        def turn():
            for actions in drawn:
                envs.step(actions)

    else:
        envs.async_reset()

        def turn():
            for actions in drawn:
                env_id = envs.recv()[4]["env_id"]
                envs.send(actions, env_id)

    turn()
    turns, started = 0, time.perf_counter()
    while True:
        turn()
        turns += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            break
    envs.close()
    return {"steps": turns * DRAWN * batch, "seconds": elapsed}


for line in sys.stdin:
    print(json.dumps(measure(**json.loads(line))), flush=True)
