"""Two agents, over the lifetimes of their runs."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from . import html
from .call import call, options, path_of


class Comparison(dict[str, Any]):
    """A comparison: the object that ``tella compare --json`` prints."""

    @property
    def verdict(self) -> str:
        """What all metrics together say, in words."""
        return str(self["verdict"])

    @property
    def is_better(self) -> bool:
        """A is better in a metric, and worse in none."""
        return self._verdicts() & {"better", "worse"} == {"better"}

    @property
    def is_worse(self) -> bool:
        """A is worse in a metric."""
        return "worse" in self._verdicts()

    def improvement(self, metric: str) -> dict[str, Any] | None:
        """The probability that a lifetime of A is better in a metric: ``point`` and ``interval``."""
        told: dict[str, Any] | None = self["metrics"][metric]["improvement"]
        return told

    def difference(self, metric: str) -> dict[str, Any] | None:
        """A minus B in a metric: ``point`` and ``interval``."""
        told: dict[str, Any] | None = self["metrics"][metric]["difference"]
        return told

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Headings and rows, a row a metric."""
        key = self["statistic"]
        percent = f"{100 * self['bootstrap']['confidence']:g}% interval"
        headings = ["metric", f"A {key}", f"B {key}", "A - B", percent, "P(A better)", "interval", "verdict"]
        rows = [
            [
                name,
                *(html.number((told[side].get(key) or {}).get("point")) for side in "ab"),
                html.number((told["difference"] or {}).get("point")),
                html.interval(told["difference"]),
                html.number((told["improvement"] or {}).get("point"), 2),
                html.interval(told["improvement"]),
                told["verdict"],
            ]
            for name, told in self["metrics"].items()
        ]
        return headings, rows

    def _notes(self) -> list[str]:
        sides = [f"{side.upper()}: {self[side]['agents']} ({self[side]['lifetimes']})" for side in "ab"]
        unpaired = [f"compared unpaired: {self['unpaired']}"] if self["unpaired"] else []
        return [*sides, *unpaired, *self["warnings"], self.verdict]

    def _verdicts(self) -> set[str]:
        return {told["verdict"] for told in self["metrics"].values()}

    def __str__(self) -> str:
        return html.text(*self.table(), self._notes())

    def _repr_html_(self) -> str:
        return html.table(*self.table(), self._notes())


def compare(
    a: Any,
    b: Any,
    *,
    metric: str | Sequence[str] | None = None,
    statistic: str | None = None,
    perf_measure: str | None = None,
    ste_store: str | os.PathLike[str] | None = None,
    unpaired: bool = False,
    resamples: int | None = None,
    confidence: float | None = None,
    bootstrap_seed: int | None = None,
) -> Comparison:
    """Compares two agents over the lifetimes of their runs, as the command ``tella compare`` does.

    :param a: a run of agent A or its folder, or a list of them; lifetimes of all are one sample.
    :param b: those of agent B.
    :param metric: metrics or families by name; one for each thing a lifelong learner should be good at, where None.
    :param statistic: what lifetimes are aggregated by: ``iqm`` (where None), ``mean`` or ``median``.
    :param perf_measure: the column that holds performance.
    :param ste_store: the folder of single-task experts.
    :param unpaired: do not pair lifetimes, even where curriculum seeds match.

    The others are those of `tella.metrics`.
    """
    words = options(
        metric=metric,
        statistic=statistic,
        perf_measure=perf_measure,
        ste_store=ste_store,
        unpaired=unpaired,
        resamples=resamples,
        confidence=confidence,
        bootstrap_seed=bootstrap_seed,
    )
    answer = call("compare", "--json", *words, "--", *side_of(a), "vs", *side_of(b))
    return Comparison(json.loads(answer.out))


def side_of(runs: Any) -> list[str]:
    """The folders of a run or of several."""
    return [path_of(run) for run in (runs if isinstance(runs, (list, tuple)) else [runs])]
