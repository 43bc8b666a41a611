"""Steps per second of TELLA 2.1.0's whole harness on CartPole with a random agent, or with one of
`bench_agents.py`.

usage: bench_tella.py ENVS STEPS [AGENT]

Runs one learning block of STEPS steps on ENVS environments with L2Logger's log in a temporary
folder, as `rl_experiment` does, and prints {"steps", "seconds"} as JSON. The time counts from the
start of the experiment, not of the interpreter.
"""

import json
import logging
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import gym

gym.logger.set_level(gym.logger.ERROR)

import bench_agents
import tella
from tella._curriculums.cartpole import _CartPoleV0
from tella.curriculum import AbstractCurriculum, TaskVariant, simple_learn_block
from tella.experiment import rl_experiment

ENVS, STEPS = int(sys.argv[1]), int(sys.argv[2])


class Random(tella.ContinualRLAgent):
    def choose_actions(self, observations):
        return [None if obs is None else self.action_space.sample() for obs in observations]

    def receive_transitions(self, transitions):
        pass


AGENT = getattr(bench_agents, sys.argv[3]) if len(sys.argv) > 3 else Random


class OneBlock(AbstractCurriculum):
    def learn_blocks_and_eval_blocks(self):
        yield simple_learn_block(
            [
                TaskVariant(
                    _CartPoleV0,
                    num_steps=STEPS,
                    task_label="CartPole",
                    variant_label="Default",
                    rng_seed=self.rng.bit_generator.random_raw(),
                )
            ]
        )


with tempfile.TemporaryDirectory() as logs:
    started = time.perf_counter()
    rl_experiment(AGENT, OneBlock, 1, ENVS, logs, agent_seed=1, curriculum_seed=2)
    seconds = time.perf_counter() - started
json.dump({"steps": STEPS, "seconds": seconds}, sys.stdout)
