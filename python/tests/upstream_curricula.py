"""Every shipped curriculum written out: its outline, and each variant with its seed, as JSON.

Runs in TELLA's venv and with this package in the place of TELLA. The argument is a configuration for M21's curricula.
"""

import json
import sys

from tella.curriculum import curriculum_registry, summarize_curriculum


def written(curriculum):
    return [
        [
            type(block).__name__,
            block.is_learning_allowed,
            [
                [
                    task.task_label,
                    [
                        [v.task_cls.__name__, str(v.task_label), str(v.variant_label), v.rng_seed]
                        + [v.num_episodes, v.num_steps, v.params]
                        for v in task.task_variants()
                    ],
                ]
                for task in block.task_blocks()
            ],
        ]
        for block in curriculum.learn_blocks_and_eval_blocks()
    ]


found = {}
for name, factory in curriculum_registry.items():
    if name in ("AllAtariGames", "BreakoutAndPong"):
        continue  # where ale-py is installed
    for seed, config in ((0, None), (2**64 - 1, sys.argv[1])):
        curriculum = factory(seed, config)
        found[f"{name}, seed {seed}"] = [
            factory.__name__,
            curriculum.config,
            summarize_curriculum(curriculum.copy()),
            written(curriculum),
        ]
json.dump(found, sys.stdout)
