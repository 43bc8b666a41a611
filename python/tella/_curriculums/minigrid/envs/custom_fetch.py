"""Fetch with things to take of one kind and colour; taking anything ends the episode."""

from gym_minigrid.minigrid import COLOR_NAMES, Ball, Box, Grid, Key, MiniGridEnv  # type: ignore[import-untyped]

_KINDS = {"key": Key, "ball": Ball, "box": Box}
_MISSIONS = ("get a", "go get a", "fetch a", "go fetch a", "you must fetch a")


class CustomFetchEnv(MiniGridEnv):
    """Some targets, and some other things of other kinds and any colour."""

    def __init__(self, size=8, target_type="key", target_color="yellow", num_targets=1, num_objs=2):
        if target_type not in _KINDS:
            raise NotImplementedError(f"target_type is one of {list(_KINDS)}, not {target_type!r}")
        self.target_type = target_type
        self.target_color = target_color
        self.num_targets = num_targets
        self.num_objs = num_objs
        super().__init__(grid_size=size, max_steps=5 * size**2, see_through_walls=True)

    def _gen_grid(self, width, height):
        self.grid = Grid(width, height)
        self.grid.wall_rect(0, 0, width, height)
        for _ in range(self.num_targets):
            self.place_obj(_KINDS[self.target_type](self.target_color))
        others = [kind for kind in _KINDS if kind != self.target_type]
        for _ in range(self.num_objs):
            kind = self._rand_elem(others)
            colour = self._rand_elem(COLOR_NAMES)
            self.place_obj(_KINDS[kind](colour))
        self.place_agent()
        # Nobody reads the mission, but its draw is one of the episode's.
        verb = _MISSIONS[self._rand_int(0, len(_MISSIONS))]
        self.mission = f"{verb} {self.target_color} {self.target_type}"

    def step(self, action):
        observation, reward, done, info = super().step(action)
        if self.carrying:
            taken = (self.carrying.color, self.carrying.type)
            target = taken == (self.target_color, self.target_type)
            reward, done = (self._reward() if target else 0), True
        return observation, reward, done, info


class CustomFetchEnv5x5T1N2(CustomFetchEnv):
    """One target and two others on 5 by 5."""

    def __init__(self):
        super().__init__(size=5, num_targets=1, num_objs=2)


class CustomFetchEnv8x8T1N2(CustomFetchEnv):
    """One target and two others on 8 by 8."""

    def __init__(self):
        super().__init__(size=8, num_targets=1, num_objs=2)


class CustomFetchEnv10x10T2N4(CustomFetchEnv):
    """Two targets and four others on 10 by 10."""

    def __init__(self):
        super().__init__(size=10, num_targets=2, num_objs=4)


class CustomFetchEnv16x16T2N4(CustomFetchEnv):
    """Two targets and four others on 16 by 16."""

    def __init__(self):
        super().__init__(size=16, num_targets=2, num_objs=4)
