"""One native environment as a `gymnasium.Env`."""

from __future__ import annotations

from typing import Any

import gymnasium

from .. import _native
from ..spaces import from_native
from . import made

#: An episode's length where nobody cuts it.
_UNLIMITED = 2**63 - 1


class Env(gymnasium.Env[Any, Any]):
    """The native environment `name`; other keyword arguments are its parameters.

    As with Gymnasium's own classes no time limit cuts an episode unless `max_episode_steps` is given:
    `gymnasium.make` adds that of the id.
    """

    metadata: dict[str, Any] = {"render_modes": made.RENDER_MODES}

    def __init__(self, name: str, *, render_mode: str | None = None, **params: Any) -> None:
        given = made.with_gymnasiums_defaults(name, params)
        if "max_episode_steps" in made.catalog().get(name, {}):
            given = {"max_episode_steps": _UNLIMITED, **given}
        self._native = _native.Environments(name, given, 1, 1, False)
        self._step = self._native.step_one
        made.check_render_mode(name, render_mode)
        self.render_mode = render_mode
        self.metadata = made.metadata(name)
        self.observation_space = from_native(self._native.observation_space)
        self.action_space = from_native(self._native.action_space)
        self._seeded = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; see `gymnasium.Env.reset`. There are no options."""
        made.check_options(options)
        if seed is None and not self._seeded:
            seed = made.fresh_seeds(1)[0]
        if seed is not None:
            seed = made.check_seed(seed)
            super().reset(seed=seed)
            self._seeded = True
        return self._native.reset_one(seed), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Takes one step; see `gymnasium.Env.step`.

        Raises ValueError for an action outside the action space, `gymnasium.error.ResetNeeded`
        outside an episode.
        """
        return *self._step(action), {}

    def render(self) -> Any:
        """The present state in the render mode: a text, or an array of pixels."""
        if self.render_mode == "ansi":
            return self._native.render(0)
        if self.render_mode == "rgb_array":
            return self._native.render_rgb(0, made.TILE_SIZE)
        return None

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_step"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._step = self._native.step_one
