"""What `Env` and `VectorEnv` have in common: how their native side is made and what it can do."""

from __future__ import annotations

import functools
import operator
from typing import Any

import numpy as np

from .. import _native

#: Render modes that some native environment has.
RENDER_MODES = ["rgb_array", "ansi"]

#: Steps a second of those whose steps have a length in time; others show 10, as MiniGrid does.
_RENDER_FPS = {
    "CartPole": 50,
    "Acrobot": 15,
    "MountainCar": 30,
    "MountainCarContinuous": 30,
    "Pendulum": 30,
}

#: Seeds of the native generators lie below this.
_SEEDS_END = 2**64


@functools.cache
def catalog() -> dict[str, dict[str, Any]]:
    """The names of the native environments, each with its parameters and their defaults."""
    return _native.environments()


def with_gymnasiums_defaults(name: str, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with which an environment that exists in gym and in Gymnasium is
    Gymnasium's."""
    if "library" in catalog().get(name, {}):
        return {"library": "gymnasium-1.4", **params}
    return params


def metadata(name: str) -> dict[str, Any]:
    """Gymnasium's metadata of one environment."""
    fps = _RENDER_FPS.get(name.rpartition("-v")[0], 10)
    return {"render_modes": list(_render_modes(name)), "render_fps": fps}


@functools.cache
def _render_modes(name: str) -> list[str]:
    one = _native.Environments(name, {}, 1, 1, False)
    one.reset_one(0)
    drawn = {"rgb_array": one.render_rgb(0, 1), "ansi": one.render(0)}
    return [mode for mode in RENDER_MODES if drawn[mode] is not None]


def check_render_mode(name: str, mode: str | None) -> None:
    """Refuses a render mode that this environment has not."""
    modes = _render_modes(name)
    if mode is not None and mode not in modes:
        raise ValueError(f"{name} has no render mode {mode!r}; it has {', '.join(modes)}")


def check_options(options: dict[str, Any] | None) -> None:
    """Refuses options of `reset`: native environments have none."""
    if options:
        raise ValueError(
            f"reset takes no options, but {', '.join(map(repr, options))} was given; "
            "what an environment lets be chosen is a parameter of gymnasium.make"
        )


def check_seed(seed: Any) -> int:
    """The seed as the native generators take it."""
    try:
        seed = operator.index(seed)
    except TypeError:
        raise TypeError(f"a seed is an integer, not {type(seed).__name__}") from None
    if not 0 <= seed < _SEEDS_END:
        raise ValueError(f"a seed lies in 0..2**64, not at {seed}")
    return seed


def fresh_seeds(count: int) -> list[int]:
    """Seeds from the system's entropy, for environments that were never given one."""
    return np.random.SeedSequence().generate_state(count, np.uint64).tolist()


#: Side of a cell in pixels in pictures of grids, as in MiniGrid; other pictures have their natural size.
TILE_SIZE = 32
