"""Lifetimes of agents and curricula written for TELLA 2.1.0, and the rows of their logs.

The same file runs in TELLA's venv and with this package in the place of TELLA. It reads a case
`[name, num_envs, curriculum_seed, agent_seed, lifetime_idx]` from each argument, and prints for each the rows of
L2Logger's files, what scenario_info.json says, and a digest of all that the agent was told.
"""

import csv
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import gym
import numpy as np
import tella
import tella._curriculums.minigrid.m21 as m21
from tella.curriculum import (
    AbstractCurriculum,
    EvalBlock,
    InterleavedEvalCurriculum,
    LearnBlock,
    TaskBlock,
    TaskVariant,
    curriculum_registry,
    simple_eval_block,
    simple_learn_block,
)
from tella.experiment import rl_experiment


class Drawing(tella.ContinualRLAgent):
    """Samples the action space; digests what it is told."""

    def __init__(self, rng_seed, observation_space, action_space, num_envs, config_file=None):
        super().__init__(rng_seed, observation_space, action_space, num_envs, config_file)
        self.digest = hashlib.sha256()
        self.told(rng_seed, str(observation_space.shape), str(action_space), num_envs)
        AGENTS.append(self)

    def told(self, *values):
        for value in values:
            if isinstance(value, (np.ndarray, np.generic)):
                array = np.asarray(value)
                self.digest.update(f"{array.dtype}{array.shape}".encode())
                self.digest.update(array.tobytes())
            else:
                self.digest.update(repr(value).encode())

    def block_start(self, is_learning_allowed):
        self.told("block", is_learning_allowed, self.is_learning_allowed)

    def task_start(self, task_name):
        self.told("task", str(task_name))

    def task_variant_start(self, task_name, variant_name):
        self.told("variant", str(task_name), str(variant_name))

    def task_variant_end(self, task_name, variant_name):
        self.told("variant over", str(task_name), str(variant_name))

    def task_end(self, task_name):
        self.told("task over", str(task_name))

    def block_end(self, is_learning_allowed):
        self.told("block over", is_learning_allowed)

    def choose_actions(self, observations):
        for observation in observations:
            self.told(observation)
        return [None if o is None else self.action_space.sample() for o in observations]

    def receive_transitions(self, transitions):
        for t in transitions:
            if t is None:
                self.told(None)
                continue
            reward = None if t.reward is None else float(t.reward)
            self.told(t.observation, int(t.action), reward, bool(t.done), t.next_observation)


AGENTS = []


class Corridor(gym.Env):
    """Walk to the far end; a step is worth its noise. Old gym: four values, `seed`, parameters."""

    def __init__(self, length=5, noise=0.0):
        self.length, self.noise = length, noise
        self.observation_space = gym.spaces.Box(0.0, 1.0, (2,), dtype=np.float32)
        self.action_space = gym.spaces.Discrete(3)
        self.rng = np.random.default_rng(0)

    def seed(self, seed=None):
        self.rng = np.random.default_rng(seed)
        return [seed]

    def reset(self):
        self.at = int(self.rng.integers(self.length))
        return self._shown()

    def step(self, action):
        self.at = max(0, self.at + int(action) - 1)
        done = self.at >= self.length
        return self._shown(), float(done) + self.noise * self.rng.normal(), done, {}

    def _shown(self):
        return np.array([min(1.0, self.at / self.length), 0.5], dtype=np.float32)


class Corridors(InterleavedEvalCurriculum):
    """Parameters, several variants in a task block, several tasks in a block, steps and episodes."""

    def learn_blocks(self):
        for length in self.rng.permutation([3, 4, 6]):
            yield simple_learn_block(
                TaskVariant(
                    Corridor,
                    rng_seed=self.rng.bit_generator.random_raw(),
                    params={"length": int(length), "noise": noise},
                    task_label=task,
                    variant_label=f"Noise{noise}",
                    **limit,
                )
                for task, noise, limit in (
                    ("Corridor", 0.0, {"num_episodes": 7}),
                    ("Corridor", 0.25, {"num_steps": 45}),
                    ("Other", 1.5, {"num_episodes": 3}),
                )
            )

    def eval_block(self):
        return EvalBlock(
            [
                TaskBlock(
                    "Corridor",
                    [TaskVariant(Corridor, rng_seed=self.eval_rng_seed, num_episodes=5)],
                )
            ]
        )


class SlowStart(m21.SimpleCrossingS9N1):
    """An environment of M21 whose first steps go nowhere."""

    def reset(self, **kwargs):
        self.left = 3
        return super().reset(**kwargs)

    def step(self, action):
        self.left -= 1
        observation, reward, done, info = super().step(2 if self.left < 0 else 0)
        return observation, reward + 0.25 * self.left, done, info


class Subclassed(AbstractCurriculum):
    """A class that derives from one of M21's between two of M21's own."""

    def learn_blocks_and_eval_blocks(self):
        for cls in (m21.DoorKeyS5, SlowStart, m21.DynObstaclesS6N1):
            seed = int(self.rng.integers(1000))
            yield simple_learn_block([TaskVariant(cls, num_episodes=3, rng_seed=seed)])
        yield simple_eval_block([TaskVariant(SlowStart, num_steps=40, rng_seed=7)])

    def validate(self):
        if not self.config == {}:
            raise tella.ValidationError("it has no configuration")


class ShortCartPole(curriculum_registry["CartPole-1000"]):
    """Of CartPole-1000 the first two learning blocks."""

    def learn_blocks(self):
        for number, block in enumerate(super().learn_blocks()):
            if number < 2:
                yield block


def short(name, evaluations=1):
    """A curriculum of M21 with short evaluations; learning is cut short by its configuration."""
    members = {"DEFAULT_EVAL_BLOCK_LENGTH": evaluations}
    return type(name, (curriculum_registry[name],), members)


def steps_of(count):
    """SimpleStepMiniGrid with fewer steps."""

    class SimpleStepMiniGridCurriculum(curriculum_registry["SimpleStepMiniGrid"]):
        def learn_blocks(self):
            for block in super().learn_blocks():
                (task,) = block.task_blocks()
                for variant in task.task_variants():
                    variant.num_steps = count
                yield LearnBlock([task])

    return SimpleStepMiniGridCurriculum


CONFIG = """
num learn blocks: 2
learn:
  default length: 3
  SimpleCrossing: 2
  DoorKeyS6: {length: 95, unit: steps}
  DistShift: {length: 4}
  CustomUnlock: {unit: steps, length: 120}
"""


def factory(name):
    made = {
        "Corridors": Corridors,
        "Subclassed": Subclassed,
        "ShortCartPole": ShortCartPole,
        "ShortSteps": steps_of(333),
    }
    if name in made:
        return made[name]
    if name.startswith("whole:"):
        return curriculum_registry[name[len("whole:") :]]
    return short(name) if name.startswith("MiniGrid") else curriculum_registry[name]


def rows_of(folder):
    rows = []
    for path in folder.glob("worker-default/*/data-log.tsv"):
        with path.open(newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                del row["timestamp"]
                row["folder"] = path.parent.name
                row["task_params"] = json.loads(row["task_params"])
                row["reward"] = float(row["reward"])
                rows.append(row)
    return sorted(rows, key=lambda row: int(row["exp_num"]))


def lifetime(name, num_envs, curriculum_seed, agent_seed, lifetime_idx):
    with tempfile.TemporaryDirectory() as logs:
        config = Path(logs) / "config.yaml"
        config.write_text(CONFIG)
        rl_experiment(
            Drawing,
            factory(name),
            num_lifetimes=1,
            num_parallel_envs=num_envs,
            log_dir=logs,
            agent_seed=agent_seed,
            curriculum_seed=curriculum_seed,
            lifetime_idx=lifetime_idx,
            curriculum_config=str(config) if name.startswith("MiniGrid") else None,
        )
        (folder,) = [path for path in Path(logs).iterdir() if path.is_dir()]
        info = json.loads((folder / "scenario_info.json").read_text())
        return {
            "folder": folder.name.rpartition("-")[0].rpartition("-")[0],
            "scenario_info": info,
            "logger_info": json.loads((folder / "logger_info.json").read_text()),
            "rows": rows_of(folder),
            "agent": AGENTS[-1].digest.hexdigest(),
        }


if __name__ == "__main__":
    json.dump([lifetime(*json.loads(case)) for case in sys.argv[1:]], sys.stdout)
