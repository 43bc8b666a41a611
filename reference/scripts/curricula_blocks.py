"""Blocks of TELLA's registered curricula, as JSON.

Reads a list of cases from standard input, each {"curriculum", "curriculum_seed",
"lifetime_idx", "config"} with `config` a path or null, and prints for each the
blocks TELLA 2.1.0 would run, or {"error": text} where it refuses. Seeds are drawn
as tella.experiment.rl_experiment draws them.
"""

import json
import sys
import warnings

import numpy as np

from tella._curriculums import load_curriculum_registry
from tella.curriculum import curriculum_registry, validate_curriculum

warnings.simplefilter("ignore")
load_curriculum_registry()


def env_name(task_cls):
    """The name this project gives the class."""
    return {"_CartPoleV0": "CartPole-v0"}.get(task_cls.__name__, task_cls.__name__)


def variant(v):
    length = (
        {"episodes": int(v.num_episodes)}
        if v.num_episodes is not None
        else {"steps": int(v.num_steps)}
    )
    return {
        "variant": v.variant_label,
        "env": env_name(v.task_cls),
        "params": v.params,
        "seed": int(v.rng_seed),
        **length,
    }


def blocks(case):
    seeds = np.random.default_rng(case["curriculum_seed"])
    for _ in range(case["lifetime_idx"]):
        seeds.bit_generator.random_raw()
    seed = seeds.bit_generator.random_raw()
    curriculum = curriculum_registry[case["curriculum"]](seed, case["config"])
    validate_curriculum(curriculum.copy())
    return [
        {
            "block_type": "learn" if block.is_learning_allowed else "eval",
            "task_blocks": [
                {
                    "task": task_block.task_label,
                    "variants": [variant(v) for v in task_block.task_variants()],
                }
                for task_block in block.task_blocks()
            ],
        }
        for block in curriculum.learn_blocks_and_eval_blocks()
    ]


def answer(case):
    if case == "names":
        return [n for n in curriculum_registry if n not in ("AllAtariGames", "BreakoutAndPong")]
    try:
        return blocks(case)
    except Exception as error:  # TELLA's own refusal, of whatever type
        return {"error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
