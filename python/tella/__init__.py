"""Test and evaluation harness for lifelong-learning agents.

The command `tella` and this package are one program: what one runs, the other reads.
"""

from ._api.compare import Comparison, compare
from ._api.curriculum import Curriculum
from ._api.metrics import Metrics, metric, metrics
from ._api.report import Report, report
from ._api.run import Lifetime, Run
from ._api.running import resume, run
from ._curriculums import load_curriculum_registry
from ._errors import (
    CorruptLog,
    InternalError,
    LifetimeFault,
    Stopped,
    TellaError,
    TellaWarning,
    UsageError,
)
from ._gymnasium import register_when_imported
from ._native import Table, __version__
from .agents import ContinualRLAgent
from .cli import rl_cli
from .curriculum import Action, Observation, Transition, ValidationError
from .experiment import rl_experiment

__all__ = [
    "Action",
    "Comparison",
    "ContinualRLAgent",
    "CorruptLog",
    "Curriculum",
    "InternalError",
    "Lifetime",
    "LifetimeFault",
    "Metrics",
    "Observation",
    "Report",
    "Run",
    "Stopped",
    "Table",
    "TellaError",
    "TellaWarning",
    "Transition",
    "UsageError",
    "ValidationError",
    "__version__",
    "compare",
    "load_curriculum_registry",
    "metric",
    "metrics",
    "report",
    "resume",
    "rl_cli",
    "rl_experiment",
    "run",
]

for _one in (Comparison, Curriculum, Lifetime, Metrics, Report, Run):
    _one.__module__ = __name__

load_curriculum_registry()
register_when_imported()
