"""Native environments stepped together, as a `gymnasium.vector.VectorEnv`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import VectorEnv as Base
from gymnasium.vector.utils import batch_space

try:
    from gymnasium.vector import AutoresetMode
except ImportError as error:
    raise ImportError("tella's vector environments need Gymnasium 1.1 or later") from error

from .. import _native
from ..spaces import from_native
from . import made


class VectorEnv(Base[Any, Any, Any]):
    """`num_envs` native environments `name`; other keyword arguments are their parameters.

    Observations are the caller's own unless `copy` is false: then they are views of memory that the
    next step writes to. With `num_threads` above 1, threads step parts of the batch where that is
    faster; what comes out does not depend on it.
    """

    metadata: dict[str, Any] = {"render_modes": made.RENDER_MODES}

    def __init__(
        self,
        name: str,
        num_envs: int = 1,
        *,
        copy: bool = True,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        num_threads: int = 1,
        render_mode: str | None = None,
        **params: Any,
    ) -> None:
        mode = AutoresetMode(autoreset_mode)
        if mode is AutoresetMode.DISABLED:
            raise ValueError("autoreset_mode is NextStep or SameStep; lanes reset themselves")
        if num_envs < 1 or num_threads < 1:
            raise ValueError("num_envs and num_threads are at least 1")
        given = made.with_gymnasiums_defaults(name, params)
        same_step = mode is AutoresetMode.SAME_STEP
        self._native = _native.Environments(name, given, num_envs, num_threads, same_step)
        self._step = self._native.step
        made.check_render_mode(name, render_mode)
        self.num_envs, self.copy, self.render_mode = num_envs, copy, render_mode
        self.autoreset_mode = mode
        self.metadata = {**made.metadata(name), "autoreset_mode": mode}
        self.single_observation_space = from_native(self._native.observation_space)
        self.single_action_space = from_native(self._native.action_space)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._seeded = np.zeros(num_envs, dtype=np.bool_)

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode in every environment; see `gymnasium.vector.VectorEnv.reset`.

        A seed is for the first environment, which others count on from, or there is one for each;
        where it is `None` an environment goes on in its own random stream. There are no options.
        """
        made.check_options(options)
        seeds = self._seeds(seed)
        if isinstance(seeds[0], int):
            super().reset(seed=seeds[0])
        return self._native.reset(seeds, self.copy), {}

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Steps every environment; see `gymnasium.vector.VectorEnv.step`.

        Raises ValueError for an action outside the action space, naming the environment, and
        `gymnasium.error.ResetNeeded` before a reset. After an error a reset is needed.
        """
        observations, rewards, terminated, truncated, ended = self._step(actions, self.copy)
        return observations, rewards, terminated, truncated, self._infos(ended) if ended else {}

    def render(self) -> tuple[Any, ...] | None:
        """Each environment's present state in the render mode."""
        if self.render_mode == "ansi":
            return tuple(self._native.render(lane) for lane in range(self.num_envs))
        if self.render_mode == "rgb_array":
            draw = self._native.render_rgb
            return tuple(draw(lane, made.TILE_SIZE) for lane in range(self.num_envs))
        return None

    def _infos(self, ended: tuple[list[int], list[Any]]) -> dict[str, Any]:
        lanes, last = ended
        final = np.full(self.num_envs, None, dtype=object)
        for lane, observation in zip(lanes, last):
            final[lane] = observation
        mask = np.zeros(self.num_envs, dtype=np.bool_)
        mask[lanes] = True
        # Native environments have no infos of their own.
        return {
            "final_obs": final,
            "_final_obs": mask,
            "final_info": {},
            "_final_info": mask.copy(),
        }

    def _seeds(self, seed: Any) -> list[int | None]:
        """A seed or `None` for each environment; those that never had one are given a fresh one."""
        seeds: list[int | None]
        if seed is None:
            seeds = [None] * self.num_envs
        elif isinstance(seed, (Sequence, np.ndarray)):
            seeds = [None if each is None else made.check_seed(each) for each in seed]
        else:
            first = made.check_seed(seed)
            seeds = [made.check_seed(first + lane) for lane in range(self.num_envs)]
        if len(seeds) != self.num_envs:
            raise ValueError(f"{len(seeds)} seeds for {self.num_envs} environments")
        if not self._seeded.all():
            fresh = made.fresh_seeds(self.num_envs)
            for lane, has_seed in enumerate(self._seeded):
                if seeds[lane] is None and not has_seed:
                    seeds[lane] = fresh[lane]
            self._seeded[:] = True
        return seeds

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_step"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._step = self._native.step
