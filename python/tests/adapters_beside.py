"""Stable-Baselines3's own loop beside the adapter's: the same environments, the same parameters after."""

import json
import sys

import gymnasium
import numpy as np
import torch
from stable_baselines3 import A2C, DQN, PPO, SAC
from stable_baselines3.common.vec_env import DummyVecEnv
from tella.adapters.stable_baselines3 import StableBaselines3

SETTINGS = {
    "PPO": (PPO, "CartPole-v1", {"n_steps": 64, "n_epochs": 2}),
    "A2C": (A2C, "CartPole-v1", {"use_sde": False}),
    "DQN": (DQN, "CartPole-v1", {"learning_starts": 50, "target_update_interval": 100}),
    "SAC": (SAC, "Pendulum-v1", {"learning_starts": 50, "use_sde": True}),
    "PPO-Box": (PPO, "Pendulum-v1", {"n_steps": 64, "n_epochs": 2, "use_sde": True}),
}


def environments(env, lanes):
    # Short enough that episodes are truncated as well as ended.
    envs = [lambda: gymnasium.make(env, max_episode_steps=30) for _ in range(lanes)]
    vector = DummyVecEnv(envs)
    vector.seed(7)
    return vector


def alone(name, lanes, steps):
    algorithm, env, settings = SETTINGS[name]
    torch.set_num_threads(1)
    model = algorithm("MlpPolicy", environments(env, lanes), seed=5, **settings)
    # The library resets in `learn`; so does the other side once.
    model.learn(steps)
    return model.policy.state_dict()


def adapted(name, lanes, steps):
    algorithm, env, settings = SETTINGS[name]

    class Agent(StableBaselines3):
        def make(self, env):
            return algorithm("MlpPolicy", env, seed=self.seed, **settings)

    vector = environments(env, lanes)
    # Making a model seeds its environments.
    agent = Agent(5, vector.observation_space, vector.action_space, lanes, life=steps)
    vector.seed(5)
    agent.block_start(True)
    mask = np.ones(lanes, dtype=bool)
    seen = vector.reset()
    for step in range(steps // lanes):
        if step == steps // lanes // 2:
            # In the middle of everything, saved and put back.
            state = agent.save()
            agent.choose_actions_batch(seen, mask)
            agent.restore(state)
        actions = agent.choose_actions_batch(seen, mask)
        following, rewards, ended, infos = vector.step(actions)
        truncated = np.array([info["TimeLimit.truncated"] for info in infos])
        final = following.copy()
        for lane in np.flatnonzero(ended):
            final[lane] = infos[lane]["terminal_observation"]
        given = (seen, actions, rewards, ended & ~truncated, truncated, final, mask)
        agent.receive_transition_batch(*given)
        seen = following
    return agent.model.policy.state_dict()


def main(name, lanes, steps):
    new, theirs, ours = (each(name, lanes, n) for each, n in [(adapted, 0), (alone, steps), (adapted, steps)])
    unlike = [key for key in theirs if not torch.equal(theirs[key], ours[key])]
    learned = [key for key in theirs if not torch.equal(new[key], theirs[key])]
    print(json.dumps({"unlike": unlike, "learned": learned}))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
