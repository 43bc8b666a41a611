"""The environments that TELLA made of gym-minigrid's, as classes of gym-minigrid.

The native engine has its own; these are for who steps them in Python or derives from them.
"""

from .custom_dist_shift import DistShift3
from .custom_door_key import DoorKeyEnv7x7
from .custom_dynamic_obstacles import (
    CustomDynamicObstaclesEnv,
    CustomDynamicObstaclesS6N1,
    CustomDynamicObstaclesS8N2,
    CustomDynamicObstaclesS10N3,
)
from .custom_fetch import (
    CustomFetchEnv,
    CustomFetchEnv5x5T1N2,
    CustomFetchEnv8x8T1N2,
    CustomFetchEnv10x10T2N4,
    CustomFetchEnv16x16T2N4,
)
from .custom_unlock import (
    CustomUnlock,
    CustomUnlock5x5,
    CustomUnlock7x7,
    CustomUnlock8x8,
    CustomUnlock9x9,
    CustomUnlock11x11,
    CustomUnlock16x16,
)

__all__ = [
    "CustomDynamicObstaclesEnv",
    "CustomDynamicObstaclesS10N3",
    "CustomDynamicObstaclesS6N1",
    "CustomDynamicObstaclesS8N2",
    "CustomFetchEnv",
    "CustomFetchEnv10x10T2N4",
    "CustomFetchEnv16x16T2N4",
    "CustomFetchEnv5x5T1N2",
    "CustomFetchEnv8x8T1N2",
    "CustomUnlock",
    "CustomUnlock11x11",
    "CustomUnlock16x16",
    "CustomUnlock5x5",
    "CustomUnlock7x7",
    "CustomUnlock8x8",
    "CustomUnlock9x9",
    "DistShift3",
    "DoorKeyEnv7x7",
]
