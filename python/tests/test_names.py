"""Every public name of TELLA 2.1.0: where it is, what it is, and how it is called."""

import importlib
import json
import subprocess
import sys

import numpy as np
import pytest

#: Names that are no part of the interface: they came by `import *` from gym-minigrid, or write messages.
NOT_OURS = {
    "logger", "TILE_PIXELS", "COLORS", "COLOR_NAMES", "COLOR_TO_IDX", "IDX_TO_COLOR", "OBJECT_TO_IDX",
    "IDX_TO_OBJECT", "STATE_TO_IDX", "DIR_TO_VEC",
}  # fmt: skip

#: What TELLA's signature has that ours has not: gym's own.
GYMS = {"reset", "render", "close", "seed"}


@pytest.fixture(scope="module")
def theirs(upstream):
    return upstream.run("upstream_names.py", "tella")


@pytest.fixture(scope="module")
def ours(with_gym):
    return with_gym.run("upstream_names.py", "tella")


def test_all_modules_and_names_are_there(theirs, ours):
    assert len(theirs) == 20
    missing = [
        f"{module}.{name}"
        for module, names in theirs.items()
        for name in names
        if name not in NOT_OURS and name not in ours.get(module, {})
    ]
    assert missing == []


def test_they_are_called_alike(theirs, ours):
    differ, compared = [], 0
    for module, names in theirs.items():
        for name, wanted in names.items():
            found = ours[module].get(name)
            if name in NOT_OURS or found is None:
                continue
            assert found["kind"] == wanted["kind"], (module, name)
            if wanted["kind"] == "value":
                continue
            pairs = {name: (wanted["signature"], found["signature"])}
            for member, signature in wanted["members"].items():
                pairs[f"{name}.{member}"] = signature, found["members"].get(member, "missing")
            compared += len(pairs)
            differ += [(module, key, *pair) for key, pair in pairs.items() if pair[0] != pair[1]]
    assert compared > 300
    assert differ == []


def test_atari_has_the_same_actions_and_games(theirs, upstream):
    code = (
        "import json, tella._curriculums.atari.environments as e;"
        "print(json.dumps([e.ATARI_ACTIONS, e.ATARI_ACTION_INDEX, e.ATARI_ACTION_REPLACEMENT, list(e.ATARI_TASKS)]))"
    )
    wanted = json.loads(subprocess.check_output([upstream.python, "-c", code], text=True))
    here = importlib.import_module("tella._curriculums.atari.environments")
    found = [
        here.ATARI_ACTIONS,
        here.ATARI_ACTION_INDEX,
        here.ATARI_ACTION_REPLACEMENT,
        list(here.ATARI_TASKS),
    ]
    assert found == wanted
    assert len(here.ATARI_TASKS) == 59


def test_the_package_imports_neither_gym_nor_gymnasium():
    code = (
        "import sys, tella, tella.experiment, tella._curriculums.minigrid.m21, tella._curriculums.cartpole;"
        "print([m for m in sys.modules if m.partition('.')[0] in ('gym', 'gymnasium', 'gym_minigrid', 'yaml')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_types_are_met_where_tella_has_them():
    import tella

    assert tella.Transition is tella.curriculum.Transition
    assert tella.Transition.__module__ == "tella.curriculum"
    assert tella.Transition._fields == (
        "observation",
        "action",
        "reward",
        "done",
        "next_observation",
    )
    assert issubclass(tella.ValidationError, ValueError)
    assert tella.experiment.hide_rewards([None, tella.Transition(1, 2, 3.0, True, 4)]) == [
        None,
        tella.Transition(1, 2, None, True, 4),
    ]
    assert np.isscalar(tella.curriculum.Reward(1))


def test_shipped_environments_are_gyms_once_they_are_made(with_gym):
    found = with_gym.run("shipped_environments.py")
    assert len(found) == 19
    for name, checks in found.items():
        assert all(checks.values()), (name, checks)
