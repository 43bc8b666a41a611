"""Plays grid worlds of TELLA 2.1.0 or gym-minigrid 1.0.3 and writes what happened.

usage: envs_minigrid.py STEPS SEED,SEED... NAME...

NAME is one of TELLA's M21 environment classes (DoorKeyS5) or an id of gym-minigrid
(MiniGrid-DoorKey-5x5-v0). For every SEED the environment is seeded once and played for
STEPS steps, resets going on in its stream; one more run of the last seed is played
carefully until its time is up. Standard output is, for each name, the number of bytes that
follow (u4, little-endian like all of it) and one record for each reset and each step:

    u1 start (1: seeded reset, 2: reset, 0: step), u1 action, u1 done, u1 direction,
    f8 reward, 147 u1 image, u1 n, n bytes mission, u2 n, n bytes the printed grid

The printed grid is there at resets and at every tenth step, else it is empty.

Actions follow a planner that knows the whole grid, mixed with random ones in a proportion
drawn for each episode, so that successes, failures and a lot of aimless play all occur. A
careful run is random too, but for actions that would end the episode.
"""

import collections
import io
import struct
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")

import gym  # noqa: E402

gym.logger.set_level(gym.logger.ERROR)

from gym_minigrid.minigrid import DIR_TO_VEC  # noqa: E402
from tella._curriculums.minigrid import m21  # noqa: E402

LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE = range(6)


def front(world):
    return world.grid.get(*world.front_pos)


def cells(world, wanted):
    """The places whose object `wanted` accepts."""
    size = world.grid.width
    every = enumerate(world.grid.grid)
    return {(k % size, k // size) for k, cell in every if cell is not None and wanted(cell)}


def aim(world):
    """What to do next: the places to face, and the action to take there."""
    if hasattr(world, "target_type"):
        kind, color = world.target_type, world.target_color
        return cells(world, lambda c: (c.type, c.color) == (kind, color)), PICKUP
    if hasattr(world, "targetType"):
        kind, color = world.targetType, world.targetColor
        return cells(world, lambda c: (c.type, c.color) == (kind, color)), PICKUP
    doors = cells(world, lambda c: c.type == "door" and not c.is_open)
    if doors and world.carrying is None:
        return cells(world, lambda c: c.type == "key"), PICKUP
    if doors:
        return doors, TOGGLE
    return cells(world, lambda c: c.type == "goal"), FORWARD


def plan(world):
    """Actions of a shortest way to what `aim` says; none where there is no way."""
    places, last = aim(world)
    start = (int(world.agent_pos[0]), int(world.agent_pos[1]), int(world.agent_dir))
    came_by = {start: None}
    queue = collections.deque([start])
    while queue:
        state = queue.popleft()
        x, y, facing = state
        ahead = (x + int(DIR_TO_VEC[facing][0]), y + int(DIR_TO_VEC[facing][1]))
        if ahead in places:
            actions = [last]
            while came_by[state] is not None:
                state, action = came_by[state]
                actions.append(action)
            return actions[::-1]
        steps = [(LEFT, (x, y, (facing - 1) % 4)), (RIGHT, (x, y, (facing + 1) % 4))]
        cell = world.grid.get(*ahead)
        if cell is None or (cell.can_overlap() and cell.type != "lava"):
            steps.append((FORWARD, ahead + (facing,)))
        for action, following in steps:
            if following not in came_by:
                came_by[following] = (state, action)
                queue.append(following)
    return []


def would_end(world, action):
    cell = front(world)
    if action == FORWARD:
        return cell is not None and (cell.type in ("goal", "lava") or not cell.can_overlap())
    if action == PICKUP:
        return hasattr(world, "targetType") or hasattr(world, "target_type")
    return action == TOGGLE and hasattr(world, "door")


class Player:
    """Plays one environment and writes the records."""

    def __init__(self, name, out):
        self.tella = not name.startswith("MiniGrid-")
        self.env = getattr(m21, name)() if self.tella else gym.make(name)
        self.world = self.env.unwrapped
        self.actions = self.env.action_space.n
        self.out = out
        self.count = 0

    def record(self, start, action, done, reward, obs):
        world = self.world
        image = obs if self.tella else obs["image"]
        assert image.dtype == np.uint8 and image.shape == (7, 7, 3)
        if not self.tella:
            assert obs["direction"] == world.agent_dir and obs["mission"] == world.mission
        mission = world.mission.encode()
        self.count += 1
        text = str(world).encode() if start or self.count % 10 == 0 else b""
        head = struct.pack("<BBBBd", start, action, done, int(world.agent_dir), reward)
        self.out.write(head + image.tobytes())
        self.out.write(struct.pack("<B", len(mission)) + mission)
        self.out.write(struct.pack("<H", len(text)) + text)

    def reset(self, seed=None):
        if seed is not None:
            self.env.seed(seed)
        self.record(1 if seed is not None else 2, 0, False, 0.0, self.env.reset())
        self.planned = []
        self.randomness = self.chooser.choice([0.0, 0.1, 0.5, 1.0])

    def advice(self):
        if not self.planned or hasattr(self.world, "obstacles"):
            self.planned = plan(self.world)
        return self.planned.pop(0) if self.planned else LEFT

    def choose(self, careful):
        if careful or self.chooser.random() < self.randomness:
            self.planned = []
            action = int(self.chooser.integers(self.actions))
            return LEFT if careful and would_end(self.world, action) else action
        return self.advice()

    def play(self, seed, steps, careful):
        self.chooser = np.random.default_rng(seed ^ 0xAC7)
        self.reset(seed)
        for _ in range(steps):
            action = self.choose(careful)
            obs, reward, done, _ = self.env.step(action)
            self.record(0, action, done, reward, obs)
            if done:
                self.reset()


def main():
    steps, seeds = int(sys.argv[1]), [int(s) for s in sys.argv[2].split(",")]
    for name in sys.argv[3:]:
        records = io.BytesIO()
        player = Player(name, records)
        for seed in seeds:
            player.play(seed, steps, careful=False)
        player.play(seeds[-1], player.world.max_steps + 20, careful=True)
        sys.stdout.buffer.write(struct.pack("<I", len(records.getvalue())))
        sys.stdout.buffer.write(records.getvalue())


main()
