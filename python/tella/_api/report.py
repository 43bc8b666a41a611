"""Pages, figures and tables about runs."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .._errors import UsageError
from .call import CORRUPT, call, options
from .compare import side_of
from .metrics import measuring


class Report:
    """A report that was written."""

    def __init__(self, folder: Path, told: dict[str, Any], damaged: bool) -> None:
        self.folder = folder
        """The folder."""
        self.title = str(told["title"])
        """Its title."""
        self.files = [Path(file) for file in told["files"]]
        """What was written."""
        self.notes: list[str] = told["notes"]
        """What a reader should know: lifetimes that do not count, and why."""
        self.damaged = damaged
        """A log is damaged, and was left out."""

    @property
    def page(self) -> Path | None:
        """The page, where one was written."""
        return next((file for file in self.files if file.suffix == ".html"), None)

    def __repr__(self) -> str:
        return f"<tella report {self.page or self.folder}>"

    def _repr_html_(self) -> str:
        if self.page is None:
            return f"<p>{html.escape(str(self.folder))}: {len(self.files)} files</p>"
        page = html.escape(self.page.read_text(encoding="utf-8"))
        # In a frame of its own: its styles and scripts are not the notebook's.
        return f'<iframe srcdoc="{page}" width="100%" height="600" style="border:0"></iframe>'


def report(
    runs: Any,
    out: str | os.PathLike[str] | None = None,
    *,
    formats: str | Sequence[str] | None = None,
    metric: str | Sequence[str] | None = None,
    force: bool = False,
    settings: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    data_range: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    ste_store: str | os.PathLike[str] | None = None,
    perf_measure: str | None = None,
    resamples: int | None = None,
    confidence: float | None = None,
    bootstrap_seed: int | None = None,
) -> Report:
    """Writes a page, figures and tables about runs, as the command ``tella report`` does.

    :param runs: a run or its folder; or a list, an agent for each of its elements, which may be a list of the agent's
        runs.
    :param out: the folder to write into, which must not exist or be empty; ``report`` where None.
    :param formats: what is written: ``html``, ``svg``, ``png``, ``tsv``, ``latex``, ``markdown``, ``parquet``; all where None.
    :param metric: metrics or families by name; all where None, those written in Python included.
    :param force: deletes a report that is there already.

    The others are those of `tella.metrics`.
    """
    sides = [side_of(side) for side in (runs if isinstance(runs, (list, tuple)) else [runs])]
    if not sides:
        raise UsageError("there is no run to report on")
    if len(sides) == 1 and len(sides[0]) > 1:
        raise UsageError(
            "several runs of one agent alone have no report; give each as an agent of its own, or another "
            "agent's runs beside them"
        )
    words = [word for side in sides for word in ("vs", *side)][1:]
    folder = Path("report" if out is None else out)
    more = options(
        out=folder,
        formats=formats if formats is None or isinstance(formats, str) else ",".join(formats),
        metric=metric,
        force=force,
        resamples=resamples,
        confidence=confidence,
        bootstrap_seed=bootstrap_seed,
    )
    with measuring(settings, data_range, ste_store, perf_measure) as how:
        answer = call("report", "--json", *more, *how, "--", *words)
    return Report(folder, json.loads(answer.out), answer.exit == CORRUPT)
