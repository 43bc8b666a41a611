"""Draws tiles with minigrid 3.2.0 and writes them.

usage: envs_minigrid_tiles.py SIZE WHICH

WHICH is `all`, every object with every agent and light, or `some`, every object without an
agent, lit, and the agent in each direction on nothing. Standard output is one record a tile:

    u1 kind, u1 colour, u1 state, u1 agent (0 none, else 1 + direction), u1 lit,
    SIZE * SIZE * 3 u1 pixels, row by row
"""

import itertools
import sys

import numpy as np
from minigrid.core.constants import COLOR_NAMES
from minigrid.core.grid import Grid
from minigrid.core.world_object import Ball, Box, Door, Floor, Goal, Key, Lava, Wall


def objects():
    yield None
    yield Goal()
    yield Lava()
    for color in COLOR_NAMES:
        for kind in (Wall, Floor, Ball, Key, Box):
            yield kind(color)
        yield Door(color, is_open=True)
        yield Door(color)
        yield Door(color, is_locked=True)


def main():
    size = int(sys.argv[1])
    tiles = itertools.product(objects(), (None, 0, 1, 2, 3), (False, True))
    if sys.argv[2] == "some":
        tiles = [(thing, None, True) for thing in objects()]
        tiles += [(None, direction, False) for direction in range(4)]
    for thing, agent, lit in tiles:
        pixels = np.zeros((size, size, 3), np.uint8)
        # As a grid takes a tile over.
        pixels[:] = Grid.render_tile(thing, agent_dir=agent, highlight=lit, tile_size=size)
        cell = thing.encode() if thing else (1, 0, 0)
        head = (*cell, 0 if agent is None else 1 + agent, int(lit))
        sys.stdout.buffer.write(bytes(head) + pixels.tobytes())


main()
