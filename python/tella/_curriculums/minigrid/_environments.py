"""The environments of M21: MiniGrid as TELLA's evaluations have it, six actions and pixels of objects."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from .._classes import LateWrapper, NativeClass, box, discrete, package_of


class MiniGridReducedActionSpaceWrapper(LateWrapper):
    """Leaves the first actions of an environment, and refuses the others."""

    wraps_as = "ActionWrapper"

    def __init__(self, env: Any, num_actions: int = 6) -> None:
        spaces = sys.modules[package_of(env)].spaces
        if not isinstance(env.action_space, spaces.Discrete):
            raise AssertionError(f"actions must be a Discrete, not {env.action_space}")
        if num_actions > env.action_space.n:
            raise AssertionError(f"{num_actions} actions out of {env.action_space.n}")
        super().__init__(env)
        self.action_space = spaces.Discrete(num_actions)

    def action(self, act: Any) -> Any:
        """The action, if it is one of those left."""
        if act >= self.action_space.n:
            error = sys.modules[package_of(self.env)].error
            raise error.InvalidAction(f"action {act} is not one of {self.action_space}")
        return act


class MiniGridLavaPenaltyWrapper(LateWrapper):
    """Walking into lava ends the episode with a reward of -1."""

    def step(self, action: Any) -> Any:
        """A step; what lies ahead is looked at before it is taken."""
        ahead = self.env.grid.get(*self.env.front_pos)
        into_lava = ahead is not None and ahead.type == "lava"
        came = self.env.step(action)
        if into_lava and action == self.env.actions.forward:
            return (came[0], -1, True, *came[3:])
        return came


class _MiniGridEnv(NativeClass):
    """An environment of gym-minigrid with `image` alone for an observation, and six actions."""

    needs = "gym_minigrid"

    def __init__(self, env_class: Callable[[], Any]) -> None:
        super().__init__(env_class())
        image_only = self.original("gym_minigrid.wrappers").ImgObsWrapper
        self.env = MiniGridReducedActionSpaceWrapper(image_only(self.env))

    @classmethod
    def native_spaces(cls) -> tuple[Any, Any]:
        return box(0, 255, (7, 7, 3), np.uint8), discrete(6)


class _MiniGridLavaEnv(_MiniGridEnv):
    def __init__(self, env_class: Callable[[], Any]) -> None:
        super().__init__(env_class)
        self.env = MiniGridLavaPenaltyWrapper(self.env)


class SimpleCrossingS9N1(_MiniGridEnv):
    native_env = "SimpleCrossingS9N1"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").SimpleCrossingEnv)


class SimpleCrossingS9N2(_MiniGridEnv):
    native_env = "SimpleCrossingS9N2"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").SimpleCrossingS9N2Env)


class SimpleCrossingS9N3(_MiniGridEnv):
    native_env = "SimpleCrossingS9N3"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").SimpleCrossingS9N3Env)


class DistShiftR2(_MiniGridLavaEnv):
    native_env = "DistShiftR2"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").DistShift1)


class DistShiftR5(_MiniGridLavaEnv):
    native_env = "DistShiftR5"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").DistShift2)


class DistShiftR3(_MiniGridLavaEnv):
    native_env = "DistShiftR3"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").DistShift3)


class DynObstaclesS6N1(_MiniGridEnv):
    native_env = "DynObstaclesS6N1"

    def __init__(self) -> None:
        super().__init__(
            self.original("tella._curriculums.minigrid.envs").CustomDynamicObstaclesS6N1
        )


class DynObstaclesS8N2(_MiniGridEnv):
    native_env = "DynObstaclesS8N2"

    def __init__(self) -> None:
        super().__init__(
            self.original("tella._curriculums.minigrid.envs").CustomDynamicObstaclesS8N2
        )


class DynObstaclesS10N3(_MiniGridEnv):
    native_env = "DynObstaclesS10N3"

    def __init__(self) -> None:
        super().__init__(
            self.original("tella._curriculums.minigrid.envs").CustomDynamicObstaclesS10N3
        )


class CustomFetchS5T1N2(_MiniGridEnv):
    native_env = "CustomFetchS5T1N2"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").CustomFetchEnv5x5T1N2)


class CustomFetchS8T1N2(_MiniGridEnv):
    native_env = "CustomFetchS8T1N2"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").CustomFetchEnv8x8T1N2)


class CustomFetchS10T2N4(_MiniGridEnv):
    native_env = "CustomFetchS10T2N4"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").CustomFetchEnv10x10T2N4)


class CustomUnlockS5(_MiniGridEnv):
    native_env = "CustomUnlockS5"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").CustomUnlock5x5)


class CustomUnlockS7(_MiniGridEnv):
    native_env = "CustomUnlockS7"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").CustomUnlock7x7)


class CustomUnlockS9(_MiniGridEnv):
    native_env = "CustomUnlockS9"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").CustomUnlock9x9)


class DoorKeyS5(_MiniGridEnv):
    native_env = "DoorKeyS5"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").DoorKeyEnv5x5)


class DoorKeyS6(_MiniGridEnv):
    native_env = "DoorKeyS6"

    def __init__(self) -> None:
        super().__init__(self.original("gym_minigrid.envs").DoorKeyEnv6x6)


class DoorKeyS7(_MiniGridEnv):
    native_env = "DoorKeyS7"

    def __init__(self) -> None:
        super().__init__(self.original("tella._curriculums.minigrid.envs").DoorKeyEnv7x7)


#: All of them with the names of task and variant, in the order in which evaluations have them.
TASKS: list[tuple[type[_MiniGridEnv], str, str]] = [
    (SimpleCrossingS9N1, "SimpleCrossing", "S9N1"),
    (SimpleCrossingS9N2, "SimpleCrossing", "S9N2"),
    (SimpleCrossingS9N3, "SimpleCrossing", "S9N3"),
    (DistShiftR2, "DistShift", "R2"),
    (DistShiftR5, "DistShift", "R5"),
    (DistShiftR3, "DistShift", "R3"),
    (DynObstaclesS6N1, "DynObstacles", "S6N1"),
    (DynObstaclesS8N2, "DynObstacles", "S8N2"),
    (DynObstaclesS10N3, "DynObstacles", "S10N3"),
    (CustomFetchS5T1N2, "CustomFetch", "S5T1N2"),
    (CustomFetchS8T1N2, "CustomFetch", "S8T1N2"),
    (CustomFetchS10T2N4, "CustomFetch", "S10T2N4"),
    (CustomUnlockS5, "CustomUnlock", "S5"),
    (CustomUnlockS7, "CustomUnlock", "S7"),
    (CustomUnlockS9, "CustomUnlock", "S9"),
    (DoorKeyS5, "DoorKey", "S5"),
    (DoorKeyS6, "DoorKey", "S6"),
    (DoorKeyS7, "DoorKey", "S7"),
]
