"""The native side of the package: the whole command line, its answers for programs, logs as Arrow tables,
the engine for live objects, and native environments to step.

Spaces cross as plain Python data, in the form that the engine's own spaces have; `tella.spaces`
turns them into space objects and back (`from_native`, `to_native`):

- ``{"Discrete": {"n": int, "start": int}}``
- ``{"Box": {"low": array, "high": array, "shape": list[int], "dtype": str}}``: bounds are one-dimensional
  float64 arrays, one element for each element of the box, row-major; ``dtype`` is one of
  ``uint8``, ``int64``, ``float32``, ``float64``
- ``{"MultiDiscrete": {"nvec": list[int]}}``
- ``{"MultiBinary": {"shape": list[int]}}``
- ``{"Text": {"min_length": int, "max_length": int, "charset": str}}``
- ``{"Tuple": [space, ...]}``
- ``{"Dict": [[key, space], ...]}``
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

__all__ = [
    "Environments",
    "LifetimeFault",
    "Table",
    "__version__",
    "add_metric",
    "answer",
    "describe_fault",
    "describe_lifetime",
    "describe_run",
    "environments",
    "export",
    "lifetime_seed",
    "load_yaml",
    "logged_table",
    "main",
    "run_live",
]
__version__: str

class LifetimeFault(RuntimeError):
    """A lifetime ended with a fault for which no exception of the agent's or the environment's
    stands: an action outside its space, a reward that is no number, and the like."""

    fault: dict[str, Any]
    """``party`` (``agent``, ``environment`` or ``harness``), ``kind``, ``message``, ``place``."""

def main(argv: Sequence[str]) -> int:
    """Runs the command line `argv` (program name first) in this process; its exit code.

    Agents and environments may be named ``module:Class`` or ``path/file.py:Class``.
    """

def answer(
    argv: Sequence[str], curricula: dict[str, str], agents: Sequence[tuple[str, Any]]
) -> tuple[int, str, list[str], BaseException | None]:
    """Runs the command line `argv` (without the program's name) in this process: its exit code, what it would have
    written to standard output, what it warned of, and what an agent of `agents` raised last.

    `curricula` are texts by the names that stand for them in `argv`; `agents` are names with the classes and functions
    that make agents of TELLA's five arguments. A run stops in good order at Ctrl-C, with exit code 130, where this is
    the main thread.

    Raises what `tella._api.call.refusal` makes of a refusal, with what an agent of `agents` raised as its cause; what a
    metric's function raised, as it was raised.
    """

def describe_fault(fault: str) -> str:
    """A fault, in JSON, in the words in which the command tells it."""

def describe_run(run: str | os.PathLike[str]) -> str:
    """What a run folder says of itself, in JSON: ``info`` (its ``run.json``), ``lifetimes`` (begun or planned, in order),
    ``gravest_first`` (the words for how a lifetime stands)."""

def describe_lifetime(run: str | os.PathLike[str], lifetime: int) -> str:
    """What a run folder says of one of its lifetimes, in JSON: ``status``, and where it was begun ``experiences`` and more."""

def logged_table(
    run: str | os.PathLike[str], table: str, lifetime: int | None = None
) -> Table:
    """The table ``experiences``, ``blocks`` or ``transitions`` of a run folder, or of one of its lifetimes."""

@final
class Table:
    """A table that any Arrow reader takes (``pyarrow.table(t)``, ``polars.DataFrame(t)``,
    ``pandas.DataFrame.from_arrow(t)``, DuckDB by the name of a variable), and that has its columns as NumPy arrays.

    That of a run folder is read as it stands there, a frame at a time, each verified before it is decoded; ``lifetime_idx``
    and the log's columns, with times. Reading raises `tella.TellaError` or, within a reader, the reader's own exception.
    """

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
    def __len__(self) -> int:
        """The number of rows."""
    def __getitem__(self, name: str, /) -> Any:
        """A column as a NumPy array: texts as objects, times as ``datetime64[us]``, integers with nulls as floats."""
    def _repr_html_(self) -> str:
        """The first rows."""
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The rows, by the Arrow PyCapsule interface. Texts come in the representation that is requested, other
        columns in their own; other columns than there are, are an error."""
    def __arrow_c_schema__(self) -> Any:
        """The schema, by the Arrow PyCapsule interface."""

def add_metric(
    name: str, meaning: str, unit: str, lower_is_better: bool, measure: Callable[[Table], Any]
) -> None:
    """Adds a metric to the catalogue, or replaces one that was added. Raises ValueError for a name that cannot be."""

def run_live(
    curriculum: str,
    agent: Any,
    envs: Mapping[str, Callable[[], Any]],
    out: str | os.PathLike[str],
    *,
    num_envs: int = 1,
    agent_name: str | None = None,
    agent_seed: int | None = None,
    curriculum_seed: int | None = None,
    strict: bool = True,
    render: bool = False,
    transitions: bool = False,
    max_episode_steps: int = ...,
    force: bool = False,
) -> dict[str, Any]:
    """Lives one lifetime with live objects, in this thread, and returns its report.

    `curriculum` is the text of a curriculum in the curriculum language (JSON is YAML, so
    ``json.dumps`` of the same mapping does), best in its explicit form, which leaves nothing to
    draw::

        {"schema": 1, "name": "MyCurriculum", "compat": "tella", "blocks": [
            {"learn": [{"task": "T", "variants": [
                {"variant": "Default", "env": "live:0", "params": {}, "seed": 1, "episodes": 5}]}]},
            {"eval": [...]}]}

    An environment named ``live:KEY`` is made by calling ``envs[KEY]()``, once for each of the
    `num_envs` lanes of each variant, and once at the start for its spaces. It is closed
    (``close()``, where it has that) when its variant ends. ``params`` of such a variant are kept in the
    log as its ``task_params`` and go nowhere else; their values are truth values, numbers and texts.
    Other names are those of ``tella env list`` and of environments in Python, ``module:Class``.

    `agent` is called as TELLA calls one: ``is_learning_allowed`` is set and then ``block_start`` is
    called, and so on; with ``choose_actions_batch`` and ``receive_transition_batch`` in place of
    ``choose_actions`` and ``receive_transitions`` where it has both. Actions are for the space of the
    variant under way, which need not be that of the first.

    Where `strict`, observations outside their space and actions of a ``Box`` outside its bounds are
    faults; else only what cannot be stored (wrong shape or kind of number) and what is not a number is.

    `agent_seed` and `curriculum_seed` are this lifetime's own, for the log alone. `agent_name` is the name of its
    class where not given. `out` is the run folder, which must not exist unless `force`; it holds one lifetime, and every
    ``tella`` command reads it. Such a run cannot be resumed.

    The report: ``lifetime`` (0), ``run`` (the folder), ``status`` (``complete``), ``experiences``,
    ``content_hash``, ``isolation``.

    Raises what the agent or an environment raised, as it was raised, KeyboardInterrupt included;
    `LifetimeFault` for other faults; ValueError for a bad curriculum (its diagnostics, each with its
    place); OSError where the folder cannot be written. The log is valid up to there in each case.
    """

def lifetime_seed(experiment_seed: int, lifetime: int) -> int:
    """The seed of a lifetime as TELLA draws it from an experiment's seed:
    number `lifetime` of the raw draws of ``numpy.random.default_rng(experiment_seed)``."""

def export(
    run: str | os.PathLike[str], format: str, out: str | os.PathLike[str]
) -> list[os.PathLike[str]]:
    """Writes a run folder in another format, as ``tella log export`` does; the paths made.

    `format` is ``l2logger``, ``tsv``, ``csv``, ``parquet`` or ``tensorboard``; `out` a new or an empty folder. A run
    that was broken off is written up to where it came.

    Raises ValueError for an unknown format, OSError where a file is damaged or cannot be written.
    """

def load_yaml(text: str, name: str) -> Any:
    """What a YAML 1.2 text holds, as dictionaries, lists, texts, numbers, truth values and None.

    Raises ValueError where it is no YAML, with the place in the file `name`.
    """

def environments() -> dict[str, dict[str, bool | int | float | str]]:
    """The names of the native environments, each with its parameters and their defaults."""

@final
class Environments:
    """`num_envs` native environments `name`, stepped together without the interpreter.

    An environment whose episode ended begins its next one in the step after, for which its action
    counts nothing, its reward is 0 and nothing ends; where `same_step`, within the same step.

    `copy` says whether observations are the caller's own or views of memory that the next call
    overwrites (texts are never views). They are of the batched space in Gymnasium's sense.

    Can be pickled, also in the middle of episodes.

    Raises ValueError for an unknown name (with the nearest one), for parameters that are unknown or not
    allowed, and for an action outside its space (with the environment's number); after the latter
    all must be reset. Raises ``gymnasium.error.ResetNeeded`` for a step before that.
    """

    def __new__(
        cls, name: str, params: dict[str, Any], num_envs: int, num_threads: int, same_step: bool
    ) -> Environments: ...
    @property
    def params(self) -> dict[str, Any]:
        """All parameters."""
    @property
    def observation_space(self) -> dict[str, Any]:
        """The space of one observation in its native form."""
    @property
    def action_space(self) -> dict[str, Any]:
        """The space of one action in its native form."""
    def reset(self, seeds: Sequence[int | None], copy: bool) -> Any:
        """Begins an episode in each environment, with a new random stream where it is given a seed."""
    def step(
        self, actions: Any, copy: bool
    ) -> tuple[Any, Any, Any, Any, tuple[list[int], list[Any]] | None]:
        """Observations, rewards, terminated, truncated; where `same_step` and an episode ended, the
        environments in which one did with its last observation in each."""
    def reset_one(self, seed: int | None) -> Any:
        """Begins an episode in the only environment there is; its observation."""
    def step_one(self, action: Any) -> tuple[Any, float, bool, bool]:
        """Steps the only environment there is, which does not reset itself."""
    def render(self, lane: int) -> str | None:
        """One environment in characters, where it draws itself so."""
    def render_rgb(self, lane: int, tile_size: int) -> Any:
        """One environment's picture, an array ``(height, width, 3)`` of uint8, where it draws itself; cells
        of grids have sides of `tile_size` pixels, other pictures are drawn in proportion to 32."""
    def __reduce__(self) -> Any: ...
    def __setstate__(self, state: Any) -> None: ...
