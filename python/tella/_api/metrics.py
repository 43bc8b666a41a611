"""Metrics of runs, and metrics that are functions in Python."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from .. import _native
from .._errors import UsageError
from . import html
from .call import call, options, path_of


class Metrics(dict[str, Any]):
    """The metrics of a run: the object that ``tella metrics --json`` prints."""

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Headings and rows: a row a lifetime for the profile ``l2metrics``, else a row a metric."""
        if "metrics" in self:
            headings = ["metric", "mean", "interval", "median", "IQM", "lifetimes"]
            return headings, [_summary(name, told) for name, told in self["metrics"].items()]
        names = [
            name
            for name, value in self.items()
            if value is None or (isinstance(value, float) and not isinstance(value, bool))
        ]
        names = [name for name in names if any(each.get(name) is not None for each in self.lifetimes)]
        rows = [
            [str(each["lifetime_idx"]), *(html.number(each.get(name), 2) for name in names)]
            for each in self.lifetimes
        ]
        if len(rows) > 1:
            rows.append(["mean", *(html.number(self.get(name), 2) for name in names)])
        return ["lifetime", *names], rows

    @property
    def lifetimes(self) -> list[dict[str, Any]]:
        """Each lifetime's own."""
        lifetimes: list[dict[str, Any]] = self["lifetimes"]
        return lifetimes

    def __str__(self) -> str:
        return html.text(*self.table())

    def _repr_html_(self) -> str:
        return html.table(*self.table(), [f"Run {self['run_id']}"])


def _summary(name: str, told: dict[str, Any]) -> list[str]:
    point = [html.number((told.get(key) or {}).get("point")) for key in ("mean", "median", "iqm")]
    return [name, point[0], html.interval(told.get("mean")), *point[1:], str(told["lifetimes"])]


@contextmanager
def measuring(
    settings: Mapping[str, Any] | str | os.PathLike[str] | None,
    data_range: Mapping[str, Any] | str | os.PathLike[str] | None,
    ste_store: str | os.PathLike[str] | None,
    perf_measure: str | None,
) -> Iterator[list[str]]:
    """The options of commands that measure; mappings are written to files for as long as they are needed."""
    with tempfile.TemporaryDirectory() as folder:

        def file(name: str, told: Mapping[str, Any] | str | os.PathLike[str] | None) -> Any:
            if not isinstance(told, Mapping):
                return told
            path = Path(folder) / f"{name}.json"
            path.write_text(json.dumps(told, indent=2), encoding="utf-8")
            return path

        yield options(
            settings=file("settings", settings),
            data_range=file("data_range", data_range),
            ste_store=ste_store,
            perf_measure=perf_measure,
        )


def metrics(
    run: Any,
    *,
    profile: str | None = None,
    metric: str | Sequence[str] | None = None,
    settings: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    data_range: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    ste_store: str | os.PathLike[str] | None = None,
    perf_measure: str | None = None,
    resamples: int | None = None,
    confidence: float | None = None,
    bootstrap_seed: int | None = None,
) -> Any:
    """The metrics of a run, as the command ``tella metrics`` computes them.

    :param run: a run, its folder, or an L2Logger scenario; a list of them for a list of `Metrics`.
    :param profile: ``l2metrics`` (where None) or ``formalism``.
    :param metric: metrics or families by name, in place of a profile's.
    :param settings: how to measure, with the names of L2Metrics' settings, or a file of them.
    :param data_range: the range of each task's values, ``{"task": {"min": 0, "max": 1}}``, or a file of them.
    :param ste_store: the folder of single-task experts.
    :param perf_measure: the column that holds performance.
    :param resamples: bootstrap resamples.
    :param confidence: the share of resamples that an interval holds.
    :param bootstrap_seed: the seed of the resamples.

    :returns: `Metrics`, a dictionary: what ``tella metrics --json`` prints.
    """
    if isinstance(run, (list, tuple)):
        same: dict[str, Any] = {"profile": profile, "metric": metric, "settings": settings}
        same |= {"data_range": data_range, "ste_store": ste_store, "perf_measure": perf_measure}
        same |= {"resamples": resamples, "confidence": confidence}
        return [metrics(each, bootstrap_seed=bootstrap_seed, **same) for each in run]
    if profile is not None and metric is not None:
        raise UsageError("metrics are of a profile, or chosen by name")
    words = options(
        profile=profile,
        metric=metric,
        resamples=resamples,
        confidence=confidence,
        bootstrap_seed=bootstrap_seed,
    )
    with measuring(settings, data_range, ste_store, perf_measure) as more:
        answer = call("metrics", "--json", *words, *more, "--", path_of(run))
    return Metrics(json.loads(answer.out))


F = TypeVar("F", bound=Callable[..., Any])


def metric(
    name: str, *, better: str = "higher", unit: str = "", meaning: str | None = None
) -> Callable[[F], F]:
    """Makes a function a metric, which `tella.metrics`, `tella.compare` and `tella.report` know by its name
    from then on::

        @tella.metric("mine.best", better="higher", unit="reward")
        def best(experiences):
            "the best return of a complete experience"
            return experiences["reward"][experiences["complete"]].max()

    The function is given the experiences of one lifetime, a `tella.Table`: its columns are NumPy arrays
    (``experiences["reward"]``), and any Arrow library reads it. It answers with a number, with a dictionary of a
    number for each task (their mean is then the lifetime's), or with None where it has no value. What it raises ends
    the command.

    :param name: ``family.name``; another metric that was made so under the name is replaced.
    :param better: ``higher`` or ``lower``.
    :param unit: the unit of the value.
    :param meaning: what the number says, in a line; the first line of the function's docstring where None.
    """
    if not isinstance(name, str):
        raise UsageError("a metric has a name: @tella.metric('family.name')")
    if better not in ("higher", "lower"):
        raise UsageError(f"better is 'higher' or 'lower', not {better!r}")

    def made(function: F) -> F:
        said = meaning or next(iter((function.__doc__ or "").strip().splitlines()), "")
        said = said.rstrip(".") or getattr(function, "__name__", name)
        try:
            _native.add_metric(name, said, unit or "of its own", better == "lower", function)
        except ValueError as error:
            raise UsageError(str(error)) from None
        return function

    return made
