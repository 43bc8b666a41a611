"""Plays grid worlds of TELLA 2.1.0 or minigrid 3.2.0 and writes what happened.

usage: envs_minigrid.py STEPS SEED,SEED... JOB...
       envs_minigrid.py --ids

JOB is JSON, {"name": ..., "params": {...}}. A name is one of TELLA's M21 environment classes
(DoorKeyS5, without parameters) or an id of minigrid (MiniGrid-DoorKey-5x5-v0); which of the
two can be played depends on what is installed. For every SEED the environment is seeded once
and played for STEPS steps, resets going on in its stream; one more run of the last seed is
played carefully until its time is up (where that is not over 1000 steps). Standard output is, for each job, the number of bytes that follow (u4,
little-endian like all of it) and one record for each reset and each step:

    u1 start (1: seeded reset, 2: reset, 0: step), u1 action,
    u1 end (1: terminated, 2: truncated, 4: done, by which of the two is not known),
    u1 direction, f8 reward, 147 u1 image, u1 n, n bytes mission, u2 n, n bytes the printed grid

The printed grid is there at resets and at every tenth step, else it is empty.

Actions follow a planner that knows the whole grid, mixed with random ones in a proportion
drawn for each episode, so that successes, failures and a lot of aimless play all occur. A
careful run is random too, but for actions that would end the episode.

With --ids it prints the ids that minigrid registers outside BabyAI and WFC, one a line.
"""

import io
import json
import struct
import sys
import warnings

import numpy as np

from minigrid_planner import DONE, DROP, FORWARD, LEFT, PICKUP, TOGGLE, plan

warnings.simplefilter("ignore")

LONGEST_CAREFUL = 1000


class Tella:
    """An environment of TELLA's: old gym's four-value step, the image alone."""

    def __init__(self, name, params):
        import gym

        gym.logger.set_level(gym.logger.ERROR)
        from tella._curriculums.minigrid import m21

        assert not params
        self.env = getattr(m21, name)()
        self.world = self.env.unwrapped

    def reset(self, seed):
        if seed is not None:
            self.env.seed(seed)
        return self.env.reset()

    def step(self, action):
        obs, reward, done, _ = self.env.step(action)
        return obs, reward, 4 if done else 0

    def text(self):
        return str(self.world)


class Farama:
    """An environment of minigrid's, bare."""

    def __init__(self, name, params):
        import gymnasium
        import minigrid  # noqa: F401
        from minigrid.core.world_object import Lava, Wall

        def pair(text):
            return None if text == "random" else tuple(int(part) for part in text.split(","))

        pairs = ("agent_start_pos", "agent_pos", "goal_pos", "agent_room")
        params = {k: pair(v) if k in pairs else v for k, v in params.items()}
        # Not every constructor takes it, but all worlds have it.
        see_through_walls = params.pop("see_through_walls", None)
        if "LavaGap" in name and "obstacle_type" in params:
            params["obstacle_type"] = {"lava": Lava, "wall": Wall}[params["obstacle_type"]]
        self.world = gymnasium.make(name, **params).unwrapped
        self.env = self.world
        if see_through_walls is not None:
            self.world.see_through_walls = see_through_walls

    def reset(self, seed):
        obs, _ = self.env.reset(seed=seed)
        return self.image(obs)

    def step(self, action):
        obs, reward, terminated, truncated, _ = self.env.step(action)
        return self.image(obs), reward, int(terminated) + 2 * int(truncated)

    def image(self, obs):
        assert obs["direction"] == self.world.agent_dir and obs["mission"] == self.world.mission
        return obs["image"]

    def text(self):
        return self.world.pprint_grid()


def would_end(world, action):
    """Whether `action` might end the episode before its time."""
    family = type(world).__name__
    cell = world.grid.get(*(int(c) for c in world.front_pos))
    if action == FORWARD:
        if family == "MemoryEnv":
            return tuple(world.front_pos) in (world.success_pos, world.failure_pos)
        return cell is not None and (cell.type in ("goal", "lava") or not cell.can_overlap())
    if action == PICKUP:
        return "Fetch" in family or "PutNear" in family or cell is getattr(world, "obj", 0)
    if action == TOGGLE:
        return hasattr(world, "door") or family.startswith(("GoTo", "RedBlue"))
    return action == DROP and "PutNear" in family or action == DONE and family.startswith("GoTo")


class Player:
    """Plays one environment and writes the records."""

    def __init__(self, name, params, out):
        self.env = (Farama if name.startswith("MiniGrid-") else Tella)(name, params)
        self.world = self.env.world
        self.actions = int(self.env.env.action_space.n)
        self.out = out
        self.count = 0

    def record(self, start, action, end, reward, image):
        world = self.world
        assert image.dtype == np.uint8 and image.shape == (7, 7, 3)
        mission = world.mission.encode()
        self.count += 1
        text = self.env.text().encode() if start or self.count % 10 == 0 else b""
        head = struct.pack("<BBBBd", start, action, end, int(world.agent_dir), reward)
        self.out.write(head + image.tobytes())
        self.out.write(struct.pack("<B", len(mission)) + mission)
        self.out.write(struct.pack("<H", len(text)) + text)

    def reset(self, seed=None):
        self.record(1 if seed is not None else 2, 0, 0, 0.0, self.env.reset(seed))
        self.ahead = []
        self.randomness = self.chooser.choice([0.0, 0.1, 0.5, 1.0])
        self.misled = self.chooser.random() < 0.2

    def choose(self, careful):
        if careful:
            action = int(self.chooser.integers(self.actions))
            return LEFT if would_end(self.world, action) else action
        moving = bool(getattr(self.world, "obstacles", ()))
        if not self.ahead or moving and self.chooser.random() < 0.5:
            if self.chooser.random() < self.randomness:
                count = int(self.chooser.integers(1, 9))
                self.ahead = [int(a) for a in self.chooser.integers(self.actions, size=count)]
            else:
                self.ahead = plan(self.world, self.misled, self.chooser) or [LEFT]
        action = self.ahead.pop(0)
        return action if action < self.actions else LEFT

    def play(self, seed, steps, careful):
        self.chooser = np.random.default_rng(seed ^ 0xAC7)
        self.reset(seed)
        for _ in range(steps):
            action = self.choose(careful)
            image, reward, end = self.env.step(action)
            self.record(0, action, end, reward, image)
            if end:
                self.reset()


def main():
    if sys.argv[1] == "--ids":
        import gymnasium
        import minigrid  # noqa: F401

        ids = (id for id in gymnasium.registry if id.startswith("MiniGrid-") and "WFC" not in id)
        print("\n".join(ids))
        return
    steps, seeds = int(sys.argv[1]), [int(s) for s in sys.argv[2].split(",")]
    for job in map(json.loads, sys.argv[3:]):
        records = io.BytesIO()
        player = Player(job["name"], job["params"], records)
        for seed in seeds:
            player.play(seed, steps, careful=False)
        if player.world.max_steps <= LONGEST_CAREFUL:
            player.play(seeds[-1], player.world.max_steps + 20, careful=True)
        sys.stdout.buffer.write(struct.pack("<I", len(records.getvalue())))
        sys.stdout.buffer.write(records.getvalue())


main()
