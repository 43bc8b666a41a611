"""The curricula that TELLA ships, under the names that its users know.

Importing them imports neither gym nor MiniGrid: the native engine has their environments.
"""

from __future__ import annotations

from importlib.util import find_spec

from ..curriculum import AbstractCurriculum, curriculum_registry
from .cartpole import CartPole1000Curriculum, SimpleCartPoleCurriculum
from .minigrid import SimpleMiniGridCurriculum, SimpleStepMiniGridCurriculum, m21

__all__ = ["load_curriculum_registry"]


def load_curriculum_registry() -> None:
    """Puts the shipped curricula into `tella.curriculum.curriculum_registry`.

    Those of Atari are there where ale-py is installed.
    """
    curriculum_registry["SimpleCartPole"] = SimpleCartPoleCurriculum
    curriculum_registry["CartPole-1000"] = CartPole1000Curriculum
    curriculum_registry["SimpleMiniGrid"] = SimpleMiniGridCurriculum
    curriculum_registry["SimpleStepMiniGrid"] = SimpleStepMiniGridCurriculum
    of_m21: list[type[AbstractCurriculum]] = [m21.MiniGridCondensed, m21.MiniGridDispersed]
    for curriculum in of_m21 + list(m21.EXPERTS):
        curriculum_registry[curriculum.__name__] = curriculum
    if find_spec("ale_py") is not None:
        from .atari import AtariCurriculum, BreakoutAndPong

        curriculum_registry["AllAtariGames"] = AtariCurriculum
        curriculum_registry["BreakoutAndPong"] = BreakoutAndPong
