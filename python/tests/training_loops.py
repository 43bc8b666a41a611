"""Training loops for the tests of the adapter."""

import json
import sys
import threading

import numpy as np
import tella
from tella.adapters.loop import TrainingLoop


class Recorder(TrainingLoop):
    """Acts by its generator and writes down what its environments told: to the file that its configuration names."""

    def __init__(self, *given):
        super().__init__(*given)
        self.rng = np.random.default_rng(given[0])
        with open(self.config_file) as config:
            self.path = json.load(config)["path"]

    def act(self, observations):
        return np.zeros(self.num_envs, dtype=int)

    def train(self, envs):
        assert envs.num_envs == self.num_envs
        assert envs.single_observation_space == self.observation_space
        seen, infos = envs.reset(seed=3)
        assert seen in envs.observation_space and infos == {}
        while True:
            actions = self.rng.integers(2, size=self.num_envs)
            following, rewards, terminated, truncated, infos = envs.step(actions)
            with open(self.path, "a") as out:
                told = {
                    "seen": seen.tolist(),
                    "actions": actions.tolist(),
                    "rewards": rewards.tolist(),
                    "terminated": terminated.tolist(),
                    "truncated": truncated.tolist(),
                    "following": following.tolist(),
                    "final": [None if f is None else f.tolist() for f in infos.get("final_obs", [])],
                    "ended": [None if i is None else i["episode"] for i in infos.get("final_info", [])],
                }
                out.write(json.dumps(told, default=float) + "\n")
            seen = following


class Returns(Recorder):
    """Has seen enough after ten steps."""

    def train(self, envs):
        envs.reset()
        for _ in range(10):
            envs.step(np.ones(self.num_envs, dtype=int))


class Endless(Recorder):
    """Goes on whatever comes, and says when it is over."""

    over = []

    def train(self, envs):
        try:
            envs.reset()
            while True:
                try:
                    envs.step(np.ones(self.num_envs, dtype=int))
                except Exception:
                    pass
        finally:
            self.over.append(True)


class Fails(Recorder):
    """Stumbles at its third step."""

    def train(self, envs):
        envs.reset()
        for number in range(3):
            envs.step(np.ones(self.num_envs, dtype=int))
        self.stumble(number)

    def stumble(self, number):
        raise ValueError(f"fell after step {number}")


class ResetsTwice(Recorder):
    """Does what is the harness's to do."""

    def train(self, envs):
        envs.reset()
        envs.step(np.ones(self.num_envs, dtype=int))
        envs.reset()


if __name__ == "__main__":
    # Lifetimes in this process, one of which a fault ends: the loops that were over, and the threads that are left.
    curriculum, config, out = sys.argv[1:]
    given = {"agent_config": config, "agent_seed": 1, "curriculum_seed": 1}
    tella.run(curriculum, Endless, out=f"{out}/whole", num_lifetimes=2, **given)
    try:
        tella.run(curriculum, Fails, out=f"{out}/fails", **given)
    except tella.LifetimeFault:
        # Threads are named after what they do; those of lifetimes are the native program's.
        loops = [thread for thread in threading.enumerate() if "_live" in thread.name]
        print(json.dumps([len(Endless.over), len(loops)]))
