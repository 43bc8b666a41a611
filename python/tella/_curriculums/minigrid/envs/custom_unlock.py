"""Two rooms with a locked door between them and its key in the first; opening it ends the episode."""

from gym_minigrid.roomgrid import RoomGrid  # type: ignore[import-untyped]


class CustomUnlock(RoomGrid):
    """Take the key, open the door."""

    def __init__(self, seed=None, num_rows=1, num_cols=2, room_size=6):
        super().__init__(
            num_rows=num_rows,
            num_cols=num_cols,
            room_size=room_size,
            max_steps=8 * room_size**2,
            seed=seed,
        )

    def _gen_grid(self, width, height):
        super()._gen_grid(width, height)
        self.door, _ = self.add_door(0, 0, 0, locked=True)
        self.add_object(0, 0, "key", self.door.color)
        self.place_agent(0, 0)
        self.mission = "open the door"

    def step(self, action):
        observation, reward, done, info = super().step(action)
        if action == self.actions.toggle and self.door.is_open:
            reward, done = self._reward(), True
        return observation, reward, done, info


class CustomUnlock5x5(CustomUnlock):
    """Rooms of 5 by 5."""

    def __init__(self):
        super().__init__(room_size=5)


class CustomUnlock7x7(CustomUnlock):
    """Rooms of 7 by 7."""

    def __init__(self):
        super().__init__(room_size=7)


class CustomUnlock8x8(CustomUnlock):
    """Rooms of 8 by 8."""

    def __init__(self):
        super().__init__(room_size=8)


class CustomUnlock9x9(CustomUnlock):
    """Rooms of 9 by 9."""

    def __init__(self):
        super().__init__(room_size=9)


class CustomUnlock11x11(CustomUnlock):
    """Rooms of 11 by 11."""

    def __init__(self):
        super().__init__(room_size=11)


class CustomUnlock16x16(CustomUnlock):
    """Rooms of 16 by 16."""

    def __init__(self):
        super().__init__(room_size=16)
