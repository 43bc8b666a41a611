"""DoorKey on a grid of 7 by 7."""

from gym_minigrid.envs import DoorKeyEnv  # type: ignore[import-untyped]


class DoorKeyEnv7x7(DoorKeyEnv):
    """DoorKey between the sizes that gym-minigrid has."""

    def __init__(self):
        super().__init__(size=7)
