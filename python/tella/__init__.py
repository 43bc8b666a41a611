"""Test and evaluation harness for lifelong-learning agents.

The command `tella` and this package are one program: what one runs, the other reads.
"""

from ._curriculums import load_curriculum_registry
from ._gymnasium import register_when_imported
from ._native import __version__
from .agents import ContinualRLAgent
from .cli import rl_cli
from .curriculum import Action, Observation, Transition, ValidationError
from .experiment import rl_experiment

__all__ = [
    "Action",
    "ContinualRLAgent",
    "Observation",
    "Transition",
    "ValidationError",
    "__version__",
    "load_curriculum_registry",
    "rl_cli",
    "rl_experiment",
]

load_curriculum_registry()
register_when_imported()
