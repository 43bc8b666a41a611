"""59 Atari games with one set of 18 actions and one height of the screen."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np

from .._classes import LateWrapper, package_of

#: The actions of the console, in ALE's order.
ATARI_ACTIONS = (
    "NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE "
    "UPRIGHTFIRE UPLEFTFIRE DOWNRIGHTFIRE DOWNLEFTFIRE"
).split()
ATARI_ACTION_INDEX = {action: index for index, action in enumerate(ATARI_ACTIONS)}


def _instead(action: str) -> list[str]:
    """What stands in for an action that a game has not, best first.

    Of an action of several parts, those of two parts, diagonal first, then the parts, then nothing.
    """
    if action == "NOOP":
        return []
    up_down = next((word for word in ("UP", "DOWN") if action.startswith(word)), "")
    left_right = next((word for word in ("RIGHT", "LEFT") if word in action), "")
    fire = "FIRE" if action.endswith("FIRE") else ""
    parts = [part for part in (up_down, left_right, fire) if part]
    pairs = [a + b for i, a in enumerate(parts) for b in parts[i + 1 :]]
    simpler = (pairs if len(parts) == 3 else []) + (parts if len(parts) > 1 else [])
    return [*simpler, "NOOP"]


ATARI_ACTION_REPLACEMENT = {action: _instead(action) for action in ATARI_ACTIONS}


class AtariStandardizedActionSpaceWrapper(LateWrapper):
    """All 18 actions for every game; one that the game has not does what comes nearest."""

    wraps_as = "ActionWrapper"

    def __init__(self, env: Any) -> None:
        spaces = sys.modules[package_of(env)].spaces
        if not isinstance(env.action_space, spaces.Discrete):
            raise AssertionError(f"actions must be a Discrete, not {env.action_space}")
        super().__init__(env)
        own = {action: i for i, action in enumerate(env.unwrapped.get_action_meanings())}
        self.action_map = {}
        for index, action in enumerate(ATARI_ACTIONS):
            known = [name for name in (action, *ATARI_ACTION_REPLACEMENT[action]) if name in own]
            if not known:
                raise KeyError(f"{env} has neither {action} nor anything like it")
            self.action_map[index] = own[known[0]]
        self.action_space = spaces.Discrete(len(ATARI_ACTIONS))

    def action(self, act: Any) -> Any:
        """The game's own number of the action."""
        if act not in self.action_map:
            error = sys.modules[package_of(self.env)].error
            raise error.InvalidAction(f"action {act} is not one of {self.action_space}")
        return self.action_map[act]


class AtariStandardizedObservationSpaceWrapper(LateWrapper):
    """Screens of 250 rows; those of games with fewer are black below."""

    wraps_as = "ObservationWrapper"

    def __init__(self, env: Any) -> None:
        spaces = sys.modules[package_of(env)].spaces
        shown = env.observation_space
        if not isinstance(shown, spaces.Box) or len(shown.shape) != 3:
            raise AssertionError(f"observations must be a Box of three axes, not {shown}")
        super().__init__(env)
        self.observation_space = spaces.Box(0, 255, (250, 160, 3), dtype=np.uint8)

    def observation(self, observation: Any) -> Any:
        """The screen with black rows below."""
        missing = 250 - observation.shape[0]
        return np.pad(observation, ((0, missing), (0, 0), (0, 0))) if missing else observation


class _AtariEnv(LateWrapper):
    """A game with the actions and the screen of all."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.env = AtariStandardizedActionSpaceWrapper(self.env)
        self.env = AtariStandardizedObservationSpaceWrapper(self.env)


def _make(game: str) -> Any:
    """The game, of gym if the program has imported it, else of Gymnasium."""
    package = importlib.import_module("gym" if "gym" in sys.modules else "gymnasium")
    if package.__name__ == "gymnasium":
        package.register_envs(importlib.import_module("ale_py"))
    return package.make(f"ALE/{game}-v5")


def _class(game: str) -> type[_AtariEnv]:
    def __init__(self: Any) -> None:
        _AtariEnv.__init__(self, _make(game))

    members = {"__init__": __init__, "__module__": __name__, "__doc__": f"The game {game}."}
    return type(game, (_AtariEnv,), members)


_GAMES = """
    AirRaid Alien Amidar Assault Asterix Asteroids Atlantis BankHeist
    BattleZone BeamRider Berzerk Bowling Boxing Breakout Carnival Centipede
    ChopperCommand CrazyClimber DemonAttack DoubleDunk ElevatorAction Enduro FishingDerby Freeway
    Frostbite Gopher Gravitar IceHockey Jamesbond JourneyEscape Kangaroo Krull
    KungFuMaster MontezumaRevenge MsPacman NameThisGame Phoenix Pitfall Pong Pooyan
    PrivateEye Qbert Riverraid RoadRunner Robotank Seaquest Skiing Solaris
    SpaceInvaders StarGunner Tennis TimePilot Tutankham UpNDown Venture VideoPinball
    WizardOfWor YarsRevenge Zaxxon
""".split()

#: The games by name, in alphabetical order. Each is a class of this module, too.
ATARI_TASKS = {game: _class(game) for game in _GAMES}
globals().update(ATARI_TASKS)
