"""One lifetime: a curriculum object and an agent object in the native engine, and its log."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .explicit import Explicit

if TYPE_CHECKING:
    from ..agents import ContinualRLAgent
    from ..curriculum import AbstractCurriculum

logger = logging.getLogger("tella.experiment")


def live(
    agent: ContinualRLAgent,
    curriculum: AbstractCurriculum,
    render: bool,
    log_dir: str,
    num_envs: int,
) -> None:
    """Lets the agent live through the curriculum; the log holds what there was, however it ends."""
    from .. import _native

    explicit = Explicit(curriculum, only_live=render)
    names = type(curriculum).__name__, type(agent).__name__
    scenario = _scenario(Path(log_dir), "-".join(names))
    run = scenario / "run"
    logger.info("The log is %s", scenario)
    try:
        _native.run_live(
            json.dumps(explicit.document),
            agent,
            explicit.makers,
            run,
            num_envs=num_envs,
            agent_name=names[1],
            agent_seed=agent.rng_seed,
            curriculum_seed=explicit.curriculum_seed,
            strict=False,
            render=render,
        )
    finally:
        if (run / "run.json").exists():
            _export(run, scenario)
        else:
            with contextlib.suppress(OSError):
                scenario.rmdir()  # it never began


def _scenario(log_dir: Path, name: str) -> Path:
    """A folder of its own for the lifetime, named with the time as L2Logger names them."""
    while True:
        scenario = log_dir / f"{name}-{str(time.time()).replace('.', '-')}"
        try:
            scenario.mkdir(parents=True)
        except FileExistsError:
            continue  # a lifetime that began in the same instant
        return scenario


def _export(run: Path, scenario: Path) -> None:
    """L2Logger's files, put beside the run folder."""
    from .. import _native

    part = scenario / "l2logger.part"
    _native.export(run, "l2logger", part)
    # Counted within the run folder, which holds this one lifetime.
    description = part / "scenario_info.json"
    info = json.loads(description.read_text(encoding="utf-8"))
    info.pop("lifetime_idx", None)
    description.write_text(json.dumps(info, indent=2), encoding="utf-8")
    for path in part.iterdir():
        path.rename(scenario / path.name)
    part.rmdir()
