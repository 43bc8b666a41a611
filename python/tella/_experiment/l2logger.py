"""L2Logger's folder layout written row by row, for programs that drive environments themselves.

Experiments do not come this way: theirs is exported from the run folder that the engine writes.
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._transition import Transition

if TYPE_CHECKING:
    from ..curriculum import TaskVariant

_COLUMNS = (
    "block_num",
    "exp_num",
    "worker_id",
    "block_type",
    "block_subtype",
    "task_name",
    "task_params",
    "exp_status",
    "timestamp",
    "episode_step_count",
    "reward",
)


class L2Logger:
    """Sums up transitions to a row for each episode that ends.

    Tell it of blocks and task variants (`block_start`, `task_variant_start`) before what happens in them.
    """

    def __init__(
        self, log_dir: str, scenario_dir: str, scenario_info: dict[str, Any], num_envs: int
    ) -> None:
        """Makes the scenario's folder, `<log_dir>/<scenario_dir>-<time>`, with its descriptions."""
        stamp = str(time.time()).replace(".", "-")
        self.directory = Path(log_dir) / f"{scenario_dir}-{stamp}"
        self.directory.mkdir(parents=True, exist_ok=True)
        logger_info = {"metrics_columns": ["reward"], "log_format_version": "1.1"}
        for name, info in (("logger_info", logger_info), ("scenario_info", scenario_info)):
            (self.directory / f"{name}.json").write_text(json.dumps(info, indent=2))
        self.block_num = -1
        self.block_type: str | None = None
        self.task_name: str | None = None
        self.task_params: dict[str, Any] | None = None
        self.total_episodes = 0
        self.num_envs = num_envs
        self._forget()

    def block_start(self, is_learning_allowed: bool) -> None:
        """A block begins."""
        self.block_num += 1
        self.block_type = "train" if is_learning_allowed else "test"

    def task_variant_start(self, task_variant: TaskVariant) -> None:
        """A task variant begins; episodes of the one before that did not end are dropped."""
        self.task_name = f"{task_variant.task_label}_{task_variant.variant_label}"
        self.task_params = task_variant.params
        self._forget()

    def receive_transitions(self, transitions: list[Transition | None]) -> None:
        """Counts a step of each environment; None stands for one that took no part."""
        for i, transition in enumerate(transitions):
            if transition is None:
                continue
            self.cumulative_episode_rewards[i] += transition.reward or 0.0
            self.episode_step_counts[i] += 1
            if transition.done:
                self._write(self.cumulative_episode_rewards[i], self.episode_step_counts[i])
                self.cumulative_episode_rewards[i] = 0.0
                self.episode_step_counts[i] = 0
                self.total_episodes += 1

    def _forget(self) -> None:
        self.cumulative_episode_rewards = [0.0] * self.num_envs
        self.episode_step_counts = [0] * self.num_envs

    def _write(self, reward: float, steps: int) -> None:
        now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S.%f")
        row = (
            self.block_num,
            self.total_episodes,
            "worker-default",
            self.block_type,
            "wake",
            self.task_name,
            _quoted(json.dumps(self.task_params)),
            "complete",
            now,
            steps,
            float(reward),
        )
        folder = self.directory / "worker-default" / f"{self.block_num}-{self.block_type}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "data-log.tsv"
        lines = [] if path.exists() else ["\t".join(_COLUMNS)]
        lines.append("\t".join(map(str, row)))
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def _quoted(field: str) -> str:
    """A field as delimited files have it."""
    special = any(char in field for char in '"\t\n')
    return '"' + field.replace('"', '""') + '"' if special else field
