"""The ids `tella/...` in Gymnasium's registry."""

from __future__ import annotations

import gymnasium

from .made import catalog


def register_all() -> None:
    """Registers each native environment that is not registered yet."""
    for name, defaults in catalog().items():
        identity = f"tella/{name}"
        if identity in gymnasium.registry:
            continue
        gymnasium.register(
            identity,
            entry_point="tella._gymnasium.env:Env",
            vector_entry_point="tella._gymnasium.vector:VectorEnv",
            max_episode_steps=defaults.get("max_episode_steps"),
            kwargs={"name": name},
        )
