"""DistShift with its second strip of lava in row 3."""

from gym_minigrid.envs import DistShiftEnv  # type: ignore[import-untyped]


class DistShift3(DistShiftEnv):
    """DistShift between the two that gym-minigrid has."""

    def __init__(self):
        super().__init__(strip2_row=3)
