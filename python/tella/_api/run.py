"""A run folder, finished, running or interrupted."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from .. import _native
from . import html


class Lifetime:
    """A lifetime of a run."""

    def __init__(self, run: Run, told: dict[str, Any]) -> None:
        self._run, self._told = run, told

    @property
    def lifetime_idx(self) -> int:
        """Its number, from 0."""
        return int(self._told["lifetime_idx"])

    @property
    def status(self) -> str:
        """``planned`` (not begun), ``running``, ``killed`` (its process was), ``complete``, ``interrupted``,
        ``disk-full``, ``log-error`` or ``fault``."""
        return str(self._told["status"])

    @property
    def num_experiences(self) -> int:
        """The experiences in its log."""
        return int(self._told.get("experiences", 0))

    @property
    def seeds(self) -> tuple[int | None, int | None]:
        """Its own curriculum seed and agent seed; None where they are not known."""
        return self._told.get("curriculum_seed"), self._told.get("agent_seed")

    @property
    def content_hash(self) -> str | None:
        """The hash of its rows, where it is complete: lifetimes that were the same have the same."""
        return self._told.get("content_hash")

    @property
    def fault(self) -> str | None:
        """The fault that ended it, or what was wrong with its log, in words."""
        return self._told.get("fault_text")

    @property
    def experiences(self) -> _native.Table:
        """Its experiences."""
        return _native.logged_table(self._run.path, "experiences", self.lifetime_idx)

    @property
    def blocks(self) -> _native.Table:
        """Its block events."""
        return _native.logged_table(self._run.path, "blocks", self.lifetime_idx)

    @property
    def transitions(self) -> _native.Table:
        """Its steps, where the log keeps them."""
        return _native.logged_table(self._run.path, "transitions", self.lifetime_idx)

    def __repr__(self) -> str:
        return f"<tella lifetime {self.lifetime_idx} of {self._run.path}: {self.status}>"


class Run:
    """A run folder. Its tables are read when they are asked for; `open` looks again how it stands."""

    path: Path
    """The folder."""

    info: dict[str, Any]
    """What ``run.json`` says: curriculum, agent, seeds, version, machine."""

    lifetimes: list[Lifetime]
    """Those that were begun or are planned, in order."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """As `open`."""
        self.path = Path(path)
        told = json.loads(_native.describe_run(self.path))
        self.info = told["info"]
        self.lifetimes = [Lifetime(self, each) for each in told["lifetimes"]]
        self._gravest_first: list[str] = told["gravest_first"]

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Run:
        """Opens a run folder.

        :raises UsageError: where it is none.
        :raises CorruptLog: where it is damaged.
        """
        return cls(path)

    @property
    def status(self) -> str:
        """The gravest of its lifetimes' status; ``complete`` where all are."""
        found = {lifetime.status for lifetime in self.lifetimes}
        return next((status for status in self._gravest_first if status in found), "planned")

    @property
    def experiences(self) -> _native.Table:
        """A row an experience: the log's columns and times, ``lifetime_idx`` before them."""
        return _native.logged_table(self.path, "experiences")

    @property
    def blocks(self) -> _native.Table:
        """A row for each start and end of a block, a task and a variant."""
        return _native.logged_table(self.path, "blocks")

    @property
    def transitions(self) -> _native.Table:
        """A row a step, where the log keeps them (`log="transitions"`)."""
        return _native.logged_table(self.path, "transitions")

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<tella.Run {self.path}: {self.status}>"

    def _repr_html_(self) -> str:
        rows = [
            [
                str(lifetime.lifetime_idx),
                lifetime.status,
                f"{lifetime.num_experiences:,}",
                *("-" if seed is None else str(seed) for seed in lifetime.seeds),
                (lifetime.content_hash or "-")[:16],
            ]
            for lifetime in self.lifetimes
        ]
        headings = ["lifetime", "status", "experiences", "curriculum seed", "agent seed", "content"]
        faults = [f"lifetime {each.lifetime_idx}: {each.fault}" for each in self.lifetimes if each.fault]
        about = f"{self.info['curriculum']} with agent {self.info['agent']}, in {self.path}"
        return html.table(headings, rows, [about, *faults])
