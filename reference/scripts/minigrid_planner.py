"""Plans for grid worlds of gym-minigrid and minigrid, from full knowledge of the grid.

A plan is a list of actions that leads to what a task rewards: through doors, by way of keys,
boxes and whatever stands in the way. It need not be the best, nor always succeed; it is there
so that played episodes show successes, and, where asked for, failures.
"""

import collections

LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE, DONE = range(7)
STEPS = [(1, 0), (0, 1), (-1, 0), (0, -1)]


def cells(world, wanted):
    """The places whose object `wanted` accepts."""
    width = world.grid.width
    every = enumerate(world.grid.grid)
    return [(k % width, k // width) for k, cell in every if cell is not None and wanted(cell)]


def looks(kind, color):
    return lambda cell: (cell.type, cell.color) == (kind, color)


def near(place, width, height):
    """The place itself and those around it, inside the outer walls."""
    x, y = (int(c) for c in place)
    around = [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return [(x, y) for x, y in around if 0 < x < width - 1 and 0 < y < height - 1]


def aim(world, misled, chooser):
    """Places to face, and the action to take there. Misled, what the task does not want."""
    family = type(world).__name__
    if "Fetch" in family:
        kind = getattr(world, "targetType", None) or world.target_type
        color = getattr(world, "targetColor", None) or world.target_color
        wanted = looks(kind, color)
        if misled:
            return cells(world, lambda c: c.type != "wall" and not wanted(c)), PICKUP
        return cells(world, wanted), PICKUP
    if family in ("GoToDoorEnv", "GoToObjectEnv"):
        return [tuple(int(c) for c in world.target_pos)], TOGGLE if misled else DONE
    if family == "PutNearEnv":
        if world.carrying is not None:
            free = near(world.target_pos, world.width, world.height)
            return [p for p in free if world.grid.get(*p) is None], DROP
        kind, color = world.move_type, world.moveColor
        wanted = looks(kind, color)
        if misled:
            return cells(world, lambda c: c.type != "wall" and not wanted(c)), PICKUP
        return cells(world, wanted), PICKUP
    if family == "RedBlueDoorEnv":
        door = "blue" if misled or world.red_door.is_open else "red"
        return cells(world, looks("door", door)), TOGGLE
    if family == "MemoryEnv":
        return [world.failure_pos if misled else world.success_pos], FORWARD
    if family == "PlaygroundEnv":
        if world.carrying is not None:
            return free_cells(world), DROP
        things = cells(world, lambda c: c.type != "wall")
        place = things[int(chooser.integers(len(things)))]
        kind = world.grid.get(*place).type
        return [place], TOGGLE if kind == "door" or chooser.random() < 0.3 else PICKUP
    if hasattr(world, "door"):
        return cells(world, lambda c: c is world.door), TOGGLE
    if hasattr(world, "obj"):
        return cells(world, lambda c: c is world.obj), PICKUP
    if misled:
        wrong = ("lava", "ball") if family.startswith("D") else ("lava",)
        return cells(world, lambda c: c.type in wrong), FORWARD
    return cells(world, lambda c: c.type == "goal"), FORWARD


def free_cells(world):
    width = world.grid.width
    here = (int(world.agent_pos[0]), int(world.agent_pos[1]))
    every = enumerate(world.grid.grid)
    free = [(k % width, k // width) for k, cell in every if cell is None]
    return [place for place in free if place != here]


def opens(world, door):
    """Whether toggling the closed `door` opens it."""
    if not door.is_locked:
        return True
    key = world.carrying
    return key is not None and key.type == "key" and key.color == door.color


def explore(world):
    """Shortest ways to face every place that can be faced: by place, nearest first, the last
    state; and by state the one before it and the actions between."""
    width, height, grid = world.grid.width, world.grid.height, world.grid.grid
    # By cell: the actions that enter it, none where it cannot be entered.
    enter = []
    for cell in grid:
        if cell is None or (cell.can_overlap() and cell.type not in ("lava", "goal")):
            enter.append([FORWARD])
        elif cell.type == "door" and opens(world, cell):
            enter.append([TOGGLE, FORWARD])
        else:
            enter.append(None)
    start = (int(world.agent_pos[0]), int(world.agent_pos[1]), int(world.agent_dir))
    came_by, faced = {start: None}, {}
    queue = collections.deque([start])
    while queue:
        state = queue.popleft()
        x, y, facing = state
        ahead = (x + STEPS[facing][0], y + STEPS[facing][1])
        steps = [([LEFT], (x, y, (facing - 1) % 4)), ([RIGHT], (x, y, (facing + 1) % 4))]
        if 0 <= ahead[0] < width and 0 <= ahead[1] < height:
            faced.setdefault(ahead, state)
            actions = enter[ahead[1] * width + ahead[0]]
            if actions:
                steps.append((actions, ahead + (facing,)))
        for actions, following in steps:
            if following not in came_by:
                came_by[following] = (state, actions)
                queue.append(following)
    return faced, came_by


def way(explored, places, last):
    """Actions of a shortest way to face one of `places`, and `last`."""
    faced, came_by = explored
    places = set(places)
    state = next((state for place, state in faced.items() if place in places), None)
    if state is None:
        return []
    actions = [last]
    while came_by[state] is not None:
        state, before = came_by[state]
        actions = before + actions
    return actions


def plan(world, misled, chooser):
    """Actions towards what the task wants; none where nothing helps."""
    explored = explore(world)
    carried = world.carrying

    def put_down():
        free = free_cells(world)
        return way(explored, [free[int(chooser.integers(len(free)))]], DROP)

    places, last = aim(world, misled, chooser)
    actions = way(explored, places, last)
    if actions:
        return put_down() if last == PICKUP and carried is not None else actions
    doors = cells(world, lambda c: c.type == "door" and c.is_locked)
    locked = {world.grid.get(*place).color for place in doors}
    if carried is not None:
        opened = [place for place in doors if opens(world, world.grid.get(*place))]
        return way(explored, opened, TOGGLE) or put_down()
    target = getattr(world, "obj", None)
    helpful = [
        (lambda c: c.type == "key" and c.color in locked, PICKUP),
        (lambda c: c.type == "box" and c is not target, TOGGLE),
        (lambda c: c.type == "ball" and c is not target, PICKUP),
    ]
    for k in chooser.permutation(len(helpful)):
        wanted, last = helpful[k]
        actions = way(explored, cells(world, wanted), last)
        if actions:
            return actions
    return []
