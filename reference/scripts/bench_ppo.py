"""Environment steps per second of Stable-Baselines3's PPO on CartPole-v1, learning included: STEPS ENVS.

Eight environments side by side by default settings of `tella`'s `ppo`: 2,048 steps between updates, 10 passes in
minibatches of 64, two layers of 64 units each for policy and value; as many threads as PyTorch takes. Prints JSON.
"""

import json
import sys
import time

from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env


def main():
    steps, envs = map(int, sys.argv[1:])
    agent = PPO("MlpPolicy", make_vec_env("CartPole-v1", envs, seed=0), n_steps=2048 // envs, seed=0, device="cpu")
    start = time.perf_counter()
    agent.learn(steps)
    print(json.dumps({"steps": steps, "steps_per_second": steps / (time.perf_counter() - start)}))


main()
