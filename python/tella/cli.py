"""A command line for one agent, as TELLA's."""

from __future__ import annotations

import argparse
from typing import Any

from .agents import ContinualRLAgent
from .curriculum import curriculum_registry
from .experiment import AgentFactory, CurriculumFactory, rl_experiment

__all__ = [
    "AgentFactory",
    "ContinualRLAgent",
    "CurriculumFactory",
    "DeprecateAction",
    "curriculum_registry",
    "rl_cli",
    "rl_experiment",
]


def rl_cli(
    agent_factory: AgentFactory, curriculum_factory: CurriculumFactory | None = None
) -> None:
    """Runs an experiment with this agent as the program's arguments say::

        if __name__ == "__main__":
            tella.rl_cli(MyAgent)

    :param agent_factory: an agent's class, or a function that makes one.
    :param curriculum_factory: a curriculum's class, or a function that makes one; where there is none,
        `--curriculum NAME` picks one of `tella.curriculum.curriculum_registry`.
    """
    args = vars(_build_parser(require_curriculum=curriculum_factory is None).parse_args())
    if curriculum_factory is None:
        name = args.pop("curriculum")
        if name not in curriculum_registry:
            known = ", ".join(curriculum_registry)
            raise RuntimeError(f"unknown curriculum {name!r}; known: {known}")
        curriculum_factory = curriculum_registry[name]
    rl_experiment(agent_factory, curriculum_factory, **args)


class DeprecateAction(argparse.Action):
    """An argument that is read and has no effect any more."""

    def __call__(
        self, parser: Any, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        print(f"Warning: {'/'.join(self.option_strings)} is deprecated and has no effect.")


def _build_parser(require_curriculum: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument(
        "--lifetime-idx",
        type=int,
        default=0,
        help="index of the first lifetime to run, from 0; lifetimes before it are skipped",
    )
    parser.add_argument(
        "--num-lifetimes",
        type=int,
        default=1,
        help="how many lifetimes to run, one after the other",
    )
    parser.add_argument(
        "--num-parallel-envs",
        type=int,
        default=1,
        help="how many environments an agent meets side by side",
    )
    parser.add_argument("--log-dir", default="./logs", help="the folder that logs are put into")
    parser.add_argument("--render", action="store_true", help="show the first environment")
    parser.add_argument(
        "--seed",
        action=DeprecateAction,
        dest="seed",
        default=argparse.SUPPRESS,
        help="has become --agent-seed and --curriculum-seed",
    )
    parser.add_argument(
        "--agent-seed", type=int, default=None, help="seed of the agents; random without one"
    )
    parser.add_argument(
        "--curriculum-seed",
        type=int,
        default=None,
        help="seed of the curricula; random without one",
    )
    parser.add_argument("--agent-config", default=None, help="path of the agent's configuration")
    parser.add_argument(
        "--curriculum-config", default=None, help="path of the curriculum's configuration"
    )
    if require_curriculum:
        parser.add_argument(
            "--curriculum",
            required=True,
            choices=curriculum_registry,
            metavar="CURRICULUM_NAME",
            help="the curriculum, one of " + ", ".join(curriculum_registry),
        )
    return parser
