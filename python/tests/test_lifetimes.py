"""Whole lifetimes beside TELLA 2.1.0: the same user code, the same rows, the same transitions."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

#: Curricula, and what numbers of environments side by side.
QUICK = {
    "Corridors": (1, 4),
    "Subclassed": (1, 4),
    "ShortCartPole": (1, 4),
    "ShortSteps": (1, 4),
    "SimpleCartPole": (1, 4),
    "SimpleMiniGrid": (1, 4),
    "MiniGridCondensed": (1,),
    "MiniGridSimpleCrossingS9N3": (1,),
    "MiniGridDistShiftR3": (1, 4),
    "MiniGridDynObstaclesS8N2": (1,),
    "MiniGridCustomUnlockS5": (1,),
    "MiniGridDoorKeyS6": (1,),
}
#: TELLA takes minutes for each of these.
FULL = {
    "MiniGridCondensed": (4,),
    "MiniGridDispersed": (1, 4),
    "MiniGridCustomFetchS10T2N4": (1, 4),
    "whole:SimpleStepMiniGrid": (1,),
    "whole:CartPole-1000": (1, 4),
    "whole:MiniGridDoorKeyS5": (1,),
    # All of M21, in TELLA most of an hour.
    "whole:MiniGridCondensed": (1,),
}


def cases():
    chosen = [(name, n) for name, counts in QUICK.items() for n in counts]
    if os.environ.get("TELLA_FULL"):
        chosen += [(name, n) for name, counts in FULL.items() for n in counts]
    # Seeds of 64 bits and later lifetimes among them.
    return {
        f"{name}-{n}": [name, n, 2**64 - 1 - i if i % 3 == 0 else i, 7 * i, i % 2]
        for i, (name, n) in enumerate(chosen)
    }


CASES = cases()


@pytest.fixture(scope="module")
def lived(upstream, with_gym):
    """For each case what TELLA's log says and what ours does, two at a time."""

    def both(case):
        words = json.dumps(case)
        theirs, ours = (
            python.run("upstream_lifetimes.py", words)[0] for python in (upstream, with_gym)
        )
        return theirs, ours

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(CASES, pool.map(both, CASES.values())))


def test_there_are_twelve_curricula():
    assert len(QUICK) == 12


@pytest.mark.parametrize("case", CASES)
def test_a_lifetime_is_tellas(lived, case):
    theirs, ours = lived[case]
    assert len(theirs["rows"]) >= 5
    for number, (wanted, found) in enumerate(zip(theirs["rows"], ours["rows"])):
        assert found == wanted, f"row {number}"
    assert len(ours["rows"]) == len(theirs["rows"])
    # Every hook, observation, action, reward and end that the agent was told of, in order.
    assert ours["agent"] == theirs["agent"]
    assert ours["folder"] == theirs["folder"]
    assert ours["logger_info"] == theirs["logger_info"]
    info = dict(theirs["scenario_info"], author="tella")
    name = CASES[case][0]
    if name.removeprefix("whole:").startswith("MiniGrid"):
        kinds = {"Condensed": "condensed", "Dispersed": "dispersed"}
        info["scenario_type"] = next((kinds[k] for k in kinds if k in name), "ste")
    assert ours["scenario_info"] == info
