"""Runs TELLA 2.1.0 with an agent that repeats a list of actions, and prints its log.

usage: harness_tella_rows.py JSON

JSON: {"curriculum": registered name, "seed": curriculum seed, "lifetime": index, "envs": number of
environments, "actions": [...], "config": path or null, "eval_length": episodes or null}.
Environment k takes action actions[(n + k) mod len] when it acts for the n-th time.
"eval_length" shortens the evaluation blocks of the MiniGrid curricula, which upstream fixes at 100.
Prints one JSON list of [block_num, block_type, task_name, exp_num, reward, episode_step_count].
"""

import csv
import json
import logging
import sys
import tempfile
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import gym

gym.logger.set_level(gym.logger.ERROR)

import tella
from tella._curriculums import load_curriculum_registry
from tella._curriculums.minigrid import m21
from tella.curriculum import curriculum_registry
from tella.experiment import rl_experiment


def agent_repeating(actions):
    class Repeating(tella.ContinualRLAgent):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.acted = [0] * self.num_envs

        def choose_actions(self, observations):
            return [
                None if obs is None else self.next_action(k) for k, obs in enumerate(observations)
            ]

        def next_action(self, k):
            n = self.acted[k]
            self.acted[k] += 1
            return actions[(n + k) % len(actions)]

        def receive_transitions(self, transitions):
            pass

    return Repeating


def main():
    job = json.loads(sys.argv[1])
    load_curriculum_registry()
    if job["eval_length"]:
        m21._MiniGridCurriculum.DEFAULT_EVAL_BLOCK_LENGTH = job["eval_length"]
    with tempfile.TemporaryDirectory() as logs:
        rl_experiment(
            agent_repeating(job["actions"]),
            curriculum_registry[job["curriculum"]],
            num_lifetimes=1,
            num_parallel_envs=job["envs"],
            log_dir=logs,
            agent_seed=0,
            curriculum_seed=job["seed"],
            lifetime_idx=job["lifetime"],
            curriculum_config=job["config"],
        )
        rows = []
        for path in Path(logs).glob("*/*/*/data-log.tsv"):
            with open(path, newline="") as file:
                for row in csv.DictReader(file, delimiter="\t"):
                    rows.append(
                        [
                            int(row["block_num"]),
                            row["block_type"],
                            row["task_name"],
                            int(row["exp_num"]),
                            float(row["reward"]),
                            int(row["episode_step_count"]),
                        ]
                    )
    rows.sort(key=lambda row: row[3])
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()
