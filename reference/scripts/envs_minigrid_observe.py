"""Plays environments of minigrid 3.2.0 and writes what its wrappers show of them.

usage: envs_minigrid_observe.py STEPS RGB_EVERY SEED,SEED... NAME:VIEW_SIZE...

Every environment, its agent seeing VIEW_SIZE cells, is reset with each SEED and played for
STEPS steps; later episodes go on in its stream. Standard output is, for each NAME, a line of
JSON with the observation wrappers' spaces, the number of bytes that follow (u4, little-endian)
and one record for each reset and each step:

    u1 start (1: seeded reset, 2: reset, 0: step), u1 action, u1 direction, u1 flags,
    u1 n, n bytes mission, the image of each wrapper

Wrappers that draw are left out unless the flags have bit 1: at resets and every RGB_EVERY
steps. Every tenth time that they are there the flags have bit 2 and there follow

    u2 n, n bytes the printed grid, three pictures that the environment renders: the
    grid, the same without light, what the agent sees

Actions are random, with a leaning to take and open what lies in front.
"""

import io
import json
import struct
import sys

import gymnasium as gym
import minigrid  # noqa: F401
import numpy as np
from minigrid import wrappers

TILE_SIZE = 8
PICKUP, TOGGLE = 3, 5
MODES = {
    "dict": lambda env: wrappers.ViewSizeWrapper(env, env.unwrapped.agent_view_size),
    "full": wrappers.FullyObsWrapper,
    "one-hot": wrappers.OneHotPartialObsWrapper,
    "rgb": lambda env: wrappers.RGBImgObsWrapper(env, TILE_SIZE),
    "rgb-partial": lambda env: wrappers.RGBImgPartialObsWrapper(env, TILE_SIZE),
    "symbolic": wrappers.SymbolicObsWrapper,
    "flat": wrappers.FlatObsWrapper,
}


def bound(values):
    """One number where all are equal, else all of them."""
    flat = values.flatten().tolist()
    return flat[0] if min(flat) == max(flat) else flat


def describe(space):
    box = space["image"] if isinstance(space, gym.spaces.Dict) else space
    return {
        "shape": [int(n) for n in box.shape],
        "dtype": str(box.dtype),
        "low": bound(box.low),
        "high": bound(box.high),
    }


class Player:
    """Plays one environment and writes the records."""

    def __init__(self, name, view_size, rgb_every, out):
        self.env = gym.make(
            name,
            agent_view_size=view_size,
            render_mode="rgb_array",
            disable_env_checker=True,
        )
        self.world = self.env.unwrapped
        self.modes = {mode: wrap(self.env) for mode, wrap in MODES.items()}
        self.rgb_every = rgb_every
        self.out = out
        self.count = self.drawn = 0

    def spaces(self):
        return {mode: describe(w.observation_space) for mode, w in self.modes.items()}

    def rendered(self, highlight, agent_pov):
        self.world.highlight, self.world.agent_pov = highlight, agent_pov
        picture = self.env.render()
        self.world.highlight, self.world.agent_pov = True, False
        return picture

    def record(self, start, action, obs):
        assert obs["direction"] == self.world.agent_dir
        flags = 0
        if start or self.count % self.rgb_every == 0:
            flags = 1 if self.drawn % 10 else 3
            self.drawn += 1
        self.count += 1
        mission = obs["mission"].encode()
        head = struct.pack("<BBBBB", start, action, obs["direction"], flags, len(mission))
        self.out.write(head + mission)
        for mode, wrapper in self.modes.items():
            if flags & 1 or not mode.startswith("rgb"):
                # A wrapper may write to what it is given.
                shown = wrapper.observation(dict(obs))
                image = shown["image"] if isinstance(shown, dict) else shown
                box = wrapper.observation_space
                box = box["image"] if isinstance(box, gym.spaces.Dict) else box
                assert image.shape == box.shape and image.dtype == box.dtype
                self.out.write(image.tobytes())
        if flags & 2:
            text = self.world.pprint_grid().encode()
            self.out.write(struct.pack("<H", len(text)) + text)
            for options in [(True, False), (False, False), (True, True)]:
                self.out.write(self.rendered(*options).tobytes())

    def play(self, seed, steps):
        chooser = np.random.default_rng(seed ^ 0x0B5)
        obs, _ = self.env.reset(seed=seed)
        self.record(1, 0, obs)
        for _ in range(steps):
            action = int(chooser.integers(self.env.action_space.n))
            if self.world.grid.get(*self.world.front_pos) and chooser.random() < 0.3:
                action = min(int(chooser.choice([PICKUP, TOGGLE])), self.env.action_space.n - 1)
            obs, _, terminated, truncated, _ = self.env.step(action)
            self.record(0, action, obs)
            if terminated or truncated:
                obs, _ = self.env.reset()
                self.record(2, 0, obs)


def main():
    steps, rgb_every = int(sys.argv[1]), int(sys.argv[2])
    seeds = [int(s) for s in sys.argv[3].split(",")]
    for argument in sys.argv[4:]:
        name, view_size = argument.split(":")
        records = io.BytesIO()
        player = Player(name, int(view_size), rgb_every, records)
        for seed in seeds:
            player.play(seed, steps)
        out = sys.stdout.buffer
        out.write(json.dumps(player.spaces()).encode() + b"\n")
        out.write(struct.pack("<I", len(records.getvalue())) + records.getvalue())


main()
